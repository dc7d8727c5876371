//! `cargo xtask interference` and `cargo xtask histories`: the long forms of the campaigns on forums.
//!
//! The campaigns themselves are in the package `tildel-tests`; its tests run the short forms.

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// How many forums and on what.
#[derive(Args)]
pub(crate) struct Interference {
    /// Forums on each database.
    #[arg(long, default_value_t = 200)]
    forums: u32,
    /// On which databases: sqlite, postgres or both.
    #[arg(long, default_value = "sqlite")]
    backend: String,
}

/// How many histories and on what.
#[derive(Args)]
pub(crate) struct Histories {
    /// Histories on each database.
    #[arg(long, default_value_t = 50)]
    histories: u32,
    /// On which databases: sqlite, postgres or both.
    #[arg(long, default_value = "postgres")]
    backend: String,
}

/// Compares what recused members can get.
pub(crate) fn interference(workspace: &Workspace, options: &Interference) -> Result<()> {
    campaign(workspace, "interference", options.forums, &options.backend)
}

/// Looks for what can not have happened.
pub(crate) fn histories(workspace: &Workspace, options: &Histories) -> Result<()> {
    campaign(workspace, "histories", options.histories, &options.backend)
}

fn campaign(workspace: &Workspace, name: &str, count: u32, backend: &str) -> Result<()> {
    // Some million requests: the optimised program is worth its build.
    let mut build = shell::cargo(
        workspace,
        ["build", "--release", "--package", "tildel-tests", "--example", "campaigns"],
    );
    shell::run(&mut build)?;
    let mut command = shell::command(workspace, workspace.target().join("release/examples/campaigns"));
    shell::run(command.arg(name).args(["--count", &count.to_string(), "--backend", backend]))?;
    Ok(())
}
