//! `cargo xtask load`: measures the program beside what bounds it, and writes `docs/performance.{md,json,svg}`.
//!
//! The measurement itself is the example `campaigns` of the package `tildel-tests`.

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// How to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Measure the unoptimised program with few requests and write nothing, to see that measuring works.
    #[arg(long)]
    smoke: bool,
    /// On which databases: sqlite, postgres or both. The page is written for both only.
    #[arg(long, default_value = "both")]
    backend: String,
}

/// Builds the program and measures it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut build = shell::cargo(workspace, ["build", "--package", "tildel", "--package", "tildel-tests"]);
    build.args(["--bin", "tildel", "--example", "campaigns"]);
    if !options.smoke {
        build.arg("--release");
    }
    shell::run(&mut build)?;
    let folder = workspace.target().join(if options.smoke { "debug" } else { "release" });
    let mut command = shell::command(workspace, folder.join("examples/campaigns"));
    command.arg("load").arg("--program").arg(folder.join("tildel"));
    command.args(["--backend", &options.backend]);
    if options.smoke {
        command.args(["--reads", "400", "--writes", "200", "--samples", "1"]);
    } else if options.backend == "both" {
        command.arg("--write-to").arg(workspace.root().join("docs"));
    }
    shell::run(&mut command)
}
