//! Why a national file can not be read on.

use crate::read::ReadError;

/// Why a national file can not be read on.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// The file ends before the array does.
    #[error("the file is cut short at byte {at}, unpacked")]
    CutShort {
        /// Where, in bytes, unpacked.
        at: u64,
    },
    /// The file is not packed as it says.
    #[error("the file is packed wrongly: {0}")]
    Packing(String),
    /// The file can not be read from where it is.
    #[error("the file can not be read: {0}")]
    Source(#[source] std::io::Error),
    /// The file is no array of objects.
    #[error("not an array of objects at byte {at}, unpacked")]
    NotRecords {
        /// Where, in bytes, unpacked.
        at: u64,
    },
    /// The file is larger than is allowed.
    #[error("the file unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// One record, or what stands before it, is larger than is allowed.
    #[error("the record after byte {at} is larger than {limit} bytes")]
    RecordTooLarge {
        /// Where the record before it ends, in bytes, unpacked.
        at: u64,
        /// The limit.
        limit: usize,
    },
    /// Arrays and objects lie in each other more deeply than is allowed.
    #[error("nested deeper than {limit} levels at byte {at}")]
    TooDeep {
        /// Where, in bytes, unpacked.
        at: u64,
        /// The limit.
        limit: usize,
    },
    /// So many records can not be read that the shape must have changed.
    #[error("more than {limit} records can not be read; the last: {last}")]
    TooManyUnreadable {
        /// The limit.
        limit: u64,
        /// What is wrong with the last.
        last: ReadError,
    },
    /// The position to go on from is of another file.
    #[error("the file is another than the one that was begun")]
    OtherFile,
}
