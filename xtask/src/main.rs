//! The project's own commands, run as `cargo xtask <command>`.
//!
//! To add a command: write `src/<command>.rs` with a `run` function, add a variant to [`Command`] and one line to
//! [`run`]. To have `cargo xtask test` run it, add a step in `test.rs`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once"))]

mod apt;
mod bundles;
mod crash;
mod forums;
mod fuzz;
mod house;
mod licences;
mod load;
mod migrations;
mod postgres;
mod registers;
mod schemathesis;
mod shell;
mod spec;
mod steps;
mod stub;
mod test;
mod test_counts;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::workspace::Workspace;

/// The project's own commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    /// Run every check and test on both databases, and print a table of what passed.
    Test(test::Options),
    /// Write the documents of `api-spec` anew from the code.
    Spec,
    /// Start the embedded server and test it against its own document with schemathesis.
    Schemathesis(schemathesis::Options),
    /// Kill the program again and again while clients write, and look for what is lost or doubled.
    Crash(crash::Options),
    /// Make up bundles from a seed, whole and spoilt, and have the library and the independent verifier judge each.
    Bundles(bundles::Options),
    /// Compare what recused members can get in 200 forums that are played twice, with the others' votes and without.
    Interference(forums::Interference),
    /// Let eight clients vote, recuse and close at once, 50 times, and look for what can not have happened.
    Histories(forums::Histories),
    /// Read a long feed of a register in one pass, and again in disorder by a program that is killed; both must end alike.
    Replay(registers::Replay),
    /// Load a national file of units into each database, and measure time and memory.
    NationalFile(registers::NationalFile),
    /// Give mutants of good answers to each reader of the registers, many more than the tests do.
    Fuzz(fuzz::Options),
    /// Measure start, memory, reading and voting beside what bounds them, and write docs/performance.
    Load(load::Options),
    /// Make up a national file of units in the shape of Enhetsregisteret's, from a seed.
    SyntheticUnits(stub::Options),
    /// Answer as the registers do, from made-up data, with faults on demand; crates/register-stub/README.md tells how.
    Stub(stub::Options),
    /// Check the directions of dependencies, file lengths, words, migrations and licences.
    House,
}

fn main() -> ExitCode {
    let command = Command::parse();
    run(command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    match command {
        Command::Test(options) => return Ok(test::run(&workspace, &options)),
        Command::Spec => spec::run(&workspace)?,
        Command::Schemathesis(options) => schemathesis::run(&workspace, &options)?,
        Command::Crash(options) => crash::run(&workspace, &options)?,
        Command::Bundles(options) => bundles::run(&workspace, &options)?,
        Command::Interference(options) => forums::interference(&workspace, &options)?,
        Command::Histories(options) => forums::histories(&workspace, &options)?,
        Command::Replay(options) => registers::replay(&workspace, &options)?,
        Command::NationalFile(options) => registers::national_file(&workspace, &options)?,
        Command::Fuzz(options) => fuzz::run(&workspace, &options)?,
        Command::Load(options) => load::run(&workspace, &options)?,
        Command::SyntheticUnits(options) => stub::run(&workspace, "synthetic-units", &options)?,
        Command::Stub(options) => stub::run(&workspace, "tildel-register-stub", &options)?,
        Command::House => house::run(&workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}
