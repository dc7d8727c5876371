//! The fetcher.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER, USER_AGENT,
};
use http_body_util::Empty;
use hyper::body::Incoming;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use url::Url;

use super::body::{next, unpack, whole};
use super::pace::Turns;
use super::transport::Transport;
use super::{
    Answer, Archive, ContentHash, FetchError, FileAnswer, Found, Marks, Request, Retries, Sink, SourceKey,
    SourceLimits, Surroundings, retry_after,
};
use crate::read::{Limits, ReadError, check_depth, decode};

/// Letters of a refusal that are kept.
const BEGINNING: usize = 200;

/// The most bytes of an answer that refuses; the rest is not read.
const REFUSAL_BYTES: u64 = 64 * 1024;

/// How a fetcher behaves.
#[derive(Debug, Clone)]
pub struct FetcherSettings {
    /// Who asks, with an address to write to: `Tildel/0.1 (+https://…; post@…)`.
    pub user_agent: String,
    /// For a connection.
    pub connect: Duration,
    /// For the head of an answer, and between two parts of it.
    pub silence: Duration,
    /// For one attempt at an answer, from its beginning to its end.
    pub answer: Duration,
    /// For one attempt at a file.
    pub file: Duration,
    /// How much of an answer is taken, packed and unpacked alike.
    pub limits: Limits,
    /// The most bytes of a file.
    pub file_bytes: u64,
    /// When to try again.
    pub retries: Retries,
    /// The most redirects, all within one host.
    pub redirects: u32,
    /// Limits of sources that differ from the others'.
    pub sources: BTreeMap<SourceKey, SourceLimits>,
}

impl FetcherSettings {
    /// Ten seconds for a connection, sixty for an answer, half an hour for a file of at most 2 GiB, and PxWeb's own limit.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            answer: Duration::from_mins(1),
            file: Duration::from_mins(30),
            limits: Limits::ANSWER,
            file_bytes: 2 * 1024 * 1024 * 1024,
            retries: Retries::default(),
            redirects: 5,
            sources: BTreeMap::from([(SourceKey::PXWEB, SourceLimits::PXWEB)]),
        }
    }
}

/// Fetches. It is shared by all who fetch, as the limits of a source are for all of them together.
pub struct Fetcher {
    settings: FetcherSettings,
    transport: Transport,
    surroundings: Arc<dyn Surroundings>,
    archive: Arc<dyn Archive>,
    turns: std::sync::Mutex<BTreeMap<SourceKey, Arc<Turns>>>,
}

impl Fetcher {
    /// Over TLS only, checked by the system's certificates.
    pub fn new(
        settings: FetcherSettings,
        surroundings: Arc<dyn Surroundings>,
        archive: Arc<dyn Archive>,
    ) -> Result<Self, FetchError> {
        let transport = Transport::tls(settings.connect)?;
        Ok(Self { settings, transport, surroundings, archive, turns: std::sync::Mutex::default() })
    }

    /// Without TLS, for stubs on the same machine.
    pub fn plain(
        settings: FetcherSettings,
        surroundings: Arc<dyn Surroundings>,
        archive: Arc<dyn Archive>,
    ) -> Self {
        let transport = Transport::plain(settings.connect);
        Self { settings, transport, surroundings, archive, turns: std::sync::Mutex::default() }
    }

    /// Fetches an answer and archives it, unless it may tell of persons. What was asked for as JSON is JSON of allowed depth, at least by its beginning.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, FetchError> {
        let turns = self.turns_of(request.source);
        // The places are never closed.
        let _place = turns.places.acquire().await;
        let mut attempt = 1;
        loop {
            turns.keep_pace(&*self.surroundings).await;
            let tried = within(self.settings.answer, self.answer(request)).await;
            match tried {
                Ok(mut answer) => {
                    answer.attempts = attempt;
                    if answer.found == Found::Content && !request.of_persons {
                        self.archive.keep(answer.hash, &answer.body)?;
                    }
                    return Ok(answer);
                }
                Err(error) => self.wait_or_give_up(error, attempt).await?,
            }
            attempt += 1;
        }
    }

    /// Fetches a file into a sink as it is, packed or not. The sink is emptied before each attempt.
    pub async fn fetch_file(&self, request: &Request, sink: &mut dyn Sink) -> Result<FileAnswer, FetchError> {
        let turns = self.turns_of(request.source);
        let _place = turns.places.acquire().await;
        let mut attempt = 1;
        loop {
            turns.keep_pace(&*self.surroundings).await;
            let tried = within(self.settings.file, self.file(request, sink)).await;
            match tried {
                Ok(mut answer) => {
                    answer.attempts = attempt;
                    return Ok(answer);
                }
                Err(error) => self.wait_or_give_up(error, attempt).await?,
            }
            attempt += 1;
        }
    }

    async fn wait_or_give_up(&self, error: FetchError, attempt: u32) -> Result<(), FetchError> {
        let random = self.surroundings.random();
        let wait = self.settings.retries.wait_after(attempt, error.retry_after(), random);
        match wait.filter(|_| error.may_pass()) {
            Some(wait) => {
                self.surroundings.wait(wait).await;
                Ok(())
            }
            None => Err(error),
        }
    }

    async fn answer(&self, request: &Request) -> Result<Answer, FetchError> {
        let response = self.follow(request, "gzip").await?;
        let (found, mut response) = self.judge(response).await?;
        let most = self.settings.limits.bytes;
        let limit = request.bytes_max.map_or(most, |bytes_max| bytes_max.min(most)) as u64;
        let packed = whole(response.body_mut(), limit, self.settings.silence).await?;
        let headers = response.headers();
        let body = unpack(packed, text(headers, &CONTENT_ENCODING).as_deref(), limit)?;
        if request.wants_json() && found == Found::Content {
            check_json(&body, self.settings.limits)?;
        }
        Ok(Answer {
            found,
            hash: ContentHash::of(&body),
            body,
            marks: marks(headers),
            content_type: text(headers, &CONTENT_TYPE),
            fetched_at: self.surroundings.now(),
            attempts: 1,
        })
    }

    async fn file(&self, request: &Request, sink: &mut dyn Sink) -> Result<FileAnswer, FetchError> {
        sink.begin()?;
        let response = self.follow(request, "identity").await?;
        let (found, mut response) = self.judge(response).await?;
        let (mut hasher, mut bytes) = (Sha256::new(), 0_u64);
        if found == Found::Content {
            let limit = self.settings.file_bytes;
            while let Some(part) = next(response.body_mut(), self.settings.silence).await? {
                bytes += part.len() as u64;
                if bytes > limit {
                    return Err(FetchError::TooLarge { limit });
                }
                hasher.update(&part);
                sink.take(&part)?;
            }
            sink.end()?;
        }
        Ok(FileAnswer {
            found,
            bytes,
            hash: ContentHash::finish(hasher),
            marks: marks(response.headers()),
            fetched_at: self.surroundings.now(),
            attempts: 1,
        })
    }

    /// Sends the request, and again to where it is redirected within the same host.
    async fn follow(&self, request: &Request, packing: &str) -> Result<http::Response<Incoming>, FetchError> {
        let mut url = request.url.clone();
        for _ in 0..=self.settings.redirects {
            if url.scheme() != self.transport.scheme() || url.host_str().is_none() {
                return Err(FetchError::Address(url.to_string()));
            }
            let sent = self.transport.send(self.head(request, &url, packing)?);
            let response = timeout(self.settings.silence, sent)
                .await
                .map_err(|_| FetchError::TimedOut("no answer"))??;
            let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            let Some(location) = text(response.headers(), &LOCATION).filter(|_| is_redirect) else {
                return Ok(response);
            };
            let next = url.join(&location).map_err(|_| FetchError::RedirectElsewhere(location))?;
            if next.origin() != url.origin() {
                return Err(FetchError::RedirectElsewhere(next.host_str().unwrap_or_default().to_owned()));
            }
            url = next;
        }
        Err(FetchError::RedirectLoop)
    }

    fn head(
        &self,
        request: &Request,
        url: &Url,
        packing: &str,
    ) -> Result<http::Request<Empty<hyper::body::Bytes>>, FetchError> {
        let mut builder = http::Request::get(url.as_str())
            .header(USER_AGENT, &self.settings.user_agent)
            .header(ACCEPT, request.accept)
            .header(ACCEPT_ENCODING, packing);
        if let Some(etag) = &request.marks.etag {
            builder = builder.header(IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &request.marks.last_modified {
            builder = builder.header(IF_MODIFIED_SINCE, last_modified);
        }
        builder.body(Empty::new()).map_err(|_| FetchError::Address(url.to_string()))
    }

    /// What the status means; an error for all that is neither something nor nothing.
    async fn judge(
        &self,
        mut response: http::Response<Incoming>,
    ) -> Result<(Found, http::Response<Incoming>), FetchError> {
        let status = response.status().as_u16();
        let wanted = text(response.headers(), &RETRY_AFTER)
            .and_then(|header| retry_after(&header, self.surroundings.now()));
        match status {
            200..=299 => Ok((Found::Content, response)),
            304 => Ok((Found::Unchanged, response)),
            404 => Ok((Found::Nothing, response)),
            410 => Ok((Found::Gone, response)),
            406 => Err(FetchError::MediaType),
            429 => Err(FetchError::TooManyRequests { retry_after: wanted }),
            408 | 500..=599 => Err(FetchError::Unavailable { status, retry_after: wanted }),
            _ => {
                let body = whole(response.body_mut(), REFUSAL_BYTES, self.settings.silence).await;
                let body = body.unwrap_or_default();
                let (words, _) = decode(&body);
                Err(FetchError::Refused { status, beginning: words.trim().chars().take(BEGINNING).collect() })
            }
        }
    }

    fn turns_of(&self, source: SourceKey) -> Arc<Turns> {
        let limits = self.settings.sources.get(&source).copied().unwrap_or_default();
        // A panic elsewhere leaves the map whole: it is only added to.
        let mut turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(turns.entry(source).or_insert_with(|| Arc::new(Turns::new(limits))))
    }
}

async fn within<T>(
    time: Duration,
    attempt: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, FetchError> {
    timeout(time, attempt).await.map_err(|_| FetchError::TimedOut("the whole answer"))?
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn marks(headers: &HeaderMap) -> Marks {
    Marks { etag: text(headers, &ETAG), last_modified: text(headers, &LAST_MODIFIED) }
}

/// Whether it may be JSON: a page that tells people the service is closed comes with status 200 too.
fn check_json(body: &[u8], limits: Limits) -> Result<(), ReadError> {
    let (text, _) = decode(body);
    let text = text.trim_start();
    match text.as_bytes().first() {
        Some(b'{' | b'[') => check_depth(body, limits.depth),
        Some(_) => Err(ReadError::NotJson { line: 1, column: 1, beginning: text.chars().take(40).collect() }),
        None => Err(ReadError::CutShort { line: 1, column: 1 }),
    }
}
