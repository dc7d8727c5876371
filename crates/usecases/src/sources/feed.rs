//! The feed of Enhetsregisteret, page by page. Entries are hints: each unit is read again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tildel_domain::register::RegisterKey;
use tildel_registers::RegisterNumber;
use tildel_registers::enhetsregisteret::{
    BeyondWindow, FeedAction, FeedBatch, FeedCursor, FeedEntry, FeedPage, Unit, UnitAnswer, UnitKind as Half,
    feed_from, feed_since, unit,
};
use tildel_registers::fetch::Request;
use tildel_storage::register_units::NewState;

use super::convert;
use super::enhetsregisteret::Cursor;
use super::error::IngestError;
use super::ingest::End;
use super::reading::{Batch, Reading};

/// Entries of a page, which is one transaction.
const ENTRIES: u32 = 500;

/// Units of a page that may be unreadable before the page is not taken.
const UNREADABLE_MAX: usize = 10;

/// Reads on until there is nothing new.
pub(super) fn follow(reading: &mut Reading<'_>, half: Half, mut cursor: Cursor) -> Result<End, IngestError> {
    let mut found = reading.fetch.records > 0;
    loop {
        let base = reading.ingest.parts.bases.enhetsregisteret.clone();
        let request = match cursor.after {
            None => feed_since(&base, half, cursor.from, ENTRIES),
            Some(after) => feed_from(&base, half, after.next_id(), ENTRIES),
        };
        // The size of a page is within the window.
        let request = request.map_err(|BeyondWindow { .. }| IngestError::Empty)?;
        let answer = reading.ask(&request)?;
        let page = FeedPage::read(&answer.body)?;
        let known = cursor.after.unwrap_or(FeedCursor::START);
        let taken = known.take(&page.entries);
        if taken.cursor == known {
            return Ok(End { unchanged: !found, ..End::default() });
        }
        found = true;
        let mut batch = read_units(reading, half, &page.entries, &taken)?;
        batch.bytes += answer.body.len() as u64;
        cursor.after = Some(taken.cursor);
        let newest = page.entries.iter().map(|entry| entry.at).max().unwrap_or(cursor.from);
        let newest = reading.dated(newest);
        reading.commit_units(&cursor.memory(newest)?, &batch, RegisterKey::Enhetsregisteret)?;
    }
}

/// Reads what a page asks for: from its own half, and from the other one if it is unknown there.
fn read_units(
    reading: &Reading<'_>,
    half: Half,
    entries: &[FeedEntry],
    taken: &FeedBatch,
) -> Result<Batch, IngestError> {
    let dated: BTreeMap<(i64, &RegisterNumber), Timestamp> =
        entries.iter().map(|entry| ((entry.id, &entry.number), reading.dated(entry.at))).collect();
    let mut removed = Vec::new();
    let mut open: Vec<(&RegisterNumber, Timestamp)> = Vec::new();
    for (id, number, action) in &taken.actions {
        // Each action is of an entry of the page.
        let Some(since) = dated.get(&(*id, number)).copied() else { continue };
        match action {
            FeedAction::Purge => removed.push((number.as_str().to_owned(), since)),
            FeedAction::Read => open.push((number, since)),
        }
    }
    let (mut batch, unknown) = ask(reading, half, open)?;
    batch.records = taken.actions.len();
    batch.removed.extend(removed);
    batch.unreadable += unknown.len();
    Ok(batch)
}

/// Asks for units, in their half and, where they are unknown there, in the other one. Tells, too, which are known in neither.
pub(super) fn ask<'n>(
    reading: &Reading<'_>,
    half: Half,
    mut open: Vec<(&'n RegisterNumber, Timestamp)>,
) -> Result<(Batch, Vec<&'n RegisterNumber>), IngestError> {
    let mut batch = Batch { records: open.len(), ..Batch::default() };
    for asked in [half, half.other()] {
        let base = &reading.ingest.parts.bases.enhetsregisteret;
        let requests: Vec<Request> = open.iter().map(|(number, _)| unit(base, asked, number)).collect();
        let answers = reading.ask_all(requests)?;
        let mut unknown = Vec::new();
        let mut last_error = String::new();
        for ((number, since), answer) in open.into_iter().zip(answers) {
            batch.bytes += answer.body.len() as u64;
            match UnitAnswer::read(&answer) {
                Ok(UnitAnswer::Live(unit) | UnitAnswer::Deleted(unit)) => {
                    add(&mut batch, &unit, asked, since);
                }
                Ok(UnitAnswer::Removed { .. }) => batch.removed.push((number.as_str().to_owned(), since)),
                Ok(UnitAnswer::UnknownHere) => unknown.push((number, since)),
                // No marks are sent along, so it does not come.
                Ok(UnitAnswer::Unchanged) => {}
                Err(error) => {
                    tracing::warn!(source = %reading.fetch.source, %number, %error, "a unit can not be read");
                    batch.unreadable += 1;
                    last_error = error.to_string();
                }
            }
        }
        if batch.unreadable > UNREADABLE_MAX {
            return Err(IngestError::TooManyUnreadable { count: batch.unreadable, last: last_error });
        }
        open = unknown;
    }
    Ok((batch, open.into_iter().map(|(number, _)| number).collect()))
}

/// Takes a unit into a batch.
pub(super) fn add(batch: &mut Batch, unit: &Unit, half: Half, since: Timestamp) {
    if unit.is_personal() {
        batch.persons.push((unit.number.as_str().to_owned(), since));
    } else {
        batch.states.push(NewState { since, unit: convert::of_enhetsregisteret(unit, half) });
    }
}
