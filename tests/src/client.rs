//! An actor who speaks HTTP.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use serde_json::Value;

static KEYS: AtomicU64 = AtomicU64::new(1);

/// An actor: a token, or none.
#[derive(Clone, Debug)]
pub struct Client {
    base: String,
    secret: Option<String>,
    http: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// What was asked, for messages.
    pub asked: String,
}

impl Client {
    /// An actor with a token, or without.
    #[expect(clippy::disallowed_methods, reason = "tests speak to their own server on this machine")]
    pub fn new(base: &str, secret: Option<String>) -> Self {
        Self { base: base.to_owned(), secret, http: reqwest::Client::new() }
    }

    /// The token.
    pub fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    /// POST with a fresh idempotency key.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        let key = fresh_key();
        self.send(Method::POST, path, Some(body), &[("Idempotency-Key", &key)]).await
    }

    /// POST without a key.
    pub async fn post_without_key(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Reads the thing at `resource` for its `ETag`, and then acts on it: `act("/v1/rounds/1", "opening", …)`.
    pub async fn act(&self, resource: &str, action: &str, body: Option<&Value>) -> Reply {
        self.act_with(Method::POST, resource, &format!("{resource}/{action}"), body).await
    }

    /// Reads the thing at `resource` for its `ETag`, and then writes it whole.
    pub async fn put(&self, resource: &str, body: &Value) -> Reply {
        self.act_with(Method::PUT, resource, resource, Some(body)).await
    }

    /// Reads the thing at `resource` for its `ETag`, and then asks `method` of `path`.
    pub async fn act_with(&self, method: Method, resource: &str, path: &str, body: Option<&Value>) -> Reply {
        let read = self.get(resource).await;
        let tag = read.header("etag").unwrap_or("\"1-0000000000000000\"").to_owned();
        let key = fresh_key();
        let mut headers = vec![("If-Match", tag.as_str())];
        if method == Method::POST {
            headers.push(("Idempotency-Key", &key));
        }
        self.send(method, path, body, &headers).await
    }

    /// Any request.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let asked = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(secret) = &self.secret {
            request = request.bearer_auth(secret);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{asked}: {error}"));
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{asked}: {error}")).to_vec();
        Reply { status, headers, body, asked }
    }
}

fn fresh_key() -> String {
    format!("test-key-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

impl Reply {
    /// Stops the test, with the whole answer, unless the status is this.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, String::from_utf8_lossy(&self.body));
        self
    }

    /// Stops the test unless this is a problem with this status and code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let reply = self.expect_status(status);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.asked);
        assert_eq!(reply.text("/code"), code, "{}: {}", reply.asked, reply.json());
        reply
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{}: {error}: {}", self.asked, String::from_utf8_lossy(&self.body))
        })
    }

    /// The value at a JSON pointer, null if there is none.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let value = self.at(pointer);
        value.as_str().unwrap_or_else(|| panic!("{}: no text at {pointer}: {value}", self.asked)).to_owned()
    }

    /// The id of the thing.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("/id")
    }
}
