//! National files: one array of a million units and more, packed, read one unit at a time in constant memory.
//!
//! The file is a `.gz` file; it is unpacked on a thread of its own while the units are read. Limits hold for the whole file, for one record, for depth and for
//! how many records may be unreadable. A [`Position`] tells where to go on after a stop, and is refused by another file.

mod error;
mod reader;
mod scan;
mod unpack;

pub use error::BulkError;
pub use reader::{BulkItem, BulkLimits, BulkProgress, BulkReader, Position};
