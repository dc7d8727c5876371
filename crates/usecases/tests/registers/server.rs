//! A server on this machine that answers by path and query.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), headers: Vec::new() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, body: Vec::new(), headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A running server. It ends with the process.
pub(crate) struct Server {
    pub(crate) base: url::Url,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts; `answer` gets the path with the query, and the lines of the request's head.
    pub(crate) fn start(answer: impl Fn(&url::Url, &[String]) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base: url::Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (own, log, answer) = (base.clone(), Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (own, log, answer) = (own.clone(), Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &own, &log, &*answer));
            }
        });
        Self { base, asked }
    }

    /// Paths that were asked for since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn serve(
    stream: TcpStream,
    base: &url::Url,
    log: &Mutex<Vec<String>>,
    answer: &dyn Fn(&url::Url, &[String]) -> Reply,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            match reader.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line.trim().is_empty() => break,
                Ok(_) => lines.push(line.trim().to_lowercase()),
            }
        }
        let path = lines[0].split(' ').nth(1).unwrap().to_owned();
        log.lock().unwrap().push(path.clone());
        let reply = answer(&base.join(&path).unwrap(), &lines);
        let mut head = format!("HTTP/1.1 {} Stub\r\nContent-Length: {}\r\n", reply.status, reply.body.len())
            .into_bytes();
        for (name, value) in &reply.headers {
            head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        if writer.write_all(&head).and_then(|()| writer.write_all(&reply.body)).is_err() {
            return;
        }
    }
}
