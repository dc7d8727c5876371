//! The program while it runs.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::Setting;

/// Longer than any start on a busy machine; a start that takes longer has failed.
const START_MAX: Duration = Duration::from_mins(2);
/// What the contract with Compose allows the worker.
const STOP_MAX: Duration = Duration::from_mins(1);

/// A process that is killed when the test ends, however it ends.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    log: std::path::PathBuf,
}

impl Running {
    /// Starts the program. Its log goes to a file.
    pub(crate) fn start(setting: &Setting, arguments: &[&str]) -> Self {
        let log = setting.folder().join(format!("{}.log", arguments.first().unwrap_or(&"serve")));
        let mut command = setting.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let printed = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            printed.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines, log }
    }

    /// Everything that it prints up to the first line that begins like this.
    pub(crate) fn printed_until(&mut self, beginning: &str) -> Vec<String> {
        let deadline = Instant::now() + START_MAX;
        let mut printed: Vec<String> = Vec::new();
        while printed.last().is_none_or(|line| !line.starts_with(beginning)) {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => printed.push(line),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("no {beginning:?} in time: {printed:?}\n{}", self.log())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended before {beginning:?}: {printed:?}\n{}", self.log())
                }
            }
        }
        printed
    }

    /// The value of a field of the first log line (as JSON) that has this message.
    pub(crate) fn logged(&mut self, message: &str, field: &str) -> String {
        self.in_log(message, |line| {
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            (line["message"] == message).then(|| line[field].as_str().unwrap_or_default().to_owned())
        })
    }

    /// Waits for the first log line in which something is found.
    pub(crate) fn in_log<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + START_MAX;
        while Instant::now() < deadline {
            let ended = self.child.try_wait().unwrap();
            if let Some(found) = self.log().lines().find_map(&find) {
                return found;
            }
            assert!(ended.is_none(), "ended before {what:?}:\n{}", self.log());
            // Nothing tells of a new line in a file; the loop ends by its deadline.
            let _ = self.lines.recv_timeout(Duration::from_millis(5));
        }
        panic!("no {what:?} in time:\n{}", self.log());
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn stop(mut self, name: &str) -> ExitStatus {
        self.signal(name);
        // The output ends with the process, and a wait on it has a deadline.
        let deadline = Instant::now() + STOP_MAX;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(RecvTimeoutError::Timeout) => panic!("still there after SIG{name}:\n{}", self.log()),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
