//! A store of its own for each test.

use std::ops::Deref;
use std::path::PathBuf;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tildel_storage::{Backend, Store, StoreOptions};

use crate::postgres::{self, ClusterKind, Database};
use crate::{scratch, sqlite};

/// A migrated, empty store that no other test sees. The database is dropped with it.
pub struct TestStore {
    /// Always there until the drop, which must close the store before its database goes.
    store: Option<Store>,
    url: String,
    kind: ClusterKind,
    keeper: Option<Keeper>,
}

enum Keeper {
    Folder(TempDir),
    Database(Database),
}

impl TestStore {
    /// A new store on the given kind of database.
    ///
    /// # Errors
    /// When there is no PostgreSQL (the message says what to install), or a database cannot be made or opened.
    pub fn open(backend: Backend) -> Result<Self> {
        Self::on(backend, ClusterKind::Quick)
    }

    /// A new store that keeps its files on disk and syncs every write, for tests of crashes and figures of speed.
    ///
    /// # Errors
    /// As [`TestStore::open`].
    pub fn open_durable(backend: Backend) -> Result<Self> {
        Self::on(backend, ClusterKind::Durable)
    }

    fn on(backend: Backend, kind: ClusterKind) -> Result<Self> {
        let (url, keeper) = match backend {
            Backend::Sqlite => {
                let folder = TempDir::with_prefix("tildel-test-").context("failed to make a folder")?;
                let file = folder.path().join("tildel.sqlite");
                sqlite::copy_template(&file)?;
                (sqlite::url(&file), Keeper::Folder(folder))
            }
            Backend::Postgres => {
                let database = Database::clone_template(kind)?;
                (database.url().to_owned(), Keeper::Database(database))
            }
        };
        let store =
            Store::open(&options(url.clone(), kind)).with_context(|| format!("failed to open {url}"))?;
        Ok(Self { store: Some(store), url, kind, keeper: Some(keeper) })
    }

    /// The URL under which another process can open this database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A second, independent store on the same database, as another process would open it.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn reopen(&self) -> Result<Store> {
        Store::open(&options(self.url.clone(), self.kind))
            .with_context(|| format!("failed to open {} again", self.url))
    }
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        match &self.store {
            Some(store) => store,
            None => unreachable!("the store is taken only by drop"),
        }
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        drop(self.store.take());
        let keep = scratch::variable("TILDEL_TEST_KEEP").is_some();
        if keep {
            println!("kept {}", self.url);
        }
        match self.keeper.take() {
            Some(Keeper::Folder(folder)) if keep => drop::<PathBuf>(folder.keep()),
            Some(Keeper::Database(database)) if !keep => {
                if let Err(error) = postgres::drop_database(&database) {
                    eprintln!("failed to drop {}: {error:#}", self.url);
                }
            }
            Some(Keeper::Folder(_) | Keeper::Database(_)) | None => {}
        }
    }
}

/// Small pools: many tests share one server. A quick store does not sync what need not survive the test.
pub(crate) fn options(url: String, kind: ClusterKind) -> StoreOptions {
    let allow_unsafe_durability = kind == ClusterKind::Quick;
    StoreOptions { url, pool_size: 4, busy_timeout_ms: 10_000, allow_unsafe_durability }
}
