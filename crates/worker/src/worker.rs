//! The loop: claim, do, end.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tildel_usecases::domain::Actor;
use tildel_usecases::jobs::{self, FailedAttempt, Job, Lease, QueuedJob, Ticket};
use tildel_usecases::sources::IngestError;
use tildel_usecases::{Credentials, Failure, Service, Write};
use tokio_util::sync::CancellationToken;

use crate::handlers::JobError;
use crate::lease::{Heartbeat, SharedProgress};
use crate::sources::Sources;
use crate::{handlers, schedule};

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Its name, unique per process, for leases and logs.
    pub name: String,
    /// Jobs that it does at a time, beside one reading of a source.
    pub concurrency: usize,
    /// How long a claim holds without a sign of life, in seconds.
    pub lease_seconds: u32,
    /// How often it looks for work that other processes put in, in milliseconds.
    pub poll_milliseconds: u32,
    /// Pauses before the second, third, … attempt, in seconds; the last one repeats.
    pub retry_delays_seconds: Vec<u32>,
    /// How often housekeeping is due, in seconds.
    pub housekeeping_seconds: u32,
    /// How long readings of sources are kept that have ended, in days.
    pub fetches_kept_days: u32,
}

/// A worker.
#[derive(Clone)]
pub struct Worker {
    service: Service,
    settings: WorkerSettings,
    sources: Option<Sources>,
    kinds: Vec<&'static str>,
}

impl Worker {
    /// A worker on a service.
    pub fn new(service: Service, settings: WorkerSettings) -> Self {
        Self { service, settings, sources: None, kinds: Job::KINDS.to_vec() }
    }

    /// The same worker, which reads registers too.
    #[must_use]
    pub fn with_sources(self, sources: Sources) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// Works until told to stop, then ends what it has begun.
    pub async fn run(self, stop: CancellationToken) {
        let mut loops = tokio::task::JoinSet::new();
        let mut member = |name: String, kinds: Vec<&'static str>| {
            let mut member = Self { kinds, ..self.clone() };
            member.settings.name = format!("{}/{name}", self.settings.name);
            loops.spawn(member.run_one(stop.clone()));
        };
        // Readings take hours: they have one place of their own, so that no deadline waits for them.
        let mut kinds = self.kinds.clone();
        if self.sources.is_some() {
            kinds.retain(|kind| *kind != Job::SOURCE_FETCH);
            member("sources".to_owned(), vec![Job::SOURCE_FETCH]);
        }
        for number in 0..self.settings.concurrency.max(1) {
            member(number.to_string(), kinds.clone());
        }
        while let Some(ended) = loops.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker loop stopped in the middle");
            }
        }
    }

    async fn run_one(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step_until(&stop).await {
                Ok(true) => {}
                Ok(false) => self.rest(&stop).await,
                Err(error) => {
                    tracing::warn!(%error, "failed to look for work");
                    self.rest(&stop).await;
                }
            }
        }
    }

    /// Waits for work of this process, for the next poll, or for the end.
    async fn rest(&self, stop: &CancellationToken) {
        let poll = u64::from(self.settings.poll_milliseconds.max(10));
        // Jitter keeps several workers from asking in step.
        let pause = Duration::from_millis(poll / 2 + self.service.random_below(poll));
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.service.work_enqueued() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Does everything that is due at this moment, and returns how many jobs that was. For tests and for cases.
    pub async fn run_until_idle(&self) -> Result<usize, Failure> {
        let mut done = 0;
        while self.step().await? {
            done += 1;
        }
        Ok(done)
    }

    /// Does one job. Says whether there was one.
    pub async fn step(&self) -> Result<bool, Failure> {
        self.step_until(&CancellationToken::new()).await
    }

    /// The same; readings leave off when told to stop.
    async fn step_until(&self, stop: &CancellationToken) -> Result<bool, Failure> {
        schedule::ensure(&self.service, self.settings.housekeeping_seconds).await?;
        if let Some(sources) = &self.sources {
            schedule::ensure_sources(&self.service, sources).await?;
        }
        let (name, kinds, lease) = (self.settings.name.clone(), self.kinds.clone(), self.lease());
        let claimed = self
            .service
            .write(internal(), move |cx| {
                let reclaimed = jobs::reclaim(cx)?;
                Ok((reclaimed, jobs::claim(cx, &name, &kinds, lease)?))
            })
            .await?;
        let (reclaimed, job) = claimed;
        if reclaimed.ready + reclaimed.dead > 0 {
            tracing::warn!(
                ready = reclaimed.ready,
                dead = reclaimed.dead,
                "took jobs back from silent workers"
            );
        }
        let Some(job) = job else { return Ok(false) };
        self.work(job, stop).await?;
        Ok(true)
    }

    fn lease(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.settings.lease_seconds.max(1)))
    }

    async fn work(&self, job: QueuedJob, stop: &CancellationToken) -> Result<(), Failure> {
        let Some(ticket) = job.ticket() else { return Ok(()) };
        let outcome = match Job::from_stored(&job) {
            Ok(known) => {
                let progress = SharedProgress::until(stop);
                let _heartbeat =
                    Heartbeat::start(self.service.clone(), ticket.clone(), self.lease(), progress.clone());
                let settings = (self.sources.as_ref(), self.settings.fetches_kept_days);
                handlers::handle(&self.service, &ticket, known, settings, progress).await
            }
            // A payload of a newer or older program: for the operator to look at.
            Err(error) => Err(Failure::Json(error).into()),
        };
        let kind = job.kind.clone();
        let result = match outcome {
            Ok(Lease::Held) => "done",
            Ok(Lease::Lost) => "lost",
            // What was read stays, and the next attempt goes on from there.
            Err(JobError::Source(IngestError::Stopped)) => self.release(&ticket).await?,
            Err(error) => self.fail(&job, &ticket, &error).await?,
        };
        tracing::info!(job = %job.id, kind, result, attempt = job.attempts, "job ended");
        metrics::counter!("tildel_jobs_total", "kind" => kind, "result" => result).increment(1);
        Ok(())
    }

    /// Gives a job back that was left off; nothing happens where it is another's or was cancelled.
    async fn release(&self, ticket: &Ticket) -> Result<&'static str, Failure> {
        let ticket = ticket.clone();
        let released = self.service.write(internal(), move |cx| jobs::release(cx, &ticket)).await?;
        Ok(match released {
            Lease::Held => "released",
            Lease::Lost => "lost",
        })
    }

    async fn fail(
        &self,
        job: &QueuedJob,
        ticket: &Ticket,
        error: &JobError,
    ) -> Result<&'static str, Failure> {
        let retry_at = self.retry_at(job, error);
        tracing::warn!(job = %job.id, kind = job.kind, error = %error, ?retry_at, "failed to do a job");
        let (ticket, text) = (ticket.clone(), error.to_string());
        let failed =
            self.service.write(internal(), move |cx| jobs::fail(cx, &ticket, &text, retry_at)).await?;
        Ok(match failed {
            FailedAttempt::Ready => "retried",
            FailedAttempt::Dead => "dead",
            FailedAttempt::Lost => "lost",
        })
    }

    /// When to try again; never for what a rule refused or nobody can read, as time does not mend that.
    fn retry_at(&self, job: &QueuedJob, error: &JobError) -> Option<Timestamp> {
        if !error.may_pass() {
            return None;
        }
        let delays = &self.settings.retry_delays_seconds;
        let index = usize::try_from(job.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let seconds = delays.get(index).or(delays.last()).copied().unwrap_or(60);
        self.service.now().checked_add(SignedDuration::from_secs(i64::from(seconds))).ok()
    }
}

/// A write in Tildel's own name.
pub(crate) fn internal() -> Write {
    Write::internal(Actor::SYSTEM)
}

/// A read in Tildel's own name.
pub(crate) fn system() -> Credentials {
    Credentials::Internal(Actor::SYSTEM)
}
