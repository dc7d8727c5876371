//! What is wrong with a case, and where.

use std::fmt;
use std::path::{Path, PathBuf};

use tildel_allocation::model::{DocumentError, DocumentFormat, place_in_document};

/// Something wrong with a file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, if it could be found.
    pub line: Option<usize>,
    /// The field or the column; empty for the whole file.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// A problem with a whole file.
    pub(super) fn of_file(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, field: String::new(), message: message.into() }
    }

    /// A problem with a line of a table.
    pub(super) fn of_line(file: &Path, line: u64, field: &str, message: impl Into<String>) -> Self {
        let line = usize::try_from(line).ok();
        Self { file: file.to_owned(), line, field: field.to_owned(), message: message.into() }
    }

    /// The first of the problems of a document.
    pub(super) fn of_document(file: &Path, error: DocumentError) -> Self {
        match error.problems.into_iter().next() {
            Some(problem) => Self {
                file: file.to_owned(),
                line: problem.line,
                field: problem.field,
                // Parsers write several lines; a problem is one sentence.
                message: problem.message.lines().map(str::trim).collect::<Vec<_>>().join(" "),
            },
            None => Self::of_file(file, "it can not be read"),
        }
    }

    /// A problem with what a JSON pointer into a document points at.
    pub(super) fn at(
        file: &Path,
        text: &str,
        format: DocumentFormat,
        pointer: &str,
        message: String,
    ) -> Self {
        let (line, field) = place_in_document(text, format, pointer);
        Self { file: file.to_owned(), line, field, message }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if !self.field.is_empty() {
            write!(formatter, ", {}", self.field)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

impl std::error::Error for Problem {}
