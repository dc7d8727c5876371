//! `cargo xtask stub`: the registers' stub, built and run.

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// What is handed on.
#[derive(Args)]
pub(crate) struct Options {
    /// Options of the stub, such as --port, --units, --entries and --seed; --help tells all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    stub: Vec<String>,
}

/// Runs it until it is stopped.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = shell::cargo(workspace, ["run", "--quiet", "--package", "tildel-register-stub", "--"]);
    shell::run(command.args(&options.stub))
}
