//! `tildel worker`: deadlines, plans and letters as a process of its own.

use std::sync::Arc;

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use super::probes;
use crate::readiness::ServiceReadiness;
use crate::settings::Settings;
use crate::telemetry::{Figures, keep_up};
use crate::{database, listener, wiring};

pub(super) async fn run(settings: &Settings, figures: Figures, stop: CancellationToken) -> Result<()> {
    let metrics_bind = &settings.worker.metrics_bind;
    let listener = match metrics_bind.as_str() {
        "" => None,
        address => Some(listener::bind(address, "TILDEL__WORKER__METRICS_BIND")?),
    };
    let store = tokio::select! {
        biased;
        () = stop.cancelled() => return Ok(()),
        store = database::open_migrated(settings) => store?,
    };
    let service = wiring::service(settings, store, &database::journal_key(settings)?);
    // The probes answer until the last job has ended, so they have a stop of their own.
    let ended = CancellationToken::new();
    let probes = listener.map(|listener| {
        let readiness = ServiceReadiness::of_worker(service.clone(), settings.worker.lag_seconds_max);
        tokio::spawn(probes::serve(listener, Arc::new(readiness), figures.clone(), ended.clone()))
    });
    let figures = tokio::spawn(keep_up(figures, service.clone()));
    tracing::info!(metrics_bind, version = env!("CARGO_PKG_VERSION"), "working");
    let worked = wiring::work(settings, service, stop).await;
    figures.abort();
    ended.cancel();
    if let Some(probes) = probes {
        probes.await??;
    }
    tracing::info!("stopped");
    worked
}
