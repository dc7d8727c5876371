//! Where register data come from: what is read by the clock, and each reading of it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{FetchId, PersonId};

/// Something that is read by the clock. One register may be several: its halves have files and feeds of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceName {
    /// Head units of Enhetsregisteret: legal entities and parts of public ones.
    EnhetsregisteretUnits,
    /// Sub-units of Enhetsregisteret: places of work.
    EnhetsregisteretSubUnits,
    /// Nasjonalt skoleregister.
    Nsr,
    /// Nasjonalt barnehageregister.
    Nbr,
    /// Codes of municipalities and their changes in SSB's Klass.
    KlassMunicipalities,
    /// Codes of counties and their changes in SSB's Klass.
    KlassCounties,
    /// Kartverket's present numbers of municipalities, which the history of Klass is held against.
    Kartverket,
    /// Control totals of SSB's PxWeb, which sums of units are held against.
    Pxweb,
}

impl SourceName {
    /// All sources.
    pub const ALL: [Self; 8] = [
        Self::EnhetsregisteretUnits,
        Self::EnhetsregisteretSubUnits,
        Self::Nsr,
        Self::Nbr,
        Self::KlassMunicipalities,
        Self::KlassCounties,
        Self::Kartverket,
        Self::Pxweb,
    ];

    /// The name on the wire, in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EnhetsregisteretUnits => "enhetsregisteret-units",
            Self::EnhetsregisteretSubUnits => "enhetsregisteret-sub-units",
            Self::Nsr => "nsr",
            Self::Nbr => "nbr",
            Self::KlassMunicipalities => "klass-municipalities",
            Self::KlassCounties => "klass-counties",
            Self::Kartverket => "kartverket",
            Self::Pxweb => "pxweb",
        }
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A text that is the name of no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no source {0:?}")]
pub struct UnknownSource(String);

impl FromStr for SourceName {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|name| name.as_str() == text);
        found.ok_or_else(|| UnknownSource(text.to_owned()))
    }
}

/// By what an answer is known again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceMarks {
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// SHA-256 of the bytes, for servers that have neither.
    pub hash: Option<String>,
}

/// How a source stands. What was read stays until something newer is read: a source that fails only gets older.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Which one.
    pub name: SourceName,
    /// Marks of the last answers, by what was asked for.
    pub marks: BTreeMap<String, SourceMarks>,
    /// Where reading goes on: the reader's own.
    pub cursor: Option<Value>,
    /// The instant that the data tell of: the newest entry, file or row that was read.
    pub data_as_of: Option<Timestamp>,
    /// When it was last begun to be read.
    pub last_attempt_at: Option<Timestamp>,
    /// When it was last read to the end.
    pub last_success_at: Option<Timestamp>,
    /// How often in a row it failed since.
    pub failures: u32,
    /// Why it failed last; none after a success.
    pub last_error: Option<String>,
    /// Counted up by each write.
    pub version: i64,
}

impl Source {
    /// A source that was never read.
    pub fn unread(name: SourceName) -> Self {
        Self {
            name,
            marks: BTreeMap::new(),
            cursor: None,
            data_as_of: None,
            last_attempt_at: None,
            last_success_at: None,
            failures: 0,
            last_error: None,
            version: 1,
        }
    }
}

/// Where a reading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchState {
    /// It goes on, or was broken off without a word; the next one goes on with it.
    Running,
    /// Read to the end.
    Done,
    /// Read to the end, and nothing was new.
    Unchanged,
    /// Given up.
    Failed,
}

impl FetchState {
    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// One reading of a source.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetch {
    /// Id.
    pub id: FetchId,
    /// Of which source.
    pub source: SourceName,
    /// From where: an address, or the names of files.
    pub origin: String,
    /// Who asked for it; none where the clock did.
    pub requested_by: Option<PersonId>,
    /// State.
    pub state: FetchState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// SHA-256 of what was read, where it is one file or answer.
    pub content_hash: Option<String>,
    /// Bytes that were read, as they came.
    pub bytes: i64,
    /// Records that were read.
    pub records: i64,
    /// Records that said something new.
    pub changed: i64,
    /// Records that are not kept because they tell of persons.
    pub personal: i64,
    /// Records that could not be read, and units that no answer was had of.
    pub unreadable: i64,
    /// Where it goes on if it is broken off: the reader's own.
    pub position: Option<Value>,
    /// What a person should look at.
    pub findings: Vec<String>,
    /// Why it was given up.
    pub error: Option<String>,
    /// Counted up by each write: a reading that another one took over notices.
    pub version: i64,
}
