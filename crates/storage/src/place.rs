//! Where a stored value stands, for messages that let an operator find it.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StorageError;
use crate::columns::DbJson;

/// A table, a row and a column.
#[derive(Debug, Clone)]
pub struct Place {
    table: &'static str,
    row: String,
    column: &'static str,
}

impl Place {
    /// Names a value; `row` is the key of its row.
    pub fn new(table: &'static str, row: impl Display, column: &'static str) -> Self {
        Self { table, row: row.to_string(), column }
    }

    /// The error for a value that breaks a rule.
    pub fn inconsistent(&self, detail: impl Display) -> StorageError {
        StorageError::Inconsistent {
            table: self.table,
            row: self.row.clone(),
            column: self.column,
            detail: detail.to_string(),
        }
    }

    /// Reads a text column that stands for a typed value, such as a state.
    pub fn parse<T: FromStr>(&self, text: &str) -> Result<T, StorageError> {
        text.parse().map_err(|_| self.inconsistent(format_args!("the text {text:?} is not known")))
    }

    /// Reads a JSON column as any type with serde.
    pub fn json<T: DeserializeOwned>(&self, value: DbJson) -> Result<T, StorageError> {
        serde_json::from_value(value.0).map_err(|error| self.inconsistent(error))
    }

    /// Writes any type with serde into a JSON column.
    pub fn to_json<T: Serialize>(&self, value: &T) -> Result<DbJson, StorageError> {
        serde_json::to_value(value).map(DbJson).map_err(|error| self.inconsistent(error))
    }

    /// Reads a whole number into a narrower or unsigned type.
    pub fn number<T: TryFrom<i64>>(&self, value: i64) -> Result<T, StorageError> {
        T::try_from(value).map_err(|_| self.inconsistent(format_args!("the number {value} is out of range")))
    }
}
