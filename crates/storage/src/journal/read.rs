use diesel::prelude::*;
use uuid::Uuid;

use super::entry::{Entry, Row};
use crate::columns::DbId;
use crate::schema::foundation::{journal, journal_head};
use crate::{Db, StorageError};

/// Which entries to read; `None` leaves a field open.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// The kind of thing it was done to.
    pub subject_kind: Option<String>,
    /// The thing it was done to.
    pub subject_id: Option<Uuid>,
    /// The office it belongs to.
    pub office_id: Option<Uuid>,
    /// Who did it.
    pub actor_id: Option<Uuid>,
    /// What was done.
    pub action: Option<String>,
}

/// At most `limit` entries after the place `after_seq` (0 for the start), oldest first.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    after_seq: i64,
    limit: u32,
    filter: &JournalFilter,
) -> Result<Vec<Entry>, StorageError> {
    let mut query = journal::table
        .filter(journal::seq.gt(after_seq))
        .order(journal::seq)
        .limit(i64::from(limit))
        .into_boxed();
    if let Some(kind) = &filter.subject_kind {
        query = query.filter(journal::subject_kind.eq(kind));
    }
    if let Some(id) = filter.subject_id {
        query = query.filter(journal::subject_id.eq(DbId(id)));
    }
    if let Some(office_id) = filter.office_id {
        query = query.filter(journal::office_id.eq(Some(DbId(office_id))));
    }
    if let Some(actor_id) = filter.actor_id {
        query = query.filter(journal::actor_id.eq(Some(DbId(actor_id))));
    }
    if let Some(action) = &filter.action {
        query = query.filter(journal::action.eq(action));
    }
    let rows: Vec<Row> = query.load(db)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// All entries on things of these kinds with these ids, oldest first; on those that are `silent` without this action.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn on_subjects(
    db: &mut Db,
    kinds: &[&str],
    subjects: &[Uuid],
    (silent, action): (&[Uuid], &str),
) -> Result<Vec<Entry>, StorageError> {
    let is_silent = journal::subject_id.eq_any(silent.iter().copied().map(DbId));
    let rows: Vec<Row> = journal::table
        .filter(journal::subject_kind.eq_any(kinds.iter().copied()))
        .filter(journal::subject_id.eq_any(subjects.iter().copied().map(DbId)))
        .filter(journal::action.ne(action).or(diesel::dsl::not(is_silent)))
        .order(journal::seq)
        .load(db)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The place of the newest entry; 0 where there is none.
///
/// # Errors
/// What the database says.
pub fn head_seq(db: &mut Db) -> Result<i64, StorageError> {
    Ok(journal_head::table.select(journal_head::seq).first(db)?)
}
