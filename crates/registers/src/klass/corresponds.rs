//! Correspondences between classifications, such as organisation numbers of municipalities and their codes (table 1236).

use crate::Table;
use crate::read::ReadError;

/// Two codes that correspond, at the time of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondence {
    /// The code in the first classification.
    pub source: String,
    /// The code in the second.
    pub target: String,
    /// Its name.
    pub target_name: Option<String>,
}

/// Reads a correspondence table as delimited text.
pub fn read_correspondences(body: &[u8]) -> Result<Vec<Correspondence>, ReadError> {
    let table = Table::read(body)?;
    let missing = |line: usize, column: &str| ReadError::Row {
        line: line as u64 + 2,
        what: format!("no value in column {column}"),
    };
    let read = table.rows().enumerate().map(|(line, row)| {
        let cell = |column| row.get(column).map(str::to_owned).ok_or_else(|| missing(line, column));
        Ok(Correspondence {
            source: cell("sourceCode")?,
            target: cell("targetCode")?,
            target_name: row.get("targetName").map(str::to_owned),
        })
    });
    read.collect()
}
