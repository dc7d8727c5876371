//! Enhetsregisteret (Brønnøysundregistrene): head units and sub-units, searches, update feeds.
//!
//! What is special here, and where it is dealt with:
//! - one to four employees are withheld, and that is neither zero nor unknown: [`Unit::headcount`];
//! - a deleted unit is an answer with status 200 and few fields, a removed one is 410 and must be purged: [`UnitAnswer`];
//! - a search without hits has no list at all: [`SearchPage`];
//! - `oppdateringsid` is inclusive, entries come twice and out of order: [`FeedCursor`];
//! - neither searches nor feeds reach past place 10 000: [`WINDOW`];
//! - codes of trade are those of SN2025, and old rows have those of SN2007: [`Activity`].

mod activity;
mod answer;
mod feed;
mod feed_cursor;
mod kind;
mod search;
mod unit;

pub use activity::{Activity, IndustryStandard};
pub use answer::{Complaint, UnitAnswer};
pub use feed::{FeedChange, FeedEntry, FeedPage, feed_from, feed_since};
pub use feed_cursor::{FeedAction, FeedBatch, FeedCursor};
pub use kind::{ADDRESS, UnitKind, bulk_file, unit};
pub use search::{BeyondWindow, Search, SearchPage, WINDOW};
pub use unit::{Address, FormerName, IndustryCode, LegalForm, Unit};
