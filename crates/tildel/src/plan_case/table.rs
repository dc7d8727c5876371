//! Tables of organisations.

use std::path::Path;

use jiff::civil::Date;
use tildel_allocation::{HeadcountRecord, OrganisationInput};

use super::cell::{self, Column};
use super::document::HeadcountSource;
use super::problem::Problem;

/// An organisation of a case, with what only `perOrganisation` asks.
pub(super) struct Organisation {
    pub(super) input: OrganisationInput,
    pub(super) from: Option<Date>,
    pub(super) tags: Vec<String>,
    /// The line of the table; none for one of the document itself.
    pub(super) line: Option<u64>,
}

/// The columns that say who an organisation is; all others are headcounts.
const NAMES: [&str; 7] = ["number", "name", "municipality", "from", "ceased", "successors", "tags"];

/// Reads a table.
pub(super) fn organisations(
    file: &Path,
    text: &str,
    sources: &[HeadcountSource],
) -> Result<Vec<Organisation>, Problem> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| of_csv(file, &error))?.clone();
    for required in ["number", "name"] {
        if !header.iter().any(|name| name == required) {
            return Err(Problem::of_line(file, 1, required, "the table has no such column"));
        }
    }
    let mut columns: Vec<Option<Column>> = Vec::new();
    for (place, name) in header.iter().enumerate() {
        if header.iter().take(place).any(|other| other == name) {
            return Err(Problem::of_line(file, 1, name, "this column stands twice"));
        }
        let column = if NAMES.contains(&name) {
            None
        } else {
            Some(cell::column(name).map_err(|message| Problem::of_line(file, 1, "", message))?)
        };
        columns.push(column);
    }
    let mut organisations = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| of_csv(file, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        organisations.push(row(file, line, &header, &columns, &record, sources)?);
    }
    Ok(organisations)
}

fn row(
    file: &Path,
    line: u64,
    header: &csv::StringRecord,
    columns: &[Option<Column>],
    record: &csv::StringRecord,
    sources: &[HeadcountSource],
) -> Result<Organisation, Problem> {
    let wrong = |field: &str, message: String| Problem::of_line(file, line, field, message);
    let cell_of =
        |name: &str| header.iter().position(|other| other == name).and_then(|place| record.get(place));
    let text_of = |name: &str| cell_of(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let date_of = |name: &str| {
        let read = |text: String| {
            text.parse::<Date>().map_err(|_| wrong(name, format!("{text:?} is no date such as 2020-01-01")))
        };
        text_of(name).map(read).transpose()
    };
    let needed = |name: &str| text_of(name).ok_or_else(|| wrong(name, "the cell is empty".to_owned()));
    let mut headcounts = Vec::new();
    for ((name, column), text) in header.iter().zip(columns).zip(record) {
        if let Some(column) = column {
            headcounts
                .extend(record_of(*column, name, text, sources).map_err(|message| wrong(name, message))?);
        }
    }
    let input = OrganisationInput {
        number: needed("number")?,
        name: needed("name")?,
        municipality: text_of("municipality"),
        ceased: date_of("ceased")?,
        successors: cell::successors(&text_of("successors").unwrap_or_default())
            .map_err(|message| wrong("successors", message))?,
        headcounts,
    };
    let tags = cell::list(&text_of("tags").unwrap_or_default());
    Ok(Organisation { input, from: date_of("from")?, tags, line: Some(line) })
}

/// The headcount of a cell, with its source.
pub(super) fn record_of(
    column: Column,
    name: &str,
    text: &str,
    sources: &[HeadcountSource],
) -> Result<Option<HeadcountRecord>, String> {
    let Some((value, practice)) = cell::headcount(text)? else { return Ok(None) };
    let source = sources
        .iter()
        .filter(|source| name.starts_with(&source.column))
        .max_by_key(|source| source.column.len());
    let text = source
        .and_then(|source| if practice { source.practice_source.as_ref() } else { source.source.as_ref() });
    let Some(text) = text else {
        let field = if practice { "practiceSource" } else { "source" };
        return Err(format!("nothing says where this is from: give {field} in headcountSources for {name}"));
    };
    let Column { unit_kind, measure, ownership, date } = column;
    Ok(Some(HeadcountRecord {
        unit_kind,
        measure,
        ownership,
        date,
        value,
        source: text.clone(),
        practice,
        unit: None,
    }))
}

fn of_csv(file: &Path, error: &csv::Error) -> Problem {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the line has {len} cells, but the first one has {expected_len}")
        }
        _ => error.to_string(),
    };
    Problem::of_line(file, line, "", message)
}
