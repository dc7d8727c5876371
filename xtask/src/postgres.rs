//! PostgreSQL for the tests: installed where it is missing and may be, started before and stopped after.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;

/// The code with which `test-postgres` says that no PostgreSQL is installed.
const NOT_INSTALLED: i32 = 3;

/// Brings up the cluster that all tests share, after installing PostgreSQL if need be.
pub(crate) fn start(workspace: &Workspace) -> Result<Done> {
    if test_postgres(workspace, "start")? == Some(NOT_INSTALLED) {
        install()?;
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

/// Installs with apt as root or through a sudo that asks no password; otherwise `test-postgres` has said what to do.
fn install() -> Result<()> {
    let prefix: &[&str] = if is_root() { &[] } else { &["sudo", "-n"] };
    let allowed = prefix.is_empty() || shell::succeeds(Command::new("sudo").args(["-n", "true"]));
    if !allowed || !shell::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("PostgreSQL is not installed, and this account may not install it with apt-get");
    }
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix.iter().chain(&["apt-get"]).chain(arguments).copied().collect();
        let mut command = Command::new(words[0]);
        shell::run(command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    println!("installing PostgreSQL with apt-get");
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", "postgresql"])
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
