//! One connection type over both databases.

#![allow(missing_docs, reason = "the derive below writes public types that cannot carry documentation")]

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

/// Which database a [`crate::Store`] stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// An embedded `SQLite` file.
    Sqlite,
    /// A `PostgreSQL` server.
    Postgres,
}

/// A connection inside a transaction of [`crate::Store`]; repositories take `&mut Db`.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// A connection to `PostgreSQL`.
    Postgres(PgConnection),
    /// A connection to `SQLite`.
    Sqlite(SqliteConnection),
}

impl Db {
    /// The database behind this connection.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Postgres(_) => Backend::Postgres,
            Self::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// Compiles one body once per database, for what the derived connection cannot express: `on_conflict`,
/// `for_update` and inserts of many rows.
///
/// ```text
/// on_each_backend!(db, connection => diesel::insert_into(journal::table).values(&rows).execute(connection))
/// ```
macro_rules! on_each_backend {
    ($db:expr, $connection:ident => $body:expr) => {
        match $db {
            $crate::Db::Postgres($connection) => $body,
            $crate::Db::Sqlite($connection) => $body,
        }
    };
}
pub(crate) use on_each_backend;
