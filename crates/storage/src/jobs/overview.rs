use diesel::dsl::count_star;
use diesel::prelude::*;
use jiff::Timestamp;
use uuid::Uuid;

use super::job::{Job, JobState, Row};
use crate::columns::{DbId, DbInstant};
use crate::schema::foundation::jobs;
use crate::{Db, Place, StorageError};

/// Which jobs to list; `None` leaves a field open.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Where they stand.
    pub state: Option<JobState>,
    /// Which handler does them.
    pub kind: Option<String>,
    /// The office they work for.
    pub office_id: Option<Uuid>,
}

/// How the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueStatus {
    /// Jobs that wait.
    pub ready: u64,
    /// Jobs that a worker holds.
    pub running: u64,
    /// Jobs that are done.
    pub done: u64,
    /// Jobs that were given up.
    pub dead: u64,
    /// Jobs that were called off.
    pub cancelled: u64,
    /// Since when the longest waiting job has been due; what separates it from now is the lag.
    pub oldest_due: Option<Timestamp>,
}

/// One job.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find(db: &mut Db, id: Uuid) -> Result<Option<Job>, StorageError> {
    let row: Option<Row> = jobs::table.filter(jobs::id.eq(DbId(id))).first(db).optional()?;
    row.map(Job::try_from).transpose()
}

/// Whether a job with this key was ever enqueued, finished or not.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn has_key(db: &mut Db, dedupe_key: &str) -> Result<bool, StorageError> {
    let found: i64 = jobs::table.filter(jobs::dedupe_key.eq(dedupe_key)).count().get_result(db)?;
    Ok(found > 0)
}

/// At most `limit` jobs, newest first; `before` is the id of the last one on the page before.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &JobFilter,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Job>, StorageError> {
    let mut query = jobs::table.order(jobs::id.desc()).limit(i64::from(limit)).into_boxed();
    if let Some(before) = before {
        query = query.filter(jobs::id.lt(DbId(before)));
    }
    if let Some(state) = filter.state {
        query = query.filter(jobs::state.eq(state.as_str()));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(jobs::kind.eq(kind));
    }
    if let Some(office_id) = filter.office_id {
        query = query.filter(jobs::office_id.eq(Some(DbId(office_id))));
    }
    let rows: Vec<Row> = query.load(db)?;
    rows.into_iter().map(Job::try_from).collect()
}

/// Counts per state, and since when the longest waiting job has been due.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn status(db: &mut Db, now: Timestamp) -> Result<QueueStatus, StorageError> {
    let counts: Vec<(String, i64)> =
        jobs::table.group_by(jobs::state).select((jobs::state, count_star())).load(db)?;
    let mut status =
        QueueStatus { oldest_due: next_due(db)?.filter(|due| *due <= now), ..QueueStatus::default() };
    for (state, count) in counts {
        let place = Place::new("jobs", &state, "state");
        let slot = match place.parse(&state)? {
            JobState::Ready => &mut status.ready,
            JobState::Running => &mut status.running,
            JobState::Done => &mut status.done,
            JobState::Dead => &mut status.dead,
            JobState::Cancelled => &mut status.cancelled,
        };
        *slot = place.number(count)?;
    }
    Ok(status)
}

/// When the next waiting job is due, which may be past.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn next_due(db: &mut Db) -> Result<Option<Timestamp>, StorageError> {
    let due: Option<DbInstant> = jobs::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'ready'"))
        .order(jobs::run_at)
        .select(jobs::run_at)
        .first(db)
        .optional()?;
    Ok(due.map(Timestamp::from))
}
