//! The service: who asks, in which transaction, and what becomes of it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tildel_domain::Actor;
use tildel_storage::idempotency::{self, Claim, KeyedRequest, SavedResponse};
use tildel_storage::jobs::NewJob;
use tildel_storage::{Db, Finish, Store};
use tokio::sync::{Notify, Semaphore};

use crate::ambient::{Clock, Randomness};
use crate::context::Context;
use crate::failure::{Failure, Outcome};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Nobody in particular.
    Anonymous,
    /// The bearer of a personal access token.
    Token(String),
    /// The worker or the operator's command line: not reachable over HTTP.
    Internal(Actor),
}

impl Credentials {
    /// A name for limits and idempotency keys that tells nothing of the token itself.
    pub fn caller(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Token(token) => token_hash(token),
            Self::Internal(actor) => actor.role.as_str().to_owned(),
        }
    }
}

/// The hash under which a token is kept. Tokens hold 256 random bits, so a plain hash can not be searched back.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A key that makes retries of one request safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: String,
    /// Method and path with query.
    pub operation: String,
    /// Hash of the body: the same key with another body or operation is refused.
    pub request_hash: String,
}

/// How a write is to be done.
#[derive(Clone, Debug)]
pub struct Write {
    /// Who asks.
    pub credentials: Credentials,
    /// The key, if the caller gave one.
    pub idempotency: Option<Idempotency>,
    /// Whether to undo everything after the answer is known.
    pub dry_run: bool,
}

impl Write {
    /// A plain write of the worker or the command line.
    pub fn internal(actor: Actor) -> Self {
        Self { credentials: Credentials::Internal(actor), idempotency: None, dry_run: false }
    }
}

/// An answer as it goes over the wire, so that a replay is the same to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer's own, such as `ETag` and `Location`.
    pub headers: Vec<(String, String)>,
    /// JSON text; empty for none.
    pub body: String,
}

/// What a service is made of.
pub struct ServiceParts {
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub randomness: Arc<dyn Randomness>,
    /// The key of the journal's fingerprints.
    pub journal_key: Vec<u8>,
    /// How many database calls may run at a time; the rest wait without holding a thread.
    pub concurrent_calls: usize,
}

struct Inner {
    parts: ServiceParts,
    slots: Semaphore,
    wake: Notify,
    running_keys: Mutex<HashSet<(String, String)>>,
}

/// The door to all use cases; cloning is cheap.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

impl Service {
    /// Makes a service of its parts.
    pub fn new(parts: ServiceParts) -> Self {
        let slots = Semaphore::new(parts.concurrent_calls);
        Self(Arc::new(Inner { parts, slots, wake: Notify::new(), running_keys: Mutex::new(HashSet::new()) }))
    }

    /// The present instant.
    pub fn now(&self) -> jiff::Timestamp {
        self.0.parts.clock.now()
    }

    /// The database, for start-up and health checks.
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// A number below a bound, for pauses that should not fall together.
    pub fn random_below(&self, bound: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        self.0.parts.randomness.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound.max(1)
    }

    /// Waits until this process has put work into the queue. Work of other processes is found by polling.
    pub async fn work_enqueued(&self) {
        self.0.wake.notified().await;
    }

    /// Reads in one transaction.
    pub async fn read<T: Send + 'static>(
        &self,
        credentials: Credentials,
        body: impl FnOnce(&mut Context<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.blocking(move |service| service.read_blocking(&credentials, body)).await
    }

    /// Writes in one transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        write: Write,
        body: impl FnMut(&mut Context<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.blocking(move |service| service.write_blocking(&write, body)).await
    }

    /// Writes in one transaction and keeps the answer under the caller's key, if there is one: the first request has the
    /// effect, the copies get its answer.
    pub async fn answer(
        &self,
        write: Write,
        mut body: impl FnMut(&mut Context<'_>) -> Outcome<Answer> + Send + 'static,
    ) -> Outcome<Answer> {
        let Some(idempotency) = write.idempotency.clone() else { return self.write(write, body).await };
        let caller = write.credentials.caller();
        let running = RunningKey::begin(&self.0, &caller, &idempotency.key)?;
        self.blocking(move |service| {
            let _running = running;
            let dry_run = write.dry_run;
            service.write_blocking(&write, |context| {
                let request = KeyedRequest {
                    caller: &caller,
                    key: &idempotency.key,
                    operation: &idempotency.operation,
                    request_hash: &idempotency.request_hash,
                };
                match idempotency::claim(context.db, &request)? {
                    Claim::Replay(saved) => return Answer::replay(saved),
                    Claim::Mismatch => return Err(Failure::KeyReused),
                    Claim::Running => return Err(Failure::KeyInProgress),
                    Claim::Fresh => {}
                }
                let answer = body(context)?;
                // A dry run has no effect, so there is nothing that a retry could double.
                if !dry_run {
                    idempotency::save(context.db, &request, &answer.keep()?, context.now)?;
                }
                Ok(answer)
            })
        })
        .await
    }

    /// Reads in one transaction, on the calling thread.
    pub fn read_blocking<T>(
        &self,
        credentials: &Credentials,
        body: impl FnOnce(&mut Context<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let parts = &self.0.parts;
        let now = parts.clock.now();
        parts.store.read(|db| {
            let actor = actor_of(db, credentials, now)?;
            body(&mut Context::new(db, now, actor, &*parts.randomness, &parts.journal_key))
        })
    }

    /// Writes in one transaction, on the calling thread.
    pub fn write_blocking<T>(
        &self,
        write: &Write,
        mut body: impl FnMut(&mut Context<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let parts = &self.0.parts;
        let now = parts.clock.now();
        let (mut enqueued, mut left) = (false, Vec::new());
        let written = parts.store.write(|db| {
            left.clear();
            let actor = actor_of(db, &write.credentials, now)?;
            let context = Context::new(db, now, actor, &*parts.randomness, &parts.journal_key);
            let mut context = context.dry_run(write.dry_run);
            let value = match body(&mut context) {
                Ok(value) => value,
                Err(failure) => {
                    left = context.left_if_refused();
                    return Err(failure);
                }
            };
            enqueued = context.finish()?;
            Ok::<_, Failure>(if write.dry_run { Finish::Rollback(value) } else { Finish::Commit(value) })
        });
        if written.is_ok() && enqueued && !write.dry_run {
            self.0.wake.notify_one();
        }
        if matches!(written, Err(Failure::Refused(_))) && !left.is_empty() {
            self.enqueue_left(&left, now);
        }
        written
    }

    /// Puts work into the queue that was asked for in a transaction that was refused. The refusal is the answer all the same.
    fn enqueue_left(&self, left: &[NewJob], now: jiff::Timestamp) {
        let enqueued = self.0.parts.store.write(|db| {
            for job in left {
                tildel_storage::jobs::enqueue(db, job, now)?;
            }
            Ok::<_, Failure>(Finish::Commit(()))
        });
        match enqueued {
            Ok(()) => self.0.wake.notify_one(),
            Err(error) => tracing::warn!(%error, "failed to enqueue what mends a refusal"),
        }
    }

    /// Runs database work on a thread of its own, a limited number at a time.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let _slot = self.0.slots.acquire().await.map_err(|_| Failure::Interrupted)?;
        let service = self.clone();
        tokio::task::spawn_blocking(move || work(&service)).await.map_err(|error| {
            tracing::error!(error = %error, "a use case stopped in the middle");
            Failure::Interrupted
        })?
    }
}

/// Finds out who is asking.
fn actor_of(db: &mut Db, credentials: &Credentials, now: jiff::Timestamp) -> Outcome<Actor> {
    match credentials {
        Credentials::Anonymous => Ok(Actor::PUBLIC),
        Credentials::Internal(actor) => Ok(actor.clone()),
        Credentials::Token(token) => tildel_storage::access_tokens::find_by_hash(db, &token_hash(token))?
            .filter(|(token, _)| token.is_valid(now))
            .map(|(token, person)| Actor::from_token(&token, &person))
            .ok_or(Failure::Unauthenticated),
    }
}

/// Marks a key as running in this process, until dropped. Between processes the database tells.
struct RunningKey {
    inner: Arc<Inner>,
    key: (String, String),
}

impl RunningKey {
    fn begin(inner: &Arc<Inner>, caller: &str, key: &str) -> Outcome<Self> {
        let key = (caller.to_owned(), key.to_owned());
        let mut running = inner.running_keys.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(key.clone()) {
            return Err(Failure::KeyInProgress);
        }
        Ok(Self { inner: Arc::clone(inner), key })
    }
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.inner.running_keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Answer {
    fn replay(saved: SavedResponse) -> Outcome<Self> {
        Ok(Self { status: saved.status, headers: serde_json::from_value(saved.headers)?, body: saved.body })
    }

    fn keep(&self) -> Outcome<SavedResponse> {
        let headers = serde_json::to_value(&self.headers)?;
        Ok(SavedResponse { status: self.status, headers, body: self.body.clone() })
    }
}
