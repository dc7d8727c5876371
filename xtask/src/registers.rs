//! `cargo xtask replay` and `cargo xtask national-file`: the long forms of the campaigns on registers.
//!
//! The campaigns themselves are in the package `tildel-tests`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// How long and on what.
#[derive(Args)]
pub(crate) struct Replay {
    /// Entries of the feed.
    #[arg(long, default_value_t = 100_000)]
    entries: u32,
    /// Made-up units.
    #[arg(long, default_value_t = 20_000)]
    units: u32,
    /// Kills on each database.
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// On which databases: sqlite, postgres or both.
    #[arg(long, default_value = "both")]
    backend: String,
}

/// Which file and on what.
#[derive(Args)]
pub(crate) struct NationalFile {
    /// The file, as `cargo xtask synthetic-units` makes it.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// On which databases: sqlite, postgres or both.
    #[arg(long, default_value = "both")]
    backend: String,
}

/// Reads a long feed in one pass, and again in disorder with kills.
pub(crate) fn replay(workspace: &Workspace, options: &Replay) -> Result<()> {
    build(workspace)?;
    let stub = workspace.target().join("release/tildel-register-stub");
    let mut command = campaign(workspace, "replay", &options.backend);
    command.arg("--stub").arg(stub);
    for (name, value) in
        [("--entries", options.entries), ("--units", options.units), ("--kills", options.kills)]
    {
        command.args([name, &value.to_string()]);
    }
    shell::run(&mut command)
}

/// Loads a national file and measures.
pub(crate) fn national_file(workspace: &Workspace, options: &NationalFile) -> Result<()> {
    build(workspace)?;
    shell::run(campaign(workspace, "national-file", &options.backend).arg("--file").arg(&options.file))
}

/// Optimised: figures are of what operators run.
fn build(workspace: &Workspace) -> Result<()> {
    let mut build = shell::cargo(
        workspace,
        [
            "build",
            "--release",
            "--package",
            "tildel",
            "--package",
            "tildel-register-stub",
            "--package",
            "tildel-tests",
        ],
    );
    shell::run(build.args(["--bin", "tildel", "--bin", "tildel-register-stub", "--example", "campaigns"]))
}

fn campaign(workspace: &Workspace, name: &str, backend: &str) -> std::process::Command {
    let release = workspace.target().join("release");
    let mut command = shell::command(workspace, release.join("examples/campaigns"));
    command.args([name, "--backend", backend]).arg("--program").arg(release.join("tildel"));
    command
}
