//! What the register says of one number, and how it complains.

use jiff::civil::Date;
use serde::Deserialize;

use super::Unit;
use crate::fetch::{Answer, Found};
use crate::read::{Limits, ReadError, date, json};

/// What the register says of one number in one of its halves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitAnswer {
    /// It lives.
    Live(Box<Unit>),
    /// It is deleted; the answer has status 200 and few fields.
    Deleted(Box<Unit>),
    /// It is removed from open data for legal reasons (410): what we hold of it must be purged.
    Removed {
        /// When it was deleted, if that is told.
        on: Option<Date>,
    },
    /// The number is unknown in this half; ask the other before concluding.
    UnknownHere,
    /// Nothing changed since the answer whose marks were sent along.
    Unchanged,
}

impl UnitAnswer {
    /// Reads an answer to [`super::unit`]. The body of 404 is empty and of 410 short, and neither is relied on.
    pub fn read(answer: &Answer) -> Result<Self, ReadError> {
        Ok(match answer.found {
            Found::Gone => {
                let on = json::<Removed>(&answer.body, Limits::ANSWER).ok().and_then(|removed| removed.on);
                Self::Removed { on }
            }
            Found::Nothing => Self::UnknownHere,
            Found::Unchanged => Self::Unchanged,
            Found::Content => {
                let unit: Box<Unit> = json(&answer.body, Limits::ANSWER)?;
                if unit.is_deleted() { Self::Deleted(unit) } else { Self::Live(unit) }
            }
        })
    }
}

#[derive(Deserialize)]
struct Removed {
    #[serde(default, rename = "slettedato", deserialize_with = "date")]
    on: Option<Date>,
}

/// How the register complains of a request: in one of two shapes, neither of which is relied on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Complaint {
    /// What is wrong, in the register's words.
    pub sentences: Vec<String>,
}

impl Complaint {
    /// Reads what can be read; an unknown shape has no sentences.
    pub fn read(body: &[u8]) -> Self {
        let Ok(written) = json::<Written>(body, Limits { bytes: 1024 * 1024, depth: 16 }) else {
            return Self::default();
        };
        let details = written.details.into_iter().filter_map(|detail| detail.words);
        Self { sentences: written.words.into_iter().chain(details).collect() }
    }
}

#[derive(Deserialize)]
struct Written {
    #[serde(default, rename = "feilmelding", alias = "error")]
    words: Option<String>,
    #[serde(default, rename = "valideringsfeil", alias = "validationErrors")]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default, rename = "feilmelding", alias = "errorMessage")]
    words: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(found: Found, body: &str) -> Answer {
        Answer { found, body: body.as_bytes().to_vec(), ..Answer::default() }
    }

    #[test]
    fn each_life_of_a_number_is_told_apart() {
        let live = answer(Found::Content, r#"{"organisasjonsnummer":"964965137","navn":"SANDNES KOMMUNE"}"#);
        assert!(matches!(UnitAnswer::read(&live), Ok(UnitAnswer::Live(_))));
        let deleted = answer(
            Found::Content,
            r#"{"organisasjonsnummer":"1","navn":"A","respons_klasse":"SlettetUnderenhet","slettedato":"2020-01-01"}"#,
        );
        assert!(matches!(UnitAnswer::read(&deleted), Ok(UnitAnswer::Deleted(_))));
        let removed =
            answer(Found::Gone, r#"{"organisasjonsnummer":"1","slettedato":"2020-01-01","_links":{}}"#);
        let on = Some(jiff::civil::date(2020, 1, 1));
        assert_eq!(UnitAnswer::read(&removed), Ok(UnitAnswer::Removed { on }));
        assert_eq!(UnitAnswer::read(&answer(Found::Gone, "")), Ok(UnitAnswer::Removed { on: None }));
        assert_eq!(UnitAnswer::read(&answer(Found::Nothing, "")), Ok(UnitAnswer::UnknownHere));
        assert!(UnitAnswer::read(&answer(Found::Content, "")).is_err());
    }

    #[test]
    fn both_shapes_of_complaints_are_read_and_others_harmless() {
        let newer = br#"{"status":400,"feilmelding":"Feil","valideringsfeil":[{"feilmelding":"size","parametere":["size"]}]}"#;
        assert_eq!(Complaint::read(newer).sentences, ["Feil", "size"]);
        let older = br#"{"status":400,"error":"Bad Request","trace":"x","validationErrors":[{"errorMessage":"page"}]}"#;
        assert_eq!(Complaint::read(older).sentences, ["Bad Request", "page"]);
        assert_eq!(Complaint::read(b"<html>"), Complaint::default());
    }
}
