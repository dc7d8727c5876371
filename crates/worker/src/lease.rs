//! Signs of life while a job takes its time.

use std::time::Duration;

use jiff::SignedDuration;
use tildel_usecases::Service;
use tildel_usecases::jobs::{self, Lease, Progress, Ticket};

use crate::worker::internal;

/// Prolongs a lease in the background, until dropped.
pub(crate) struct Heartbeat(tokio::task::JoinHandle<()>);

impl Heartbeat {
    /// Prolongs at a third of the lease, so that two beats may be missed.
    pub(crate) fn start(service: Service, ticket: Ticket, lease: SignedDuration) -> Self {
        let third = Duration::from_millis(u64::try_from(lease.as_millis() / 3).unwrap_or(1_000).max(100));
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(third).await;
                let beat = ticket.clone();
                let beaten = service
                    .write(internal(), move |cx| jobs::heartbeat(cx, &beat, Progress::default(), lease))
                    .await;
                match beaten {
                    Ok(Lease::Held) => {}
                    Ok(Lease::Lost) => break,
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
