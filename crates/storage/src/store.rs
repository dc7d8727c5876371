//! The store: opening, and transactions.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{Pool, PooledConnection};

use crate::address::Address;
use crate::open::postgres::{self, PostgresSettings};
use crate::open::sqlite::{self, Access, SqliteSettings};
use crate::pool::{Manager, Member};
use crate::{Backend, Db, OpenError, StorageError};

/// How often a write is tried where `PostgreSQL` gives it up in favour of another.
const WRITE_ATTEMPTS: u32 = 5;

/// Pause after the first such attempt, in milliseconds; it grows with the square of the attempt.
const RETRY_PAUSE_MS: u64 = 5;

/// How to open a [`Store`].
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections at most; `SQLite` uses them for reading and one more for writing.
    pub pool_size: u32,
    /// How long to wait for a lock or a free connection, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Accept a server that may lose confirmed transactions, and do not sync `SQLite`. For tests only.
    pub allow_unsafe_durability: bool,
}

impl StoreOptions {
    /// Defaults for an address: eight connections, five seconds of patience, durable.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), pool_size: 8, busy_timeout_ms: 5_000, allow_unsafe_durability: false }
    }
}

/// How a write ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish<T> {
    /// Keep what was written.
    Commit(T),
    /// Undo what was written and return the value all the same, as a dry run does.
    Rollback(T),
}

/// A database, ready for transactions. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    readers: Pool<Manager>,
    writers: Pool<Manager>,
}

impl Store {
    /// Opens a database and checks that it is whole and durable; creates a `SQLite` file that is not there.
    ///
    /// # Errors
    /// Says in a sentence what the operator must do.
    pub fn open(options: &StoreOptions) -> Result<Self, OpenError> {
        let patience = Duration::from_millis(u64::from(options.busy_timeout_ms));
        match Address::parse(&options.url)? {
            Address::Sqlite(path) => {
                let settings = SqliteSettings {
                    path,
                    busy_timeout_ms: options.busy_timeout_ms,
                    synchronous: !options.allow_unsafe_durability,
                };
                sqlite::prepare(&settings)?;
                // One writer queues writes inside the process, which is fairer and quicker than SQLite's polling.
                let writers = Manager::Sqlite(settings.clone(), Access::Write).pool(1, patience);
                let readers = Manager::Sqlite(settings, Access::Read).pool(options.pool_size, patience);
                Ok(Self { backend: Backend::Sqlite, readers, writers })
            }
            Address::Postgres(url) => {
                let settings = PostgresSettings { url, lock_timeout_ms: options.busy_timeout_ms };
                postgres::prepare(&settings, options.allow_unsafe_durability)?;
                let pool = Manager::Postgres(settings).pool(options.pool_size, patience);
                Ok(Self { backend: Backend::Postgres, readers: pool.clone(), writers: pool })
            }
        }
    }

    /// The database behind this store.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Runs a closure in a read-only transaction that sees one state of the database throughout. Blocks.
    ///
    /// # Errors
    /// The closure's, or [`StorageError::Busy`] and [`StorageError::Unavailable`] where no transaction could start.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn read<T, E: From<StorageError>>(&self, body: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
        let mut member = checkout(&self.readers)?;
        begin_read(&mut member)?;
        let outcome = body(&mut member.db);
        rollback(&mut member);
        outcome
    }

    /// Runs a closure in a write transaction. Blocks.
    ///
    /// The closure runs again, up to five times in all, where `PostgreSQL` gives the transaction up in favour of another
    /// (40001, 40P01), so all that it does must stand in the database: it is `FnMut`, takes ids and times from
    /// outside, and has no other effects. An `Err` undoes everything. A transaction in which a statement failed is
    /// never committed, on either database: return that error, or try the statement in a nested `transaction`.
    ///
    /// # Errors
    /// The closure's, or those of [`StorageError`] from beginning and committing.
    #[tracing::instrument(level = "debug", skip_all)]
    pub fn write<T, E: From<StorageError>>(
        &self,
        mut body: impl FnMut(&mut Db) -> Result<Finish<T>, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut member = checkout(&self.writers)?;
            member.watch.reset();
            let outcome = write_once(&mut member, &mut body);
            let again = member.watch.conflict() && attempt < WRITE_ATTEMPTS;
            // The connection goes back before the pause, for others to use.
            drop(member);
            if outcome.is_ok() || !again {
                return outcome;
            }
            tracing::debug!(attempt, "the server gave a write up in favour of another");
            pause_after(attempt);
            attempt += 1;
        }
    }

    /// Runs a closure on a writing connection, outside any transaction.
    pub(crate) fn outside_transaction<T>(
        &self,
        body: impl FnOnce(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        body(&mut checkout(&self.writers)?.db)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("backend", &self.backend).finish_non_exhaustive()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "writes block by contract, and nothing tells when the transaction that won has ended"
)]
fn pause_after(attempt: u32) {
    std::thread::sleep(Duration::from_millis(RETRY_PAUSE_MS * u64::from(attempt * attempt)));
}

fn checkout(pool: &Pool<Manager>) -> Result<PooledConnection<Manager>, StorageError> {
    pool.get().map_err(|error| {
        if pool.state().connections == 0 {
            StorageError::Unavailable(error.to_string())
        } else {
            StorageError::Busy("no connection became free in time".to_owned())
        }
    })
}

fn write_once<T, E: From<StorageError>>(
    member: &mut Member,
    body: &mut impl FnMut(&mut Db) -> Result<Finish<T>, E>,
) -> Result<T, E> {
    begin_write(member)?;
    match body(&mut member.db) {
        Ok(Finish::Commit(value)) => {
            commit(member)?;
            Ok(value)
        }
        Ok(Finish::Rollback(value)) => {
            rollback(member);
            Ok(value)
        }
        Err(error) => {
            rollback(member);
            Err(error)
        }
    }
}

fn begin_read(member: &mut Member) -> Result<(), StorageError> {
    begin(member, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN DEFERRED")
}

fn begin_write(member: &mut Member) -> Result<(), StorageError> {
    // A deferred SQLite transaction would fail when it turns from reading to writing behind another's back.
    begin(member, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "BEGIN IMMEDIATE")
}

fn begin(member: &mut Member, postgres: &str, sqlite: &str) -> Result<(), StorageError> {
    match &mut member.db {
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(connection, postgres)?,
        Db::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, sqlite)?,
    }
    Ok(())
}

fn commit(member: &mut Member) -> Result<(), StorageError> {
    if member.watch.failed() {
        // PostgreSQL would answer COMMIT with a silent rollback here, SQLite would keep the rest.
        rollback(member);
        return Err(StorageError::FailedTransaction);
    }
    Ok(<Db as TransactionManager<Db>>::commit_transaction(&mut member.db)?)
}

fn rollback(member: &mut Member) {
    // The pool throws a connection away whose transaction cannot be ended, and that ends it too.
    if let Err(error) = <Db as TransactionManager<Db>>::rollback_transaction(&mut member.db) {
        tracing::warn!(%error, "a transaction could not be rolled back; its connection is closed");
    }
}
