//! Applying and reverting the embedded migrations.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{Db, StorageError, Store};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Key of the advisory lock that keeps two processes from migrating at once; the bytes of "tildel".
const LOCK_KEY: i64 = 0x7469_6c64_656c;

impl Store {
    /// Applies all migrations that are missing, oldest first, and returns their names.
    ///
    /// # Errors
    /// [`StorageError::Migration`] names the one that failed; those before it stand in `PostgreSQL`, none in `SQLite`.
    pub fn migrate(&self) -> Result<Vec<String>, StorageError> {
        self.outside_transaction(|db| {
            exclusively(db, |db| match db {
                Db::Postgres(connection) => apply(connection, POSTGRES),
                Db::Sqlite(connection) => apply(connection, SQLITE),
            })
        })
    }

    /// Names of the migrations that are missing, oldest first.
    ///
    /// # Errors
    /// [`StorageError::Migration`] where the database does not answer.
    pub fn pending_migrations(&self) -> Result<Vec<String>, StorageError> {
        self.outside_transaction(|db| match db {
            Db::Postgres(connection) => names(connection, POSTGRES),
            Db::Sqlite(connection) => names(connection, SQLITE),
        })
    }

    /// Reverts all migrations, newest first: every table and all that it holds is gone. For tests.
    ///
    /// # Errors
    /// [`StorageError::Migration`] names what failed.
    pub fn revert_all(&self) -> Result<(), StorageError> {
        self.outside_transaction(|db| {
            exclusively(db, |db| {
                match db {
                    Db::Postgres(connection) => connection.revert_all_migrations(POSTGRES).map(drop),
                    Db::Sqlite(connection) => connection.revert_all_migrations(SQLITE).map(drop),
                }
                .map_err(|error| StorageError::Migration(error.to_string()))
            })
        })
    }
}

fn apply<C>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, StorageError>
where
    C: MigrationConnection + MigrationHarness<C::Backend>,
{
    let pending = pending(connection, source)?;
    let mut applied = Vec::with_capacity(pending.len());
    for migration in pending {
        let name = migration.name().to_string();
        connection
            .run_migration(&migration)
            .map_err(|error| StorageError::Migration(format!("{name}: {error}")))?;
        applied.push(name);
    }
    Ok(applied)
}

fn names<C>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, StorageError>
where
    C: MigrationConnection + MigrationHarness<C::Backend>,
{
    Ok(pending(connection, source)?.iter().map(|migration| migration.name().to_string()).collect())
}

fn pending<C>(
    connection: &mut C,
    source: EmbeddedMigrations,
) -> Result<Vec<Box<dyn Migration<C::Backend>>>, StorageError>
where
    C: MigrationConnection + MigrationHarness<C::Backend>,
{
    connection.pending_migrations(source).map_err(|error| StorageError::Migration(error.to_string()))
}

/// Lets one process migrate at a time, from looking what is missing to the end.
fn exclusively<T>(
    db: &mut Db,
    body: impl FnOnce(&mut Db) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    match db {
        Db::Postgres(connection) => {
            connection.batch_execute(&format!("select pg_advisory_lock({LOCK_KEY})"))?;
        }
        // SQLite has no lock but its transaction, which makes all missing migrations one step.
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
        }
    }
    let outcome = body(db);
    match db {
        Db::Postgres(connection) => {
            connection.batch_execute(&format!("select pg_advisory_unlock({LOCK_KEY})"))?;
        }
        Db::Sqlite(connection) if outcome.is_ok() => {
            AnsiTransactionManager::commit_transaction(connection)?;
        }
        Db::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection)?,
    }
    outcome
}
