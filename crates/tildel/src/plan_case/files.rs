//! Finding and reading the files of a case.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tildel_allocation::model::DocumentFormat;

use super::build::{PlanCase, build};
use super::problem::Problem;

/// What a case reads its files through.
pub trait Files {
    /// The text of a file.
    ///
    /// # Errors
    /// Where there is none, or it can not be read.
    fn text(&self, path: &Path) -> io::Result<String>;
}

/// The files of this machine.
pub struct Folder;

impl Files for Folder {
    fn text(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }
}

/// The document of a case, or the several of a folder that holds several: `plan.toml`, or all `plan-<name>.toml`, or `case.toml`.
///
/// # Errors
/// Where there is no such file.
pub fn find(case: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !case.is_dir() {
        return Ok(vec![case.to_owned()]);
    }
    let entries = std::fs::read_dir(case)
        .map_err(|error| Problem::of_file(case, format!("it can not be read ({error})")))?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let is = |wanted: &str| names.iter().any(|name| name == wanted);
    if is("plan.toml") {
        return Ok(vec![case.join("plan.toml")]);
    }
    let several: Vec<PathBuf> = names
        .iter()
        .filter(|name| name.starts_with("plan-") && is_document(name))
        .map(|name| case.join(name))
        .collect();
    if !several.is_empty() {
        return Ok(several);
    }
    if is("case.toml") {
        return Ok(vec![case.join("case.toml")]);
    }
    Err(Problem::of_file(
        case,
        "the folder holds no plan.toml, plan-<name>.toml or case.toml; see docs/cases.md",
    ))
}

fn is_document(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "toml" || extension == "json")
}

/// Reads a document with the files that it names.
///
/// # Errors
/// What is wrong first, with file, line and field.
pub fn read(path: &Path, files: &dyn Files) -> Result<PlanCase, Problem> {
    let text = open(path, files)?;
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => DocumentFormat::Toml,
        Some("json") => DocumentFormat::Json,
        _ => return Err(Problem::of_file(path, "give a folder, or a file that ends in .toml or .json")),
    };
    let text = if format == DocumentFormat::Json { input_of_bundle(&text).unwrap_or(text) } else { text };
    build(path, &text, format, files)
}

/// Reads a file; the problem says what a user can do.
pub(super) fn open(path: &Path, files: &dyn Files) -> Result<String, Problem> {
    files.text(path).map_err(|error| Problem::of_file(path, format!("it can not be read ({error})")))
}

/// The input of a bundle, whose result is computed anew; none if the text is no bundle.
fn input_of_bundle(text: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    value.get("format").filter(|format| format.is_string())?;
    serde_json::to_string_pretty(&value.get_mut("input")?.take()).ok()
}
