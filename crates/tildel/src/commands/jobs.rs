//! `tildel jobs`: the queue, for the operator.

use anyhow::{Context, Result, anyhow};
use tildel_usecases::jobs::{self, JobState, QueuedJob};
use tildel_usecases::{Credentials, Service, Write};
use uuid::Uuid;

use super::token::installer;
use crate::settings::Settings;
use crate::{database, wiring};

pub(super) async fn list(settings: &Settings, state: Option<&str>, limit: u32) -> Result<()> {
    let state = state.map(parse_state).transpose()?;
    let page = service(settings)
        .await?
        .read(Credentials::Internal(installer()), move |cx| jobs::list(cx, state, None, limit))
        .await
        .context("failed to list jobs")?;
    for job in &page.items {
        print(job);
    }
    Ok(())
}

pub(super) async fn retry(settings: &Settings, id: Uuid) -> Result<()> {
    let service = service(settings).await?;
    let job = service.write(Write::internal(installer()), move |cx| jobs::retry(cx, id)).await;
    print(&job.context("The job can not be put into the queue again")?);
    Ok(())
}

async fn service(settings: &Settings) -> Result<Service> {
    let store = database::open_migrated(settings).await?;
    Ok(wiring::service(settings, store, &database::journal_key(settings)?))
}

fn parse_state(text: &str) -> Result<JobState> {
    text.parse().map_err(|_| {
        anyhow!(
            "The state {text:?} does not exist. Take ready, running, done, dead or cancelled for --state."
        )
    })
}

fn print(job: &QueuedJob) {
    let error = job.last_error.as_deref().unwrap_or_default();
    println!("{}  {:9}  {:16}  attempt {}  {error}", job.id, job.state.as_str(), job.kind, job.attempts);
}
