//! The crash campaign: the program is killed again and again while clients write. What was acknowledged must be there once,
//! the journal must be whole, and no work may be stuck.

mod book;
mod check;
mod inspect;
mod integrity;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tildel_test_support::{Backend, TestRandom};
use tokio::task::JoinSet;

use crate::program::Installation;
use crate::stage::Stage;
use crate::{Subject, name_of};
use book::SharedBook;
use writer::Writer;

/// Clients that write at a time.
const WRITERS: u32 = 6;
/// Acknowledged writes before a kill, at most.
const WRITES_MAX: u128 = 60;
/// Further delay before a kill, at most, so that it falls anywhere within a write.
const DELAY_MAX_MICROSECONDS: u128 = 20_000;
/// Longest time in which a restarted program acknowledges [`WRITES_MAX`] writes.
const ROUND_MAX: Duration = Duration::from_mins(1);

/// With as many kills as this, some must have met a request that was under way.
const ROUNDS_SURE: u32 = 10;

/// A killed worker's jobs are taken back soon, and there is always work.
const SETTINGS: &[(&str, &str)] = &[
    ("TILDEL__WORKER__LEASE_SECONDS", "2"),
    ("TILDEL__WORKER__POLL_MILLISECONDS", "100"),
    ("TILDEL__WORKER__RETRY_DELAYS_SECONDS", "1"),
    ("TILDEL__WORKER__HOUSEKEEPING_SECONDS", "1"),
    ("TILDEL__LOG__FILTER", "warn"),
];

/// How long and on what.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    subject: Subject,
    /// Kills on each database.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
}

/// Runs the campaign on each database; an error if anything was found.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let random = TestRandom::from_environment();
    for backend in options.subject.backend.list() {
        campaign(*backend, options, &random)
            .await
            .with_context(|| format!("the campaign on {} failed", name_of(*backend)))?;
    }
    Ok(())
}

async fn campaign(backend: Backend, options: &Options, random: &TestRandom) -> Result<()> {
    let begun = Instant::now();
    let mut installation = Installation::new(backend, &options.subject.program, SETTINGS, random)?;
    installation.start().await?;
    let stage = Arc::new(Stage::set(&installation, WRITERS).await?);
    let book = SharedBook::default();
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let seed = u64::try_from(random.next_u128() >> 64)?;
        let writer = Writer::new(number, Arc::clone(&stage), book.clone(), TestRandom::seeded(seed))?;
        writers.spawn(writer.run(Arc::clone(&stop)));
    }
    let mut kills = 0;
    for _ in 0..options.rounds {
        wait_for_writes(&book, random, &mut writers).await.with_context(|| installation.logs())?;
        kills += kill_some(&mut installation, random)?;
        installation.start().await?;
    }
    // The last start, too, must take writes.
    wait_for_writes(&book, random, &mut writers).await.with_context(|| installation.logs())?;
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = writers.join_next().await {
        ended.context("a writer stopped in the middle")?.with_context(|| installation.logs())?;
    }
    let book = book.close();
    // Else nothing was tried; with few kills it may be chance.
    let is_tried = options.rounds < ROUNDS_SURE || book.unanswered > 0;
    ensure!(is_tried, "no request was under way at any kill");
    let found = inspect::settled(&stage, &book).await?;
    let findings = check::findings(&book, &found);
    for finding in &findings {
        println!("{}: {finding}", name_of(backend));
    }
    installation.stop().await?;
    installation.run(&["journal", "verify"])?;
    let integrity = integrity::check(&installation)?;
    ensure!(findings.is_empty(), "{} findings, listed above", findings.len());
    println!(
        "{}: {} rounds, {kills} processes killed; {book}; {} journal entries without a gap and whole; {} jobs done, none \
         stuck; {integrity}; nothing lost, nothing doubled; {} s",
        name_of(backend),
        options.rounds,
        found.journal.len(),
        found.jobs_done,
        begun.elapsed().as_secs(),
    );
    Ok(())
}

/// Waits for some acknowledged writes more, and for a moment after that.
async fn wait_for_writes(
    book: &SharedBook,
    random: &TestRandom,
    writers: &mut JoinSet<Result<()>>,
) -> Result<()> {
    let begun = Instant::now();
    let target = book.acknowledged() + u64::try_from(1 + random.next_u128() % WRITES_MAX)?;
    while book.acknowledged() < target {
        if let Some(ended) = writers.try_join_next() {
            ended.context("a writer stopped in the middle")??;
        }
        if begun.elapsed() > ROUND_MAX {
            bail!("the program acknowledged too few writes after a start");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let delay = u64::try_from(random.next_u128() % DELAY_MAX_MICROSECONDS)?;
    tokio::time::sleep(Duration::from_micros(delay)).await;
    Ok(())
}

/// Kills all processes, or any one of several; returns how many.
fn kill_some(installation: &mut Installation, random: &TestRandom) -> Result<u32> {
    let count = installation.process_count();
    let choice = usize::try_from(random.next_u128() % u128::try_from(count + 1)?)?;
    if choice < count {
        installation.kill(choice)?;
        return Ok(1);
    }
    for index in 0..count {
        installation.kill(index)?;
    }
    Ok(u32::try_from(count)?)
}
