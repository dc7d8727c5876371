//! `cargo xtask fuzz`: the long form of the tests that give mutants to each reader of the registers' answers.

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// How many mutants, from which seed.
#[derive(Args)]
pub(crate) struct Options {
    /// Mutants for each reader; the tests give 4000.
    #[arg(long, default_value_t = 100_000)]
    rounds: u32,
    /// What they are made from; printed by the tests.
    #[arg(long, default_value_t = 2026)]
    seed: u32,
}

/// Runs them all, the next one also after a failure.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = shell::cargo(
        workspace,
        ["test", "--release", "--package", "tildel-registers", "--test", "broken", "--no-fail-fast"],
    );
    command.env("TILDEL_TEST_ROUNDS", options.rounds.to_string());
    command.env("TILDEL_TEST_SEED", options.seed.to_string());
    shell::run(command.args(["--", "--nocapture", "--test-threads", "2"]))
}
