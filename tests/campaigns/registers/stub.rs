//! The registers' stub as a process of its own.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tildel_test_support::TestRandom;

use crate::program::free_port;

/// Longer than it takes to make up all units.
const START_MAX: Duration = Duration::from_mins(1);

/// A running stub; it ends with this.
pub(crate) struct RunningStub {
    process: Child,
    base: String,
}

impl RunningStub {
    /// Starts it with made-up units and entries, and waits until it answers.
    pub(crate) async fn start(
        program: &Path,
        units: u32,
        entries: u32,
        seed: u64,
        random: &TestRandom,
    ) -> Result<Self> {
        let port = free_port(random)?;
        let arguments = [
            ("--port", port.to_string()),
            ("--units", units.to_string()),
            ("--entries", entries.to_string()),
            ("--seed", seed.to_string()),
        ];
        let mut command = Command::new(program);
        for (name, value) in arguments {
            command.args([name, &value]);
        }
        let process = command.stdout(Stdio::null()).spawn().context("failed to start the stub")?;
        let mut stub = Self { process, base: format!("http://127.0.0.1:{port}") };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = stub.process.try_wait().context("failed to look after the stub")?;
            if ended.is_some() || begun.elapsed() > START_MAX {
                bail!("the stub does not answer");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(stub)
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for RunningStub {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        self.process.kill().and_then(|()| self.process.wait().map(drop)).unwrap_or_default();
    }
}
