//! Signs of life while a job takes its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use tildel_usecases::Service;
use tildel_usecases::jobs::{self, Lease, Progress, Ticket};
use tokio_util::sync::CancellationToken;

use crate::worker::internal;

/// How many steps of a job are done, told by who does it and written down with the next sign of life.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedProgress {
    done: Arc<AtomicU32>,
    leave_off: CancellationToken,
}

impl SharedProgress {
    /// Of a job that is to leave off when the token says so, or when the job is another's.
    pub(crate) fn until(stop: &CancellationToken) -> Self {
        Self { leave_off: stop.child_token(), ..Self::default() }
    }

    /// Whether to leave off.
    pub(crate) fn is_over(&self) -> bool {
        self.leave_off.is_cancelled()
    }

    /// So many are done.
    pub(crate) fn set(&self, done: u64) {
        self.done.store(u32::try_from(done).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    fn get(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), total: None }
    }
}

/// Prolongs a lease in the background, until dropped.
pub(crate) struct Heartbeat(tokio::task::JoinHandle<()>);

impl Heartbeat {
    /// Prolongs at a third of the lease, so that two beats may be missed.
    pub(crate) fn start(
        service: Service,
        ticket: Ticket,
        lease: SignedDuration,
        progress: SharedProgress,
    ) -> Self {
        let third = Duration::from_millis(u64::try_from(lease.as_millis() / 3).unwrap_or(1_000).max(100));
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(third).await;
                let (beat, done) = (ticket.clone(), progress.get());
                let beaten =
                    service.write(internal(), move |cx| jobs::heartbeat(cx, &beat, done, lease)).await;
                match beaten {
                    Ok(Lease::Held) => {}
                    Ok(Lease::Lost) => {
                        progress.leave_off.cancel();
                        break;
                    }
                    Err(error) => tracing::warn!(%error, "failed to prolong a lease"),
                }
            }
        }))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}
