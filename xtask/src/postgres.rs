//! PostgreSQL for the tests: installed where it is missing and may be, started before and stopped after.

use anyhow::{Result, bail};

use crate::steps::Done;
use crate::workspace::Workspace;
use crate::{apt, shell};

/// The code with which `test-postgres` says that no PostgreSQL is installed.
const NOT_INSTALLED: i32 = 3;

/// Brings up the cluster that all tests share, after installing PostgreSQL if need be.
pub(crate) fn start(workspace: &Workspace) -> Result<Done> {
    if test_postgres(workspace, "start")? == Some(NOT_INSTALLED) {
        println!("installing PostgreSQL with apt-get");
        apt::install("postgresql")?;
        if test_postgres(workspace, "start")? != Some(0) {
            bail!("PostgreSQL was installed but does not start");
        }
    }
    Ok(Done::Passed)
}

/// Stops it. Best effort: the cluster also stops by itself when it is not used.
pub(crate) fn stop(workspace: &Workspace) {
    if let Err(error) = test_postgres(workspace, "stop") {
        eprintln!("failed to stop the test cluster: {error:#}");
    }
}

/// The exit code; any other than success and [`NOT_INSTALLED`] is an error. The URL stays out of sight.
fn test_postgres(workspace: &Workspace, action: &str) -> Result<Option<i32>> {
    let mut command = shell::command(workspace, workspace.built_program("test-postgres"));
    let status = command.arg(action).stdout(std::process::Stdio::null()).status()?;
    match status.code() {
        Some(0 | NOT_INSTALLED) => Ok(status.code()),
        _ => bail!("`test-postgres {action}` ended with {status}"),
    }
}
