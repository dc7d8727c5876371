//! Where the parts are put together: the one place that takes the computer's clock and randomness.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tildel_registers::fetch::{
    Archive, Fetcher, FetcherSettings, FolderArchive, NoArchive, SystemSurroundings,
};
use tildel_storage::Store;
use tildel_usecases::sources::{Fetchers, Ingest, IngestParts};
use tildel_usecases::{Clock, Randomness, Service, ServiceParts, SystemClock, SystemRandomness};
use tildel_worker::{Sources, Worker, WorkerSettings};
use tokio_util::sync::CancellationToken;

use crate::settings::{self, Secret, Settings};

/// The service on a store.
pub(crate) fn service(settings: &Settings, store: Store, journal_key: &Secret) -> Service {
    Service::new(ServiceParts {
        store,
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness),
        journal_key: journal_key.expose().as_bytes().to_vec(),
        concurrent_calls: usize_of(settings.database.pool_size),
    })
}

/// What reads registers. Must be called where the runtime is.
pub(crate) fn ingest(settings: &Settings, service: Service) -> Result<Arc<Ingest>> {
    let bases = settings.sources.bases()?;
    let contact = settings.sources.contact.trim();
    let contact = if contact.is_empty() { String::new() } else { format!(" (+{contact})") };
    let fetching = FetcherSettings::new(format!("Tildel/{}{contact}", env!("CARGO_PKG_VERSION")));
    let archive: Arc<dyn Archive> = if settings.sources.archive {
        Arc::new(FolderArchive::new(settings.data_dir.join("archive")))
    } else {
        Arc::new(NoArchive)
    };
    let random = || {
        let mut bytes = [0; 8];
        SystemRandomness.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    };
    let surroundings = Arc::new(SystemSurroundings::new(|| SystemClock.now(), random));
    let tls = match Fetcher::new(fetching.clone(), surroundings.clone(), Arc::clone(&archive)) {
        Ok(fetcher) => Some(Arc::new(fetcher)),
        // Everything but fetching works without certificates, files among it.
        Err(error) => {
            tracing::warn!(%error, "registers can not be read over the network");
            None
        }
    };
    let plain = Some(Arc::new(Fetcher::plain(fetching, surroundings, archive)));
    Ok(Arc::new(Ingest::new(IngestParts {
        service,
        fetchers: Fetchers { tls, plain },
        bases,
        file_every_seconds: settings.sources.enhetsregisteret_file_every_seconds,
        controls: settings.sources.controls()?,
        folder: settings.data_dir.join("sources"),
        runtime: tokio::runtime::Handle::current(),
    })))
}

/// Lets a worker work until told to stop, and then as long as its jobs take, but no longer than the settings allow.
pub(crate) async fn work(settings: &Settings, service: Service, stop: CancellationToken) -> Result<()> {
    let every_seconds = settings.sources.every_seconds();
    let sources = Sources { ingest: ingest(settings, service.clone())?, every_seconds };
    let fetches_kept_days = settings.sources.fetches_kept_days.get();
    let settings = &settings.worker;
    let worker = Worker::new(
        service,
        WorkerSettings {
            name: format!("{}-{}", std::process::id(), random_hex::<4>()),
            concurrency: usize_of(settings.concurrency),
            lease_seconds: settings.lease_seconds.get(),
            poll_milliseconds: settings.poll_milliseconds.get(),
            retry_delays_seconds: settings.retry_delays_seconds.clone(),
            housekeeping_seconds: settings.housekeeping_seconds.get(),
            fetches_kept_days,
        },
    );
    let working = worker.with_sources(sources).run(stop.clone());
    tokio::pin!(working);
    tokio::select! {
        () = &mut working => return Ok(()),
        () = stop.cancelled() => {}
    }
    let patience = Duration::from_secs(settings.stop_seconds.into());
    if tokio::time::timeout(patience, working).await.is_err() {
        tracing::warn!("a job did not end in time; another worker takes it up when its lease runs out");
    }
    Ok(())
}

/// Settings of the HTTP side.
pub(crate) fn api_settings(
    settings: &settings::ServerSettings,
    readiness: Arc<dyn tildel_api::Readiness>,
    figures: crate::telemetry::Figures,
) -> tildel_api::ApiSettings {
    let seconds = |number: u32| Duration::from_secs(number.into());
    tildel_api::ApiSettings {
        body_bytes_max: usize_of(settings.body_bytes_max),
        receive_timeout: seconds(settings.receive_timeout_seconds.get()),
        burst_requests: settings.burst_requests,
        burst_period: seconds(settings.burst_seconds.get()),
        workers: usize_of(settings.threads),
        stream_duration: seconds(settings.stream_seconds.get()),
        streams_max: usize::try_from(settings.streams_max).unwrap_or(usize::MAX),
        streams_per_caller_max: usize::try_from(settings.streams_per_caller_max).unwrap_or(usize::MAX),
        stop_timeout: seconds(settings.stop_seconds),
        ..tildel_api::ApiSettings::new(readiness, figures)
    }
}

/// Unpredictable bytes in hexadecimal.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0_u8; BYTES];
    SystemRandomness.fill(&mut bytes);
    hex::encode(bytes)
}

/// Runs work that blocks on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}

fn usize_of(number: std::num::NonZeroU32) -> usize {
    usize::try_from(number.get()).unwrap_or(usize::MAX)
}
