//! What to fetch.

use std::fmt;

use url::Url;

use super::Marks;

/// A source, which has limits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey(&'static str);

impl SourceKey {
    /// Enhetsregisteret.
    pub const ENHETSREGISTERET: Self = Self("enhetsregisteret");
    /// Nasjonalt skoleregister.
    pub const SCHOOLS: Self = Self("nsr");
    /// Nasjonalt barnehageregister.
    pub const KINDERGARTENS: Self = Self("nbr");
    /// SSB's Klass.
    pub const KLASS: Self = Self("klass");
    /// SSB's PxWeb.
    pub const PXWEB: Self = Self("pxweb");
    /// Kartverket's names.
    pub const KARTVERKET: Self = Self("kartverket");

    /// The name, as in configuration and logs.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for SourceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// One GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose limits it counts for.
    pub source: SourceKey,
    /// From where.
    pub url: Url,
    /// The media type that is wanted. It never names a version: old ones are switched off with 406.
    pub accept: &'static str,
    /// The marks of the last answer: with them an unchanged one is not sent again.
    pub marks: Marks,
    /// Whether the answer may tell of persons: then it is not archived.
    pub of_persons: bool,
    /// The most bytes of the answer, unpacked, where it is less than what the fetcher takes.
    pub bytes_max: Option<usize>,
}

/// The most bytes of an answer about one unit: the longest ones have some ten thousand.
const UNIT_BYTES: usize = 1024 * 1024;

impl Request {
    /// Asks for JSON.
    pub fn json(source: SourceKey, url: Url) -> Self {
        Self {
            source,
            url,
            accept: "application/json",
            marks: Marks::default(),
            of_persons: false,
            bytes_max: None,
        }
    }

    /// Asks for a file as it is.
    pub fn file(source: SourceKey, url: Url) -> Self {
        Self { source, url, accept: "*/*", marks: Marks::default(), of_persons: false, bytes_max: None }
    }

    /// The same, of which the answer may tell of persons.
    #[must_use]
    pub fn of_persons(self) -> Self {
        Self { of_persons: true, ..self }
    }

    /// The same, of which the answer is one unit. Many of them are asked for at once, so each must be short.
    #[must_use]
    pub fn of_unit(self) -> Self {
        Self { bytes_max: Some(UNIT_BYTES), ..self.of_persons() }
    }

    /// The same, unless it is unchanged since the answer with these marks.
    pub fn unless_unchanged(mut self, marks: Marks) -> Self {
        self.marks = marks;
        self
    }

    pub(super) fn wants_json(&self) -> bool {
        self.accept == "application/json"
    }
}

/// An address below another. Each part is one step of the path, whatever it contains.
pub fn address(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    // An address without steps, such as `mailto:`, stays as it is and is refused when it is fetched.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_can_not_leave_its_step() {
        let base: Url = "https://data.brreg.no/enhetsregisteret/api/".parse().unwrap();
        for (part, path) in [("964965137", "964965137"), ("../x?y#z", "..%2Fx%3Fy%23z"), ("..", "")] {
            let expected = format!("/enhetsregisteret/api/enheter/{path}");
            let url = address(&base, &["enheter", part]);
            assert_eq!(url.path().trim_end_matches('/'), expected.trim_end_matches('/'));
            assert_eq!(url.query(), None);
        }
        let without_slash: Url = "https://data.brreg.no/api".parse().unwrap();
        assert_eq!(address(&without_slash, &["enheter"]).as_str(), "https://data.brreg.no/api/enheter");
    }
}
