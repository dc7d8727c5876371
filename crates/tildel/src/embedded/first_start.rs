//! The first start makes the data; later ones find them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tildel_storage::journal::{self, JournalFilter};
use tildel_storage::{StorageError, Store};
use tildel_usecases::{Clock, SystemClock};
use tokio::runtime::Handle;

use super::folder::DataFolder;
use super::progress::Display;
use super::{Home, access, file, upgrade};
use crate::case::{PracticeAccess, load_practice};
use crate::settings::{Secret, Settings};
use crate::wiring::blocking;
use crate::{database, private_file};

/// Data in the folder's own database file.
///
/// The practice case is loaded into another folder and moved in when it is whole, so that a first start that is broken
/// off leaves nothing behind that the next one would take for data.
pub(super) async fn in_own_file(settings: &Settings, folder: &DataFolder) -> Result<Home> {
    let path = database::own_file(folder.path());
    let options = database::file_options(&settings.database, &path);
    let is_new = !path.exists();
    let (settings, data_dir) = (settings.clone(), folder.path().to_owned());
    blocking(move || {
        if is_new {
            let journal_key = journal_key_or_new(&settings, &data_dir)?;
            make(&settings, &data_dir, &journal_key)?;
        }
        // Opened before the key is looked for: a damaged file is the greater worry.
        let store = upgrade::open_newest(&path, &options)?;
        let journal_key = database::journal_key(&settings)?;
        Ok(Home { store, journal_key, access: access::read(&data_dir)?, is_new })
    })
    .await
}

/// Data in a database that the settings name: migrated, and filled if nothing was ever written to it.
pub(super) async fn in_configured_database(settings: &Settings, folder: &DataFolder) -> Result<Home> {
    let store = database::open(settings).await?;
    let (settings, data_dir) = (settings.clone(), folder.path().to_owned());
    blocking(move || {
        store.migrate().context("failed to bring the database up to this program's version")?;
        let first = store.read::<_, StorageError>(|db| journal::page(db, 0, 1, &JournalFilter::default()));
        let is_new = first.context("failed to read the journal")?.is_empty();
        let journal_key = if is_new {
            let key = journal_key_or_new(&settings, &data_dir)?;
            let access = load(&store, &key)?;
            access::write(&data_dir, &access)?;
            key
        } else {
            database::journal_key(&settings)?
        };
        Ok(Home { store, journal_key, access: access::read(&data_dir)?, is_new })
    })
    .await
}

/// A key that is there stays: a database that is put back later belongs to it.
fn journal_key_or_new(settings: &Settings, data_dir: &Path) -> Result<Secret> {
    let path = database::key_file(data_dir);
    if settings.secrets.journal_key.is_empty() && !path.exists() {
        return database::make_journal_key(&path);
    }
    database::journal_key(settings)
}

fn make(settings: &Settings, data_dir: &Path, journal_key: &Secret) -> Result<()> {
    let staging = data_dir.join("first-start");
    if staging.exists() {
        fs::remove_dir_all(&staging).with_context(|| format!("failed to remove {}", staging.display()))?;
    }
    fs::create_dir(&staging).with_context(|| format!("failed to make {}", staging.display()))?;
    let (staged, path) = (database::own_file(&staging), database::own_file(data_dir));
    let store = Store::open(&database::file_options(&settings.database, &staged))?;
    store.migrate().context("failed to make the tables")?;
    let access = load(&store, journal_key)?;
    file::close(store, &staged)?;
    access::write(data_dir, &access)?;
    move_in(&staged, &path)
        .with_context(|| format!("failed to move {} to {}", staged.display(), path.display()))?;
    fs::remove_dir_all(&staging).with_context(|| format!("failed to remove {}", staging.display()))
}

fn move_in(staged: &Path, path: &Path) -> std::io::Result<()> {
    // SQLite would take the log of a database that was here before for that of the new one.
    access::remove_if_there(&file::wal(path))?;
    access::remove_if_there(&file::shm(path))?;
    fs::File::open(staged)?.sync_all()?;
    fs::rename(staged, path)?;
    private_file::sync_folder(path)
}

/// Loads the practice case into an empty, migrated store. Blocks.
fn load(store: &Store, journal_key: &Secret) -> Result<PracticeAccess> {
    let display = Display::new("loading the practice case");
    let key = journal_key.expose().as_bytes().to_vec();
    let mut progress = |done: usize, all: usize, name: &str| display.step(done, all, name);
    let loading = load_practice(store.clone(), key, SystemClock.now(), &mut progress);
    Handle::current().block_on(loading).context("failed to load the practice case")
}
