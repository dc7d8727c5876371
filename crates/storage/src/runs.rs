//! Runs: computations of plans. They are only added, and nothing changes them.

use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::id::{OfficeId, RunId, SchemeId};
use tildel_domain::run::Run;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{inserting, load_page, narrow, row};
use crate::schema::awards::runs;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

/// The result hash of runs of before 0.1.0.
const NONE: &str = "";

row! {
    runs[id] => Run {
        id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        input_hash: String,
        result_hash: String,
        input: DbJson,
        plan: DbJson,
        created_at: DbInstant,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<Run>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

/// Reads one by its id; runs of before 0.1.0, which have no result hash, are not shown.
///
/// # Errors
/// [`StorageError::Inconsistent`], or what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find(db: &mut Db, id: RunId) -> Result<Option<Run>, StorageError> {
    let row: Option<Row> = runs::table
        .select(Row::COLUMNS)
        .filter(runs::id.eq(key(id)))
        .filter(runs::result_hash.ne(NONE))
        .first(db)
        .optional()?;
    row.map(Row::into_thing).transpose()
}

inserting! { runs: Run, pub insert }

/// Which runs to list.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
}

/// A page of runs.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &RunFilter, request: &PageRequest) -> Result<Page<Run>, StorageError> {
    let mut query = runs::table.select(Row::COLUMNS).filter(runs::result_hash.ne(NONE)).into_boxed();
    narrow! { query:
        runs::office_id => filter.office_id.map(key),
        runs::scheme_id => filter.scheme_id.map(key),
    }
    load_page!(db, runs, query, request)
}

/// The newest run of an office for a scheme.
#[tracing::instrument(level = "debug", skip_all)]
pub fn latest(db: &mut Db, office_id: OfficeId, scheme_id: SchemeId) -> Result<Option<Run>, StorageError> {
    let row: Option<Row> = runs::table
        .select(Row::COLUMNS)
        .filter(runs::office_id.eq(key(office_id)))
        .filter(runs::scheme_id.eq(key(scheme_id)))
        .filter(runs::result_hash.ne(NONE))
        .order(runs::id.desc())
        .first(db)
        .optional()?;
    row.map(Row::into_thing).transpose()
}

/// The first run of an office for a scheme that was computed at or after an instant.
#[tracing::instrument(level = "debug", skip_all)]
pub fn first_since(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
    since: Timestamp,
) -> Result<Option<Run>, StorageError> {
    let row: Option<Row> = runs::table
        .select(Row::COLUMNS)
        .filter(runs::office_id.eq(key(office_id)))
        .filter(runs::scheme_id.eq(key(scheme_id)))
        .filter(runs::result_hash.ne(NONE))
        .filter(runs::created_at.ge(DbInstant(since)))
        .order(runs::id.asc())
        .first(db)
        .optional()?;
    row.map(Row::into_thing).transpose()
}

/// The newest run of an office for a scheme that was computed before an instant.
#[tracing::instrument(level = "debug", skip_all)]
pub fn last_before(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
    before: Timestamp,
) -> Result<Option<Run>, StorageError> {
    let row: Option<Row> = runs::table
        .select(Row::COLUMNS)
        .filter(runs::office_id.eq(key(office_id)))
        .filter(runs::scheme_id.eq(key(scheme_id)))
        .filter(runs::result_hash.ne(NONE))
        .filter(runs::created_at.lt(DbInstant(before)))
        .order(runs::id.desc())
        .first(db)
        .optional()?;
    row.map(Row::into_thing).transpose()
}
