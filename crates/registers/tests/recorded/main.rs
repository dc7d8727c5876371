//! Recorded answers of the registers against what the page beside them says of each: counts and contents come from there, not from us.
//!
//! The files lie outside the repository, in `../shared/data/sources` or where `TILDEL_SHARED` says, and are only looked at where they are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may stop at once")]

mod enhetsregisteret;
mod klass;
mod others;
mod reforms;
mod udir;

use std::path::PathBuf;

use tildel_allocation::{Headcount, Quantity};

/// A recorded answer, or a printed line.
fn recorded(name: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("TILDEL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = shared.join("data/sources").join(name);
    let body = std::fs::read(&path).ok();
    if body.is_none() {
        println!("{} is absent: it was not read", path.display());
    }
    body
}

fn known(count: u32) -> Headcount {
    Headcount::Known(Quantity::from_whole(count))
}
