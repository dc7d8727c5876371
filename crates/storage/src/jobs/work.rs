use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::Value;

use super::job::{Job, JobState, Progress, Row, Ticket};
use crate::columns::{DbId, DbInstant, DbJson};
use crate::schema::foundation::jobs;
use crate::{Db, StorageError};

/// Does the worker still hold the job?
#[must_use = "a worker that lost its job must undo what it did"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// Yes, and the change was made.
    Held,
    /// No: another took it over, or it was cancelled. Nothing was changed.
    Lost,
}

/// What became of a job whose attempt failed.
#[must_use = "a worker that lost its job must undo what it did"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It will be tried again.
    Ready,
    /// It was given up.
    Dead,
    /// The worker did not hold it any more.
    Lost,
}

/// Jobs taken back from workers that are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reclaimed {
    /// Jobs that will be tried again.
    pub ready: usize,
    /// Jobs that had no attempt left.
    pub dead: usize,
}

/// The rows that a ticket gives a right to: one, or none once the lease was lost.
macro_rules! held {
    ($ticket:expr) => {
        jobs::table
            .filter(jobs::id.eq(DbId($ticket.job_id)))
            .filter(jobs::state.eq(JobState::Running.as_str()))
            .filter(jobs::worker.eq(Some(&$ticket.worker)))
            .filter(jobs::attempts.eq(i64::from($ticket.attempt)))
    };
}

/// Takes the job that has been due the longest, of the kinds that this worker knows, and counts an attempt.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn claim(
    db: &mut Db,
    worker: &str,
    kinds: &[&str],
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<Job>, StorageError> {
    // The state is a literal, because a partial index serves only a condition that the planner can see.
    let due = jobs::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'ready'"))
        .filter(jobs::run_at.le(DbInstant(now)))
        .filter(jobs::kind.eq_any(kinds))
        .order((jobs::run_at, jobs::id))
        .select(jobs::id)
        .limit(1);
    let found: Option<DbId> = match db {
        Db::Postgres(connection) => due.for_update().skip_locked().first(connection).optional()?,
        Db::Sqlite(connection) => due.first(connection).optional()?,
    };
    let Some(id) = found else {
        return Ok(None);
    };
    let row: Row = diesel::update(jobs::table.filter(jobs::id.eq(id)))
        .set((
            jobs::state.eq(JobState::Running.as_str()),
            jobs::attempts.eq(jobs::attempts + 1),
            jobs::again.eq(false),
            jobs::worker.eq(Some(worker)),
            jobs::lease_until.eq(Some(DbInstant(lease_until))),
            jobs::progress_done.eq(0),
            jobs::progress_total.eq(None::<i64>),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .returning(jobs::all_columns)
        .get_result(db)?;
    Job::try_from(row).map(Some)
}

/// Renews a lease and tells how far the job has come.
///
/// # Errors
/// [`StorageError::CheckViolation`] where more is done than there is in all.
#[tracing::instrument(level = "debug", skip_all)]
pub fn heartbeat(
    db: &mut Db,
    ticket: &Ticket,
    progress: Progress,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Lease, StorageError> {
    let updated = diesel::update(held!(ticket))
        .set((
            jobs::lease_until.eq(Some(DbInstant(lease_until))),
            jobs::progress_done.eq(i64::from(progress.done)),
            jobs::progress_total.eq(progress.total.map(i64::from)),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    lease(updated)
}

/// Ends a job well. Run it in the transaction of the handler's last change, and roll that back on [`Lease::Lost`].
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn complete(
    db: &mut Db,
    ticket: &Ticket,
    result: Option<Value>,
    now: Timestamp,
) -> Result<Lease, StorageError> {
    let Some(again) = asked_again(db, ticket, now)? else { return Ok(Lease::Lost) };
    let state = if again { JobState::Ready } else { JobState::Done };
    let updated = diesel::update(held!(ticket))
        .set((
            jobs::state.eq(state.as_str()),
            jobs::lease_until.eq(None::<DbInstant>),
            jobs::worker.eq(None::<String>),
            jobs::result.eq(result.map(DbJson)),
            jobs::last_error.eq(None::<String>),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    if again {
        grant_all_attempts(db, ticket, now)?;
    }
    lease(updated)
}

/// Holds the job's row and tells whether the job was asked for once more while it ran; none if the lease is lost.
fn asked_again(db: &mut Db, ticket: &Ticket, now: Timestamp) -> Result<Option<bool>, StorageError> {
    let again = diesel::update(held!(ticket))
        .set(jobs::updated_at.eq(DbInstant(now)))
        .returning(jobs::again)
        .get_result(db)
        .optional()?;
    Ok(again)
}

/// What was asked for once more is a new piece of work, with all its attempts.
fn grant_all_attempts(db: &mut Db, ticket: &Ticket, now: Timestamp) -> Result<(), StorageError> {
    diesel::update(jobs::table.filter(jobs::id.eq(DbId(ticket.job_id))))
        .set((jobs::attempts.eq(0), jobs::run_at.eq(DbInstant(now)), jobs::again.eq(false)))
        .execute(db)?;
    Ok(())
}

/// Ends an attempt badly: tried again at `retry_at`, or given up where that is `None` or no attempt is left.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn fail(
    db: &mut Db,
    ticket: &Ticket,
    error: &str,
    retry_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Failure, StorageError> {
    let limits: Option<(i64, i64)> =
        held!(ticket).select((jobs::attempts, jobs::max_attempts)).first(db).optional()?;
    let Some((attempts, max_attempts)) = limits else {
        return Ok(Failure::Lost);
    };
    let retry_at = retry_at.filter(|_| attempts < max_attempts);
    let (state, failure) = match retry_at {
        Some(_) => (JobState::Ready, Failure::Ready),
        None => (JobState::Dead, Failure::Dead),
    };
    let updated = diesel::update(held!(ticket))
        .set((
            jobs::state.eq(state.as_str()),
            // A dead job keeps the time of its end.
            jobs::run_at.eq(DbInstant(retry_at.unwrap_or(now))),
            jobs::lease_until.eq(None::<DbInstant>),
            jobs::worker.eq(None::<String>),
            jobs::last_error.eq(Some(error)),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    Ok(match lease(updated)? {
        Lease::Held => failure,
        Lease::Lost => Failure::Lost,
    })
}

/// Hands a job back untouched, as a worker does that is told to stop: the attempt is not counted.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn release(db: &mut Db, ticket: &Ticket, now: Timestamp) -> Result<Lease, StorageError> {
    let updated = diesel::update(held!(ticket))
        .set((
            jobs::state.eq(JobState::Ready.as_str()),
            jobs::attempts.eq(jobs::attempts - 1),
            jobs::lease_until.eq(None::<DbInstant>),
            jobs::worker.eq(None::<String>),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    lease(updated)
}

/// Takes back the jobs whose lease has ended; the attempt that was under way counts.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn reclaim(db: &mut Db, now: Timestamp) -> Result<Reclaimed, StorageError> {
    macro_rules! expired {
        () => {
            jobs::table
                .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("state = 'running'"))
                .filter(jobs::lease_until.lt(Some(DbInstant(now))))
        };
    }
    macro_rules! back_to {
        ($state:expr) => {
            (
                jobs::state.eq($state.as_str()),
                jobs::run_at.eq(DbInstant(now)),
                jobs::lease_until.eq(None::<DbInstant>),
                jobs::worker.eq(None::<String>),
                jobs::last_error.eq(Some("the worker did not renew its lease")),
                jobs::updated_at.eq(DbInstant(now)),
            )
        };
    }
    let dead = diesel::update(expired!().filter(jobs::attempts.ge(jobs::max_attempts)))
        .set(back_to!(JobState::Dead))
        .execute(db)?;
    let ready = diesel::update(expired!().filter(jobs::attempts.lt(jobs::max_attempts)))
        .set(back_to!(JobState::Ready))
        .execute(db)?;
    Ok(Reclaimed { ready, dead })
}

fn lease(updated: usize) -> Result<Lease, StorageError> {
    match updated {
        0 => Ok(Lease::Lost),
        1 => Ok(Lease::Held),
        got => Err(StorageError::RowCount { table: "jobs", expected: 1, got }),
    }
}
