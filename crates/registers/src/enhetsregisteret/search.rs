//! Searches, page by page.

use serde::Deserialize;
use url::Url;

use super::{Unit, UnitKind};
use crate::RegisterNumber;
use crate::fetch::{Request, SourceKey, address};
use crate::read::{Limits, ReadError, json};

/// The last place that a search or a feed reaches: a page beyond it is refused with 400.
pub const WINDOW: u32 = 10_000;

/// A page would end beyond [`WINDOW`]: narrow the search, by municipality for example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("page {page} of {size} ends beyond place {WINDOW}")]
pub struct BeyondWindow {
    /// The page, from 0.
    pub page: u32,
    /// Units per page.
    pub size: u32,
}

/// What to search for; everything that is given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Numbers of municipalities: of the business address, for sub-units of the location.
    pub municipalities: Vec<String>,
    /// Codes of trade, each with all below it. Codes of both standards: see [`super::Activity::codes`].
    pub industries: Vec<String>,
    /// Forms of organisation, such as `KOMM`.
    pub forms: Vec<String>,
    /// The unit right above.
    pub parent: Option<RegisterNumber>,
    /// These units; deleted ones are not found so.
    pub numbers: Vec<RegisterNumber>,
}

impl Search {
    /// Asks for a page, from 0, below `base`.
    pub fn page(&self, base: &Url, kind: UnitKind, page: u32, size: u32) -> Result<Request, BeyondWindow> {
        check_window(page, size)?;
        let mut url = address(base, &[kind.path()]);
        {
            let mut query = url.query_pairs_mut();
            let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
            for (key, values) in [
                ("kommunenummer", &self.municipalities),
                ("naeringskode", &self.industries),
                ("organisasjonsform", &self.forms),
                ("organisasjonsnummer", &numbers),
            ] {
                if !values.is_empty() {
                    query.append_pair(key, &values.join(","));
                }
            }
            if let Some(parent) = &self.parent {
                query.append_pair("overordnetEnhet", parent.as_str());
            }
            query.append_pair("page", &page.to_string()).append_pair("size", &size.to_string());
        }
        Ok(Request::json(SourceKey::ENHETSREGISTERET, url).of_persons())
    }
}

pub(super) fn check_window(page: u32, size: u32) -> Result<(), BeyondWindow> {
    let end = u64::from(size) * (u64::from(page) + 1);
    if size == 0 || end > u64::from(WINDOW) { Err(BeyondWindow { page, size }) } else { Ok(()) }
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// The units of this page; none where nothing was found.
    pub units: Vec<Unit>,
    /// How many fit in all.
    pub total: u64,
    /// Whether pages follow, by their numbers: the last page may link to a next one all the same.
    pub has_next: bool,
}

impl SearchPage {
    /// Reads a page, of either half.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        let written: Written = json(body, Limits::ANSWER)?;
        let embedded = written.embedded.unwrap_or_default();
        Ok(Self {
            units: embedded.units,
            total: written.page.total,
            has_next: u64::from(written.page.number) + 1 < u64::from(written.page.pages),
        })
    }

    /// Whether all that fits can be had page by page; if not, the search must be narrowed.
    pub fn is_within_window(&self) -> bool {
        self.total <= u64::from(WINDOW)
    }
}

#[derive(Deserialize)]
struct Written {
    /// Missing where nothing was found.
    #[serde(default, rename = "_embedded")]
    embedded: Option<Embedded>,
    page: Page,
}

#[derive(Deserialize, Default)]
struct Embedded {
    #[serde(default, rename = "enheter", alias = "underenheter")]
    units: Vec<Unit>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "totalElements")]
    total: u64,
    #[serde(default, rename = "totalPages")]
    pages: u32,
    #[serde(default)]
    number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_stays_within_the_window() {
        let base: Url = super::super::ADDRESS.parse().unwrap();
        let search = Search {
            municipalities: vec!["1108".into(), "1120".into()],
            industries: super::super::Activity::Kindergarten
                .codes()
                .iter()
                .map(|code| (*code).into())
                .collect(),
            ..Search::default()
        };
        let request = search.page(&base, UnitKind::Sub, 9, 1000).unwrap();
        assert_eq!(
            request.url.as_str(),
            "https://data.brreg.no/enhetsregisteret/api/underenheter?kommunenummer=1108%2C1120&naeringskode=85.100%2C88.911&page=9&size=1000"
        );
        // (9 + 1) · 1 000 is the window; one page more, or one unit more per page, is beyond.
        for (page, size) in [(10, 1000), (9, 1001), (0, 10_001), (u32::MAX, u32::MAX), (0, 0)] {
            assert_eq!(search.page(&base, UnitKind::Sub, page, size), Err(BeyondWindow { page, size }));
        }
    }

    #[test]
    fn nothing_found_has_no_list() {
        let page =
            SearchPage::read(br#"{"_links":{"self":{}},"page":{"size":20,"totalElements":0}}"#).unwrap();
        assert_eq!(page, SearchPage { units: Vec::new(), total: 0, has_next: false });
    }
}
