//! The database file and what `SQLite` keeps beside it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tildel_storage::Store;

/// Longest time that closing may take; it takes milliseconds.
const CLOSE_MAX: Duration = Duration::from_secs(10);
/// Pause between two looks whether it is closed.
const CLOSE_PAUSE: Duration = Duration::from_millis(2);

/// The write-ahead log of a database file.
pub(super) fn wal(path: &Path) -> PathBuf {
    with_suffix(path, "-wal")
}

/// The shared index of the write-ahead log.
pub(super) fn shm(path: &Path) -> PathBuf {
    with_suffix(path, "-shm")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Closes a store, so that everything stands in its one file, which may then be moved or copied. Blocks.
///
/// The last connection to be closed empties the log into the file and removes it. That may be one that the pool was just
/// opening on a thread of its own.
pub(super) fn close(store: Store, path: &Path) -> Result<()> {
    drop(store);
    let deadline = Instant::now() + CLOSE_MAX;
    while wal(path).exists() {
        if Instant::now() > deadline {
            bail!(
                "The database file {} stays in use. Stop the program that uses it, then start again.",
                path.display()
            );
        }
        pause();
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "it blocks by contract, and nothing tells when the pool has closed all"
)]
fn pause() {
    std::thread::sleep(CLOSE_PAUSE);
}
