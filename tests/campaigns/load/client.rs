//! A client that costs little: requests are made up beforehand, one thread and one kept-alive connection each.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::sample::Sample;

/// Longer than any answer of a server that lives.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// No sample takes longer; what was done by then counts.
const SAMPLE_MAX: Duration = Duration::from_secs(30);
/// Larger than any answer that is measured.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What one connection sends.
#[derive(Clone, Debug)]
pub(super) struct Script {
    requests: Vec<Vec<u8>>,
    times: usize,
}

impl Script {
    /// Requests that differ, each sent once.
    pub(super) fn new(requests: Vec<Vec<u8>>) -> Self {
        Self { requests, times: 1 }
    }

    /// One request, sent again and again.
    pub(super) fn repeat(request: Vec<u8>, times: usize) -> Self {
        Self { requests: vec![request], times }
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.times).flat_map(|_| self.requests.iter().map(Vec::as_slice))
    }
}

/// A signed-in GET.
pub(super) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// A signed-in POST of JSON with a key.
pub(super) fn post(path: &str, token: &str, key: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Sends all scripts at the same time; the first requests of each warm up and do not count. Every answer must be a 200.
pub(super) fn drive(address: &str, scripts: &[Script], warm_up: usize) -> Result<Sample> {
    let start = Barrier::new(scripts.len());
    let start = &start;
    let stretches: Vec<Result<Stretch>> = thread::scope(|scope| {
        let spawn = |script| scope.spawn(move || run(address, script, warm_up, start));
        let threads: Vec<_> = scripts.iter().map(spawn).collect();
        let joined = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| Err(anyhow!("a thread of the client stopped in the middle")))
        });
        joined.collect()
    });
    sample_of(stretches.into_iter().collect::<Result<_>>()?)
}

/// What one connection, of whatever kind, did.
pub(super) struct Stretch {
    pub(super) begun: Instant,
    pub(super) ended: Instant,
    pub(super) latencies: Vec<u64>,
}

/// Puts together what several connections did at the same time.
pub(super) fn sample_of(stretches: Vec<Stretch>) -> Result<Sample> {
    let begun = stretches.iter().map(|stretch| stretch.begun).min().context("failed to use a connection")?;
    let ended = stretches.iter().map(|stretch| stretch.ended).max().unwrap_or(begun);
    let latencies = stretches.into_iter().flat_map(|stretch| stretch.latencies).collect();
    Ok(Sample::new(latencies, ended.duration_since(begun)))
}

/// Does something again and again, and notes how long each time took.
pub(super) fn time_each<T>(
    things: impl Iterator<Item = T>,
    mut act: impl FnMut(T) -> Result<()>,
) -> Result<Stretch> {
    let begun = Instant::now();
    let (mut ended, mut latencies) = (begun, Vec::new());
    for thing in things {
        let before = Instant::now();
        act(thing)?;
        ended = Instant::now();
        latencies.push(u64::try_from(ended.duration_since(before).as_micros())?);
        if ended.duration_since(begun) > SAMPLE_MAX {
            break;
        }
    }
    Ok(Stretch { begun, ended, latencies })
}

fn run(address: &str, script: &Script, warm_up: usize, start: &Barrier) -> Result<Stretch> {
    let connected = Connection::open(address);
    let warmed = connected.and_then(|mut connection| {
        script.iter().take(warm_up).try_for_each(|request| connection.ask(request))?;
        Ok(connection)
    });
    // The others wait here, so a failed connection must come here too.
    start.wait();
    let mut connection = warmed?;
    time_each(script.iter().skip(warm_up), |request| connection.ask(request))
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    fn open(address: &str) -> Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("failed to connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        Ok(Self { stream, buffer: Vec::with_capacity(ANSWER_BYTES_MAX) })
    }

    fn ask(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).context("failed to send a request")?;
        self.buffer.clear();
        loop {
            if let Some(answer) = Answer::read(&self.buffer)? {
                ensure!(self.buffer.len() == answer.length, "more came than one answer");
                ensure!(answer.status == 200, "answered: {}", String::from_utf8_lossy(&self.buffer));
                return Ok(());
            }
            ensure!(self.buffer.len() < ANSWER_BYTES_MAX, "the answer is too long");
            let mut chunk = [0; 8 * 1024];
            match self.stream.read(&mut chunk) {
                Ok(0) => bail!("the connection was closed in the middle of an answer"),
                Ok(count) => self.buffer.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("failed to read an answer"),
            }
        }
    }
}

/// The little of an answer that the client looks at.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    /// Bytes of head and body.
    length: usize,
}

impl Answer {
    /// None while it is not there as a whole.
    fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(head_length) = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4) else {
            return Ok(None);
        };
        let head =
            std::str::from_utf8(&bytes[..head_length]).context("failed to read the head of an answer")?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok());
        let body_length: usize = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .context("failed to find the length of an answer")?;
        let length = head_length + body_length;
        let status = status.context("failed to find the status of an answer")?;
        Ok((bytes.len() >= length).then_some(Self { status, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn an_answer_is_read_when_it_is_whole() {
        let whole = b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(Answer::read(whole).unwrap(), Some(Answer { status: 200, length: whole.len() }));
        for end in 0..whole.len() {
            assert_eq!(Answer::read(&whole[..end]).unwrap(), None, "{end}");
        }
        assert!(Answer::read(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
