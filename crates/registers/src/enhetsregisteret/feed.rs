//! The feeds of updates: which units changed.

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::search::check_window;
use super::{BeyondWindow, UnitKind};
use crate::RegisterNumber;
use crate::fetch::{Request, SourceKey, address};
use crate::read::{Limits, ReadError, json};

/// What happened to a unit. Each but a removal means: read the unit again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedChange {
    /// Ny.
    New,
    /// Endring.
    Changed,
    /// Sletting.
    Deleted,
    /// Fjernet: removed from open data for legal reasons.
    Removed,
    /// Ukjent: listed when the feed began.
    FirstLoad,
    /// A word that this version does not know.
    Other(String),
}

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the feed. Ids grow and have gaps; they order the feed, dates do not.
    pub id: i64,
    /// When it was made.
    pub at: Timestamp,
    /// Which unit.
    pub number: RegisterNumber,
    /// What happened.
    pub change: FeedChange,
}

/// A page of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// The entries as they came: perhaps twice, perhaps out of order.
    pub entries: Vec<FeedEntry>,
    /// How many there are from the place that was asked for.
    pub total: u64,
}

impl FeedPage {
    /// Reads a page of either feed.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        let written: Written = json(body, Limits::ANSWER)?;
        let entries = written.embedded.unwrap_or_default().entries;
        let total = written.page.map_or(entries.len() as u64, |page| page.total);
        Ok(Self { entries: entries.into_iter().map(FeedEntry::from).collect(), total })
    }
}

/// Asks for the entries whose id is `first` or later. The register counts the id itself in: who has read up to an id asks from the next.
pub fn feed_from(base: &Url, kind: UnitKind, first: i64, size: u32) -> Result<Request, BeyondWindow> {
    check_window(0, size)?;
    Ok(feed(base, kind, ("oppdateringsid", &first.to_string()), size))
}

/// Asks for the entries since an instant, for the start after a bulk file. It is written with milliseconds and `Z`; an offset is refused.
pub fn feed_since(base: &Url, kind: UnitKind, since: Timestamp, size: u32) -> Result<Request, BeyondWindow> {
    check_window(0, size)?;
    let written = since.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    Ok(feed(base, kind, ("dato", &written), size))
}

/// One cursor only: both at once are not understood.
fn feed(base: &Url, kind: UnitKind, (key, value): (&str, &str), size: u32) -> Request {
    let mut url = address(base, &["oppdateringer", kind.path()]);
    url.query_pairs_mut()
        .append_pair(key, value)
        .append_pair("size", &size.to_string())
        .append_pair("sort", "id,ASC");
    Request::json(SourceKey::ENHETSREGISTERET, url)
}

#[derive(Deserialize)]
struct Written {
    /// Missing where there is nothing new.
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
    #[serde(default)]
    page: Option<Page>,
}

#[derive(Deserialize, Default)]
struct Embedded {
    #[serde(default, rename = "oppdaterteEnheter", alias = "oppdaterteUnderenheter")]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "totalElements")]
    total: u64,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "oppdateringsid")]
    id: i64,
    #[serde(rename = "dato")]
    at: Timestamp,
    #[serde(rename = "organisasjonsnummer")]
    number: RegisterNumber,
    #[serde(rename = "endringstype")]
    change: String,
}

impl From<Entry> for FeedEntry {
    fn from(Entry { id, at, number, change }: Entry) -> Self {
        let change = match change.as_str() {
            "Ny" => FeedChange::New,
            "Endring" => FeedChange::Changed,
            "Sletting" => FeedChange::Deleted,
            "Fjernet" => FeedChange::Removed,
            "Ukjent" => FeedChange::FirstLoad,
            _ => FeedChange::Other(change),
        };
        Self { id, at, number, change }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_one_cursor_in_the_form_that_is_wanted() {
        let base: Url = super::super::ADDRESS.parse().unwrap();
        let from = feed_from(&base, UnitKind::Sub, 14_757_181, 10_000).unwrap();
        assert_eq!(from.url.path(), "/enhetsregisteret/api/oppdateringer/underenheter");
        assert_eq!(from.url.query(), Some("oppdateringsid=14757181&size=10000&sort=id%2CASC"));
        // Two in the morning in Oslo in summer is midnight in UTC.
        let since =
            feed_since(&base, UnitKind::Head, "2026-06-02T02:00:00+02:00".parse().unwrap(), 20).unwrap();
        assert_eq!(since.url.query(), Some("dato=2026-06-02T00%3A00%3A00.000Z&size=20&sort=id%2CASC"));
        assert!(feed_from(&base, UnitKind::Head, 1, 20_000).is_err());
    }

    #[test]
    fn nothing_new_and_unknown_words_are_read() {
        assert_eq!(FeedPage::read(br#"{"_links":{},"page":{"totalElements":0}}"#).unwrap().entries, []);
        let page = FeedPage::read(
            br#"{"_embedded":{"oppdaterteEnheter":[{"oppdateringsid":9007199254740993,"dato":"2026-09-01T04:00:00.1Z",
            "organisasjonsnummer":"1","endringstype":"Flyttet","endringer":[{"op":"replace"}]}]}}"#,
        )
        .unwrap();
        assert_eq!(page.entries[0].id, 9_007_199_254_740_993);
        assert_eq!(page.entries[0].change, FeedChange::Other("Flyttet".into()));
    }
}
