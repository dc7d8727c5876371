//! Campaigns against the real program: what a crash leaves behind, and how fast it is; and against a server with a clock and ids that
//! can be set: what recused members learn, and whether what clients were told at once can have happened.
//!
//! `cargo xtask crash`, `replay`, `national-file`, `load`, `interference` and `histories` build and run this. All traffic stays on the loopback.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod crash;
mod forums;
mod load;
mod program;
mod registers;
mod speaker;
mod stage;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use tildel_test_support::Backend;

/// Campaigns against the real program.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    campaign: Campaign,
}

#[derive(Subcommand)]
enum Campaign {
    /// Kill the program again and again while clients write, and look for what is lost or doubled.
    Crash(crash::Options),
    /// Compare what recused members can get in forums that are played twice, with the others' votes and without.
    Interference(forums::Options),
    /// Vote, recuse and close at once, and look for what can not have happened.
    Histories(forums::Options),
    /// Read a long feed in one pass, and again in disorder by a program that is killed; both must end alike.
    Replay(registers::ReplayOptions),
    /// Load a national file of units, and measure time and memory.
    NationalFile(registers::LoadOptions),
    /// Measure start, memory, reading and voting beside what bounds them.
    Load(load::Options),
    /// Serve a bare answer, to compare with; prints its address and serves until killed.
    #[command(hide = true)]
    Hello,
}

/// Which databases.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Databases {
    fn list(self) -> &'static [Backend] {
        match self {
            Self::Sqlite => &[Backend::Sqlite],
            Self::Postgres => &[Backend::Postgres],
            Self::Both => &[Backend::Sqlite, Backend::Postgres],
        }
    }
}

/// The program under test, and on which databases.
#[derive(clap::Args)]
struct Subject {
    /// The built program.
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// On which databases.
    #[arg(long, value_enum, default_value = "both")]
    backend: Databases,
}

fn name_of(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().campaign) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(campaign: Campaign) -> Result<()> {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match campaign {
        Campaign::Crash(options) => runtime()?.block_on(crash::run(&options)),
        Campaign::Interference(options) => runtime()?.block_on(forums::interference(&options)),
        Campaign::Histories(options) => runtime()?.block_on(forums::histories(&options)),
        Campaign::Replay(options) => runtime()?.block_on(registers::replay(&options)),
        Campaign::NationalFile(options) => runtime()?.block_on(registers::load(&options)),
        Campaign::Load(options) => runtime()?.block_on(load::run(&options)),
        Campaign::Hello => load::hello::serve(),
    }
}
