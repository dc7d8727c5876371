//! A migrated SQLite file, made once and copied per test.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tildel_storage::Store;

use crate::postgres::ClusterKind;
use crate::scratch;
use crate::store::options;

/// Copies the migrated template to `to`.
pub(crate) fn copy_template(to: &Path) -> Result<()> {
    let template = template()?;
    fs::copy(&template, to)
        .with_context(|| format!("failed to copy {} to {}", template.display(), to.display()))?;
    Ok(())
}

/// The URL of a SQLite file.
pub(crate) fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn template() -> Result<PathBuf> {
    let hash = scratch::migrations_hash("sqlite")?;
    let template = scratch::folder()?.join(format!("template-{hash}.sqlite"));
    if template.is_file() {
        return Ok(template);
    }
    let _lock = scratch::lock()?;
    if !template.is_file() {
        let building = tempfile::tempdir_in(scratch::folder()?).context("failed to make a folder")?;
        let file = building.path().join("template.sqlite");
        migrate(&file)?;
        // The rename is atomic: another process sees a whole template or none.
        fs::rename(&file, &template).with_context(|| format!("failed to make {}", template.display()))?;
    }
    Ok(template)
}

fn migrate(file: &Path) -> Result<()> {
    let store = Store::open(&options(url(file), ClusterKind::Durable))
        .context("failed to open the SQLite template")?;
    store.migrate().context("failed to migrate the SQLite template")?;
    drop(store);
    // SQLite folds its log into the file when the last connection closes; a copy without the log would lose tables.
    let log = file.with_extension("sqlite-wal");
    ensure!(!log.exists(), "failed to close the SQLite template: {} is still there", log.display());
    Ok(())
}
