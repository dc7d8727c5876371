//! Long work as its requester sees it: an operation is a job of the queue, without its inner life.

use jiff::Timestamp;
use tildel_domain::policy::Operation as Policy;
use tildel_domain::{Refusal, Role};
use tildel_storage::jobs::{self, Job, JobState, Progress};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::{Failure, Outcome};

/// How long work goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Id.
    pub id: Uuid,
    /// What is done, such as `plan.recompute`.
    pub kind: String,
    /// State.
    pub state: JobState,
    /// How much is done, and of how much.
    pub progress: Progress,
    /// What came out.
    pub result: Option<serde_json::Value>,
    /// Whether it failed for good; the operator sees why.
    pub failed: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// How an operation goes: for who asked for it, for staff of its office, for the directorate and the admin.
pub fn read(cx: &mut Context<'_>, id: Uuid) -> Outcome<Operation> {
    cx.require(Policy::OperationRead)?;
    find_own(cx, id).map(view)
}

/// Takes an operation out of the queue, as long as it has not begun, and nobody else waits for it.
pub fn cancel(cx: &mut Context<'_>, id: Uuid) -> Outcome<Operation> {
    cx.require(Policy::OperationCancel)?;
    let job = find_own(cx, id)?;
    // Equal requests are one job: cancelling it would take the work from those who asked besides.
    let only_mine =
        !job.again && job.requested_by.is_some() && job.requested_by == cx.actor.person_id.map(Uuid::from);
    // What has begun is done to its end: it may have written already.
    if job.state != JobState::Ready || !only_mine || !jobs::cancel(cx.db, id, cx.now)? {
        return Err(Refusal::wrong_state(
            "operation",
            job.state.as_str(),
            "ready, and asked for by you alone",
        )
        .into());
    }
    find_own(cx, id).map(view)
}

fn find_own(cx: &mut Context<'_>, id: Uuid) -> Outcome<Job> {
    let not_found = || Failure::from(Refusal::not_found("operation"));
    let job = jobs::find(cx.db, id)?.ok_or_else(not_found)?;
    let asked = cx.actor.person_id.is_some() && job.requested_by == cx.actor.person_id.map(Uuid::from);
    let of_office = job.office_id.is_some_and(|office_id| cx.actor.is_staff_of(office_id.into()));
    // The directorate asks for plans of all offices, and may be given an equal job that was waiting.
    let sees_all = matches!(cx.actor.role, Role::Admin | Role::Directorate);
    if asked || of_office || sees_all { Ok(job) } else { Err(not_found()) }
}

fn view(job: Job) -> Operation {
    Operation {
        id: job.id,
        kind: job.kind,
        state: job.state,
        progress: job.progress,
        result: job.result,
        failed: job.state == JobState::Dead,
        created_at: job.created_at,
        updated_at: job.updated_at,
    }
}
