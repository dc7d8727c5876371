//! What everybody may know of why a source was not read.

use std::path::Path;

use tildel_registers::bulk::BulkError;
use tildel_registers::fetch::FetchError;
use tildel_registers::read::ReadError;

use super::error::IngestError;
use super::files;

impl IngestError {
    /// The error for everybody who may see how sources stand: what kind it is, and what to do. It has nothing of answers, which may tell of persons,
    /// and nothing of addresses, folders or the database: that is in the log.
    pub fn public(&self) -> String {
        match self {
            Self::Fetch(error) => of_fetch(error),
            Self::Read(error) => of_read(error),
            Self::Bulk(error) => of_bulk(error),
            Self::Failure(failure) if failure.is_transient() => {
                "the database had no time: try again".to_owned()
            }
            Self::Failure(_) => "what was read could not be stored: see the log".to_owned(),
            Self::File { path, .. } => format!("the file {} can not be read: see the log", file(path)),
            Self::AsOfNeeded { path } => {
                format!("the file {} does not say of when it is: say so with --as-of", file(path))
            }
            Self::TooManyUnreadable { count, .. } => {
                format!(
                    "{count} units of one page can not be read: the source may write them otherwise by now; see the log"
                )
            }
            Self::NoFetcher(_) => {
                "nothing is set up to fetch from the source's address: see the log".to_owned()
            }
            Self::AsOfAhead { .. }
            | Self::Undated
            | Self::Empty
            | Self::TooMuchGone { .. }
            | Self::Overtaken
            | Self::NoControls
            | Self::Stopped => self.to_string(),
        }
    }
}

/// The name of a file, without where it lies.
fn file(path: &str) -> String {
    files::name(Path::new(path))
}

fn of_fetch(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status, .. } => {
            format!("the source refuses the request with status {status}: see the log")
        }
        FetchError::Content(error) => of_read(error),
        FetchError::Packing(_) => "the answer is packed wrongly: see the log".to_owned(),
        FetchError::RedirectElsewhere(_) => {
            "the source redirects to another host: correct its address in the configuration".to_owned()
        }
        FetchError::Address(_) => {
            "the source's address can not be fetched: correct it in the configuration".to_owned()
        }
        FetchError::Connection(_) => "the connection failed: see the log".to_owned(),
        FetchError::Certificates(_) => "the system has no certificates: install them".to_owned(),
        FetchError::Keeping(_) => "the answer could not be kept: see whether data_dir has room".to_owned(),
        FetchError::MediaType
        | FetchError::TooManyRequests { .. }
        | FetchError::Unavailable { .. }
        | FetchError::TooLarge { .. }
        | FetchError::UnpacksTooLarge { .. }
        | FetchError::CutShort
        | FetchError::TimedOut(_)
        | FetchError::RedirectLoop => error.to_string(),
    }
}

fn of_read(error: &ReadError) -> String {
    match error {
        ReadError::NotJson { line, column, .. } => {
            format!("the answer is not JSON at line {line}, column {column}: see the log")
        }
        ReadError::Shape { .. } => "the answer has another shape than the source's: see the log".to_owned(),
        ReadError::Row { line, .. } => format!("line {line} of the answer can not be read: see the log"),
        ReadError::TooLarge { .. } | ReadError::TooDeep { .. } | ReadError::CutShort { .. } => {
            format!("the answer can not be read: {error}")
        }
    }
}

fn of_bulk(error: &BulkError) -> String {
    match error {
        BulkError::Packing(_) => "the file is packed wrongly: see the log".to_owned(),
        BulkError::Source(_) => "the file can not be read: see the log".to_owned(),
        BulkError::TooManyUnreadable { limit, .. } => {
            format!(
                "more than {limit} records can not be read: the source may write them otherwise by now; see the log"
            )
        }
        BulkError::CutShort { .. }
        | BulkError::NotRecords { .. }
        | BulkError::TooLarge { .. }
        | BulkError::RecordTooLarge { .. }
        | BulkError::TooDeep { .. }
        | BulkError::OtherFile => error.to_string(),
    }
}
