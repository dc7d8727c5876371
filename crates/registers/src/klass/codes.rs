//! Lists of codes.

use jiff::civil::Date;
use serde::Deserialize;

use crate::read::{Limits, ReadError, blank, date, json};

/// A code of a classification.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct KlassCode {
    /// The code.
    pub code: String,
    /// The code above; none in flat classifications such as municipalities.
    pub parent: Option<String>,
    /// The level, from 1.
    pub level: Option<u8>,
    /// The name.
    pub name: String,
    /// The first day of validity, within what was asked for; none where the answer is of one day.
    pub from: Option<Date>,
    /// The day on which it is not valid any more; none where it is open or the answer is of one day.
    pub to: Option<Date>,
}

impl KlassCode {
    /// Whether it stands for no place: 9999 and 99, «Uoppgitt».
    pub fn is_unspecified(&self) -> bool {
        matches!(self.code.as_str(), "9999" | "99")
    }
}

/// Reads the answer of `codes` or `codesAt`.
pub fn read_codes(body: &[u8]) -> Result<Vec<KlassCode>, ReadError> {
    #[derive(Deserialize)]
    struct Codes {
        codes: Vec<KlassCode>,
    }
    json::<Codes>(body, Limits::ANSWER).map(|codes| codes.codes)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    code: String,
    #[serde(default, deserialize_with = "blank")]
    parent_code: Option<String>,
    #[serde(default, deserialize_with = "blank")]
    level: Option<String>,
    name: String,
    #[serde(default, deserialize_with = "date")]
    valid_from: Option<Date>,
    #[serde(default, deserialize_with = "date")]
    valid_to: Option<Date>,
    #[serde(default, deserialize_with = "date")]
    valid_from_in_requested_range: Option<Date>,
    #[serde(default, deserialize_with = "date")]
    valid_to_in_requested_range: Option<Date>,
}

impl From<Written> for KlassCode {
    fn from(written: Written) -> Self {
        Self {
            code: written.code,
            parent: written.parent_code,
            level: written.level.and_then(|level| level.parse().ok()),
            name: written.name,
            from: written.valid_from.or(written.valid_from_in_requested_range),
            to: written.valid_to.or(written.valid_to_in_requested_range),
        }
    }
}
