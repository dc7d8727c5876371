//! Embedded mode: one folder, one process, everything in it.

mod access;
mod file;
mod first_start;
mod folder;
mod progress;
mod upgrade;
mod welcome;

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::{Context, Result};
use tildel_storage::Store;
use tokio_util::sync::CancellationToken;

use crate::case::PracticeAccess;
use crate::readiness::ServiceReadiness;
use crate::settings::{Secret, Settings};
use crate::telemetry::{Figures, keep_up};
use crate::{listener, wiring};
use folder::DataFolder;

/// What embedded mode serves from.
struct Home {
    store: Store,
    journal_key: Secret,
    /// How to sign in to the practice case, if it is there.
    access: Option<PracticeAccess>,
    /// Whether the data were made just now.
    is_new: bool,
}

/// Serves until told to stop.
pub(crate) async fn run(settings: &Settings, figures: Figures, stop: CancellationToken) -> Result<()> {
    let folder = DataFolder::open(&settings.data_dir)?;
    let listener = listener::bind(&settings.server.bind, "TILDEL__SERVER__BIND")?;
    let home = tokio::select! {
        biased;
        () = stop.cancelled() => return Ok(()),
        home = prepare(settings, &folder) => home?,
    };
    serve(settings, home, listener, figures, stop).await
}

/// Opens the data, or makes them on first start.
async fn prepare(settings: &Settings, folder: &DataFolder) -> Result<Home> {
    if settings.database.url.is_empty() {
        first_start::in_own_file(settings, folder).await
    } else {
        first_start::in_configured_database(settings, folder).await
    }
}

async fn serve(
    settings: &Settings,
    home: Home,
    listener: TcpListener,
    figures: Figures,
    stop: CancellationToken,
) -> Result<()> {
    let service = wiring::service(settings, home.store.clone(), &home.journal_key);
    let readiness = ServiceReadiness::of_worker(service.clone(), settings.worker.lag_seconds_max);
    let api = wiring::api_settings(&settings.server, Arc::new(readiness), figures.clone());
    let worker_settings = settings.clone();
    let (worker_service, worker_stop) = (service.clone(), stop.clone());
    let worker =
        tokio::spawn(async move { wiring::work(&worker_settings, worker_service, worker_stop).await });
    let figures = tokio::spawn(keep_up(figures, service.clone()));

    welcome::print(&home, settings, &listener::local_url(&listener)?);
    let served = tildel_api::serve(listener, service, api, stop.clone().cancelled_owned()).await;
    // The server also ends where it cannot go on; the worker must not outlive it.
    stop.cancel();
    figures.abort();
    worker.await.context("the worker stopped in the middle")??;
    served.context("The HTTP server stopped in the middle")?;
    println!("stopped");
    Ok(())
}
