//! Faults that an address asks for.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::server::Reply;

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Slow,
    Silent,
    Cut,
    TooMany,
    Broken,
    Charset,
    Giant,
    Deep,
    Bomb,
    Schema,
    Page,
    Redirect,
    Disorder,
}

const NAMES: [(&str, Fault); 13] = [
    ("slow", Fault::Slow),
    ("silent", Fault::Silent),
    ("cut", Fault::Cut),
    ("429", Fault::TooMany),
    ("500", Fault::Broken),
    ("charset", Fault::Charset),
    ("giant", Fault::Giant),
    ("deep", Fault::Deep),
    ("bomb", Fault::Bomb),
    ("schema", Fault::Schema),
    ("page", Fault::Page),
    ("redirect", Fault::Redirect),
    ("disorder", Fault::Disorder),
];

/// Which faults hold for a request, and how often each address was asked for.
#[derive(Default)]
pub(crate) struct Faults {
    asked: Mutex<HashMap<String, u32>>,
}

impl Faults {
    /// Splits `/fault/NAME:2,NAME/rest` into the faults that hold now and `/rest`; the name that is none of ours where there is such.
    pub(crate) fn of<'p>(&self, path: &'p str) -> Result<(Vec<Fault>, &'p str), &'p str> {
        let Some(below) = path.strip_prefix("/fault/") else { return Ok((Vec::new(), path)) };
        let (wanted, rest) = below.find('/').map_or((below, "/"), |end| below.split_at(end));
        let before = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let count = asked.entry(path.to_owned()).or_default();
            *count += 1;
            *count - 1
        };
        let mut holding = Vec::new();
        for word in wanted.split(',') {
            let (name, times) = word.split_once(':').unwrap_or((word, ""));
            let fault = NAMES.iter().find(|(known, _)| *known == name).ok_or(word)?.1;
            let times = if times.is_empty() { u32::MAX } else { times.parse().map_err(|_| word)? };
            if before < times {
                holding.push(fault);
            }
        }
        Ok((holding, rest))
    }
}

impl Fault {
    /// What becomes of a good reply.
    pub(crate) fn spoil(self, mut reply: Reply) -> Reply {
        match self {
            Self::Slow => Reply { pause: Some(Duration::from_millis(400)), ..reply },
            Self::Silent => Reply { silent: true, ..reply },
            Self::Cut => Reply { cut_at: Some(reply.body.len() / 2), ..reply },
            Self::TooMany => Reply::status(429).with("Retry-After", "1"),
            Self::Broken => Reply {
                body: br#"{"status":500,"error":"Internal Server Error","trace":"stub"}"#.to_vec(),
                ..Reply::json("")
            }
            .into_status(500),
            Self::Charset => {
                reply.headers = vec![("Content-Type", "application/json; charset=utf-8".into())];
                reply.body = latin1(&reply.body);
                reply
            }
            // Four gigabytes, one megabyte at a time.
            Self::Giant => Reply { repeated: 4096, ..Reply::json(vec![b' '; 1 << 20]) },
            Self::Deep => Reply::json("[".repeat(1 << 20)),
            Self::Bomb => Reply::json(gzip_of_blanks(256)).with("Content-Encoding", "gzip"),
            Self::Schema => {
                if let Ok(body) = serde_json::from_slice::<Value>(&reply.body) {
                    reply.body = renamed(body).to_string().into_bytes();
                }
                reply
            }
            Self::Page => Reply {
                status: 200,
                headers: vec![("Content-Type", "text/html".into())],
                body: b"<!doctype html><title>Stengt</title><p>Tjenesten er stengt for vedlikehold.".to_vec(),
                ..Reply::default()
            },
            Self::Redirect => Reply::status(302).with("Location", "http://elsewhere.example.org/"),
            // Feeds are mixed where they are made.
            Self::Disorder => reply,
        }
    }
}

impl Reply {
    fn into_status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// Text as a single-byte character set writes it, and a question mark for what that has no letter for.
fn latin1(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

/// So many megabytes of blanks, packed a thousandfold: one megabyte, packed once, as many times. Parts of a gzip file stand one after the other.
fn gzip_of_blanks(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Into memory, where nothing fails.
    let _ = encoder.write_all(&vec![b' '; 1 << 20]);
    encoder.finish().unwrap_or_default().repeat(megabytes)
}

/// As after a new version that nobody announced: numbers became objects.
fn renamed(value: Value) -> Value {
    match value {
        Value::Number(number) => json!({ "verdi": number }),
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, renamed(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_hold_as_often_as_is_asked() {
        let faults = Faults::default();
        let of = |path| faults.of(path);
        assert_eq!(of("/nsr/v4/enheter").unwrap(), (vec![], "/nsr/v4/enheter"), "nothing is asked for");
        assert_eq!(of("/fault/500:2,slow/a").unwrap(), (vec![Fault::Broken, Fault::Slow], "/a"));
        assert_eq!(of("/fault/500:2,slow/a").unwrap(), (vec![Fault::Broken, Fault::Slow], "/a"));
        assert_eq!(of("/fault/500:2,slow/a").unwrap(), (vec![Fault::Slow], "/a"));
        assert_eq!(of("/fault/500:2,slow/b").unwrap(), (vec![Fault::Broken, Fault::Slow], "/b"));
        assert_eq!(of("/fault/sloow/a").unwrap_err(), "sloow");
        assert_eq!(of("/fault/500:x/a").unwrap_err(), "500:x");
    }

    #[test]
    fn a_bomb_is_small() {
        assert!(gzip_of_blanks(8).len() < 10_000);
        assert_eq!(latin1("Hå – ø".as_bytes()), b"H\xe5 ? \xf8");
        assert_eq!(renamed(json!({"a": [1, "b"]})), json!({"a": [{"verdi": 1}, "b"]}));
    }
}
