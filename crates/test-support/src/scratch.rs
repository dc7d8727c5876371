//! The folder and the lock that all test processes of a checkout share.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// An environment variable, if it is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness is told by the environment where its databases are"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `target/test-support` of the checkout, made if it is missing.
pub(crate) fn folder() -> Result<PathBuf> {
    let folder = target_folder()?.join("test-support");
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    Ok(folder)
}

/// Cargo marks its target folder with a tag file, wherever `CARGO_TARGET_DIR` put it.
fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe().context("failed to find the path of the running test")?;
    let tagged = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(tagged.map_or_else(|| repository().join("target"), Path::to_path_buf))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Holds the lock of the checkout until the returned file is dropped.
pub(crate) fn lock() -> Result<File> {
    let path = folder()?.join("lock");
    let file = File::create(&path).with_context(|| format!("failed to make {}", path.display()))?;
    file.lock().with_context(|| format!("failed to lock {}", path.display()))?;
    Ok(file)
}

/// Names the migrations of one database by what they say: twelve hexadecimal digits of a hash over paths and texts.
/// A template database made from other migrations bears another name and is left alone.
pub(crate) fn migrations_hash(database: &str) -> Result<String> {
    let root = repository().join("crates/storage/migrations").join(database);
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let text = fs::read(&file).with_context(|| format!("failed to read {}", file.display()))?;
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
        hash.update(format!("{name}\0{}\0", text.len()));
        hash.update(text);
    }
    Ok(hex::encode(&hash.finalize()[..6]))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("failed to read {}", folder.display()))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
