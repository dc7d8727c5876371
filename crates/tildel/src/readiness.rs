//! Whether the process can do its work, for `/readyz`. The answers are public, so they name no server and no path.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::SignedDuration;
use tildel_api::{Check, Readiness};
use tildel_usecases::domain::Actor;
use tildel_usecases::jobs::{self, QueueStatus};
use tildel_usecases::{Credentials, Failure, Service};
use tokio::time::{Instant, timeout_at};

/// Time for all checks together: whoever asks gets an answer before giving up, also where the database hangs.
const PATIENCE: Duration = Duration::from_secs(2);

/// The checks of a process on a service.
pub(crate) struct ServiceReadiness {
    service: Service,
    queue_lag_max: Option<SignedDuration>,
}

impl ServiceReadiness {
    /// Checks for a process that serves: it can do so however the queue stands.
    pub(crate) fn of_api(service: Service) -> Self {
        Self { service, queue_lag_max: None }
    }

    /// Checks for a process that works too: it is not well where the queue lags by more than this.
    pub(crate) fn of_worker(service: Service, lag_seconds_max: u32) -> Self {
        Self { service, queue_lag_max: Some(SignedDuration::from_secs(lag_seconds_max.into())) }
    }

    async fn schema(&self) -> Result<usize, Failure> {
        self.service.blocking(|service| Ok(service.store().pending_migrations()?.len())).await
    }

    async fn queue(&self) -> Result<QueueStatus, Failure> {
        self.service.read(Credentials::Internal(Actor::SYSTEM), jobs::status).await
    }

    fn queue_check(&self, status: &QueueStatus) -> Check {
        let lag =
            status.oldest_due.map_or(SignedDuration::ZERO, |due| self.service.now().duration_since(due));
        let detail =
            format!("{} s behind, {} waiting, {} dead", lag.as_secs().max(0), status.ready, status.dead);
        Check { name: "queue", ok: self.queue_lag_max.is_none_or(|most| lag <= most), detail }
    }
}

impl Readiness for ServiceReadiness {
    fn check(&self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + '_>> {
        Box::pin(async {
            let deadline = Instant::now() + PATIENCE;
            let pending = match timeout_at(deadline, self.schema()).await {
                Ok(Ok(pending)) => pending,
                Ok(Err(error)) => return vec![failed("database", "does not answer", &error)],
                Err(late) => return vec![failed("database", "does not answer", &late)],
            };
            let database = Check { name: "database", ok: true, detail: "answers".to_owned() };
            if pending > 0 {
                let detail = format!("{pending} pending");
                return vec![database, Check { name: "migrations", ok: false, detail }];
            }
            let migrations = Check { name: "migrations", ok: true, detail: "none pending".to_owned() };
            let queue = match timeout_at(deadline, self.queue()).await {
                Ok(Ok(status)) => self.queue_check(&status),
                Ok(Err(error)) => failed("queue", "cannot be read", &error),
                Err(late) => failed("queue", "cannot be read", &late),
            };
            vec![database, migrations, queue]
        })
    }
}

fn failed(name: &'static str, detail: &str, error: &dyn Display) -> Check {
    tracing::warn!(%error, name, "a readiness check failed");
    Check { name, ok: false, detail: detail.to_owned() }
}
