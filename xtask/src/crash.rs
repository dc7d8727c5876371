//! `cargo xtask crash`: kills the program again and again while clients write, and looks for what is lost or doubled.
//!
//! The campaign itself is the example `campaigns` of the package `tildel-tests`.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;

/// How long and on what.
#[derive(Args)]
pub(crate) struct Options {
    /// Kills on each database.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// On which databases: sqlite, postgres or both.
    #[arg(long, default_value = "both")]
    backend: String,
}

impl Options {
    /// The form that `cargo xtask test` runs: long enough to count, short enough to wait for.
    pub(crate) fn short() -> Self {
        Self { rounds: 20, backend: "both".to_owned() }
    }
}

/// The command: builds the program and the campaign, then as [`check`].
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut build = shell::cargo(workspace, ["build", "--package", "tildel", "--package", "tildel-tests"]);
    shell::run(build.args(["--bin", "tildel", "--example", "campaigns"]))?;
    check(workspace, options).map(drop)
}

/// Runs the campaign with the programs already built.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<Done> {
    let mut command: Command = shell::command(workspace, workspace.built_program("examples/campaigns"));
    command.arg("crash").arg("--program").arg(workspace.built_program("tildel"));
    shell::run(command.args(["--rounds", &options.rounds.to_string(), "--backend", &options.backend]))?;
    Ok(Done::Passed)
}
