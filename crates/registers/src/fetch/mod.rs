//! The one way out to the registers: polite, bounded, and told apart by what went wrong.
//!
//! A [`Fetcher`] limits time, size, depth and unpacking, asks each source with few requests at once, tries again what may pass (with jitter, and
//! as late as `Retry-After` says), sends along the marks of the last answer, follows redirects within the same host only, and keeps each raw answer
//! in an [`Archive`] by its hash. It stores nothing itself: marks and cursors are the caller's.

mod answer;
mod archive;
mod body;
mod error;
mod fetcher;
mod hash;
mod pace;
mod request;
mod retry;
mod surroundings;
mod transport;

pub use answer::{Answer, FileAnswer, Found, Marks};
pub use archive::{Archive, FolderArchive, NoArchive};
pub use body::{FileSink, Sink};
pub use error::FetchError;
pub use fetcher::{Fetcher, FetcherSettings};
pub use hash::ContentHash;
pub use pace::{Pace, SourceLimits};
pub use request::{Request, SourceKey, address};
pub use retry::{Retries, retry_after};
pub use surroundings::{Surroundings, SystemSurroundings};
