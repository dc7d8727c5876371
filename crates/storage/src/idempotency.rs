//! Saved answers, so that a request that is sent twice is done once.
//!
//! The caller claims the key first in the transaction that does the work, and saves the answer last in the same one.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::columns::{DbInstant, DbJson};
use crate::schema::foundation::idempotency_keys;
use crate::{Db, Place, StorageError};

diesel::define_sql_function! {
    /// Takes a lock that ends with the transaction, if it is free.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// A request with an idempotency key.
#[derive(Debug, Clone, Copy)]
pub struct KeyedRequest<'a> {
    /// Who asks; keys of different callers never meet.
    pub caller: &'a str,
    /// The key that the caller chose.
    pub key: &'a str,
    /// Method and path.
    pub operation: &'a str,
    /// Hash of the body.
    pub request_hash: &'a str,
}

/// An answer to give again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers to repeat, as a JSON object.
    pub headers: Value,
    /// Body.
    pub body: String,
}

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Do it, and save the answer.
    Fresh,
    /// It was done: give this answer again.
    Replay(SavedResponse),
    /// The key was used for another request.
    Mismatch,
    /// The same request is being done at this moment.
    Running,
}

/// Claims a key for this transaction.
///
/// In `SQLite` a request that is being done holds the write transaction, so the second one waits and then replays; in
/// `PostgreSQL` the second one sees [`Claim::Running`] at once.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn claim(db: &mut Db, request: &KeyedRequest<'_>) -> Result<Claim, StorageError> {
    if let Db::Postgres(connection) = db {
        let free: bool =
            diesel::select(pg_try_advisory_xact_lock(lock_key(request))).get_result(connection)?;
        if !free {
            return Ok(Claim::Running);
        }
    }
    let saved: Option<(String, String, i64, DbJson, String)> = idempotency_keys::table
        .filter(idempotency_keys::caller.eq(request.caller))
        .filter(idempotency_keys::key.eq(request.key))
        .select((
            idempotency_keys::operation,
            idempotency_keys::request_hash,
            idempotency_keys::status,
            idempotency_keys::headers,
            idempotency_keys::body,
        ))
        .first(db)
        .optional()?;
    let Some((operation, request_hash, status, DbJson(headers), body)) = saved else {
        return Ok(Claim::Fresh);
    };
    if operation != request.operation || request_hash != request.request_hash {
        return Ok(Claim::Mismatch);
    }
    let status = Place::new("idempotency_keys", request.key, "status").number(status)?;
    Ok(Claim::Replay(SavedResponse { status, headers, body }))
}

/// Saves the answer to a request whose claim was [`Claim::Fresh`], in the same transaction.
///
/// # Errors
/// [`StorageError::UniqueViolation`] where the key was not claimed and another has used it.
#[tracing::instrument(level = "debug", skip_all)]
pub fn save(
    db: &mut Db,
    request: &KeyedRequest<'_>,
    response: &SavedResponse,
    now: Timestamp,
) -> Result<(), StorageError> {
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::caller.eq(request.caller),
            idempotency_keys::key.eq(request.key),
            idempotency_keys::operation.eq(request.operation),
            idempotency_keys::request_hash.eq(request.request_hash),
            idempotency_keys::status.eq(i64::from(response.status)),
            idempotency_keys::headers.eq(DbJson(response.headers.clone())),
            idempotency_keys::body.eq(&response.body),
            idempotency_keys::created_at.eq(DbInstant(now)),
        ))
        .execute(db)?;
    StorageError::expect_rows("idempotency_keys", 1, inserted)
}

/// Forgets answers saved before an instant and returns how many.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn purge(db: &mut Db, before: Timestamp) -> Result<usize, StorageError> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(DbInstant(before)));
    Ok(diesel::delete(old).execute(db)?)
}

/// The first eight bytes of a hash over caller and key; the length keeps the two apart.
fn lock_key(request: &KeyedRequest<'_>) -> i64 {
    let text = format!("idempotency:{}:{}:{}", request.caller.len(), request.caller, request.key);
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}
