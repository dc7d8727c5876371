//! Udir's registers: the list of all units, then each unit that was written since the last time.
//!
//! Rows are written anew by imports without a change, so contents are compared when they are stored. The list is read as a whole: it is some twenty
//! pages, and it shows also what went missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tildel_domain::register::RegisterKey;
use tildel_registers::RegisterNumber;
use tildel_registers::fetch::Found;
use tildel_registers::udir::{Register, UdirListItem, UdirPage, UdirUnit, page, unit};
use tildel_storage::register_units::{self, NewState};

use super::book::Memory;
use super::convert;
use super::error::IngestError;
use super::files::{answer, failed};
use super::ingest::{Asked, End, system};
use super::reading::{Batch, Reading};
use crate::context::office_zone;
use crate::failure::Failure;

/// Units of a page of the list.
const PAGE: u32 = 1000;

/// More pages than this are no list of schools.
const PAGES_MAX: u32 = 200;

/// Units of one transaction.
const UNITS: usize = 200;

/// Units of one transaction that may be unreadable before it is not taken.
const UNREADABLE_MAX: usize = 10;

/// What is remembered of a register.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cursor {
    /// When the newest row was written of those that were read.
    written_until: Timestamp,
}

/// Where a reading is: it goes through units by their numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    after: String,
    /// When the newest row was written of the list that the reading began with. Rows that are written while it is broken off are newer, also
    /// those with numbers that it has passed.
    #[serde(default)]
    newest: Option<Timestamp>,
}

/// What the list says of a unit that matters.
struct Listed {
    written_at: Option<Timestamp>,
    is_active: bool,
}

/// The list.
#[derive(Default)]
struct List {
    /// Units that matter, by number.
    units: BTreeMap<String, Listed>,
    /// When the newest row was written, of all units but those that are dated ahead of now.
    newest: Option<Timestamp>,
    bytes: u64,
}

fn key(register: Register) -> RegisterKey {
    match register {
        Register::Schools => RegisterKey::Nsr,
        Register::Kindergartens => RegisterKey::Nbr,
    }
}

/// Reads a register from its address or from files.
pub(super) fn read(reading: &mut Reading<'_>, asked: &Asked, register: Register) -> Result<End, IngestError> {
    if !asked.files.is_empty() {
        return read_files(reading, asked, register);
    }
    let zone = office_zone().map_err(Failure::from)?;
    let List { units: listed, newest, mut bytes } = read_list(reading, register)?;
    let cursor: Option<Cursor> = reading.cursor();
    let living: BTreeSet<String> = reading
        .ingest
        .parts
        .service
        .read_blocking(&system(), |cx| Ok(register_units::living(cx.db, key(register))?))?
        .into_iter()
        .collect();
    let is_wanted = |number: &String, unit: &Listed| {
        let is_held = living.contains(number);
        let is_newer = match (unit.written_at, cursor) {
            (Some(written_at), Some(cursor)) => written_at > cursor.written_until,
            (_, None) => true,
            (None, Some(_)) => is_held != unit.is_active,
        };
        is_newer && (unit.is_active || is_held)
    };
    let missing = living.iter().filter(|number| !listed.contains_key(*number)).count();
    if missing > 0 {
        reading.fetch.findings.push(format!("{missing} units that are kept as open are not listed any more"));
    }
    let begun: Option<Place> = reading.position();
    let newest = begun.as_ref().map_or(newest, |place| place.newest);
    let after = begun.map(|place| place.after);
    let wanted: Vec<(&String, &Listed)> = listed
        .iter()
        .filter(|(number, unit)| is_wanted(number, unit))
        .filter(|(number, _)| after.as_ref().is_none_or(|after| *number > after))
        .collect();
    let unchanged = wanted.is_empty() && after.is_none();
    for part in wanted.chunks(UNITS) {
        let mut batch = read_units(reading, register, part, &zone)?;
        batch.bytes += std::mem::take(&mut bytes);
        if let Some((number, _)) = part.last() {
            reading.set_position(&Place { after: (*number).clone(), newest })?;
        }
        reading.commit_units(&Memory::default(), &batch, key(register))?;
    }
    let written_until = newest.max(cursor.map(|cursor| cursor.written_until));
    let cursor = written_until.map(|written_until| serde_json::to_value(Cursor { written_until }));
    let cursor = cursor.transpose().map_err(Failure::Json)?;
    Ok(End { unchanged, memory: Memory { cursor, data_as_of: written_until, ..Memory::default() } })
}

/// Reads the list, page by page.
fn read_list(reading: &Reading<'_>, register: Register) -> Result<List, IngestError> {
    let base = reading.ingest.parts.bases.of(reading.fetch.source).clone();
    let mut list = List::default();
    let mut next = Some(1);
    while let Some(number) = next.filter(|number| *number <= PAGES_MAX) {
        let answer = reading.ask(&page(register, &base, number, PAGE))?;
        list.bytes += answer.body.len() as u64;
        let read = UdirPage::read(&answer.body)?;
        for item in &read.units {
            // Where the next reading goes on from must not be ahead of what is written until then.
            list.newest =
                list.newest.max(item.written_at.filter(|written_at| !reading.is_ahead(*written_at)));
            if matters(item) {
                let unit = Listed { written_at: item.written_at, is_active: item.is_active != Some(false) };
                list.units.insert(item.number.as_str().to_owned(), unit);
            }
        }
        next = read.next();
    }
    if list.units.is_empty() {
        return Err(IngestError::Empty);
    }
    Ok(list)
}

fn matters(item: &UdirListItem) -> bool {
    item.is_primary_school || item.is_upper_secondary || item.is_basic_education || item.is_kindergarten
}

fn read_units(
    reading: &Reading<'_>,
    register: Register,
    part: &[(&String, &Listed)],
    zone: &TimeZone,
) -> Result<Batch, IngestError> {
    let base = reading.ingest.parts.bases.of(reading.fetch.source);
    let numbers = part.iter().map(|(number, _)| RegisterNumber::new(number.as_str()));
    let answers = reading.ask_all(numbers.map(|number| unit(register, base, &number)).collect())?;
    let mut batch = Batch { records: part.len(), ..Batch::default() };
    let mut last_error = String::new();
    for ((number, listed), answer) in part.iter().zip(answers) {
        batch.bytes += answer.body.len() as u64;
        match (answer.found, listed.written_at) {
            (Found::Gone, Some(since)) => batch.removed.push(((*number).clone(), reading.dated(since))),
            (Found::Content, written_at) => match UdirUnit::read(&answer.body) {
                Ok(unit) => add(reading, &mut batch, &unit, written_at, zone),
                Err(error) => {
                    tracing::warn!(source = %reading.fetch.source, %number, %error, "a unit can not be read");
                    batch.unreadable += 1;
                    last_error = error.to_string();
                }
            },
            // Listed, and unknown when asked for.
            _ => batch.unreadable += 1,
        }
    }
    if batch.unreadable > UNREADABLE_MAX && !last_error.is_empty() {
        return Err(IngestError::TooManyUnreadable { count: batch.unreadable, last: last_error });
    }
    Ok(batch)
}

/// Takes a unit into a batch, since its row was written.
fn add(
    reading: &Reading<'_>,
    batch: &mut Batch,
    unit: &UdirUnit,
    otherwise: Option<Timestamp>,
    zone: &TimeZone,
) {
    let number = unit.number.as_str().to_owned();
    match unit.written_at.or(otherwise).map(|at| reading.dated(at)) {
        _ if unit.is_outside_norway() => {}
        None => batch.unreadable += 1,
        Some(since) if convert::is_person(unit) => batch.persons.push((number, since)),
        Some(since) => batch.states.push(NewState { since, unit: convert::of_udir(unit, since, zone) }),
    }
}

/// Reads files: units, and lists, of which nothing is kept, as they have no employees.
fn read_files(reading: &mut Reading<'_>, asked: &Asked, register: Register) -> Result<End, IngestError> {
    let zone = office_zone().map_err(Failure::from)?;
    for path in &asked.files {
        let body = answer(path)?;
        let mut batch = Batch { bytes: body.len() as u64, ..Batch::default() };
        match (UdirUnit::read(&body), UdirPage::read(&body)) {
            (Ok(unit), _) => {
                if unit.written_at.or(asked.as_of).is_none() {
                    return Err(IngestError::AsOfNeeded { path: path.display().to_string() });
                }
                batch.records = 1;
                add(reading, &mut batch, &unit, asked.as_of, &zone);
            }
            (Err(_), Ok(list)) => batch.records = list.units.len(),
            (Err(error), Err(_)) => return Err(failed(path, &error)),
        }
        let newest = batch.states.iter().map(|state| state.since).max();
        let memory = Memory { data_as_of: newest, ..Memory::default() };
        reading.commit_units(&memory, &batch, key(register))?;
    }
    Ok(End { unchanged: reading.fetch.changed == 0, memory: Memory::default() })
}
