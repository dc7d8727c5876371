//! A long feed is read in one pass, in order; and again with its entries twice and out of order, by a program that is killed at random points. Both
//! must end in the same tables, byte for byte.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tildel_test_support::{Backend, Dump, TestRandom, dump_at};

use super::stub::RunningStub;
use crate::program::Installation;
use crate::{Subject, name_of};

/// The source that is read.
const SOURCE: &str = "enhetsregisteret-sub-units";
/// Tables that tell what was read; the others tell how and when.
const TABLES: &[&str] = &["register_units", "units", "changes", "organisations", "headcounts"];

/// How long and on what.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    subject: Subject,
    /// The built stub.
    #[arg(long, value_name = "FILE")]
    stub: PathBuf,
    /// Made-up units.
    #[arg(long, default_value_t = 20_000)]
    units: u32,
    /// Entries of the feed.
    #[arg(long, default_value_t = 100_000)]
    entries: u32,
    /// Kills on each database.
    #[arg(long, default_value_t = 50)]
    kills: u32,
}

/// Runs the campaign on each database; an error if the tables differ.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let random = TestRandom::from_environment();
    let seed = u64::try_from(random.next_u128() >> 64)?;
    let stub = RunningStub::start(&options.stub, options.units, options.entries, seed, &random).await?;
    for backend in options.subject.backend.list() {
        campaign(*backend, options, &stub, &random)
            .await
            .with_context(|| format!("the campaign on {} failed", name_of(*backend)))?;
    }
    Ok(())
}

async fn campaign(
    backend: Backend,
    options: &Options,
    stub: &RunningStub,
    random: &TestRandom,
) -> Result<()> {
    let program = &options.subject.program;
    let whole = Installation::new(backend, program, &[], random)?;
    let begun = Instant::now();
    whole.run_with(&["sources", "fetch", SOURCE], &settings(stub, ""))?;
    let whole_time = begun.elapsed();

    let killed = Installation::new(backend, program, &[], random)?;
    let disorder = settings(stub, "/fault/disorder");
    // Twice the time of a whole pass over all, as each start reads some of it again.
    let longest = whole_time.as_micros().max(1) * 4 / u128::from(options.kills.max(1));
    let mut kills = 0;
    let mut places = BTreeSet::new();
    while kills < options.kills {
        let mut process = killed.spawn_with(&["sources", "fetch", SOURCE], &disorder)?;
        tokio::time::sleep(Duration::from_micros(u64::try_from(random.next_u128() % longest)?)).await;
        if let Some(ended) = process.try_wait().context("failed to look after the program")? {
            ensure!(ended.success(), "the program failed by itself: {ended}");
            // Read to the end before its time: the rest of the kills meets a program that finds nothing new.
        }
        process.kill().context("failed to kill the program")?;
        process.wait().context("failed to wait for the killed program")?;
        kills += 1;
        places.insert(rows(&killed, "register_units")?);
    }
    killed.run_with(&["sources", "fetch", SOURCE], &disorder)?;
    let (expected, found) = (told(&whole)?, told(&killed)?);
    for table in TABLES {
        let (expected, found) = (expected.get(*table), found.get(*table));
        ensure!(
            expected.is_some_and(|rows| *table != "register_units" || !rows.is_empty()),
            "{table} has nothing to compare"
        );
        ensure!(expected == found, "{table} differs: {}", first_difference(expected, found));
    }
    ensure!(places.len() > 1 || options.kills < 10, "all kills fell on the same state, so nothing was tried");
    println!(
        "{}: {} entries on {} units; one pass in {:.1} s; {kills} kills, which met {} different states; {} rows of units the same to \
         the byte",
        name_of(backend),
        options.entries,
        options.units,
        whole_time.as_secs_f64(),
        places.len(),
        expected.get("register_units").map_or(0, Vec::len),
    );
    Ok(())
}

fn settings(stub: &RunningStub, fault: &str) -> Vec<(String, String)> {
    let base = format!("{}{fault}/enhetsregisteret/api/", stub.base());
    super::settings_for(&base)
}

fn told(installation: &Installation) -> Result<Dump> {
    dump_at(installation.database_url())
}

fn rows(installation: &Installation, table: &str) -> Result<usize> {
    Ok(told(installation)?.get(table).map_or(0, Vec::len))
}

fn first_difference(expected: Option<&Vec<String>>, found: Option<&Vec<String>>) -> String {
    let empty = Vec::new();
    let (expected, found) = (expected.unwrap_or(&empty), found.unwrap_or(&empty));
    let place = expected.iter().zip(found).position(|(left, right)| left != right);
    match place {
        Some(place) => format!("row {place} is {}, not {}", found[place], expected[place]),
        None => format!("{} rows, not {}", found.len(), expected.len()),
    }
}
