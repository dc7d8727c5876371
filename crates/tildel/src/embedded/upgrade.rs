//! Bringing a database file up to this program's version, with a copy of the old one kept beside it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tildel_storage::{OpenError, Store, StoreOptions};

use super::access::remove_if_there;
use super::file;

/// Opens a database file in the newest version.
pub(super) fn open_newest(path: &Path, options: &StoreOptions) -> Result<Store> {
    let store = open(options)?;
    let pending = store.pending_migrations().context("failed to learn the version of the database file")?;
    let Some(first) = pending.first() else { return Ok(store) };
    file::close(store, path)?;
    let copy = copy_before(path, first)?;
    eprintln!("upgrading {}; the old file is kept as {}", path.display(), copy.display());
    let store = open(options)?;
    store.migrate().with_context(|| {
        format!(
            "The database file {} can not be upgraded. Go back to the program that you had",
            path.display()
        )
    })?;
    Ok(store)
}

fn open(options: &StoreOptions) -> Result<Store> {
    Store::open(options).map_err(|error| match error {
        OpenError::Damaged { path, detail } => anyhow::anyhow!(
            "The database file {} is damaged or not a database ({detail}). Put a backup in its place, or move the file \
             away to begin anew with the practice case.",
            path.display()
        ),
        other => other.into(),
    })
}

/// Copies the file whole or not at all.
fn copy_before(path: &Path, migration: &str) -> Result<PathBuf> {
    let copy = path.with_file_name(format!("tildel-before-{migration}.db"));
    let part = copy.with_extension("part");
    let copied = remove_if_there(&part).and_then(|()| fs::copy(path, &part).map(drop));
    copied
        .and_then(|()| fs::rename(&part, &copy))
        .with_context(|| format!("failed to copy {} to {}", path.display(), copy.display()))?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_file_is_copied_and_upgraded_and_a_new_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tildel.db");
        let options = StoreOptions::new(format!("sqlite:{}", path.display()));
        let store = Store::open(&options).unwrap();
        store.migrate().unwrap();
        let files = || {
            let mut names: Vec<_> =
                fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
            names.sort();
            names
        };

        file::close(store, &path).unwrap();
        file::close(open_newest(&path, &options).unwrap(), &path).unwrap();
        assert_eq!(files(), ["tildel.db"]);

        let store = Store::open(&options).unwrap();
        store.revert_all().unwrap();
        let first = store.pending_migrations().unwrap().remove(0);
        file::close(store, &path).unwrap();
        let store = open_newest(&path, &options).unwrap();
        assert_eq!(store.pending_migrations().unwrap(), Vec::<String>::new());
        let copy = StoreOptions::new(format!("sqlite:{}/tildel-before-{first}.db", folder.path().display()));
        assert!(!Store::open(&copy).unwrap().pending_migrations().unwrap().is_empty());
    }
}
