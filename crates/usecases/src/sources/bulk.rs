//! National files, a thousand units at a time.

use std::fs::File;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_domain::register::RegisterKey;
use tildel_registers::bulk::{BulkError, BulkItem, BulkLimits, BulkReader, Position};
use tildel_registers::enhetsregisteret::UnitKind as Half;
use tildel_storage::register_units::NewState;

use super::book::Memory;
use super::convert;
use super::enhetsregisteret::surely_known;
use super::error::IngestError;
use super::files::failed;
use super::reading::{Batch, Reading};

/// Units of one transaction.
const UNITS: usize = 1000;

/// Where a reading of files is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    /// Which file of those that were given.
    pub(super) file: usize,
    /// When it was made.
    pub(super) made: Timestamp,
    /// Where in it.
    pub(super) at: Option<Position>,
    /// Up to which number units were asked for that are not in it.
    #[serde(default)]
    pub(super) asked: Option<u32>,
}

/// Reads a file from a place to its end, and moves the place.
pub(super) fn read(
    reading: &mut Reading<'_>,
    path: &Path,
    half: Half,
    place: &mut Place,
) -> Result<(), IngestError> {
    let mut reader = match open(path, place.at) {
        // Another file took its place: what was read of the old one stays, and this one is read from its beginning.
        Err(IngestError::Bulk(BulkError::OtherFile)) => open(path, None)?,
        other => other?,
    };
    let length = std::fs::metadata(path).map_err(|error| failed(path, &error))?.len();
    let since = surely_known(place.made);
    loop {
        let mut batch = Batch::default();
        while batch.records < UNITS {
            let Some(item) = reader.next_item()? else { break };
            batch.records += 1;
            match item {
                BulkItem::Unit(unit) if unit.is_personal() => {
                    batch.persons.push((unit.number.as_str().to_owned(), since));
                }
                BulkItem::Unit(unit) => {
                    batch.states.push(NewState { since, unit: convert::of_enhetsregisteret(&unit, half) });
                }
                BulkItem::Unreadable { record, error } => {
                    tracing::warn!(source = %reading.fetch.source, record, %error, "a record can not be read");
                    batch.unreadable += 1;
                }
            }
        }
        if batch.records == 0 {
            return Ok(());
        }
        place.at = Some(reader.position());
        reading.set_position(place)?;
        reading.of_file = Some((reader.progress().packed_bytes, length));
        let memory = Memory { data_as_of: Some(since), ..Memory::default() };
        reading.commit_units(&memory, &batch, RegisterKey::Enhetsregisteret)?;
    }
}

pub(super) fn open(path: &Path, at: Option<Position>) -> Result<BulkReader, IngestError> {
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    Ok(BulkReader::open(file, BulkLimits::default(), at)?)
}
