//! Being told to stop: by Ctrl-C, or by SIGTERM from whoever runs the process.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What shells report for a program that Ctrl-C has ended.
const EXIT_INTERRUPTED: i32 = 130;
/// Within this time a signal is the same one: who sends it to a process and to its group sends it twice.
const ONE_SIGNAL: Duration = Duration::from_millis(400);

/// A token that is cancelled by the first signal; the second one ends the process at once.
///
/// As the first process of a container the program has no default for these signals, so that they are taken before
/// anything else is done.
pub(crate) fn on_signals() -> Result<CancellationToken> {
    let listen = |kind| signal(kind).context("failed to listen for signals");
    let mut signals = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        next(&mut signals).await;
        tracing::info!("stopping; what is under way is ended first, a second signal ends at once");
        stop.cancel();
        let first = Instant::now();
        while first.elapsed() < ONE_SIGNAL {
            next(&mut signals).await;
        }
        tracing::warn!("stopped at once");
        std::process::exit(EXIT_INTERRUPTED);
    });
    Ok(token)
}

async fn next((interrupt, terminate): &mut (Signal, Signal)) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
