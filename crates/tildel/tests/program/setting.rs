//! A folder of its own to run the program in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder, and the variables that the program is given.
pub(crate) struct Setting {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Setting {
    /// An empty folder; the program listens on any free port.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("tildel-program-").unwrap();
        Self { folder, variables: Vec::new() }
            .with("TILDEL__SERVER__BIND", "127.0.0.1:0")
            .with("TILDEL__WORKER__METRICS_BIND", "127.0.0.1:0")
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Where the program runs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where embedded mode keeps its data.
    pub(crate) fn data(&self, name: &str) -> PathBuf {
        self.folder().join("tildel-data").join(name)
    }

    /// The program, ready to start.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_tildel")), arguments)
    }

    /// Another copy of the program, ready to start.
    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program to its end, which must be a good one, and gives what it printed.
    pub(crate) fn run_well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Expects that the program gave up with a code and one line, and gives that line.
pub(crate) fn only_line(output: &Output, code: i32) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert_eq!(text.lines().count(), 1, "more or less than one line: {text}");
    assert!(text.starts_with("tildel: "), "{text}");
    text
}
