//! The journal: an append-only, gap-free, hash-chained record of all that was done.
//!
//! Each entry's hash is SHA-256 over the canonical JSON (RFC 8785, see [`canonical_json`]) of an object with the fields
//! `form` (always `tildel-journal-1`), `seq`, `id`, `at` (UTC, six decimals), `actor_id`, `actor_role`, `action`,
//! `subject_kind`, `subject_id`, `subject_version`, `office_id`, `detail`, `before_hash`, `after_hash` and `prev_hash`;
//! what is absent is `null`. Hashes are 64 lower-case hexadecimal digits; the first `prev_hash` is all zeros.
//!
//! Appending locks the head row until the transaction ends, so it comes **last** in a transaction: then writes
//! wait for each other only for the moment of the commit, and never in a circle.

mod append;
mod canonical;
mod entry;
mod read;
mod verify;

pub use append::append;
pub use canonical::{CanonicalError, canonical_json};
pub use entry::{Entry, NewEntry};
pub use read::{JournalFilter, head_seq, on_subjects, page};
pub use verify::{Fault, JournalCheck, verify};

/// The `prev_hash` of the first entry.
pub const FIRST_PREV_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
