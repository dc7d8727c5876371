//! Tables as delimited text: commas or semicolons, with or without a byte order mark, in either encoding.

use crate::read::{ReadError, decode};

/// The most rows that are read: the largest table of the registers that comes so has some ten thousand.
const ROWS: usize = 1_000_000;

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
}

impl Table {
    /// Reads a table. The delimiter is the semicolon if the header has one, else the comma.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let (text, _) = decode(bytes);
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let told = |error: &csv::Error| ReadError::Row {
            line: error.position().map_or(1, csv::Position::line),
            what: error.to_string(),
        };
        let header: Vec<String> = reader
            .headers()
            .map_err(|error| told(&error))?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| told(&error))?;
            if rows.len() == ROWS {
                return Err(ReadError::TooLarge { limit: bytes.len() });
            }
            rows.push(record.iter().map(str::to_owned).collect());
        }
        Ok(Self { header, rows })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows, in their order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { header: &self.header, cells })
    }
}

impl<'a> Row<'a> {
    /// The cell in a column; none where the table has no such column or the cell is blank.
    pub fn get(self, column: &str) -> Option<&'a str> {
        let place = self.header.iter().position(|name| name == column)?;
        self.cells.get(place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_quotes_and_latin_letters_are_read() {
        let table =
            Table::read(b"\"kode\";\"navn\"\n\"4613\";\"B\xf8mlo; Vestland\"\n\"4614\";\"\"\n").unwrap();
        let names: Vec<_> = table.rows().map(|row| (row.get("kode"), row.get("navn"))).collect();
        assert_eq!(names, [(Some("4613"), Some("Bømlo; Vestland")), (Some("4614"), None)]);
        assert_eq!(table.rows().next().unwrap().get("other"), None);
    }

    #[test]
    fn a_row_of_another_length_is_told_with_its_line() {
        assert!(matches!(Table::read(b"a,b\n1,2\n3\n"), Err(ReadError::Row { line: 3, .. })));
    }
}
