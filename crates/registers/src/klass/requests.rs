//! What to ask Klass for.

use jiff::civil::Date;
use url::Url;

use crate::fetch::{Request, SourceKey, address};

/// The address below which everything lies.
pub const ADDRESS: &str = "https://data.ssb.no/api/klass/v1/";
/// The classification of municipalities.
pub const MUNICIPALITIES: u32 = 131;
/// The classification of counties.
pub const COUNTIES: u32 = 104;
/// The classification of organisation numbers of municipalities.
pub const ORGANISATIONS_OF_MUNICIPALITIES: u32 = 582;

/// Asks for changes that came or come into force from the first to the last day, both counted in. Coming ones are asked for too: without, a
/// reform is invisible until it is there.
pub fn changes(base: &Url, classification: u32, first: Date, last: Date) -> Request {
    range(base, classification, "changes", first, last)
}

/// Asks for all codes that are valid on some day from the first to the last, with their validity.
pub fn codes(base: &Url, classification: u32, first: Date, last: Date) -> Request {
    range(base, classification, "codes", first, last)
}

/// Asks for the codes of one day.
pub fn codes_at(base: &Url, classification: u32, day: Date) -> Request {
    let mut request = ask(base, classification, "codesAt");
    request.url.query_pairs_mut().append_pair("date", &day.to_string()).append_pair("includeFuture", "true");
    request
}

/// Klass's own `to` is exclusive. The last day there is can have none after it, and then the range is left open.
fn range(base: &Url, classification: u32, what: &str, first: Date, last: Date) -> Request {
    let mut request = ask(base, classification, what);
    {
        let mut query = request.url.query_pairs_mut();
        query.append_pair("from", &first.to_string());
        if let Ok(after) = last.tomorrow() {
            query.append_pair("to", &after.to_string());
        }
        query.append_pair("includeFuture", "true");
    }
    request
}

fn ask(base: &Url, classification: u32, what: &str) -> Request {
    let classification = classification.to_string();
    Request::json(SourceKey::KLASS, address(base, &["classifications", &classification, what]))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_day_is_counted_in() {
        let base: Url = ADDRESS.parse().unwrap();
        let asked = changes(&base, MUNICIPALITIES, date(2026, 1, 1), date(2026, 1, 1));
        assert_eq!(
            asked.url.as_str(),
            "https://data.ssb.no/api/klass/v1/classifications/131/changes?from=2026-01-01&to=2026-01-02&includeFuture=true"
        );
        let open = changes(&base, COUNTIES, date(1838, 1, 1), Date::MAX);
        assert_eq!(open.url.query(), Some("from=1838-01-01&includeFuture=true"));
        assert_eq!(open.accept, "application/json", "XML is what comes unasked");
    }
}
