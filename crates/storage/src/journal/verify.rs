use diesel::prelude::*;

use super::FIRST_PREV_HASH;
use super::entry::Entry;
use super::read::{JournalFilter, page};
use crate::schema::foundation::journal_head;
use crate::{Db, StorageError};

/// Entries that are held in memory at a time.
const PAGE: u32 = 1_000;

/// What a walk through the whole journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalCheck {
    /// Entries that are whole, counted from the start up to the first fault.
    pub entries: i64,
    /// Hash of the last whole entry.
    pub last_hash: String,
    /// The first fault, if any.
    pub fault: Option<Fault>,
}

impl JournalCheck {
    /// Is the journal as it was written?
    pub fn is_whole(&self) -> bool {
        self.fault.is_none()
    }
}

/// How a journal differs from what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is gone.
    #[error("entry {expected} is missing; {found} follows in its place")]
    Gap {
        /// The place that is empty.
        expected: i64,
        /// The next place that is not.
        found: i64,
    },
    /// An entry does not continue the one before.
    #[error("entry {seq} does not continue the entry before")]
    Broken {
        /// Its place.
        seq: i64,
    },
    /// An entry was changed after it was written.
    #[error("entry {seq} does not have the hash of its content")]
    Changed {
        /// Its place.
        seq: i64,
    },
    /// The head names another last entry: the end was cut off, or the head was changed.
    #[error("the journal ends at entry {last}, but its head names {head} or another hash")]
    Head {
        /// The last entry there is.
        last: i64,
        /// The entry that the head names.
        head: i64,
    },
}

/// Recomputes the whole chain, page by page. Run it in [`crate::Store::read`], which sees one state throughout.
///
/// # Errors
/// What the database says; a damaged journal is an answer, not an error.
#[tracing::instrument(level = "debug", skip_all)]
pub fn verify(db: &mut Db) -> Result<JournalCheck, StorageError> {
    let mut check = JournalCheck { entries: 0, last_hash: FIRST_PREV_HASH.to_owned(), fault: None };
    loop {
        let entries = page(db, check.entries, PAGE, &JournalFilter::default())?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            check.fault = fault(&check, &entry);
            if check.fault.is_some() {
                return Ok(check);
            }
            check.entries = entry.seq;
            check.last_hash = entry.hash;
        }
    }
    let (head, hash): (i64, String) =
        journal_head::table.select((journal_head::seq, journal_head::hash)).first(db)?;
    if head != check.entries || hash != check.last_hash {
        check.fault = Some(Fault::Head { last: check.entries, head });
    }
    Ok(check)
}

fn fault(before: &JournalCheck, entry: &Entry) -> Option<Fault> {
    let expected = before.entries + 1;
    if entry.seq != expected {
        return Some(Fault::Gap { expected, found: entry.seq });
    }
    if entry.prev_hash != before.last_hash {
        return Some(Fault::Broken { seq: entry.seq });
    }
    if entry.compute_hash().as_ref() != Ok(&entry.hash) {
        return Some(Fault::Changed { seq: entry.seq });
    }
    None
}
