//! Raw answers by their hash.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::ContentHash;

/// Tells the writers of one process apart.
static WRITERS: AtomicU64 = AtomicU64::new(0);

/// Where raw answers are kept. Keeping the same answer again changes nothing.
pub trait Archive: Send + Sync {
    /// Keeps an answer.
    fn keep(&self, hash: ContentHash, body: &[u8]) -> io::Result<()>;
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoArchive;

impl Archive for NoArchive {
    fn keep(&self, _: ContentHash, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// A folder with one compressed file for each answer, in folders by the first two digits of the hash.
#[derive(Debug, Clone)]
pub struct FolderArchive {
    folder: PathBuf,
}

impl FolderArchive {
    /// In this folder, which is made when the first answer comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// An answer, at most so many bytes; an error where it is not there, is larger, or does not fit its hash.
    pub fn read(&self, hash: ContentHash, limit: u64) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        GzDecoder::new(File::open(self.path(hash))?).take(limit.saturating_add(1)).read_to_end(&mut body)?;
        if ContentHash::of(&body) == hash {
            Ok(body)
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{hash} is another answer than its name says"),
            ))
        }
    }

    fn path(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(&name[..2]).join(format!("{name}.gz"))
    }
}

impl Archive for FolderArchive {
    fn keep(&self, hash: ContentHash, body: &[u8]) -> io::Result<()> {
        let path = self.path(hash);
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // Each writer has a file of its own until it is whole, so a reader never sees half of one, also after a crash.
        let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_extension(format!("{}-{writer}.unfinished", std::process::id()));
        let mut encoder = GzEncoder::new(File::create(&unfinished)?, Compression::default());
        encoder.write_all(body)?;
        encoder.finish()?.sync_all()?;
        fs::rename(&unfinished, &path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_once_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let archive = FolderArchive::new(folder.path());
        let (body, hash) = (b"{\"a\":1}", ContentHash::of(b"{\"a\":1}"));
        assert!(archive.read(hash, 100).is_err());
        archive.keep(hash, body).unwrap();
        archive.keep(hash, body).unwrap();
        assert_eq!(archive.read(hash, 100).unwrap(), body);
        assert!(archive.read(hash, 3).is_err(), "larger than is read");
        // Spoilt on the disk.
        let other = ContentHash::of(b"other");
        fs::create_dir_all(archive.path(other).parent().unwrap()).unwrap();
        fs::copy(archive.path(hash), archive.path(other)).unwrap();
        assert_eq!(archive.read(other, 100).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
