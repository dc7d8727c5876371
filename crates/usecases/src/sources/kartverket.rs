//! Kartverket's present municipalities, held against the history of Klass. Nothing of them is kept but what differs.

use std::collections::BTreeSet;

use tildel_registers::kartverket::{Municipality, municipalities, read_municipalities};

use super::book::{Memory, Tally};
use super::error::IngestError;
use super::files::{answer, failed};
use super::ingest::{Asked, End, system};
use super::klass::municipality_history;
use super::reading::Reading;

/// The only thing that is asked for.
const WHAT: &str = "municipalities";

/// Reads the list and compares it.
pub(super) fn read(reading: &mut Reading<'_>, asked: &Asked) -> Result<End, IngestError> {
    let mut memory = Memory { data_as_of: asked.as_of, ..Memory::default() };
    let mut unchanged = false;
    if asked.files.is_empty() {
        let base = reading.ingest.parts.bases.kartverket.clone();
        // Asked for as a whole, and compared also where it is the same as the last time: Klass may be another by now, and what differs stays to be
        // looked at.
        let answer = reading.ask(&municipalities(&base))?;
        match reading.marks_if_new(WHAT, &answer) {
            Some(marks) => {
                memory.marks.insert(WHAT.to_owned(), marks);
            }
            None => unchanged = true,
        }
        memory.data_as_of = Some(answer.fetched_at);
        compare(reading, asked, &read_municipalities(&answer.body)?, answer.body.len())?;
    }
    for path in &asked.files {
        let body = answer(path)?;
        let listed = read_municipalities(&body).map_err(|error| failed(path, &error))?;
        compare(reading, asked, &listed, body.len())?;
    }
    Ok(End { unchanged, memory })
}

fn compare(
    reading: &mut Reading<'_>,
    asked: &Asked,
    listed: &[Municipality],
    bytes: usize,
) -> Result<(), IngestError> {
    if listed.is_empty() {
        return Err(IngestError::Empty);
    }
    let as_of = asked.as_of;
    let (history, day) = reading.ingest.parts.service.read_blocking(&system(), |cx| {
        let zone = crate::context::office_zone()?;
        let day = as_of.unwrap_or(cx.now()).to_zoned(zone).date();
        Ok((municipality_history(cx)?, day))
    })?;
    let valid: BTreeSet<&str> = history.as_of(day).into_keys().collect();
    if !valid.is_empty() {
        let numbers: BTreeSet<&str> = listed.iter().map(|place| place.number.as_str()).collect();
        let more = numbers.difference(&valid);
        let more =
            more.map(|number| format!("{day}: {number} is in Kartverket's list and not valid by Klass"));
        let less = valid.difference(&numbers);
        let less =
            less.map(|number| format!("{day}: {number} is valid by Klass and not in Kartverket's list"));
        reading.fetch.findings.extend(more.chain(less));
    }
    let tally = Tally { bytes: bytes as u64, records: listed.len(), ..Tally::default() };
    reading.commit(&Memory::default(), |_, _| Ok(tally))
}
