//! The data folder: made if missing, and used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

/// A data folder that belongs to this process until dropped.
pub(super) struct DataFolder {
    path: PathBuf,
    /// Holds the lock, which the system releases however the process ends.
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if it is missing, and locks it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        // It will hold personal data and tokens.
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| unusable(path, &error))?;
        let lock_path = path.join("process.lock");
        let mut options = OpenOptions::new();
        let mut lock = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(|error| unusable(path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The number only helps to find the other process.
                let _ = lock.read_to_string(&mut holder);
                bail!(
                    "Another tildel (process {}) uses the data folder {}. Stop it, or choose another folder, such as \
                     TILDEL__DATA_DIR=other-data.",
                    holder.trim(),
                    path.display()
                );
            }
            Err(TryLockError::Error(error)) => return Err(unusable(path, &error)),
        }
        write_holder(&mut lock).with_context(|| format!("failed to write {}", lock_path.display()))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn write_holder(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}

fn unusable(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "The data folder {} can not be written ({error}). Give this user the right to write there, or choose another \
         folder, such as TILDEL__DATA_DIR=$HOME/tildel-data.",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_belongs_to_one_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("data");
        let first = DataFolder::open(&path).unwrap();
        let error = DataFolder::open(&path).err().unwrap().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(first);
        DataFolder::open(&path).unwrap();
    }
}
