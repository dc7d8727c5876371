//! `cargo xtask spec`: the committed documents are what the program prints.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;

/// The committed files of `api-spec`, each with the command that prints it.
const DOCUMENTS: &[(&str, &[&str])] = &[
    ("api-spec/openapi.json", &["openapi"]),
    ("api-spec/funding-model.schema.json", &["schema", "funding-model"]),
];

/// Writes the documents anew.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for (name, arguments) in DOCUMENTS {
        let mut command = shell::cargo(workspace, ["run", "--quiet", "-p", "tildel", "--"]);
        let printed = shell::read(command.args(*arguments))?;
        let path = workspace.root().join(name);
        fs::write(&path, printed).with_context(|| format!("failed to write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Compares the committed documents with what the built program prints.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    for (name, arguments) in DOCUMENTS {
        let mut command = shell::command(workspace, workspace.built_program("tildel"));
        let printed = shell::read(command.args(*arguments))?;
        let path = workspace.root().join(name);
        let committed = fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
        if let Some(line) = first_difference(&committed, &printed) {
            bail!("{name} differs from the code at line {line}");
        }
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
