//! `cargo xtask schemathesis`: the embedded server against its own document, with all checks of schemathesis.
//!
//! The server is told by `TILDEL__SERVER__BIND` and `TILDEL__DATA_DIR` where to be, says `listening on http://…` when
//! it is up, and leaves the sign-in tokens of the practice case in `practice-tokens.json` of its data folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::shell;
use crate::steps::Done;
use crate::workspace::Workspace;

const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How thorough the run is.
#[derive(Args)]
pub(crate) struct Options {
    /// Examples at most for each operation and phase.
    #[arg(long, default_value_t = 50)]
    examples: u32,
    /// Seed of the generated requests; a run prints the one it used.
    #[arg(long)]
    seed: Option<u128>,
}

impl Options {
    /// The short form that `cargo xtask test` runs.
    pub(crate) fn short() -> Self {
        Self { examples: 10, seed: None }
    }
}

/// The command: builds the program, then as [`check`]; without Python it fails.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    shell::run(&mut shell::cargo(workspace, ["build", "-p", "tildel"]))?;
    match check(workspace, options)? {
        Done::Passed => Ok(()),
        Done::NotRun(reason) => bail!(reason),
    }
}

/// Runs against the program already built; says why where Python or its packages cannot be had.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<Done> {
    let Some(python) = find_python() else {
        return Ok(Done::NotRun(
            "schemathesis needs Python 3.10 or later with venv, and there is none".to_owned(),
        ));
    };
    let Some(schemathesis) = install(workspace, python)? else {
        return Ok(Done::NotRun("the packages of schemathesis could not be fetched by pip".to_owned()));
    };
    let folder = tempfile::Builder::new().prefix("tildel-schemathesis-").tempdir()?;
    let log = workspace.target().join("schemathesis-server.log");
    let mut server = Server::start(workspace, folder.path(), &log)?;
    let config = folder.path().join("schemathesis.toml");
    fs::write(&config, configuration(workspace, &read_tokens(folder.path())?)?)
        .with_context(|| format!("failed to write {}", config.display()))?;

    let mut command = Command::new(schemathesis);
    command.current_dir(folder.path()).arg("--config-file").arg(&config).arg("run").arg(workspace.document());
    command.args(["--url", &server.url]);
    command.args(["--checks", "all", "--max-examples", &options.examples.to_string()]);
    command.args(["--request-timeout", "30", "--generation-database", "none"]);
    if let Some(seed) = options.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    let status = command.status().context("failed to start schemathesis")?;
    if let Some(end) = server.child.try_wait().context("failed to look after the server")? {
        bail!("the server ended with {end} during the run; its log is {}", log.display());
    }
    if !status.success() {
        bail!("schemathesis ended with {status}; the log of the server is {}", log.display());
    }
    Ok(Done::Passed)
}

/// The running server; killed when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(workspace: &Workspace, data: &Path, log: &Path) -> Result<Self> {
        let log_file = File::create(log).with_context(|| format!("failed to make {}", log.display()))?;
        let mut command = shell::command(workspace, workspace.built_program("tildel"));
        command.arg("serve").env("TILDEL__SERVER__BIND", "127.0.0.1:0").env("TILDEL__DATA_DIR", data);
        // A campaign asks more in a minute than a caller may; the limits have tests of their own.
        command.env("TILDEL__SERVER__BURST_REQUESTS", "1000000");
        // Each stream is read to its end, some hundred times.
        command.env("TILDEL__SERVER__STREAM_SECONDS", "1");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .context("failed to start `tildel serve`")?;
        let output = child.stdout.take();
        // From here on the drop of `server` ends the child, however this function returns.
        let mut server = Self { child, url: String::new() };
        let output = output.context("failed to read from the server")?;
        server.url = announced_url(output)
            .with_context(|| format!("the server did not come up; its log is {}", log.display()))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        self.child.kill().and_then(|()| self.child.wait().map(drop)).unwrap_or_default();
    }
}

/// Waits for the line that names the address. The thread goes on reading, lest the server stand still on a full pipe.
fn announced_url(output: ChildStdout) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(url) = url_in(&line) {
                // Only the first is waited for.
                sender.send(url.to_owned()).unwrap_or_default();
            }
        }
    });
    receiver.recv_timeout(START_TIMEOUT).context("no line `listening on http://…` in time")
}

fn url_in(line: &str) -> Option<&str> {
    let (_, address) = line.split_once("listening on ")?;
    address.split_whitespace().next().filter(|address| address.starts_with("http://"))
}

fn read_tokens(data: &Path) -> Result<BTreeMap<String, String>> {
    let path = data.join("practice-tokens.json");
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("failed to read {}", path.display()))
}

/// The roles that ask, the most knowing first: each operation is asked by the first of these that may call it.
const ROLES: [&str; 7] = ["case_officer", "chair", "directorate", "applicant", "approver", "member", "admin"];

/// The committed configuration, and for each operation the token of a role that may call it.
fn configuration(workspace: &Workspace, tokens: &BTreeMap<String, String>) -> Result<String> {
    let path = workspace.root().join("xtask/schemathesis.toml");
    let committed =
        fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let document = fs::read(workspace.document()).context("failed to read the document")?;
    let document: Value = serde_json::from_slice(&document).context("failed to read the document")?;
    let mut by_role: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (operation, allowed) in operations(&document) {
        let role = ROLES.into_iter().find(|role| allowed.iter().any(|allowed| allowed == role));
        by_role.entry(role.context("failed to find a role for an operation")?).or_default().push(operation);
    }
    let mut text = committed;
    for (role, operations) in by_role {
        let token =
            tokens.get(role).with_context(|| format!("failed to find a token for the role `{role}`"))?;
        writeln!(text, "\n[[operations]]\ninclude-operation-id = {operations:?}")?;
        writeln!(text, "headers = {{ Authorization = \"Bearer {token}\" }}")?;
    }
    Ok(text)
}

/// The id of each operation, and the roles that may call it.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &[Value])> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let methods = paths.flat_map(|(_, methods)| methods.as_object().into_iter().flatten());
    methods.filter_map(|(_, operation)| {
        Some((operation["operationId"].as_str()?, operation["x-required-role"].as_array()?.as_slice()))
    })
}

fn find_python() -> Option<&'static str> {
    let fits = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
    names.into_iter().find(|name| shell::succeeds(Command::new(name).args(["-c", fits])))
}

/// The path of the installed program, in an environment under the target folder; none if pip cannot fetch it.
/// The environment is made anew when the list of packages changes.
fn install(workspace: &Workspace, python: &str) -> Result<Option<PathBuf>> {
    let list = workspace.root().join("xtask/requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("failed to read {}", list.display()))?;
    let environment = workspace.target().join("schemathesis-venv");
    let program = environment.join("bin/schemathesis");
    let installed = environment.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) && program.is_file() {
        return Ok(Some(program));
    }
    let made = shell::succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(&environment));
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&list);
    if !made || !shell::succeeds(&mut pip) {
        return Ok(None);
    }
    fs::write(&installed, wanted).context("failed to note what is installed")?;
    Ok(Some(program))
}

#[cfg(test)]
mod tests {
    use super::url_in;

    #[test]
    fn the_address_is_read_from_the_line_that_announces_it() {
        assert_eq!(url_in("listening on http://127.0.0.1:4711"), Some("http://127.0.0.1:4711"));
        assert_eq!(
            url_in("  tildel is listening on http://127.0.0.1:80 (docs: /docs)"),
            Some("http://127.0.0.1:80")
        );
        assert_eq!(url_in("listening on stdin"), None);
        assert_eq!(url_in("loading the practice case"), None);
    }
}
