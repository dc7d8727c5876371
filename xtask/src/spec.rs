//! `cargo xtask spec`: the committed `OpenAPI` document is what the program prints.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;

/// Writes the document anew.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let printed =
        shell::read(&mut shell::cargo(workspace, ["run", "--quiet", "-p", "tildel", "--", "openapi"]))?;
    let path = workspace.document();
    fs::write(&path, printed).with_context(|| format!("failed to write {}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// Compares the committed document with what the built program prints.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let printed = shell::read(shell::command(workspace, workspace.built_program("tildel")).arg("openapi"))?;
    let path = workspace.document();
    let committed = fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
    if let Some(line) = first_difference(&committed, &printed) {
        bail!("api-spec/openapi.json differs from the code at line {line}");
    }
    Ok(Done::Passed)
}

/// The number of the first line that differs, counted from one.
fn first_difference(committed: &[u8], printed: &[u8]) -> Option<usize> {
    if committed == printed {
        return None;
    }
    let pairs = committed.split(|byte| *byte == b'\n').zip(printed.split(|byte| *byte == b'\n'));
    Some(pairs.take_while(|(left, right)| left == right).count() + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(first_difference(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(first_difference(b"a\nb\n", b"a\nc\n"), Some(2));
        assert_eq!(first_difference(b"a\n", b"a\nb"), Some(2));
    }
}
