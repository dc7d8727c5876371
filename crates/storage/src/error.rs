//! What can go wrong once a store is open.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

use crate::constraints;

/// A failure of the database or of what stands in it.
///
/// Use cases turn the constraint violations into refusals by name; the names are the same on both databases
/// (see the crate documentation for the convention).
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The driver failed in a way that nothing here gives a better name.
    #[error("talk to the database: {0}")]
    Driver(#[source] DieselError),
    /// A stored value breaks a rule that the code relies on.
    #[error("read {table}.{column} of row {row}: {detail}")]
    Inconsistent {
        /// Table of the value.
        table: &'static str,
        /// Key of the row, as text.
        row: String,
        /// Column of the value.
        column: &'static str,
        /// What is wrong with the value.
        detail: String,
    },
    /// A statement touched another number of rows than it must.
    #[error("change {table}: expected {expected} row(s), got {got}")]
    RowCount {
        /// Table of the statement.
        table: &'static str,
        /// Rows that it had to touch.
        expected: usize,
        /// Rows that it did touch.
        got: usize,
    },
    /// A row with the same unique columns exists.
    #[error("keep the unique constraint {constraint}")]
    UniqueViolation {
        /// `<table>_<column>_<column>_key` on both databases.
        constraint: String,
    },
    /// A value breaks a CHECK constraint, or a trigger that guards a rule.
    #[error("keep the check constraint {constraint}")]
    CheckViolation {
        /// Name of the constraint on both databases.
        constraint: String,
    },
    /// A row points to one that is not there, or is pointed to.
    #[error("keep the foreign key {}", constraint.as_deref().unwrap_or("(SQLite does not name it)"))]
    ForeignKeyViolation {
        /// Name of the constraint; `SQLite` does not tell.
        constraint: Option<String>,
    },
    /// Others held locks, or connections, for longer than the store waits. Trying again may help.
    #[error("get a turn at the database in time: {0}")]
    Busy(String),
    /// The closure of a write went on to commit after one of its statements had failed.
    #[error("commit a transaction in which a statement failed")]
    FailedTransaction,
    /// The database cannot be reached.
    #[error("reach the database: {0}")]
    Unavailable(String),
    /// A migration failed and was undone.
    #[error("apply migrations: {0}")]
    Migration(String),
}

impl StorageError {
    /// Is this a violation of the unique constraint with this name?
    pub fn is_unique_violation(&self, name: &str) -> bool {
        matches!(self, Self::UniqueViolation { constraint } if constraint == name)
    }

    /// Is this a violation of the check constraint with this name?
    pub fn is_check_violation(&self, name: &str) -> bool {
        matches!(self, Self::CheckViolation { constraint } if constraint == name)
    }

    /// Refuses unless a statement touched as many rows as it must.
    pub fn expect_rows(table: &'static str, expected: usize, got: usize) -> Result<(), Self> {
        if expected == got { Ok(()) } else { Err(Self::RowCount { table, expected, got }) }
    }
}

impl From<DieselError> for StorageError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, information) = &error else {
            return match error {
                DieselError::BrokenTransactionManager => {
                    Self::Unavailable("the connection was lost inside a transaction".to_owned())
                }
                other => Self::Driver(other),
            };
        };
        classify(*kind, information.as_ref()).unwrap_or(Self::Driver(error))
    }
}

/// Finds the name for a failure that the database reported; `None` where only the driver's own words remain.
fn classify(
    kind: DatabaseErrorKind,
    information: &(dyn DatabaseErrorInformation + Send + Sync),
) -> Option<StorageError> {
    let message = information.message();
    let named = information.constraint_name().map(str::to_owned);
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            let constraint = named.or_else(|| constraints::unique_from_sqlite(message))?;
            Some(StorageError::UniqueViolation { constraint })
        }
        DatabaseErrorKind::CheckViolation => {
            let constraint = named.or_else(|| constraints::check_from_sqlite(message))?;
            Some(StorageError::CheckViolation { constraint })
        }
        DatabaseErrorKind::ForeignKeyViolation => {
            Some(StorageError::ForeignKeyViolation { constraint: named })
        }
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            Some(StorageError::Unavailable(message.to_owned()))
        }
        _ if is_conflict(kind, message) || is_lock_wait(message) => {
            Some(StorageError::Busy(message.to_owned()))
        }
        // A SQLite trigger cannot set an error kind; ours speak like a CHECK constraint.
        DatabaseErrorKind::Unknown => constraints::check_from_sqlite(message)
            .map(|constraint| StorageError::CheckViolation { constraint }),
        _ => None,
    }
}

/// Did `PostgreSQL` give this transaction up in favour of another (40001, 40P01)? Running it again is then right.
pub(crate) fn is_conflict(kind: DatabaseErrorKind, message: &str) -> bool {
    // Diesel passes no SQLSTATE on for deadlocks; the store asks the server for English messages.
    matches!(kind, DatabaseErrorKind::SerializationFailure) || message == "deadlock detected"
}

fn is_lock_wait(message: &str) -> bool {
    message == "canceling statement due to lock timeout"
        || message == "database is locked"
        || message.starts_with("database table is locked")
}
