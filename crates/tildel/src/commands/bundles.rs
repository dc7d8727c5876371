//! `tildel verify`: computes bundles again.

use std::path::{Path, PathBuf};

use tildel_allocation::Bundle;

/// Prints a line for each; says whether all hold.
pub(super) fn verify(bundles: &[PathBuf]) -> bool {
    let mut all_hold = true;
    for path in bundles {
        let (holds, said) = verdict(path);
        all_hold &= holds;
        println!("{}: {said}", path.display());
    }
    all_hold
}

fn verdict(path: &Path) -> (bool, String) {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return (false, format!("can not be read ({error})")),
    };
    match Bundle::verify(&bytes) {
        Ok(bundle) => (true, format!("holds (inputHash {})", bundle.input_hash)),
        Err(error) => (false, format!("refused: {error}")),
    }
}
