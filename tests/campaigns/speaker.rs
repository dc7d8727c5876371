//! Somebody who speaks HTTP to the program, which may be down.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::Value;

/// Longer than any answer of a program that lives.
const ANSWER_MAX: Duration = Duration::from_secs(15);
/// Entries of a list at a time: the most that the contract allows.
const PAGE: usize = 200;
/// More pages than any campaign fills.
const PAGES_MAX: usize = 2_000;

/// A token and where to use it.
#[derive(Clone)]
pub(crate) struct Speaker {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// A request that can be sent again as it was.
#[derive(Clone)]
pub(crate) struct Request {
    /// From the first slash.
    pub(crate) path: String,
    /// The idempotency key, where the operation takes one.
    pub(crate) key: Option<String>,
    /// The entity tag that the write is based on.
    pub(crate) based_on: Option<String>,
    /// The body; null for none.
    pub(crate) body: Value,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// Status.
    pub(crate) status: u16,
    /// The entity tag.
    pub(crate) tag: String,
    /// The body.
    pub(crate) body: Value,
}

impl Heard {
    /// The text of a field.
    pub(crate) fn text(&self, field: &str) -> Result<String> {
        let text = self.body[field].as_str();
        text.map(str::to_owned).with_context(|| format!("failed to find `{field}` in {}", self.body))
    }

    /// This answer, if it is a good one.
    pub(crate) fn well(self, asked: &str) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        bail!("{asked} was answered with {}: {}", self.status, self.body)
    }
}

impl Speaker {
    /// The bearer of a token.
    pub(crate) fn new(base: &str, token: String) -> Result<Self> {
        let http =
            reqwest::Client::builder().timeout(ANSWER_MAX).build().context("failed to make requests")?;
        Ok(Self { http, base: base.to_owned(), token })
    }

    /// Another token at the same place.
    pub(crate) fn with_token(&self, token: String) -> Self {
        Self { token, ..self.clone() }
    }

    /// The token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Reads one thing.
    pub(crate) async fn get(&self, path: &str) -> Result<Heard> {
        self.ask(Method::GET, path, None, None, &Value::Null).await?.well(path)
    }

    /// Reads a whole list, page by page.
    pub(crate) async fn list(&self, path: &str) -> Result<Vec<Value>> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let mut page = self.get(&format!("{path}{joint}limit={PAGE}{cursor}")).await?.body;
            match page["items"].take() {
                Value::Array(found) => items.extend(found),
                other => bail!("{path} is no list: {other}"),
            }
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(items),
            }
        }
        bail!("{path} has no end")
    }

    /// Sends a write once. An error means that it is not known whether it was done.
    pub(crate) async fn post(&self, request: &Request) -> Result<Heard> {
        let (key, based_on) = (request.key.as_deref(), request.based_on.as_deref());
        self.ask(Method::POST, &request.path, key, based_on, &request.body).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        based_on: Option<&str>,
        body: &Value,
    ) -> Result<Heard> {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(tag) = based_on {
            request = request.header("If-Match", tag);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.with_context(|| format!("failed to ask {path}"))?;
        let status = answer.status().as_u16();
        let tag =
            answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        let text = answer.text().await.with_context(|| format!("failed to hear the answer to {path}"))?;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        Ok(Heard { status, tag, body })
    }
}
