//! `tildel journal verify`.

use anyhow::{Context, Result, bail};
use tildel_storage::{StorageError, journal};

use crate::settings::Settings;
use crate::{database, wiring};

pub(super) async fn verify(settings: &Settings) -> Result<()> {
    let store = database::open_migrated(settings).await?;
    let check = wiring::blocking(move || {
        store.read::<_, StorageError>(journal::verify).context("failed to read the journal")
    })
    .await?;
    println!("{} entries are whole; the hash of the last one is {}", check.entries, check.last_hash);
    match check.fault {
        None => Ok(()),
        Some(fault) => bail!(
            "The journal is not as it was written: {fault}. Keep a copy of the database and compare it with the backups."
        ),
    }
}
