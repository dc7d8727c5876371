//! `tildel case run`: plays a case in a database of its own and writes what came of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tildel_storage::{Store, StoreOptions};
use tildel_usecases::SystemRandomness;

use super::{CaseSources, STEPS, output, play};

/// Runs the case in `folder` and writes the files into `out`.
pub async fn command(folder: &Path, out: &Path) -> Result<()> {
    let sources = CaseSources::read(folder)?;
    let temporary = tempfile::tempdir()
        .context("failed to make a temporary folder; set TMPDIR to one you may write to")?;
    let store =
        Store::open(&StoreOptions::new(format!("sqlite:{}", temporary.path().join("case.db").display())))?;
    store.migrate()?;
    let bar = ProgressBar::new(STEPS as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut progress = |done: usize, _: usize, name: &str| {
        bar.set_message(name.to_owned());
        bar.set_position(done as u64);
    };
    // The case stands alone: its journal is thrown away with the database, so its key need not be secret.
    let played = play(&sources, store, b"case".to_vec(), Arc::new(SystemRandomness), &mut progress).await?;
    bar.finish_and_clear();
    let files = output::write(&played, out).await?;
    println!("{} is played. Written:", played.case.title);
    for file in files {
        println!("  {}", file.display());
    }
    Ok(())
}
