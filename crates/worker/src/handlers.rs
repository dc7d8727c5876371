//! What each kind of job does.

use serde_json::{Value, json};
use tildel_letters::{compose, render_html, render_pdf};
use tildel_usecases::domain::id::LetterId;
use tildel_usecases::domain::letter::Letter;
use tildel_usecases::domain::{Refusal, RefusalCode};
use tildel_usecases::jobs::{self, Job, Lease, Ticket};
use tildel_usecases::letters::{self, Format};
use tildel_usecases::sources::{self as register_sources, IngestError};
use tildel_usecases::{Context, Failure, Service, ballots, changes, decisions, notifications, plans, rounds};

use crate::lease::SharedProgress;
use crate::sources::{self, Sources};
use crate::worker::{internal, system};

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    /// A use case failed.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A source could not be read.
    #[error(transparent)]
    Source(IngestError),
}

impl JobError {
    /// Whether it is worth another try: neither what a rule refused nor what nobody can read is.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Failure(failure) => !matches!(failure, Failure::Refused(_) | Failure::Json(_)),
            Self::Source(error) => error.may_pass(),
        }
    }
}

/// Does a job and ends it. `Lost` means that another worker has it now and that nothing was changed.
pub(crate) async fn handle(
    service: &Service,
    ticket: &Ticket,
    job: Job,
    (sources, fetches_kept_days): (Option<&Sources>, u32),
    progress: SharedProgress,
) -> Result<Lease, JobError> {
    let done = match job {
        Job::SourceFetch { source, requested_by, .. } => {
            return sources::fetch(service, ticket, sources, (source, requested_by), progress).await;
        }
        Job::RoundClose { round_id } => {
            in_one_transaction(service, ticket, move |cx| {
                rounds::close_when_due(cx, round_id).map(|closed| json!({ "closed": closed }))
            })
            .await
        }
        Job::BallotClose { ballot_id, .. } => {
            in_one_transaction(service, ticket, move |cx| {
                ballots::close_when_due(cx, ballot_id).map(|closed| json!({ "closed": closed }))
            })
            .await
        }
        Job::BallotRemind { ballot_id, closes_at, .. } => {
            in_one_transaction(service, ticket, move |cx| {
                notifications::remind(cx, ballot_id, closes_at).map(|told| json!({ "told": told }))
            })
            .await
        }
        Job::BallotRecount { ballot_id } => {
            in_one_transaction(service, ticket, move |cx| {
                ballots::recount(cx, ballot_id).map(|same| json!({ "same": same }))
            })
            .await
        }
        Job::PlanRecompute { office_id, scheme_id } => {
            in_one_transaction(service, ticket, move |cx| {
                let standing = plans::recompute(cx, office_id, scheme_id)?;
                Ok(match standing {
                    Some((run_id, new)) => json!({ "runId": run_id, "new": new }),
                    None => json!({ "runId": null, "new": false }),
                })
            })
            .await
        }
        Job::LetterRender { letter_id, version } => render(service, ticket, letter_id, version).await,
        Job::DecisionSettle { decision_id } => {
            in_one_transaction(service, ticket, move |cx| {
                decisions::settle_when_due(cx, decision_id).map(|settled| json!({ "settled": settled }))
            })
            .await
        }
        Job::ChangeAssess { change_id } => {
            in_one_transaction(service, ticket, move |cx| {
                changes::assess(cx, change_id).map(|assessed| json!({ "assessed": assessed }))
            })
            .await
        }
        Job::Housekeeping { .. } => {
            in_one_transaction(service, ticket, move |cx| {
                let keys = jobs::clear_away(cx)?;
                let fetches = register_sources::clear_away(cx, fetches_kept_days)?;
                Ok(json!({ "removedKeys": keys, "removedFetches": fetches }))
            })
            .await
        }
    };
    Ok(done?)
}

/// The effect and the job's end in one transaction: both or neither.
pub(crate) async fn in_one_transaction(
    service: &Service,
    ticket: &Ticket,
    mut effect: impl FnMut(&mut Context<'_>) -> Result<Value, Failure> + Send + 'static,
) -> Result<Lease, Failure> {
    let ticket = ticket.clone();
    let ended = service
        .write(internal(), move |cx| {
            let result = effect(cx)?;
            match jobs::complete(cx, &ticket, Some(result))? {
                Lease::Held => Ok(Lease::Held),
                // The error undoes the effect; who holds the job now will have it.
                Lease::Lost => Err(Failure::Interrupted),
            }
        })
        .await;
    match ended {
        Err(Failure::Interrupted) => Ok(Lease::Lost),
        other => other,
    }
}

/// Writes a letter: outside any transaction, as it takes its time; the bytes are the same however often it is done.
async fn render(
    service: &Service,
    ticket: &Ticket,
    letter_id: LetterId,
    version: i64,
) -> Result<Lease, Failure> {
    let letter = service.read(system(), move |cx| letters::to_render(cx, letter_id, version)).await?;
    let Some(letter) = letter else {
        return in_one_transaction(service, ticket, |_| Ok(json!({ "written": false }))).await;
    };
    let documents = service.blocking(move |_| write_letter(&letter)).await?;
    in_one_transaction(service, ticket, move |cx| {
        for (format, bytes) in &documents {
            letters::rendition_store(cx, letter_id, version, *format, bytes)?;
        }
        Ok(json!({ "written": true }))
    })
    .await
}

fn write_letter(letter: &Letter) -> Result<Vec<(Format, Vec<u8>)>, Failure> {
    let refused = |error: &dyn std::error::Error| {
        Refusal::new(RefusalCode::InvalidValue).with("field", "letter").with("expected", error)
    };
    let document = compose(&letter.content, &letter.texts).map_err(|error| refused(&error))?;
    let pdf = render_pdf(&document).map_err(|error| refused(&error))?;
    Ok(vec![(Format::Pdf, pdf), (Format::Html, render_html(&document).into_bytes())])
}
