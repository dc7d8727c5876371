//! Being told to stop: by Ctrl-C, or by SIGTERM from whoever runs the process.

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What shells report for a program that Ctrl-C has ended.
const EXIT_INTERRUPTED: i32 = 130;

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
        next(&mut signals).await;
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
