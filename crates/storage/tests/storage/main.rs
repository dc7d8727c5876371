//! Contract tests of the storage crate: the same list on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod columns;
mod entities;
mod idempotency;
mod jobs;
mod jobs_leases;
mod journal;
mod migrations;
mod open;
mod register_units;
mod sources;
mod transactions;

use jiff::{SignedDuration, Timestamp};
use tildel_storage::{Db, Finish, StorageError, Store};
use uuid::Uuid;

/// The instant at which every test begins.
fn start() -> Timestamp {
    "2026-11-01T08:00:00.000001Z".parse().unwrap()
}

/// That many seconds after the start.
fn after(seconds: i64) -> Timestamp {
    start().checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

/// The nth id; ids sort as their numbers do.
fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Runs one storage function in a write transaction of its own.
fn write<T>(store: &Store, mut body: impl FnMut(&mut Db) -> Result<T, StorageError>) -> T {
    try_write(store, &mut body).unwrap()
}

fn try_write<T>(
    store: &Store,
    mut body: impl FnMut(&mut Db) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    store.write(|db| body(db).map(Finish::Commit))
}

fn read<T>(store: &Store, body: impl FnOnce(&mut Db) -> Result<T, StorageError>) -> T {
    store.read(body).unwrap()
}
