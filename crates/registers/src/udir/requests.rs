//! What to ask the registers for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::RegisterNumber;
use crate::fetch::{Request, SourceKey, address};

/// One of the two registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// Nasjonalt skoleregister.
    Schools,
    /// Nasjonalt barnehageregister.
    Kindergartens,
}

impl Register {
    /// The address below which everything lies.
    pub const fn base(self) -> &'static str {
        match self {
            Self::Schools => "https://data-nsr.udir.no/v4/",
            Self::Kindergartens => "https://data-nbr.udir.no/v4/",
        }
    }

    /// The source that counts for limits.
    pub const fn source(self) -> SourceKey {
        match self {
            Self::Schools => SourceKey::SCHOOLS,
            Self::Kindergartens => SourceKey::KINDERGARTENS,
        }
    }

    fn ask(self, base: &Url, path: &[&str]) -> Request {
        Request::json(self.source(), address(base, path)).of_persons()
    }
}

/// Asks for one unit below `base`.
pub fn unit(register: Register, base: &Url, number: &RegisterNumber) -> Request {
    register.ask(base, &["enhet", number.as_str()]).of_unit()
}

/// Asks for a page of all units, from 1.
pub fn page(register: Register, base: &Url, page: u32, size: u32) -> Request {
    let mut request = register.ask(base, &["enheter"]);
    request
        .url
        .query_pairs_mut()
        .append_pair("sidenummer", &page.to_string())
        .append_pair("antallperside", &size.to_string());
    request
}

/// Asks for all units of a municipality at once, with owners and those that closed.
pub fn units_of_municipality(register: Register, base: &Url, municipality: &str) -> Request {
    register.ask(base, &["enheter", "kommune", municipality])
}

/// Asks for units that changed after a day. Give the day before yesterday: the day is local time and the register is filled at night.
pub fn changed_after(register: Register, base: &Url, day: Date) -> Request {
    let mut request = register.ask(base, &["enheter", "endretetter"]);
    request.url.query_pairs_mut().append_pair("dato", &day.to_string());
    request
}
