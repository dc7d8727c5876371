//! `cargo xtask house`: what the compiler does not check about the shape of this repository.

mod edges;
mod files;
mod words;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;
use crate::{licences, migrations};

/// The house check together with the lints of migrations and licences, which are as quick.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut findings = findings(workspace)?;
    findings.extend(migrations::findings(workspace)?);
    findings.extend(licences::findings(workspace)?);
    report(&findings).map(|_| ())
}

/// The house check alone.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    report(&findings(workspace)?)
}

/// Prints findings, one per line; an error if there are any.
pub(crate) fn report(findings: &[String]) -> Result<Done> {
    for finding in findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings, listed above", findings.len());
    }
    Ok(Done::Passed)
}

fn findings(workspace: &Workspace) -> Result<Vec<String>> {
    let mut findings = edges::findings(&edges::packages(&workspace.metadata));
    for path in repository_files(workspace)? {
        // A file that git still lists may be gone from the folder; one that is no text has no lines.
        let Ok(text) = std::fs::read_to_string(workspace.root().join(&path)) else { continue };
        findings.extend(files::finding(&path, &text));
        findings.extend(words::findings(&path, &text));
    }
    Ok(findings)
}

/// Files that are, or would be, committed, relative to the root.
fn repository_files(workspace: &Workspace) -> Result<Vec<String>> {
    let mut git = shell::command(workspace, "git");
    let listed = shell::read(git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
        .context("failed to list the files of the repository (is git installed?)")?;
    let text = String::from_utf8(listed).context("failed to read the names of files")?;
    Ok(text.split_terminator('\0').map(str::to_owned).collect())
}
