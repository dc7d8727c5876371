//! What a national file costs: time and memory of a full load on each database.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tildel_test_support::{Backend, TestRandom};

use crate::program::{Installation, peak_kilobytes_of};
use crate::{Subject, name_of};

/// Which file, on what, and what is allowed.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    subject: Subject,
    /// The file, as `cargo xtask synthetic-units` makes it.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Megabytes of memory that the program may have at its peak.
    #[arg(long, default_value_t = 200)]
    megabytes_max: u64,
}

/// Loads the file on each database; an error if it takes more memory than is allowed.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let random = TestRandom::from_environment();
    for backend in options.subject.backend.list() {
        load(*backend, options, &random)
            .await
            .with_context(|| format!("the load on {} failed", name_of(*backend)))?;
    }
    Ok(())
}

async fn load(backend: Backend, options: &Options, random: &TestRandom) -> Result<()> {
    let installation = Installation::new(backend, &options.subject.program, &[], random)?;
    let file = std::fs::canonicalize(&options.file).context("failed to find the file")?;
    let file = file.to_str().context("failed to write the path of the file as text")?;
    let arguments =
        ["sources", "fetch", "enhetsregisteret-units", "--from", file, "--as-of", "2026-11-01T03:00:00Z"];
    let (mut begun, mut took) = (Instant::now(), Vec::new());
    let mut peak = 0;
    // The second load finds everything as it is.
    for _ in 0..2 {
        let mut process = installation.spawn_with(&arguments, &[])?;
        let status = loop {
            peak = peak.max(peak_kilobytes_of(process.id()).unwrap_or(0));
            if let Some(status) = process.try_wait().context("failed to look after the program")? {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        ensure!(status.success(), "the program ended with {status}");
        took.push(begun.elapsed());
        begun = Instant::now();
    }
    println!(
        "{}: loaded in {:.1} s, again in {:.1} s; at most {} MB of memory",
        name_of(backend),
        took[0].as_secs_f64(),
        took[1].as_secs_f64(),
        peak / 1024
    );
    ensure!(peak > 0, "the system does not tell how much memory a process had");
    ensure!(peak / 1024 <= options.megabytes_max, "more than {} MB were used", options.megabytes_max);
    Ok(())
}
