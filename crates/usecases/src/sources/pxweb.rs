//! SSB's PxWeb: control totals of municipalities.

use tildel_domain::allocation::{Measure, UnitKind};
use tildel_domain::control_total::ControlTotal;
use tildel_registers::pxweb::{Dataset, data};
use tildel_registers::read::ReadError;
use tildel_storage::control_totals;

use super::book::{Memory, Tally};
use super::error::IngestError;
use super::files::{answer, failed};
use super::ingest::{Asked, End, system};
use super::reading::Reading;
use crate::control_totals::findings;

/// A variable of a table that sums of units are held against. Which one it is, the operator says: SSB's tables come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlSettings {
    /// Which units are counted in it.
    pub unit_kind: UnitKind,
    /// The id of the table.
    pub table: String,
    /// Its dimension of municipalities.
    pub region: String,
    /// The code of the variable.
    pub contents: String,
    /// What the variable counts.
    pub measure: Measure,
    /// How far a sum may be from it, in hundredths of it.
    pub tolerance_percent: u8,
}

/// Reads the tables of the settings from their address, or from files by the id that they tell.
pub(super) fn read(reading: &mut Reading<'_>, asked: &Asked) -> Result<End, IngestError> {
    let controls = reading.ingest.parts.controls.clone();
    if controls.is_empty() {
        return Err(IngestError::NoControls);
    }
    let mut memory = Memory { data_as_of: asked.as_of, ..Memory::default() };
    if asked.files.is_empty() {
        let base = reading.ingest.parts.bases.pxweb.clone();
        for control in &controls {
            let selection =
                [(control.region.as_str(), "*"), ("ContentsCode", &control.contents), ("Tid", "top(1)")];
            // Asked for as a whole: the service has no marks, and a tolerance may be another by now.
            let answer = reading.ask(&data(&base, &control.table, &selection))?;
            memory.data_as_of = memory.data_as_of.max(Some(answer.fetched_at));
            store(reading, control, &Dataset::read(&answer.body)?, answer.body.len())?;
        }
    }
    for path in &asked.files {
        let body = answer(path)?;
        let of_file = |error: ReadError| failed(path, &error);
        let dataset = Dataset::read(&body).map_err(of_file)?;
        let own = controls.iter().filter(|control| dataset.table.as_ref() == Some(&control.table));
        let mut is_known = false;
        for control in own {
            is_known = true;
            store(reading, control, &dataset, body.len()).map_err(|error| match error {
                IngestError::Read(error) => failed(path, &error),
                other => other,
            })?;
        }
        if !is_known {
            let table = dataset.table.as_deref().unwrap_or("without an id");
            return Err(failed(path, &format!("the table {table} is not named in sources.control_totals")));
        }
    }
    // Also where nothing is new: units may be others by now.
    let found = reading.ingest.parts.service.read_blocking(&system(), |cx| findings(cx, &controls))?;
    reading.fetch.findings.extend(found);
    Ok(End { unchanged: reading.fetch.changed == 0, memory })
}

fn store(
    reading: &mut Reading<'_>,
    control: &ControlSettings,
    dataset: &Dataset,
    bytes: usize,
) -> Result<(), IngestError> {
    let cells = dataset.by_municipality(&control.region, &control.contents)?;
    // Nothing at all would take away everything that is there.
    if cells.is_empty() {
        return Err(IngestError::Empty);
    }
    let since = reading.ingest.parts.service.now();
    let totals = cells.into_iter().map(|cell| ControlTotal {
        unit_kind: control.unit_kind,
        municipality_number: cell.municipality,
        year: cell.year,
        measure: control.measure,
        table: control.table.clone(),
        contents: control.contents.clone(),
        value: cell.cell.headcount(),
        tolerance_percent: control.tolerance_percent,
        since,
    });
    let totals: Vec<ControlTotal> = totals.collect();
    reading.commit(&Memory::default(), |cx, _| {
        let changed = control_totals::save(cx.db, control.unit_kind, &totals)?;
        Ok(Tally { bytes: bytes as u64, records: totals.len(), changed, ..Tally::default() })
    })
}
