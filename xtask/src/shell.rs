//! Running other programs with their output in view.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// A command that runs in the root of the checkout.
pub(crate) fn command(workspace: &Workspace, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace.root());
    command
}

/// The cargo that runs this program, so that the toolchain is the same.
pub(crate) fn cargo<const N: usize>(workspace: &Workspace, arguments: [&str; N]) -> Command {
    let program = variable("CARGO").unwrap_or_else(|| "cargo".to_owned());
    let mut command = command(workspace, program);
    command.args(arguments);
    command
}

/// An environment variable, if it is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo and the system talk to commands through the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Runs to the end with the output in view; an error if it does not end well.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = command.status().with_context(|| format!("failed to start `{name}`"))?;
    if !status.success() {
        bail!("`{name}` ended with {status}");
    }
    Ok(())
}

/// Runs to the end and returns what it wrote to standard output; its errors stay in view.
pub(crate) fn read(command: &mut Command) -> Result<Vec<u8>> {
    let name = describe(command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("failed to start `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` ended with {}", output.status);
    }
    Ok(output.stdout)
}

/// Whether it runs and ends well; nothing is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs to the end with the output in view and hands each line to `see` as well. Says whether it ended well.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    let name = describe(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("failed to start `{name}`"))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.with_context(|| format!("failed to read the output of `{name}`"))?;
            println!("{line}");
            see(&line);
        }
    }
    Ok(child.wait().with_context(|| format!("failed to wait for `{name}`"))?.success())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
