//! Work for later: what the queue holds, and what the worker asks of the queue.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tildel_domain::id::{BallotId, ChangeId, DecisionId, LetterId, OfficeId, PersonId, RoundId, SchemeId};
use tildel_domain::policy::Operation;
use tildel_domain::source::SourceName;
use tildel_storage::Page;
use tildel_storage::jobs;
pub use tildel_storage::jobs::JobFilter;
use uuid::Uuid;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use tildel_domain::Refusal;

pub use tildel_storage::jobs::{
    Failure as FailedAttempt, Job as QueuedJob, JobState, Lease, Progress, QueueStatus, Reclaimed, Ticket,
};

/// How often a job is tried before it is put aside for the operator to look at.
pub(crate) const ATTEMPTS_MAX: u32 = 8;

/// Work for later. The variants' names and fields are stored, so a change of meaning needs a new payload version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload")]
pub enum Job {
    /// Closes a round at its deadline.
    #[serde(rename = "round.close")]
    RoundClose {
        /// The round.
        round_id: RoundId,
    },
    /// Closes and counts a ballot at its deadline.
    #[serde(rename = "ballot.close")]
    BallotClose {
        /// The ballot.
        ballot_id: BallotId,
        /// The deadline that it was set for; a ballot whose end is moved gets another job.
        due: Timestamp,
    },
    /// Reminds the seats of a ballot that have not voted.
    #[serde(rename = "ballot.remind")]
    BallotRemind {
        /// The ballot.
        ballot_id: BallotId,
        /// When to remind.
        due: Timestamp,
        /// The end that it was set for; a ballot whose end is moved gets another job.
        closes_at: Timestamp,
    },
    /// Counts a ballot again, from what is stored.
    #[serde(rename = "ballot.recount")]
    BallotRecount {
        /// The ballot.
        ballot_id: BallotId,
    },
    /// Recomputes the plan of an office and scheme.
    #[serde(rename = "plan.recompute")]
    PlanRecompute {
        /// The office.
        office_id: OfficeId,
        /// The scheme.
        scheme_id: SchemeId,
    },
    /// Writes a letter as PDF and HTML.
    #[serde(rename = "letter.render")]
    LetterRender {
        /// The letter.
        letter_id: LetterId,
        /// The version to write; a newer one has a job of its own.
        version: i64,
    },
    /// Brings a decision to its end, once nobody can appeal in time any more.
    #[serde(rename = "decision.settle")]
    DecisionSettle {
        /// The decision.
        decision_id: DecisionId,
    },
    /// Reads a source of register data.
    #[serde(rename = "source.fetch")]
    SourceFetch {
        /// The source.
        source: SourceName,
        /// The time a scheduled reading was due: part of its name. None where somebody asked for it.
        due: Option<Timestamp>,
        /// Who asked for it.
        requested_by: Option<PersonId>,
    },
    /// Computes what a change of a register would do to the plans that it touches.
    #[serde(rename = "change.assess")]
    ChangeAssess {
        /// The change.
        change_id: ChangeId,
    },
    /// Clears away what is no longer needed, such as idempotency keys after their time.
    #[serde(rename = "housekeeping")]
    Housekeeping {
        /// The time this tick was due: part of its name, so that no tick runs twice.
        due: Timestamp,
    },
}

impl Job {
    /// The kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RoundClose { .. } => "round.close",
            Self::BallotClose { .. } => "ballot.close",
            Self::BallotRemind { .. } => "ballot.remind",
            Self::BallotRecount { .. } => "ballot.recount",
            Self::PlanRecompute { .. } => "plan.recompute",
            Self::LetterRender { .. } => "letter.render",
            Self::DecisionSettle { .. } => "decision.settle",
            Self::SourceFetch { .. } => "source.fetch",
            Self::ChangeAssess { .. } => "change.assess",
            Self::Housekeeping { .. } => "housekeeping",
        }
    }

    /// All kinds.
    pub const KINDS: &'static [&'static str] = &[
        "round.close",
        "ballot.close",
        "ballot.remind",
        "ballot.recount",
        "plan.recompute",
        "letter.render",
        "decision.settle",
        "source.fetch",
        "change.assess",
        "housekeeping",
    ];

    /// The kind that takes hours, where all others take seconds.
    pub const SOURCE_FETCH: &'static str = "source.fetch";

    /// The version of the payload's shape.
    pub fn payload_version(&self) -> u32 {
        1
    }

    /// The payload, as stored.
    pub fn payload(&self) -> Result<serde_json::Value, serde_json::Error> {
        let tagged = serde_json::to_value(self)?;
        Ok(tagged.get("payload").cloned().unwrap_or_default())
    }

    /// Unfinished jobs with the same key are one job.
    pub fn dedupe_key(&self) -> String {
        match self {
            Self::RoundClose { round_id } => format!("round.close@{round_id}"),
            Self::BallotClose { ballot_id, due } => format!("ballot.close@{ballot_id}/{due}"),
            Self::BallotRemind { ballot_id, due, .. } => format!("ballot.remind@{ballot_id}/{due}"),
            Self::BallotRecount { ballot_id } => format!("ballot.recount@{ballot_id}"),
            Self::PlanRecompute { office_id, scheme_id } => format!("plan.recompute@{office_id}/{scheme_id}"),
            Self::LetterRender { letter_id, version } => format!("letter.render@{letter_id}/{version}"),
            Self::DecisionSettle { decision_id } => format!("decision.settle@{decision_id}"),
            Self::SourceFetch { source, due: Some(due), .. } => format!("source.fetch@{source}/{due}"),
            Self::SourceFetch { source, due: None, .. } => format!("source.fetch@{source}"),
            Self::ChangeAssess { change_id } => format!("change.assess@{change_id}"),
            Self::Housekeeping { due } => format!("housekeeping@{due}"),
        }
    }

    /// Reads a stored job.
    pub fn from_stored(stored: &QueuedJob) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "kind": stored.kind, "payload": stored.payload }))
    }
}

/// Claims the next job of these kinds that is due, for as long as the lease holds.
pub fn claim(
    cx: &mut Context<'_>,
    worker: &str,
    kinds: &[&str],
    lease: SignedDuration,
) -> Outcome<Option<QueuedJob>> {
    let lease_until = lease_end(cx, lease);
    Ok(jobs::claim(cx.db, worker, kinds, cx.now, lease_until)?)
}

fn lease_end(cx: &Context<'_>, lease: SignedDuration) -> Timestamp {
    cx.now.checked_add(lease).unwrap_or(Timestamp::MAX)
}

/// Prolongs the lease of a job that takes its time. Says so when somebody else has taken it over.
pub fn heartbeat(
    cx: &mut Context<'_>,
    ticket: &Ticket,
    progress: Progress,
    lease: SignedDuration,
) -> Outcome<Lease> {
    let lease_until = lease_end(cx, lease);
    Ok(jobs::heartbeat(cx.db, ticket, progress, cx.now, lease_until)?)
}

/// Ends a job well.
pub fn complete(cx: &mut Context<'_>, ticket: &Ticket, result: Option<serde_json::Value>) -> Outcome<Lease> {
    Ok(jobs::complete(cx.db, ticket, result, cx.now)?)
}

/// Ends an attempt badly: it is tried again at `retry_at`, or put aside.
pub fn fail(
    cx: &mut Context<'_>,
    ticket: &Ticket,
    error: &str,
    retry_at: Option<Timestamp>,
) -> Outcome<FailedAttempt> {
    Ok(jobs::fail(cx.db, ticket, error, retry_at, cx.now)?)
}

/// Gives a claimed job back untouched, as the worker stops.
pub fn release(cx: &mut Context<'_>, ticket: &Ticket) -> Outcome<Lease> {
    Ok(jobs::release(cx.db, ticket, cx.now)?)
}

/// Takes jobs back from workers whose lease has run out.
pub fn reclaim(cx: &mut Context<'_>) -> Outcome<Reclaimed> {
    Ok(jobs::reclaim(cx.db, cx.now)?)
}

/// How the queue stands, for readiness and metrics.
pub fn status(cx: &mut Context<'_>) -> Outcome<QueueStatus> {
    Ok(jobs::status(cx.db, cx.now)?)
}

/// When the next job is due, to sleep until then.
pub fn next_due(cx: &mut Context<'_>) -> Outcome<Option<Timestamp>> {
    Ok(jobs::next_due(cx.db)?)
}

/// Whether a scheduled tick was put into the queue, be it done already.
pub fn is_scheduled(cx: &mut Context<'_>, job: &Job) -> Outcome<bool> {
    Ok(jobs::has_key(cx.db, &job.dedupe_key())?)
}

/// Puts a scheduled tick into the queue, unless it is there already.
pub fn schedule(cx: &mut Context<'_>, job: &Job, due: Timestamp) -> Outcome<()> {
    cx.enqueue(job, due, None).map(|_| ())
}

/// Jobs, newest first, for the operator.
pub fn list(
    cx: &mut Context<'_>,
    state: Option<JobState>,
    before: Option<Uuid>,
    limit: u32,
) -> Outcome<Page<QueuedJob>> {
    cx.require(Operation::JobList)?;
    let filter = JobFilter { state, ..JobFilter::default() };
    let mut items = jobs::page(cx.db, &filter, before, limit + 1)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if more { items.last().map(|job| job.id) } else { None };
    Ok(Page { items, next })
}

/// Tries a job again that was put aside.
pub fn retry(cx: &mut Context<'_>, id: Uuid) -> Outcome<QueuedJob> {
    cx.require(Operation::JobRetry)?;
    let job = jobs::find(cx.db, id)?.ok_or_else(|| Refusal::not_found("job"))?;
    if !jobs::retry(cx.db, id, cx.now)? {
        return Err(Refusal::wrong_state("job", job.state.as_str(), "dead").into());
    }
    jobs::find(cx.db, id)?.ok_or_else(|| Failure::from(Refusal::not_found("job")))
}

/// Clears away idempotency keys after their time (the contract promises 72 hours).
pub fn clear_away(cx: &mut Context<'_>) -> Outcome<usize> {
    let before = cx.now.checked_sub(SignedDuration::from_hours(96)).unwrap_or(Timestamp::MIN);
    Ok(tildel_storage::idempotency::purge(cx.db, before)?)
}
