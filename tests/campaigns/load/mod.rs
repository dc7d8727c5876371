//! Figures of speed, each beside what bounds it, measured in the same run: reading an application beside a bare HTTP
//! server, casting a vote beside a bare `INSERT … COMMIT`.

mod client;
pub(crate) mod hello;
mod inserts;
mod page;
mod picture;
mod sample;

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use tildel_test_support::{Backend, TestRandom};

use crate::program::Installation;
use crate::speaker::Request;
use crate::stage::{self, Stage};
use crate::{Subject, name_of};
use client::Script;
use hello::Hello;
use sample::{Rate, Sample};

/// Of several starts, the median counts.
const STARTS: usize = 5;
/// Time for a started program to come to rest before its memory is read.
const REST: Duration = Duration::from_secs(2);
/// Requests before those that count, per connection.
const WARM_UP: usize = 50;
/// The seed of what little is random here: the port.
const SEED: u64 = 2020;

/// How long, on what, and where to write.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    subject: Subject,
    /// Connections at a time, beside a single one.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=64))]
    connections: u32,
    /// Reads per sample.
    #[arg(long, default_value_t = 20_000)]
    reads: usize,
    /// Writes per sample.
    #[arg(long, default_value_t = 2_000)]
    writes: usize,
    /// Samples of each figure, of which the median counts.
    #[arg(long, default_value_t = 3)]
    samples: usize,
    /// The folder whose performance.md, performance.json and performance.svg are to be written.
    #[arg(long, value_name = "FOLDER")]
    write_to: Option<PathBuf>,
}

/// All figures of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    processors: usize,
    connections: u32,
    reads: usize,
    writes: usize,
    samples: usize,
    idle: Vec<Idle>,
    rates: Vec<Rate>,
}

/// A service that nobody uses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Idle {
    database: &'static str,
    processes: usize,
    cold_start_milliseconds: u128,
    /// Resident memory of all processes; none where the system does not tell.
    resident_kilobytes: Option<u64>,
}

/// Measures everything, prints it, and writes the page if asked to.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut figures = Figures {
        processors: thread::available_parallelism().context("failed to count the processors")?.get(),
        connections: options.connections,
        reads: options.reads,
        writes: options.writes,
        samples: options.samples.max(1),
        idle: Vec::new(),
        rates: Vec::new(),
    };
    for backend in options.subject.backend.list() {
        measure(*backend, options, &mut figures)
            .await
            .with_context(|| format!("failed to measure on {}", name_of(*backend)))?;
    }
    println!("\n{}", page::tables(&figures));
    println!("{}", serde_json::to_string_pretty(&figures)?);
    if let Some(folder) = &options.write_to {
        page::write(folder, &figures)?;
    }
    Ok(())
}

async fn measure(backend: Backend, options: &Options, figures: &mut Figures) -> Result<()> {
    println!("measuring on {}", name_of(backend));
    let random = TestRandom::seeded(SEED);
    let mut installation = Installation::new(backend, &options.subject.program, &[], &random)?;
    figures.idle.push(idle(&mut installation).await?);
    let stage = Stage::set(&installation, options.connections).await?;
    let hello = Hello::start()?;
    for connections in [1, options.connections] {
        let reads = reads(&stage, connections, options.reads).await?;
        let bare = hello::scripts(connections, options.reads);
        let samples = alternate(
            figures.samples,
            || client::drive(hello.address(), &bare, WARM_UP),
            |_| client::drive(installation.address(), &reads, WARM_UP),
        )?;
        figures.rates.extend(Rate::pair(
            backend,
            connections,
            ["bare HTTP answer", "read an application"],
            samples,
        ));

        let bare = || inserts::measure(&installation, connections, options.writes);
        let samples = alternate(figures.samples, bare, |sample| {
            let votes = votes(&stage, connections, options.writes, sample);
            client::drive(installation.address(), &votes, WARM_UP)
        })?;
        figures.rates.extend(Rate::pair(
            backend,
            connections,
            ["bare INSERT … COMMIT", "cast a vote"],
            samples,
        ));
    }
    installation.stop().await
}

/// Takes samples of the bare thing and of ours in turn, so that a busy moment of the machine falls on both.
fn alternate(
    count: usize,
    bare: impl Fn() -> Result<Sample>,
    ours: impl Fn(usize) -> Result<Sample>,
) -> Result<[Sample; 2]> {
    let (mut bare_samples, mut our_samples) = (Vec::new(), Vec::new());
    for number in 0..count {
        bare_samples.push(bare()?);
        our_samples.push(ours(number)?);
    }
    Ok([Sample::median(bare_samples)?, Sample::median(our_samples)?])
}

/// Starts several times, and leaves the program running.
async fn idle(installation: &mut Installation) -> Result<Idle> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        installation.stop().await?;
        starts.push(installation.start().await?);
    }
    starts.sort();
    tokio::time::sleep(REST).await;
    Ok(Idle {
        database: name_of(installation.backend()),
        processes: installation.process_count(),
        cold_start_milliseconds: starts[STARTS / 2].as_millis(),
        resident_kilobytes: installation.resident_kilobytes(),
    })
}

/// Each connection reads an application of its own, signed in.
async fn reads(stage: &Stage, connections: u32, count: usize) -> Result<Vec<Script>> {
    let share = count / usize::try_from(connections)?;
    let mut scripts = Vec::new();
    for (hand, number) in stage.hands.iter().zip(0..connections) {
        let body = stage.application(&format!("Measured {connections}/{number}"));
        let key = Some(format!("application-{connections:03}-{number:03}"));
        let request = Request { path: "/v1/applications".to_owned(), key, based_on: None, body };
        let made = hand.applicant.post(&request).await?.well(&request.path)?;
        let path = format!("/v1/applications/{}", made.text("id")?);
        ensure!(
            hand.applicant.get(&path).await?.text("title")?.starts_with("Measured"),
            "another application"
        );
        scripts.push(Script::repeat(client::get(&path, hand.applicant.token()), share + WARM_UP));
    }
    Ok(scripts)
}

/// Each connection is a seat that votes and changes its vote, again and again, each time with a new key.
fn votes(stage: &Stage, connections: u32, count: usize, sample: usize) -> Vec<Script> {
    let share = count / usize::try_from(connections).unwrap_or(usize::MAX);
    let script = |(hand, number): (&stage::Hand, u32)| {
        let request = |serial: usize| {
            let choice = if serial.is_multiple_of(2) { "for" } else { "against" };
            let key = format!("vote-{connections:03}-{sample:03}-{number:03}-{serial:06}");
            let body = stage::vote(&hand.seat, choice).to_string();
            client::post(&stage.votes_path(), hand.member.token(), &key, &body)
        };
        Script::new((0..share + WARM_UP).map(request).collect())
    };
    stage.hands.iter().zip(0..connections).map(script).collect()
}
