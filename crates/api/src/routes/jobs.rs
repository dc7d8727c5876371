//! Jobs: the worker's queue, for the operator.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::jobs::{self, JobState as State, QueuedJob};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Query, Reply};

wire_enum! {
    /// Where a piece of work stands.
    JobState = State {
        /// Waits for its time and a worker.
        Ready,
        /// A worker is at it.
        Running,
        /// Done.
        Done,
        /// Given up; a person may send it back.
        Dead,
        /// Called off.
        Cancelled,
    }
}

/// A job of the queue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Id.
    pub id: Uuid,
    /// What it does, such as `plan.recompute`.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Not before.
    pub run_at: Timestamp,
    /// Attempts begun.
    #[schema(minimum = 0)]
    pub attempts: u32,
    /// Attempts until it is given up.
    pub max_attempts: u32,
    /// Why the last attempt failed.
    #[schema(required)]
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

resource!(QueuedJob => Job at "/v1/jobs", unversioned);

impl From<QueuedJob> for Job {
    fn from(job: QueuedJob) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            state: job.state.into(),
            run_at: job.run_at,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            last_error: job.last_error,
            created_at: job.created_at,
            updated_at: job.updated_at,
        }
    }
}

/// Which jobs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct JobQuery {
    /// In this state only; `dead` shows what waits for the operator.
    #[param(inline)]
    pub state: Option<JobState>,
}

/// List jobs.
///
/// The worker's queue, newest first.
#[utoipa::path(operation_id = "jobList", tag = "Jobs", params(JobQuery),
    responses((status = 200, description = "A page of jobs.", body = PageBody<Job>)))]
#[get("/v1/jobs")]
async fn list(call: Call, query: Query<JobQuery>) -> Reply {
    let state = query.0.state.map(Into::into);
    call.list(move |cx, page| jobs::list(cx, state, page.after, page.limit)).await
}

/// Try a job again.
///
/// Sends a job that was given up back to the queue, with all its attempts.
#[utoipa::path(operation_id = "jobRetry", tag = "Jobs",
    responses((status = 200, description = "The job, ready again.", body = Job)))]
#[post("/v1/jobs/{id}/retry")]
async fn retry(call: Call, id: Id<Uuid>) -> Reply {
    call.act(move |cx, _| jobs::retry(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(retry);
}
