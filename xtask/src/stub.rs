//! `cargo xtask stub` and `cargo xtask synthetic-units`: the programs of the registers' stub, built and run.

use anyhow::Result;
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;

/// What is handed on.
#[derive(Args)]
pub(crate) struct Options {
    /// Options of the program; --help tells all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

/// Runs one of the programs to its end.
pub(crate) fn run(workspace: &Workspace, program: &str, options: &Options) -> Result<()> {
    let mut command = shell::cargo(
        workspace,
        ["run", "--quiet", "--package", "tildel-register-stub", "--bin", program, "--"],
    );
    shell::run(command.args(&options.options))
}
