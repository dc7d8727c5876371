use std::str::FromStr;

use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::{Place, StorageError};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waits for its time and a worker.
    Ready,
    /// A worker holds it.
    Running,
    /// Done.
    Done,
    /// Given up; a person may send it back.
    Dead,
    /// Called off.
    Cancelled,
}

impl JobState {
    /// The text in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A text that is no [`JobState`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read {0:?} as the state of a job")]
pub struct UnknownJobState(String);

impl FromStr for JobState {
    type Err = UnknownJobState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Ready, Self::Running, Self::Done, Self::Dead, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownJobState(text.to_owned()))
    }
}

/// A job to enqueue.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Id, UUID version 7.
    pub id: Uuid,
    /// Which handler does it.
    pub kind: String,
    /// Version of the payload's shape, from 1.
    pub payload_version: u32,
    /// What the handler needs to know.
    pub payload: Value,
    /// Not before.
    pub run_at: Timestamp,
    /// Attempts until it is given up, at least 1.
    pub max_attempts: u32,
    /// At most one unfinished job has this key; a schedule writes `name@due`.
    pub dedupe_key: Option<String>,
    /// The office it works for, if any.
    pub office_id: Option<Uuid>,
    /// The person who asked for it, if any.
    pub requested_by: Option<Uuid>,
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Steps done.
    pub done: u32,
    /// Steps in all, where known; never fewer than `done`.
    pub total: Option<u32>,
}

/// A worker's right to a job in one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The job.
    pub job_id: Uuid,
    /// The worker, unique per process.
    pub worker: String,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// A job as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Id.
    pub id: Uuid,
    /// Which handler does it.
    pub kind: String,
    /// Version of the payload's shape.
    pub payload_version: u32,
    /// What the handler needs to know.
    pub payload: Value,
    /// Where it stands.
    pub state: JobState,
    /// Not before.
    pub run_at: Timestamp,
    /// Attempts begun.
    pub attempts: u32,
    /// Attempts until it is given up.
    pub max_attempts: u32,
    /// End of the lease, while running.
    pub lease_until: Option<Timestamp>,
    /// The worker that holds it, while running.
    pub worker: Option<String>,
    /// Key that no other unfinished job has.
    pub dedupe_key: Option<String>,
    /// Whether it was asked for once more after it had been enqueued.
    pub again: bool,
    /// How far the present or last attempt has come.
    pub progress: Progress,
    /// What it gave, once done.
    pub result: Option<Value>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The office it works for.
    pub office_id: Option<Uuid>,
    /// The person who asked for it.
    pub requested_by: Option<Uuid>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Job {
    /// The right of the worker that holds this job; `None` while nobody does.
    pub fn ticket(&self) -> Option<Ticket> {
        let worker = self.worker.clone()?;
        Some(Ticket { job_id: self.id, worker, attempt: self.attempts })
    }
}

/// A row of `jobs`, in the order of its columns.
#[derive(Queryable)]
pub(super) struct Row {
    id: DbId,
    kind: String,
    payload_version: i64,
    payload: DbJson,
    state: String,
    run_at: DbInstant,
    attempts: i64,
    max_attempts: i64,
    lease_until: Option<DbInstant>,
    worker: Option<String>,
    dedupe_key: Option<String>,
    again: bool,
    progress_done: i64,
    progress_total: Option<i64>,
    result: Option<DbJson>,
    last_error: Option<String>,
    office_id: Option<DbId>,
    requested_by: Option<DbId>,
    created_at: DbInstant,
    updated_at: DbInstant,
}

impl TryFrom<Row> for Job {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let id = row.id.0;
        let at = |column| Place::new("jobs", id, column);
        let total = row.progress_total.map(|total| at("progress_total").number(total)).transpose()?;
        Ok(Self {
            id,
            kind: row.kind,
            payload_version: at("payload_version").number(row.payload_version)?,
            payload: row.payload.0,
            state: at("state").parse(&row.state)?,
            run_at: row.run_at.0,
            attempts: at("attempts").number(row.attempts)?,
            max_attempts: at("max_attempts").number(row.max_attempts)?,
            lease_until: row.lease_until.map(Timestamp::from),
            worker: row.worker,
            dedupe_key: row.dedupe_key,
            again: row.again,
            progress: Progress { done: at("progress_done").number(row.progress_done)?, total },
            result: row.result.map(|DbJson(result)| result),
            last_error: row.last_error,
            office_id: row.office_id.map(Uuid::from),
            requested_by: row.requested_by.map(Uuid::from),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}
