//! Figures for Prometheus.

use std::time::Duration;

use anyhow::{Context, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tildel_usecases::domain::Actor;
use tildel_usecases::jobs::{self, QueueStatus};
use tildel_usecases::{Credentials, Service};

/// How often the figures of the queue are taken: twice in Prometheus' usual half minute.
const PERIOD: Duration = Duration::from_secs(15);

/// Upper bounds of the buckets of all times, in seconds.
const SECONDS_BUCKETS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Where the figures are read.
pub(crate) type Figures = PrometheusHandle;

/// Installs what counts.
pub(super) fn start() -> Result<Figures> {
    let builder =
        PrometheusBuilder::new().set_buckets(SECONDS_BUCKETS).context("failed to set up the figures")?;
    let figures = builder.install_recorder().context("failed to install the figures")?;
    metrics::describe_gauge!("tildel_build_info", "1, with the version of the program");
    metrics::gauge!("tildel_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
    metrics::describe_gauge!("tildel_queue_jobs", "jobs in the queue by state");
    metrics::describe_gauge!("tildel_queue_lag_seconds", "since when the longest waiting job is due");
    Ok(figures)
}

/// Takes the figures of the queue from time to time, and keeps the recorder small, as long as it is polled.
pub(crate) async fn keep_up(figures: Figures, service: Service) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        figures.run_upkeep();
        match service.read(Credentials::Internal(Actor::SYSTEM), jobs::status).await {
            Ok(status) => record(&status, &service),
            Err(error) => tracing::warn!(%error, "failed to take the figures of the queue"),
        }
    }
}

fn record(status: &QueueStatus, service: &Service) {
    let counts = [
        ("ready", status.ready),
        ("running", status.running),
        ("done", status.done),
        ("dead", status.dead),
        ("cancelled", status.cancelled),
    ];
    for (state, count) in counts {
        metrics::gauge!("tildel_queue_jobs", "state" => state).set(gauge_value(count));
    }
    let lag = status.oldest_due.map_or(0, |due| service.now().duration_since(due).as_secs());
    metrics::gauge!("tildel_queue_lag_seconds").set(gauge_value(lag.unsigned_abs()));
}

/// Gauges are floats; beyond 2³² nobody reads the exact number.
fn gauge_value(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
