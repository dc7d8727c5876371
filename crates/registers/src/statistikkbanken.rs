//! Udir's statistics (GSI and BASIL): totals to hold our own sums against.
//!
//! All numbers are texts: with spaces between thousands, `*` where a small number is suppressed, and `0` where it is zero. The order of columns is
//! that of the metadata. `id` is an inner path; `kode` is the county's, municipality's or unit's number.

use serde::Deserialize;
use tildel_allocation::{Headcount, Quantity};

use crate::read::{Limits, ReadError, blank, json};

/// A table: one row for each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The words of each column.
    pub columns: Vec<String>,
    /// The rows. Oslo stands twice, as a county and as a municipality.
    pub rows: Vec<StatisticsRow>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsRow {
    /// The name of the place or unit.
    pub name: String,
    /// Two digits for a county, four for a municipality, nine for a unit; none for the whole country.
    pub code: Option<String>,
    /// One for each column.
    pub cells: Vec<Headcount>,
}

/// Reads a table.
pub fn read_statistics(body: &[u8]) -> Result<Statistics, ReadError> {
    let written: Written = json(body, Limits::ANSWER)?;
    let last = written.metadata.columns.last().map(Vec::as_slice).unwrap_or_default();
    let columns: Vec<String> = last.iter().map(|column| column.name.clone()).collect();
    let rows = written.rows.into_iter().enumerate().map(|(place, row)| {
        let path = |cell: usize| format!("rows[{place}].data[{cell}]");
        if row.data.len() != columns.len() {
            let what = format!("{} cells for {} columns", row.data.len(), columns.len());
            return Err(ReadError::Shape { path: format!("rows[{place}].data"), what });
        }
        let cells = row.data.iter().enumerate().map(|(cell, text)| {
            count(text)
                .ok_or_else(|| ReadError::Shape { path: path(cell), what: format!("`{text}` is no count") })
        });
        Ok(StatisticsRow { name: row.name, code: row.code, cells: cells.collect::<Result<_, _>>()? })
    });
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Statistics { columns, rows })
}

/// A count as the tables write it.
fn count(text: &str) -> Option<Headcount> {
    // The space between thousands may be a no-break one.
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match packed.as_str() {
        "*" => Some(Headcount::Withheld),
        "" | "-" => Some(Headcount::Unknown),
        digits => digits.replace(',', ".").parse::<Quantity>().ok().map(Headcount::Known),
    }
}

#[derive(Deserialize)]
struct Written {
    metadata: Metadata,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Metadata {
    columns: Vec<Vec<Column>>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "navn")]
    name: String,
    #[serde(default, rename = "kode", deserialize_with = "blank")]
    code: Option<String>,
    data: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suppressed_zero_and_thousands_are_told_apart() {
        let known = |count| Some(Headcount::Known(Quantity::from_whole(count)));
        assert_eq!(count("38 101"), known(38_101));
        assert_eq!(count("38\u{a0}101"), known(38_101));
        assert_eq!(count("0"), known(0));
        assert_eq!(count("1 029,2"), Some(Headcount::Known("1029.2".parse().unwrap())));
        assert_eq!(count("*"), Some(Headcount::Withheld));
        assert_eq!(count(""), Some(Headcount::Unknown));
        assert_eq!(count("many"), None);
    }
}
