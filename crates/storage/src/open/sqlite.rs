//! Opening `SQLite`: the file is checked and put into WAL mode by a single connection before any pool exists,
//! because parallel first connections would fail on that change.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use super::OpenError;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads only; the database refuses anything else.
    Read,
    /// Reads and writes.
    Write,
}

/// How connections to a file are set up.
#[derive(Debug, Clone)]
pub(crate) struct SqliteSettings {
    pub(crate) path: PathBuf,
    pub(crate) busy_timeout_ms: u32,
    pub(crate) synchronous: bool,
}

#[derive(QueryableByName)]
struct QuickCheck {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Checks the file, creates it if need be, and sets its journal mode, which stays in the file.
pub(crate) fn prepare(settings: &SqliteSettings) -> Result<(), OpenError> {
    check_rights(&settings.path)?;
    let mut connection = connect(settings, Access::Write).map_err(|error| match error {
        ConnectionError::CouldntSetupConfiguration(error) => explain(&settings.path, &error),
        other => cannot_open(&settings.path, &other.to_string()),
    })?;
    let failed = |error: DieselError| explain(&settings.path, &error);

    let checks: Vec<QuickCheck> =
        diesel::sql_query("PRAGMA quick_check(1)").load(&mut connection).map_err(failed)?;
    if let Some(found) = checks.into_iter().find(|check| check.quick_check != "ok") {
        return Err(OpenError::Damaged { path: settings.path.clone(), detail: found.quick_check });
    }
    let mode: JournalMode =
        diesel::sql_query("PRAGMA journal_mode = WAL").get_result(&mut connection).map_err(failed)?;
    if mode.journal_mode != "wal" {
        let detail = format!("the file system allows no WAL, only {}", mode.journal_mode);
        return Err(cannot_open(&settings.path, &detail));
    }
    // SQLite opens a read-only file without complaint; only a write lock tells.
    connection.batch_execute("BEGIN IMMEDIATE; ROLLBACK").map_err(failed)
}

/// Opens and sets up one connection.
pub(crate) fn connect(
    settings: &SqliteSettings,
    access: Access,
) -> Result<SqliteConnection, ConnectionError> {
    let path = settings.path.to_str().ok_or_else(|| {
        ConnectionError::InvalidConnectionUrl("the path of the database is not valid UTF-8".to_owned())
    })?;
    let mut connection = SqliteConnection::establish(path)?;
    let synchronous = if settings.synchronous { "FULL" } else { "OFF" };
    let query_only = if access == Access::Read { "ON" } else { "OFF" };
    // The waiting time comes first, so that the other settings may wait for a lock.
    let setup = format!(
        "PRAGMA busy_timeout = {}; PRAGMA foreign_keys = ON; PRAGMA synchronous = {synchronous}; \
         PRAGMA query_only = {query_only};",
        settings.busy_timeout_ms
    );
    connection.batch_execute(&setup).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

fn check_rights(path: &Path) -> Result<(), OpenError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(folder_metadata) = folder.metadata() else {
        return Err(OpenError::MissingFolder { folder: folder.to_owned() });
    };
    if folder_metadata.permissions().readonly() {
        return Err(OpenError::ReadOnly { path: folder.to_owned() });
    }
    let Ok(metadata) = path.metadata() else {
        return Ok(());
    };
    if metadata.is_dir() {
        return Err(cannot_open(path, "it is a folder"));
    }
    if metadata.permissions().readonly() {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    Ok(())
}

fn explain(path: &Path, error: &DieselError) -> OpenError {
    let detail = error.to_string();
    let path_owned = path.to_owned();
    if detail.contains("not a database") || detail.contains("malformed") {
        OpenError::Damaged { path: path_owned, detail }
    } else if detail.contains("readonly") {
        OpenError::ReadOnly { path: path_owned }
    } else if detail.contains("locked") {
        OpenError::Locked { path: path_owned }
    } else {
        cannot_open(path, &detail)
    }
}

fn cannot_open(path: &Path, detail: &str) -> OpenError {
    OpenError::CannotOpen { path: path.to_owned(), detail: detail.to_owned() }
}
