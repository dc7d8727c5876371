//! `tildel api`: the HTTP API as a process of its own.

use std::sync::Arc;

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;

use crate::readiness::ServiceReadiness;
use crate::settings::Settings;
use crate::telemetry::{Figures, keep_up};
use crate::{database, listener, wiring};

pub(super) async fn run(settings: &Settings, figures: Figures, stop: CancellationToken) -> Result<()> {
    let listener = listener::bind(&settings.server.bind, "TILDEL__SERVER__BIND")?;
    let store = tokio::select! {
        biased;
        () = stop.cancelled() => return Ok(()),
        store = database::open_migrated(settings) => store?,
    };
    let service = wiring::service(settings, store, &database::journal_key(settings)?);
    let readiness = Arc::new(ServiceReadiness::of_api(service.clone()));
    let api = wiring::api_settings(&settings.server, readiness, figures.clone());
    let figures = tokio::spawn(keep_up(figures, service.clone()));
    let url = listener::local_url(&listener)?;
    tracing::info!(
        url,
        public_url = settings.server.public_url,
        version = env!("CARGO_PKG_VERSION"),
        "listening"
    );
    let served = tildel_api::serve(listener, service, api, stop.cancelled_owned()).await;
    figures.abort();
    served.context("The HTTP server stopped in the middle")?;
    tracing::info!("stopped");
    Ok(())
}
