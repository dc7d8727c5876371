//! `tildel allocate`: computes the plans of a case and writes what came of them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tildel_allocation::Bundle;

use super::build::PlanCase;
use super::csv_files::{self, File};
use super::files::{Folder, find, read};
use super::{picture, summary};

/// Computes the case and writes the files into `out`; a case of several plans has a folder below it for each.
pub fn command(case: &Path, out: &Path) -> Result<()> {
    let documents = find(case)?;
    // It draws only where it is seen: not into files and pipes.
    let bar = ProgressBar::new(documents.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut told = String::new();
    for document in &documents {
        bar.set_message(document.display().to_string());
        let folder = if documents.len() == 1 { out.to_owned() } else { out.join(name(document)) };
        let case = read(document, &Folder)?;
        let bundle = case.compute()?;
        let files = files(&case, &bundle)?;
        write(&folder, &files)?;
        told.push_str(&summary::summary(&case.title, &bundle));
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        // Nothing can go wrong when text is written to a text.
        let _ = writeln!(told, "  written to {}: {}", folder.display(), names.join(", "));
        bar.inc(1);
    }
    bar.finish_and_clear();
    print!("{told}");
    Ok(())
}

/// The name of a plan of several: `plan-<name>.toml`.
fn name(document: &Path) -> PathBuf {
    let stem = document.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    PathBuf::from(stem.trim_start_matches("plan-"))
}

fn files(case: &PlanCase, bundle: &Bundle) -> Result<Vec<File>> {
    let mut files = vec![("bundle.json".to_owned(), bundle.to_json()?.into_bytes())];
    files.extend(csv_files::files(bundle)?);
    files.push(("plan.svg".to_owned(), picture::svg(&case.title, bundle, case.language).into_bytes()));
    Ok(files)
}

fn write(folder: &Path, files: &[File]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| {
        format!("failed to make the folder {}; give one that you may write to", folder.display())
    })?;
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| {
            format!("failed to write {}; free the disk or give another folder", path.display())
        })?;
    }
    Ok(())
}
