//! The independent verifier.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Where the verifier is and what runs it.
pub(crate) struct Verifier {
    pub(crate) python: String,
    pub(crate) script: PathBuf,
}

/// What the verifier said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds.
    Holds,
    /// It does not, and why.
    Refused(String),
}

impl Verifier {
    /// Refuses to go on without Python 3: a campaign with one side only would prove nothing.
    pub(crate) fn check(&self) -> Result<()> {
        let found =
            Command::new(&self.python).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            bail!("Python 3 is missing: the independent verifier can not run. Install python3.");
        }
        if !self.script.is_file() {
            bail!("the verifier {} is missing", self.script.display());
        }
        Ok(())
    }

    /// What it says of each file of the folders, by path. One process for each folder, at the same time.
    pub(crate) fn verdicts(&self, folders: &[PathBuf]) -> Result<BTreeMap<PathBuf, Verdict>> {
        let start = |folder: &PathBuf| self.start(folder);
        let children: Vec<Child> = folders.iter().map(start).collect::<Result<_>>()?;
        let mut verdicts = BTreeMap::new();
        for child in children {
            let output = child.wait_with_output().context("failed to wait for the verifier")?;
            // 0: all hold, 1: one does not; all else is a fault of the verifier or of its call.
            if !matches!(output.status.code(), Some(0 | 1)) {
                bail!(
                    "the verifier ended with {}: {}",
                    output.status,
                    String::from_utf8_lossy(&output.stderr)
                );
            }
            let text = String::from_utf8(output.stdout).context("the verifier printed no UTF-8")?;
            for line in text.lines() {
                let (path, said) =
                    line.split_once(".json: ").with_context(|| format!("not a verdict: {line}"))?;
                let verdict = if said.starts_with("holds ") {
                    Verdict::Holds
                } else {
                    Verdict::Refused(said.to_owned())
                };
                verdicts.insert(PathBuf::from(format!("{path}.json")), verdict);
            }
        }
        Ok(verdicts)
    }

    fn start(&self, folder: &PathBuf) -> Result<Child> {
        let mut command = Command::new(&self.python);
        command.arg("-B").arg(&self.script).arg("--directory").arg(folder);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().with_context(|| format!("failed to start {}", Path::new(&self.python).display()))
    }
}
