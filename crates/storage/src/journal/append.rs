use diesel::prelude::*;

use super::entry::{Entry, NewEntry, Row};
use crate::db::on_each_backend;
use crate::schema::foundation::{journal, journal_head};
use crate::{Db, Place, StorageError};

/// Appends entries in the order given and returns them with their places and hashes.
///
/// Call it last in the transaction: it holds the journal's head until the transaction ends.
///
/// # Errors
/// [`StorageError::Inconsistent`] where a detail has no canonical form; otherwise what the database says.
#[tracing::instrument(level = "debug", skip_all, fields(entries = entries.len()))]
pub fn append(db: &mut Db, entries: Vec<NewEntry>) -> Result<Vec<Entry>, StorageError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let (mut seq, mut prev_hash) = lock_head(db)?;
    let mut chained = Vec::with_capacity(entries.len());
    for content in entries {
        seq += 1;
        let place = Place::new("journal", content.id, "detail");
        let entry = Entry::chain(seq, &prev_hash, content).map_err(|error| place.inconsistent(error))?;
        prev_hash.clone_from(&entry.hash);
        chained.push(entry);
    }
    let rows: Vec<Row> = chained.iter().cloned().map(Row::from).collect();
    let inserted = on_each_backend!(db, connection =>
        diesel::insert_into(journal::table).values(rows).execute(connection))?;
    StorageError::expect_rows("journal", chained.len(), inserted)?;
    let updated = diesel::update(journal_head::table)
        .set((journal_head::seq.eq(seq), journal_head::hash.eq(&prev_hash)))
        .execute(db)?;
    StorageError::expect_rows("journal_head", 1, updated)?;
    Ok(chained)
}

/// Locks the single head row; in `SQLite` the write transaction is the lock.
fn lock_head(db: &mut Db) -> Result<(i64, String), StorageError> {
    let head = journal_head::table.select((journal_head::seq, journal_head::hash));
    Ok(match db {
        Db::Postgres(connection) => head.for_update().first(connection)?,
        Db::Sqlite(connection) => head.first(connection)?,
    })
}
