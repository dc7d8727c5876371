use diesel::prelude::*;
use jiff::Timestamp;
use uuid::Uuid;

use super::job::{JobState, NewJob};
use crate::columns::{DbId, DbInstant, DbJson};
use crate::db::on_each_backend;
use crate::schema::foundation::jobs;
use crate::{Db, StorageError};

/// How often enqueuing looks again where the job with the same key finishes at that very moment.
const DEDUPE_ATTEMPTS: u32 = 3;

/// The job that stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// Its id.
    pub id: Uuid,
    /// `false` where an unfinished job with the same key was there before.
    pub is_new: bool,
}

/// Puts a job in the queue, or finds the unfinished one with the same key.
///
/// A job that is running may have read what this transaction changes, so it goes back to ready when it ends. One that waits for a later
/// time, as after a failed attempt, is due when this one would be, if that is earlier; its attempts stay counted.
///
/// # Errors
/// [`StorageError::CheckViolation`] for a payload version or a number of attempts of zero.
#[tracing::instrument(level = "debug", skip_all, fields(kind = new.kind))]
pub fn enqueue(db: &mut Db, new: &NewJob, now: Timestamp) -> Result<Enqueued, StorageError> {
    for _ in 0..DEDUPE_ATTEMPTS {
        let values = (
            (
                jobs::id.eq(DbId(new.id)),
                jobs::kind.eq(&new.kind),
                jobs::payload_version.eq(i64::from(new.payload_version)),
                jobs::payload.eq(DbJson(new.payload.clone())),
                jobs::state.eq(JobState::Ready.as_str()),
                jobs::run_at.eq(DbInstant(new.run_at)),
                jobs::attempts.eq(0),
                jobs::max_attempts.eq(i64::from(new.max_attempts)),
            ),
            (
                jobs::dedupe_key.eq(&new.dedupe_key),
                jobs::again.eq(false),
                jobs::progress_done.eq(0),
                jobs::office_id.eq(new.office_id.map(DbId)),
                jobs::requested_by.eq(new.requested_by.map(DbId)),
                jobs::created_at.eq(DbInstant(now)),
                jobs::updated_at.eq(DbInstant(now)),
            ),
        );
        let inserted = on_each_backend!(db, connection => diesel::insert_into(jobs::table)
            .values(values).on_conflict_do_nothing().execute(connection))?;
        if inserted == 1 {
            return Ok(Enqueued { id: new.id, is_new: true });
        }
        // The update also holds the row until this transaction ends: a worker can neither claim nor end the job on
        // what stood before it. One that runs already does it again.
        let unfinished = jobs::table
            .filter(jobs::dedupe_key.eq(&new.dedupe_key))
            .filter(jobs::state.eq_any([JobState::Ready.as_str(), JobState::Running.as_str()]));
        let existing: Option<DbId> = diesel::update(unfinished)
            .set(jobs::again.eq(true))
            .returning(jobs::id)
            .get_result(db)
            .optional()?;
        if let Some(DbId(id)) = existing {
            let waits = jobs::table
                .filter(jobs::id.eq(DbId(id)))
                .filter(jobs::state.eq(JobState::Ready.as_str()))
                .filter(jobs::run_at.gt(DbInstant(new.run_at)));
            diesel::update(waits)
                .set((jobs::run_at.eq(DbInstant(new.run_at)), jobs::updated_at.eq(DbInstant(now))))
                .execute(db)?;
            return Ok(Enqueued { id, is_new: false });
        }
    }
    let constraint = if new.dedupe_key.is_some() { "jobs_dedupe_key_key" } else { "jobs_id_key" };
    Err(StorageError::UniqueViolation { constraint: constraint.to_owned() })
}

/// Calls off a job that is ready or running; answers whether it was. A running one is told at its next heartbeat.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn cancel(db: &mut Db, id: Uuid, now: Timestamp) -> Result<bool, StorageError> {
    let unfinished = jobs::table
        .filter(jobs::id.eq(DbId(id)))
        .filter(jobs::state.eq_any([JobState::Ready.as_str(), JobState::Running.as_str()]));
    let updated = diesel::update(unfinished)
        .set((
            jobs::state.eq(JobState::Cancelled.as_str()),
            jobs::lease_until.eq(None::<DbInstant>),
            jobs::worker.eq(None::<String>),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    Ok(updated == 1)
}

/// Sends a dead job back with all its attempts; answers whether it was dead.
///
/// # Errors
/// [`StorageError::UniqueViolation`] of `jobs_dedupe_key_key` where another job has taken its place.
#[tracing::instrument(level = "debug", skip_all)]
pub fn retry(db: &mut Db, id: Uuid, now: Timestamp) -> Result<bool, StorageError> {
    let dead = jobs::table.filter(jobs::id.eq(DbId(id))).filter(jobs::state.eq(JobState::Dead.as_str()));
    let updated = diesel::update(dead)
        .set((
            jobs::state.eq(JobState::Ready.as_str()),
            jobs::attempts.eq(0),
            jobs::run_at.eq(DbInstant(now)),
            jobs::updated_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    Ok(updated == 1)
}
