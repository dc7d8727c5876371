//! A small HTTP server that answers by a function, on a thread for each connection, and can fail in every way.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a request said.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Path and query, as asked.
    pub path: String,
    /// Headers, as written.
    pub headers: Vec<(String, String)>,
    /// The body; at most one megabyte is taken.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers besides the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How often the body is sent, one after the other: a giant without the memory for it. Zero is once.
    pub repeated: u32,
    /// Sends only so much of the body and hangs up.
    pub cut_at: Option<usize>,
    /// Waits this long between parts of the body.
    pub pause: Option<Duration>,
    /// Says nothing and stays.
    pub silent: bool,
}

impl Reply {
    /// A good answer in JSON.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type", "application/json".into())],
            body: body.into(),
            ..Self::default()
        }
    }

    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// With a header more.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

type Answer = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

/// A running server. It ends with the process.
pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Starts on a free port of this host and keeps what is asked; `answer` gets each request and how many came before it.
    ///
    /// # Errors
    /// What the system says of the port.
    pub fn start(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let log = Arc::clone(&asked);
        std::thread::spawn(move || listen(&listener, &(Arc::new(answer) as Arc<Answer>), Some(&log)));
        Ok(Self { address, asked })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Serves at an address for ever; `ready` is told where it listens.
///
/// # Errors
/// What the system says of the address.
pub fn serve(
    at: impl ToSocketAddrs,
    answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind(at)?;
    ready(listener.local_addr()?);
    listen(&listener, &(Arc::new(answer) as Arc<Answer>), None);
    Ok(())
}

fn listen(listener: &TcpListener, answer: &Arc<Answer>, log: Option<&Arc<Mutex<Vec<Asked>>>>) {
    let count = Arc::new(Mutex::new(0_usize));
    for stream in listener.incoming().flatten() {
        let (answer, log, count) = (Arc::clone(answer), log.map(Arc::clone), Arc::clone(&count));
        std::thread::spawn(move || {
            let place = |asked: &Asked| {
                if let Some(log) = &log {
                    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
                }
                let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
                *count += 1;
                *count - 1
            };
            // The other side hung up, or sent what is no request: there is nobody to tell.
            let _ = converse(&stream, &*answer, place);
        });
    }
}

fn converse(stream: &TcpStream, answer: &Answer, place: impl Fn(&Asked) -> usize) -> io::Result<()> {
    // Answers are small and awaited: without this each waits for the acknowledgement of the one before it.
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader)? {
        let reply = answer(&asked, place(&asked));
        if reply.silent {
            // Until the other side hangs up.
            reader.read_line(&mut String::new())?;
            return Ok(());
        }
        if !send(stream, &reply, asked.method == "HEAD")? {
            return Ok(());
        }
    }
    Ok(())
}

fn read(reader: &mut impl BufRead) -> io::Result<Option<Asked>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let mut words = lines.first().map(|line| line.split(' ')).into_iter().flatten();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (method, path) = (word(), word());
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut asked = Asked { method, path, headers, body: Vec::new() };
    let length: u64 = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length.min(1 << 20)).read_to_end(&mut asked.body)?;
    Ok(Some(asked))
}

/// Tells whether the connection goes on.
fn send(mut writer: &TcpStream, reply: &Reply, head_only: bool) -> io::Result<bool> {
    let times = reply.repeated.max(1);
    let length = reply.body.len() as u64 * u64::from(times);
    let mut head = format!("HTTP/1.1 {} Stub\r\nContent-Length: {length}\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    let body = &reply.body[..reply.cut_at.unwrap_or(reply.body.len()).min(reply.body.len())];
    if head_only {
        writer.write_all(&head)?;
        return Ok(true);
    }
    if let Some(pause) = reply.pause {
        writer.write_all(&head)?;
        for part in body.chunks((body.len() / 8).max(1)) {
            wait(pause);
            writer.write_all(part)?;
        }
    } else {
        // Head and body in one go, so that a small answer is one packet.
        head.extend_from_slice(body);
        writer.write_all(&head)?;
        for _ in 1..times {
            writer.write_all(body)?;
        }
    }
    if reply.cut_at.is_some() {
        writer.shutdown(Shutdown::Both)?;
        return Ok(false);
    }
    Ok(true)
}

#[expect(clippy::disallowed_methods, reason = "being slow is what is asked for")]
fn wait(pause: Duration) {
    std::thread::sleep(pause);
}
