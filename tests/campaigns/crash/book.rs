//! What the program has acknowledged, as its clients remember it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Everything that was acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Book {
    /// Names of organisations.
    pub(super) organisations: BTreeSet<String>,
    /// Titles of applications.
    pub(super) applications: BTreeSet<String>,
    /// Titles of ballots that end by themselves.
    pub(super) ballots: BTreeSet<String>,
    /// Those of them that were opened, by their titles.
    pub(super) opened: BTreeSet<String>,
    /// What each seat has voted in the common ballot.
    pub(super) votes: BTreeMap<String, Votes>,
    /// Acknowledged writes.
    pub(super) acknowledged: u64,
    /// Requests that got no answer and were sent again.
    pub(super) unanswered: u64,
    /// Requests that were told to come again (409 with the key in progress, 503) and did.
    pub(super) told_to_wait: u64,
}

/// The votes of a seat: each change is a vote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Votes {
    /// How many.
    pub(super) count: u64,
    /// What the last one says.
    pub(super) last: String,
}

impl fmt::Display for Book {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let votes: u64 = self.votes.values().map(|votes| votes.count).sum();
        write!(
            formatter,
            "{} writes acknowledged ({} organisations, {} applications, {votes} votes, {} ballots of which {} were opened), \
             {} requests unanswered and {} told to wait, all sent again",
            self.acknowledged,
            self.organisations.len(),
            self.applications.len(),
            self.ballots.len(),
            self.opened.len(),
            self.unanswered,
            self.told_to_wait,
        )
    }
}

/// The book in which all clients write.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedBook(Arc<Mutex<Book>>);

impl SharedBook {
    fn open(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an acknowledged write.
    pub(super) fn acknowledge<T>(&self, note: impl FnOnce(&mut Book) -> T) {
        let mut book = self.open();
        book.acknowledged += 1;
        let _ = note(&mut book);
    }

    /// Notes that a request got no answer.
    pub(super) fn note_unanswered(&self) {
        self.open().unanswered += 1;
    }

    /// Notes that a request was told to come again.
    pub(super) fn note_told_to_wait(&self) {
        self.open().told_to_wait += 1;
    }

    /// Acknowledged writes so far.
    pub(super) fn acknowledged(&self) -> u64 {
        self.open().acknowledged
    }

    /// The book as it stands.
    pub(super) fn close(&self) -> Book {
        self.open().clone()
    }
}
