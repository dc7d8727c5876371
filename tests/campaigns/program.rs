//! The program as it runs in earnest: its processes, its database and the folder they live in.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tildel_test_support::{Backend, TestRandom, TestStore};

use crate::name_of;

/// Longer than any start on a busy machine.
const START_MAX: Duration = Duration::from_mins(1);
/// Longer than the program allows itself to stop.
const STOP_MAX: Duration = Duration::from_mins(1);
/// How often to ask whether a process is ready or has ended: the precision of the times measured here.
const ASK_EVERY: Duration = Duration::from_millis(2);

/// An installation of the program with a database of its own.
pub(crate) struct Installation {
    backend: Backend,
    program: PathBuf,
    folder: TempDir,
    database_url: String,
    base: String,
    admin_token: String,
    /// Settings beside those that every campaign needs.
    settings: &'static [(&'static str, &'static str)],
    /// The commands that make up the service, and their processes while they run.
    processes: Vec<(&'static str, Option<Child>)>,
    // The PostgreSQL database goes when the installation goes.
    _store: Option<TestStore>,
}

impl Installation {
    /// A migrated, empty database, and the settings to run with.
    pub(crate) fn new(
        backend: Backend,
        program: &Path,
        settings: &'static [(&'static str, &'static str)],
        random: &TestRandom,
    ) -> Result<Self> {
        let program = fs::canonicalize(program)
            .with_context(|| format!("failed to find the program {}", program.display()))?;
        let folder = TempDir::with_prefix("tildel-campaign-").context("failed to make a folder")?;
        let (store, database_url, commands): (_, _, &[_]) = match backend {
            // Nothing but the program has the file open: after a kill the log must be recovered.
            Backend::Sqlite => (None, format!("sqlite:{}/tildel.db", folder.path().display()), &["serve"]),
            Backend::Postgres => {
                let store = TestStore::open_durable(backend)?;
                let url = store.url().to_owned();
                (Some(store), url, &["api", "worker"])
            }
        };
        let base = format!("http://127.0.0.1:{}", free_port(random)?);
        let processes = commands.iter().map(|command| (*command, None)).collect();
        let mut installation = Self {
            backend,
            program,
            folder,
            database_url,
            base,
            admin_token: String::new(),
            settings,
            processes,
            _store: store,
        };
        installation.run(&["migrate"])?;
        // Made before the first start, which would take an empty database for a place to practise.
        let printed = installation.run(&["token", "create", "--role", "admin", "--name", "Campaign"])?;
        printed.trim().clone_into(&mut installation.admin_token);
        Ok(installation)
    }

    /// `http://127.0.0.1:PORT`, the same after each start.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// On which database it runs.
    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// The address of the database.
    pub(crate) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The token of the administrator.
    pub(crate) fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Runs a command to its end, which must be a good one, and gives what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String> {
        self.run_with(arguments, &[])
    }

    /// As [`run`](Self::run), with settings more.
    pub(crate) fn run_with(&self, arguments: &[&str], more: &[(String, String)]) -> Result<String> {
        let output = self
            .command(arguments)
            .envs(more.iter().cloned())
            .output()
            .context("failed to start the program")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`tildel {}` failed: {errors}", arguments.join(" "));
        String::from_utf8(output.stdout).context("failed to read what the program printed")
    }

    /// Starts a command with settings more, and leaves it to the caller.
    pub(crate) fn spawn_with(&self, arguments: &[&str], more: &[(String, String)]) -> Result<Child> {
        let mut command = self.command(arguments);
        command.envs(more.iter().cloned()).stdout(Stdio::null()).stderr(open_log(&self.log(arguments[0]))?);
        command.spawn().context("failed to start the program")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        let necessary = [
            ("TILDEL__DATABASE__URL", self.database_url.as_str()),
            ("TILDEL__SERVER__BIND", self.address()),
            // A campaign comes from few callers, which no limit should hold back.
            ("TILDEL__SERVER__BURST_REQUESTS", "100000000"),
            ("TILDEL__WORKER__METRICS_BIND", ""),
            ("TILDEL__SECRETS__JOURNAL_KEY", "journal key of the campaigns, of no worth"),
        ];
        command.envs(necessary).envs(self.settings.iter().copied());
        command
    }

    /// Starts what does not run, and gives the time until the API was ready.
    pub(crate) async fn start(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        for index in 0..self.processes.len() {
            let (name, process) = &self.processes[index];
            if process.is_none() {
                let log = open_log(&self.log(name))?;
                let spawned = self.command(&[name]).stdout(Stdio::null()).stderr(log).spawn();
                self.processes[index].1 = Some(spawned.context("failed to start the program")?);
            }
        }
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let ready = format!("{}/readyz", self.base);
        while begun.elapsed() < START_MAX {
            if http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(begun.elapsed());
            }
            self.ensure_alive()?;
            tokio::time::sleep(ASK_EVERY).await;
        }
        bail!("the program was not ready in time: {}", self.logs())
    }

    fn ensure_alive(&mut self) -> Result<()> {
        let mut ended = None;
        for (name, process) in &mut self.processes {
            if let Some(child) = process {
                let end = child.try_wait().context("failed to look after a process")?;
                ended = ended.or(end.map(|end| format!("`tildel {name}` ended with {end}")));
            }
        }
        match ended {
            None => Ok(()),
            Some(ended) => bail!("{ended}: {}", self.logs()),
        }
    }

    /// How many processes make up the service.
    pub(crate) fn process_count(&self) -> usize {
        self.processes.len()
    }

    /// Kills a process without a warning (SIGKILL).
    pub(crate) fn kill(&mut self, index: usize) -> Result<()> {
        let (name, process) = &mut self.processes[index];
        let mut child = process.take().with_context(|| format!("`tildel {name}` does not run"))?;
        child.kill().context("failed to kill a process")?;
        child.wait().context("failed to wait for a killed process")?;
        Ok(())
    }

    /// Asks all processes to stop (SIGTERM) and waits until they have.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        for (name, process) in &mut self.processes {
            let Some(mut child) = process.take() else { continue };
            let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            ensure!(told.context("failed to run kill")?.success(), "failed to tell `tildel {name}` to stop");
            let begun = Instant::now();
            while child.try_wait().context("failed to look after a process")?.is_none() {
                if begun.elapsed() > STOP_MAX {
                    child.kill().context("failed to kill a process")?;
                    bail!("`tildel {name}` did not stop in time");
                }
                tokio::time::sleep(ASK_EVERY).await;
            }
        }
        Ok(())
    }

    /// Resident memory of all processes, in kilobytes; none where the system does not tell as Linux does.
    pub(crate) fn resident_kilobytes(&self) -> Option<u64> {
        let running = self.processes.iter().filter_map(|(_, process)| process.as_ref());
        running.map(|child| resident_kilobytes_of(child.id())).sum()
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// The end of what the processes have logged, for messages.
    pub(crate) fn logs(&self) -> String {
        let mut tails = format!("logs on {}:", name_of(self.backend));
        for (name, _) in &self.processes {
            let text = fs::read_to_string(self.log(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let tail = &lines[lines.len().saturating_sub(20)..];
            tails = format!("{tails}\n--- {name}\n{}", tail.join("\n"));
        }
        tails
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        for (_, process) in &mut self.processes {
            if let Some(child) = process {
                // It may have ended by itself; then there is nothing to end.
                child.kill().and_then(|()| child.wait().map(drop)).unwrap_or_default();
            }
        }
    }
}

fn open_log(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.with_context(|| format!("failed to open {}", path.display()))
}

/// A port that stays the same over restarts. It lies below those that systems give to outgoing connections: a client that
/// tries again and again while nobody listens could otherwise be given the very port and connect to itself.
pub(crate) fn free_port(random: &TestRandom) -> Result<u16> {
    for _ in 0..100 {
        let port = u16::try_from(20_000 + random.next_u128() % 12_000)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("failed to find a free port from 20000 to 31999")
}

fn resident_kilobytes_of(process_id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    resident_kilobytes_in(&status)
}

/// The most resident memory that a process ever had, in kilobytes; none where the system does not tell as Linux does, or the process has ended.
pub(crate) fn peak_kilobytes_of(process_id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process_id}/status")).ok()?;
    kilobytes_in(&status, "VmHWM:")
}

fn resident_kilobytes_in(status: &str) -> Option<u64> {
    kilobytes_in(status, "VmRSS:")
}

fn kilobytes_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{kilobytes_in, resident_kilobytes_in};

    #[test]
    fn resident_memory_is_read_from_the_status_of_a_process() {
        let status = "Name:\ttildel\nVmHWM:\t  60000 kB\nVmRSS:\t   52340 kB\nThreads:\t9\n";
        assert_eq!(resident_kilobytes_in(status), Some(52_340));
        assert_eq!(kilobytes_in(status, "VmHWM:"), Some(60_000));
        assert_eq!(resident_kilobytes_in("Name:\ttildel\n"), None);
    }
}
