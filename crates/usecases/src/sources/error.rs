//! Why a source was not read.

use jiff::Timestamp;
use tildel_registers::bulk::BulkError;
use tildel_registers::fetch::FetchError;
use tildel_registers::read::ReadError;
use tildel_storage::StorageError;

use crate::failure::Failure;

/// Why a source was not read to its end. What was read before stays.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Nothing came.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What came is not what the source sends.
    #[error("the answer can not be read: {0}")]
    Read(#[from] ReadError),
    /// A national file can not be read on.
    #[error(transparent)]
    Bulk(#[from] BulkError),
    /// The database failed.
    #[error(transparent)]
    Failure(Failure),
    /// A file can not be read.
    #[error("the file {path} can not be read: {what}")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// A file does not say when it was so.
    #[error("the file {path} does not say of when it is: say so with --as-of")]
    AsOfNeeded {
        /// The file.
        path: String,
    },
    /// Files are said to be of a time that has not come: newer ones would seem older than them.
    #[error("the files can not be of {as_of}, as it is only {now}: correct --as-of")]
    AsOfAhead {
        /// When the files are said to be made.
        as_of: Timestamp,
        /// The present instant.
        now: Timestamp,
    },
    /// The server does not say when its file was made.
    #[error("the source does not say when its file was made")]
    Undated,
    /// The source sends nothing where there must be something.
    #[error("the source answers without anything in it")]
    Empty,
    /// The answer lacks so much of what stands that it must be a part of it.
    #[error(
        "the answer lacks {gone} of the {standing} rows that stand; if they are gone for good, see docs/operations.md"
    )]
    TooMuchGone {
        /// How many of the rows that stand it lacks.
        gone: usize,
        /// How many stand.
        standing: usize,
    },
    /// So many units of a page can not be read that their shape must have changed.
    #[error("{count} units of one page can not be read; the last: {last}")]
    TooManyUnreadable {
        /// How many.
        count: usize,
        /// What is wrong with the last one.
        last: String,
    },
    /// No table of PxWeb is named.
    #[error(
        "no table is named in sources.control_totals: name one in the configuration, see docs/registers.md"
    )]
    NoControls,
    /// Nothing is set up to fetch from such an address.
    #[error("nothing is set up to fetch from {0}")]
    NoFetcher(String),
    /// Another reading of the same source went on in its place.
    #[error("another reading of this source took over")]
    Overtaken,
    /// It was told to stop.
    #[error("stopped; the next reading goes on from here")]
    Stopped,
}

impl IngestError {
    /// Whether the same may succeed a little later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(error) => error.may_pass(),
            Self::Bulk(error) => matches!(error, BulkError::CutShort { .. } | BulkError::OtherFile),
            Self::Failure(failure) => failure.is_transient(),
            _ => false,
        }
    }
}

impl From<Failure> for IngestError {
    fn from(failure: Failure) -> Self {
        match failure {
            // The reading's row has another version: it is another's now.
            Failure::Storage(StorageError::RowCount { table: "fetches", .. }) => Self::Overtaken,
            other => Self::Failure(other),
        }
    }
}
