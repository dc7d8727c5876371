//! Reading registers by the clock.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::json;
use tildel_usecases::domain::id::PersonId;
use tildel_usecases::domain::source::SourceName;
use tildel_usecases::domain::{Refusal, RefusalCode};
use tildel_usecases::jobs::{Lease, Ticket};
use tildel_usecases::sources::{Asked, Ingest, IngestError};
use tildel_usecases::{Failure, Service};

use crate::handlers::{JobError, in_one_transaction};
use crate::lease::SharedProgress;

/// What reads registers, and how often.
#[derive(Clone)]
pub struct Sources {
    /// What reads.
    pub ingest: Arc<Ingest>,
    /// How often each source is read, in seconds; those that are missing only when somebody asks.
    pub every_seconds: BTreeMap<SourceName, u32>,
}

/// Reads a source, then ends the job. What was read is committed batch by batch, and reading it twice is nothing new, so the two need not be
/// one transaction.
pub(crate) async fn fetch(
    service: &Service,
    ticket: &Ticket,
    sources: Option<&Sources>,
    (source, requested_by): (SourceName, Option<PersonId>),
    progress: SharedProgress,
) -> Result<Lease, JobError> {
    let Some(sources) = sources else {
        let refusal = Refusal::new(RefusalCode::InvalidValue).with("field", "source");
        return Err(Failure::from(refusal.with("expected", "a worker that reads sources")).into());
    };
    let asked = Asked { requested_by, ..Asked::of(source) };
    let read = Arc::clone(&sources.ingest).run(asked, move |done| {
        progress.set(done.records);
        if progress.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let result = match read.await {
        Ok(fetch) => json!({
            "fetchId": fetch.id,
            "state": fetch.state,
            "records": fetch.records,
            "changed": fetch.changed,
            "bytes": fetch.bytes,
        }),
        // The other one does what this one was to do.
        Err(IngestError::Overtaken) => json!({ "state": "overtaken" }),
        Err(error) => return Err(JobError::Source(error)),
    };
    Ok(in_one_transaction(service, ticket, move |_| Ok(result.clone())).await?)
}
