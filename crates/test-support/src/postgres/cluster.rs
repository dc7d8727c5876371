//! A private cluster that outlives the test process which started it, so that all tests of a run share it.
//!
//! The start is announced by a file in the scratch folder of the checkout (first line the URL, second the folder of
//! the cluster). A small watcher stops a cluster that no test has used for a while, so that none is left behind even
//! when nobody says stop. The caller holds the lock of the checkout for start and stop.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::binaries;
use crate::random::fresh_u64;
use crate::scratch;

/// Where the files of a cluster live. Both kinds sync, since a store refuses a server that does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClusterKind {
    /// In memory where the machine has room: a sync costs nothing, and the data need not survive the machine.
    Quick,
    /// On disk, for tests of crashes and figures of speed.
    Durable,
}

impl ClusterKind {
    fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Durable => "durable",
        }
    }

    fn parent_folder(self) -> PathBuf {
        let memory = Path::new("/dev/shm");
        match self {
            Self::Quick if free_kilobytes(memory) >= MEMORY_NEEDED_KILOBYTES => memory.to_path_buf(),
            Self::Quick | Self::Durable => std::env::temp_dir(),
        }
    }
}

/// Room for the log and some dozens of small databases at once.
const MEMORY_NEEDED_KILOBYTES: u64 = 2 * 1024 * 1024;

/// Stops the cluster and removes its folder when no test has used it for fifteen minutes.
const WATCHER: &str = r#"
while [ -n "$(find "$1/used" -mmin -15 2>/dev/null)" ]; do sleep 20; done
[ -d "$1" ] && "$2/pg_ctl" -D "$1/data" -m immediate stop
rm -rf "$1"
"#;

/// The URL of the announced cluster, marked as used just now. Whether it is alive shows when one connects.
pub(super) fn announced(kind: ClusterKind) -> Result<Option<String>> {
    let Some((url, folder)) = read_announcement(kind)? else { return Ok(None) };
    // A cluster whose folder is gone was stopped by its watcher.
    let alive = fs::write(folder.join("used"), "").is_ok();
    Ok(alive.then_some(url))
}

/// Makes and starts a cluster, announces it, and returns the URL of its maintenance database.
pub(super) fn start(kind: ClusterKind) -> Result<String> {
    let binaries = binaries::find()?;
    let temporary = tempfile::Builder::new()
        .prefix("tildel-pg-")
        .tempdir_in(kind.parent_folder())
        .context("failed to make a folder for the cluster")?;
    let account = Account::of_this_process()?;
    account.own(temporary.path())?;

    let password = format!("{:016x}{:016x}", fresh_u64(), fresh_u64());
    initialise(&binaries, account, temporary.path(), &password)?;
    let port = start_server(&binaries, account, temporary.path())?;

    let folder = temporary.keep();
    fs::write(folder.join("used"), "").context("failed to mark the cluster as used")?;
    watch(&binaries, account, &folder)?;
    let url = format!("postgres://tildel:{password}@127.0.0.1:{port}/postgres");
    announce(kind, &url, &folder)?;
    Ok(url)
}

/// Only the own account may read the password.
fn announce(kind: ClusterKind, url: &str, folder: &Path) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(announcement_path(kind)?);
    let written = file.and_then(|mut file| writeln!(file, "{url}\n{}", folder.display()));
    written.context("failed to announce the cluster")
}

/// Stops the announced cluster, dead or alive, and forgets it.
pub(super) fn stop(kind: ClusterKind) -> Result<()> {
    if let Some((_, folder)) = read_announcement(kind)?
        && folder.is_dir()
    {
        let account = Account::of_this_process()?;
        let mut command = account.command(binaries::find()?.join("pg_ctl"), &folder);
        command.arg("-D").arg(folder.join("data")).args(["-m", "immediate", "stop"]);
        // A server that is already dead cannot be stopped, and need not be.
        command.output().context("failed to run pg_ctl")?;
        fs::remove_dir_all(&folder).with_context(|| format!("failed to remove {}", folder.display()))?;
    }
    match fs::remove_file(announcement_path(kind)?) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).context("failed to withdraw the announcement")
        }
        _ => Ok(()),
    }
}

fn announcement_path(kind: ClusterKind) -> Result<PathBuf> {
    Ok(scratch::folder()?.join(format!("cluster-{}", kind.name())))
}

fn read_announcement(kind: ClusterKind) -> Result<Option<(String, PathBuf)>> {
    let Ok(text) = fs::read_to_string(announcement_path(kind)?) else { return Ok(None) };
    let mut lines = text.lines();
    Ok(lines.next().zip(lines.next()).map(|(url, folder)| (url.to_owned(), PathBuf::from(folder))))
}

fn initialise(binaries: &Path, account: Account, folder: &Path, password: &str) -> Result<()> {
    let password_file = folder.join("password");
    fs::write(&password_file, password).context("failed to write the password file")?;
    account.own(&password_file)?;
    let mut command = account.command(binaries.join("initdb"), folder);
    command.arg("-D").arg(folder.join("data")).arg("--pwfile").arg(&password_file);
    command.args(["-U", "tildel", "--auth-local=trust", "--auth-host=scram-sha-256"]);
    command.args(["--encoding=UTF8", "--locale=C", "--no-sync"]);
    run(command, "initdb")?;
    fs::remove_file(&password_file).context("failed to remove the password file")
}

/// Starts the server on a free port. Another program may take the port in between, hence the few tries.
fn start_server(binaries: &Path, account: Account, folder: &Path) -> Result<u16> {
    let configuration = folder.join("data/postgresql.conf");
    let original = fs::read_to_string(&configuration).context("failed to read postgresql.conf")?;
    let mut last_error = None;
    for _ in 0..5 {
        let port = free_port()?;
        let socket_folder = folder.display().to_string().replace('\'', "''");
        let settings = format!(
            "{original}\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{socket_folder}'\n\
             max_connections = 400\nmax_wal_size = '512MB'\nshared_buffers = '64MB'\n"
        );
        fs::write(&configuration, settings).context("failed to write postgresql.conf")?;
        let mut command = account.command(binaries.join("pg_ctl"), folder);
        command.arg("-D").arg(folder.join("data")).arg("-l").arg(folder.join("log"));
        command.args(["-w", "-t", "60", "start"]);
        match run(command, "pg_ctl start") {
            Ok(()) => return Ok(port),
            Err(error) => last_error = Some(error),
        }
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    match last_error {
        Some(error) => Err(error.context(format!("failed to start PostgreSQL; its log says:\n{log}"))),
        None => bail!("failed to start PostgreSQL"),
    }
}

fn watch(binaries: &Path, account: Account, folder: &Path) -> Result<()> {
    let mut command = account.command("sh", Path::new("/"));
    command.args(["-c", WATCHER, "watcher"]).arg(folder).arg(binaries);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().context("failed to start the watcher of the cluster")?;
    Ok(())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("failed to find a free port")?;
    Ok(listener.local_addr().context("failed to find a free port")?.port())
}

/// The free room of a file system, zero where it cannot be told. `df -P` prints it as the fourth column.
fn free_kilobytes(folder: &Path) -> u64 {
    let Ok(output) = Command::new("df").arg("-Pk").arg(folder).output() else { return 0 };
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    let available = table.lines().nth(1).and_then(|line| line.split_whitespace().nth(3));
    available.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Runs to the end. Output goes to a file, not a pipe: a started server would hold the pipe open for ever.
fn run(mut command: Command, name: &str) -> Result<()> {
    let output = tempfile::tempfile().context("failed to make a file for output")?;
    let share = || output.try_clone().context("failed to share the file for output");
    let status = command.stdout(share()?).stderr(share()?).status();
    let status = status.with_context(|| format!("failed to run {name}"))?;
    if !status.success() {
        let text = read_back(output).unwrap_or_default();
        bail!("{name} ended with {status}:\n{text}");
    }
    Ok(())
}

fn read_back(mut file: fs::File) -> std::io::Result<String> {
    use std::io::{Read, Seek};
    file.rewind()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}
