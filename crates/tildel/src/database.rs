//! Opening the database, and the key that belongs to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use tildel_storage::{OpenError, Store, StoreOptions};
use tokio::time::Instant;

use crate::private_file;
use crate::settings::{DatabaseSettings, Secret, Settings};
use crate::wiring::{blocking, random_hex};

/// Pause between two attempts to reach a server.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// The database file in a data folder.
pub(crate) fn own_file(data_dir: &Path) -> PathBuf {
    data_dir.join("tildel.db")
}

/// The file of the journal key in a data folder.
pub(crate) fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("journal.key")
}

/// How to open the database of the settings.
pub(crate) fn options(settings: &Settings) -> StoreOptions {
    let database = &settings.database;
    if database.url.is_empty() {
        return file_options(database, &own_file(&settings.data_dir));
    }
    let url = database.url.with_password(&database.password);
    StoreOptions {
        pool_size: database.pool_size.get(),
        busy_timeout_ms: database.busy_timeout_ms,
        ..StoreOptions::new(url)
    }
}

/// How to open a `SQLite` file.
pub(crate) fn file_options(database: &DatabaseSettings, path: &Path) -> StoreOptions {
    let url = format!("sqlite:{}", path.display());
    StoreOptions {
        pool_size: database.pool_size.get(),
        busy_timeout_ms: database.busy_timeout_ms,
        ..StoreOptions::new(url)
    }
}

/// Opens the database of the settings; waits for a server that does not answer yet as long as they say.
pub(crate) async fn open(settings: &Settings) -> Result<Store> {
    let deadline = Instant::now() + Duration::from_secs(settings.database.wait_seconds.into());
    loop {
        let options = options(settings);
        let opened = tokio::task::spawn_blocking(move || Store::open(&options)).await?;
        match opened {
            Err(error @ OpenError::Unreachable { .. }) if Instant::now() < deadline => {
                tracing::info!(%error, "waiting for the database");
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            other => return Ok(other?),
        }
    }
}

/// Opens the database for a process that must not change its schema.
pub(crate) async fn open_migrated(settings: &Settings) -> Result<Store> {
    let store = open(settings).await?;
    let asked = store.clone();
    let pending =
        blocking(move || asked.pending_migrations().context("failed to learn the schema's version")).await?;
    if let Some(first) = pending.first() {
        bail!(
            "The database lacks {} migration(s), the first of them {first}. Run `tildel migrate`, then start again.",
            pending.len()
        );
    }
    Ok(store)
}

/// The key of the journal: from the settings, else from the data folder.
pub(crate) fn journal_key(settings: &Settings) -> Result<Secret> {
    if !settings.secrets.journal_key.is_empty() {
        return Ok(settings.secrets.journal_key.clone());
    }
    let path = key_file(&settings.data_dir);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Secret::from(text.trim().to_owned())),
        Err(error) => Err(anyhow!(
            "The journal key is missing: {} can not be read ({error}). Bring the file back, or name another with \
             TILDEL__SECRETS__JOURNAL_KEY_FILE.",
            path.display()
        )),
    }
}

/// Makes a journal key in a data folder that has none.
pub(crate) fn make_journal_key(path: &Path) -> Result<Secret> {
    let key = random_hex::<32>();
    private_file::write(path, key.as_bytes())
        .with_context(|| format!("failed to write {}", path.display()))?;
    Ok(Secret::from(key))
}
