//! A bare HTTP server of the same library, with the same number of threads: what nothing built on it can exceed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};

use super::WARM_UP;
use super::client::{self, Script};

/// The default of `server.threads`.
const THREADS: usize = 2;

/// Serves a word until killed.
pub(crate) fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").context("failed to find a free port")?;
    let address = listener.local_addr().context("failed to learn the address")?;
    let app = || App::new().route("/", web::get().to(async || HttpResponse::Ok().body("hello")));
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(app).workers(THREADS).listen(listener)?.run();
        println!("{address}");
        std::io::stdout().flush()?;
        server.await
    })?;
    Ok(())
}

/// The server as a process of its own, as the program is one; killed when dropped.
pub(super) struct Hello {
    child: Child,
    address: String,
}

impl Hello {
    /// Starts it.
    pub(super) fn start() -> Result<Self> {
        let program = std::env::current_exe().context("failed to find this program")?;
        let mut child = Command::new(program)
            .arg("hello")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the bare server")?;
        let output = child.stdout.take();
        // From here on the drop of `hello` ends the child, however this function returns.
        let mut hello = Self { child, address: String::new() };
        let output = output.context("failed to read from the bare server")?;
        BufReader::new(output)
            .read_line(&mut hello.address)
            .context("failed to read from the bare server")?;
        hello.address.truncate(hello.address.trim_end().len());
        Ok(hello)
    }

    /// Where it is.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        self.child.kill().and_then(|()| self.child.wait().map(drop)).unwrap_or_default();
    }
}

/// The same request on each connection.
pub(super) fn scripts(connections: u32, count: usize) -> Vec<Script> {
    let share = count / usize::try_from(connections).unwrap_or(usize::MAX);
    (0..connections).map(|_| Script::repeat(client::get("/", "none"), share + WARM_UP)).collect()
}
