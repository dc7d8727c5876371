//! What came back.

use jiff::Timestamp;

use super::ContentHash;

/// Marks by which a server knows an answer again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
}

/// Whether there was something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Found {
    /// Something (2xx). It may be a deleted unit.
    #[default]
    Content,
    /// The same as last time (304).
    Unchanged,
    /// Nothing of that name (404).
    Nothing,
    /// Not any more, and what is held of it must go (410).
    Gone,
}

/// An answer, whole and within limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Whether there was something.
    pub found: Found,
    /// The bytes, unpacked.
    pub body: Vec<u8>,
    /// Their hash, by which they are archived.
    pub hash: ContentHash,
    /// Marks to send along next time.
    pub marks: Marks,
    /// The media type that the server names.
    pub content_type: Option<String>,
    /// When it came.
    pub fetched_at: Timestamp,
    /// How often it was tried, from 1.
    pub attempts: u32,
}

/// A file that was written to a sink.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileAnswer {
    /// Whether there was something; if not, the sink is empty.
    pub found: Found,
    /// How many bytes were written.
    pub bytes: u64,
    /// Their hash.
    pub hash: ContentHash,
    /// Marks to send along next time.
    pub marks: Marks,
    /// When it came.
    pub fetched_at: Timestamp,
    /// How often it was tried, from 1.
    pub attempts: u32,
}
