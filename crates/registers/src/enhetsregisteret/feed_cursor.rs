//! How far a feed is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FeedChange, FeedEntry};
use crate::RegisterNumber;

/// The last id that was read and acted upon, one for each feed. It never goes backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct FeedCursor(i64);

/// What to do with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedAction {
    /// Read it again: what an entry says of it is a hint, and what is read then may be newer than the entry.
    Read,
    /// Purge what is held of it.
    Purge,
}

/// What a page of a feed asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedBatch {
    /// Each unit once, with its newest id, in the order of the ids.
    pub actions: Vec<(i64, RegisterNumber, FeedAction)>,
    /// Where the feed is read to once they are done; to be stored together with them.
    pub cursor: FeedCursor,
}

impl FeedCursor {
    /// Before the first entry.
    pub const START: Self = Self(0);

    /// After the entry with this id.
    pub const fn after(id: i64) -> Self {
        Self(id)
    }

    /// The id to ask from, as the register counts the id itself in.
    pub const fn next_id(self) -> i64 {
        self.0.saturating_add(1)
    }

    /// What entries ask for: those that are known already are left out, and of several of a unit the newest one counts.
    pub fn take(self, entries: &[FeedEntry]) -> FeedBatch {
        let mut newest: BTreeMap<&RegisterNumber, &FeedEntry> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.id > self.0) {
            let known = newest.entry(&entry.number).or_insert(entry);
            // Of two under one id the removal counts: to purge too much is mended by reading again, the contrary by nothing.
            let is_newer = entry.id > known.id;
            let is_removal = entry.id == known.id && entry.change == FeedChange::Removed;
            if is_newer || is_removal {
                *known = entry;
            }
        }
        let cursor = newest.values().map(|entry| entry.id).max().map_or(self, Self);
        let mut actions: Vec<_> = newest
            .into_values()
            .map(|entry| {
                let action =
                    if entry.change == FeedChange::Removed { FeedAction::Purge } else { FeedAction::Read };
                (entry.id, entry.number.clone(), action)
            })
            .collect();
        actions.sort_unstable_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        FeedBatch { actions, cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64, number: &str, change: FeedChange) -> FeedEntry {
        FeedEntry { id, at: jiff::Timestamp::UNIX_EPOCH, number: RegisterNumber::new(number), change }
    }

    #[test]
    fn each_unit_is_taken_once_in_the_order_of_ids() {
        let entries = [
            entry(12, "b", FeedChange::Changed),
            entry(10, "a", FeedChange::New),
            entry(15, "a", FeedChange::Removed),
            entry(12, "b", FeedChange::Changed),
            entry(14, "c", FeedChange::Other("Flyttet".into())),
            entry(11, "a", FeedChange::Changed),
        ];
        let batch = FeedCursor::after(10).take(&entries);
        let expected = [
            (12, RegisterNumber::new("b"), FeedAction::Read),
            (14, RegisterNumber::new("c"), FeedAction::Read),
            (15, RegisterNumber::new("a"), FeedAction::Purge),
        ];
        assert_eq!(batch.actions, expected);
        assert_eq!(batch.cursor, FeedCursor::after(15));
        assert_eq!(batch.cursor.next_id(), 16);
    }

    #[test]
    fn the_last_entry_again_is_nothing_new() {
        // What a reader that asks from the last id itself gets for ever.
        let batch = FeedCursor::after(15).take(&[entry(15, "a", FeedChange::Changed)]);
        assert_eq!(batch, FeedBatch { actions: Vec::new(), cursor: FeedCursor::after(15) });
    }

    #[test]
    fn a_unit_that_comes_back_is_read() {
        let entries = [entry(2, "a", FeedChange::New), entry(1, "a", FeedChange::Removed)];
        assert_eq!(
            FeedCursor::START.take(&entries).actions,
            [(2, RegisterNumber::new("a"), FeedAction::Read)]
        );
    }
}
