//! Schemes, offices, funding models and frames.

use serde::{Deserialize, Serialize};
use tildel_allocation::{FrameStatus, FundingModel, Nok};

use crate::Entry;
use crate::appeal_rule::AppealRule;
use crate::id::{FrameId, FundingModelId, OfficeId, SchemeId};
use crate::letter_content::LetterTexts;
use crate::organisation::OrganisationNumber;
use crate::refusal::{Refusal, RefusalCode};
use crate::text::{Language, LocalText};

/// The years a scheme, round or grant may name: what a four-digit year allows, and wide of any real scheme.
pub const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Refuses years outside [`YEARS`] and spans that end before they begin.
pub fn check_years(first: i16, last: i16) -> Result<(), Refusal> {
    if !YEARS.contains(&first) {
        return Err(Refusal::invalid("/firstYear", "a year from 1990 to 2100"));
    }
    if !YEARS.contains(&last) || last < first {
        return Err(Refusal::invalid("/lastYear", "a year from firstYear to 2100"));
    }
    Ok(())
}

/// A grant scheme with a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// Id.
    pub id: SchemeId,
    /// A stable key, such as `kompetanseloftet-2020`.
    pub key: String,
    /// Name.
    pub name: LocalText,
    /// First budget year.
    pub first_year: i16,
    /// Last budget year.
    pub last_year: i16,
    /// The regulation or assignment it rests on.
    pub legal_basis: String,
    /// The body that sets models and frames, as letters name it.
    pub computing_body: String,
    /// The kind of model, as it reads after «en modell med».
    pub model_description: LocalText,
    /// The texts of its information letter, by language.
    pub letter_texts: std::collections::BTreeMap<Language, LetterTexts>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Scheme {
    /// Sets up a scheme.
    pub fn establish(&self) -> Result<Entry, Refusal> {
        check_key("/key", &self.key)?;
        check_years(self.first_year, self.last_year)?;
        if self.name.nb.trim().is_empty() {
            return Err(Refusal::invalid("/name/nb", "a name"));
        }
        Ok(Entry::new("scheme.create", "scheme", self.id).with("key", self.key.as_str()))
    }
}

/// Lower-case letters, digits and hyphens: safe in paths, file names and references.
fn check_key(pointer: &str, key: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if key.is_empty() || key.len() > 64 || !key.bytes().all(allowed) {
        return Err(Refusal::invalid(pointer, "1 to 64 lower-case letters, digits and hyphens"));
    }
    Ok(())
}

/// A county governor's office: the tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Id.
    pub id: OfficeId,
    /// Two or three capital letters that begin its references, such as `RO`.
    pub key: String,
    /// The name of the body at the time, such as «Fylkesmannen i Rogaland».
    pub name: LocalText,
    /// The department that letters come from.
    pub department: LocalText,
    /// Its organisation number.
    pub organisation_number: OrganisationNumber,
    /// The lines of its postal address.
    pub address: Vec<String>,
    /// Service language for general letters (tenestemål).
    pub language: Language,
    /// Its own rules on appeals; for other kinds of recipient the defaults hold.
    pub appeal_rules: Vec<AppealRule>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Office {
    /// Sets up an office.
    pub fn establish(&self) -> Result<Entry, Refusal> {
        let letters = self.key.bytes().all(|byte| byte.is_ascii_uppercase());
        if !letters || !(2..=3).contains(&self.key.len()) {
            return Err(Refusal::invalid("/key", "two or three capital letters"));
        }
        if self.name.nb.trim().is_empty() {
            return Err(Refusal::invalid("/name/nb", "a name"));
        }
        Ok(Entry::new("office.create", "office", self.id).with("key", self.key.as_str()))
    }
}

/// One version of a scheme's funding model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeFundingModel {
    /// Id.
    pub id: FundingModelId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The model itself.
    pub model: FundingModel,
    /// The version of the record, counted up by each write.
    pub version: i64,
}

impl SchemeFundingModel {
    /// Publishes the model, beside those that the scheme has already: models of two keys never hold in the same year, as
    /// nothing would say which one rules.
    pub fn publish(&self, scheme: &Scheme, others: &[Self]) -> Result<Entry, Refusal> {
        if let Err(errors) = self.model.validate()
            && let Some(first) = errors.first()
        {
            return Err(Refusal::invalid(&format!("/document{}", first.pointer), &first.problem));
        }
        check_key("/document/key", &self.model.key)?;
        if self.model.valid_from_year < scheme.first_year {
            return Err(Refusal::invalid(
                "/document/validFromYear",
                "a year within the period of the scheme",
            ));
        }
        if self.model.valid_to_year > scheme.last_year {
            return Err(Refusal::invalid("/document/validToYear", "a year within the period of the scheme"));
        }
        let years = |model: &FundingModel| model.valid_from_year..=model.valid_to_year;
        let competes = |other: &&Self| {
            let (ours, theirs) = (years(&self.model), years(&other.model));
            other.model.key != self.model.key && ours.start() <= theirs.end() && theirs.start() <= ours.end()
        };
        if let Some(other) = others.iter().find(competes) {
            let expected = format!("{}, the key of the model that holds in these years", other.model.key);
            return Err(Refusal::invalid("/document/key", expected));
        }
        Ok(Entry::new("funding_model.publish", "funding_model", self.id)
            .with("key", self.model.key.as_str())
            .with("modelVersion", self.model.version))
    }
}

/// The money and places that an office has for a scheme and a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Id.
    pub id: FrameId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The budget year.
    pub year: i16,
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money, if it is known.
    pub amount: Option<Nok>,
    /// The number of projects, if it is limited.
    pub places: Option<u32>,
    /// What decisions have promised so far.
    pub committed: Nok,
    /// The places that decisions have filled so far.
    pub places_used: u32,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Frame {
    /// Sets the frame, or changes it: never below what is promised.
    pub fn set(
        &mut self,
        status: FrameStatus,
        amount: Option<Nok>,
        places: Option<u32>,
    ) -> Result<Entry, Refusal> {
        if amount.is_some_and(|amount| amount < Nok::ZERO) {
            return Err(Refusal::invalid("/amount", "zero or more"));
        }
        if amount.unwrap_or(self.committed) < self.committed {
            return Err(self.exceeded(amount.unwrap_or(Nok::ZERO), self.committed));
        }
        if self.committed > Nok::ZERO && amount.is_none() {
            return Err(Refusal::invalid("/amount", "an amount, as money of the year is decided"));
        }
        if places.is_some_and(|places| places < self.places_used) {
            return Err(self.places_exceeded(places.unwrap_or(0), self.places_used));
        }
        self.status = status;
        self.amount = amount;
        self.places = places;
        Ok(Entry::new("frame.set", "frame", self.id).with("year", self.year))
    }

    /// Fills places (rule 7).
    pub fn take_places(&mut self, count: u32) -> Result<Entry, Refusal> {
        let used = self.places_used.saturating_add(count);
        if let Some(places) = self.places
            && used > places
        {
            return Err(self.places_exceeded(places, used));
        }
        self.places_used = used;
        Ok(Entry::new("frame.take_places", "frame", self.id).with("placesUsed", used))
    }

    /// Promises money, or takes a promise back when `change` is negative (rule 7).
    pub fn commit(&mut self, change: Nok) -> Result<Entry, Refusal> {
        let frame =
            self.amount.ok_or_else(|| Refusal::new(RefusalCode::FrameUnknown).with("year", self.year))?;
        let committed = self
            .committed
            .checked_add(change)
            .map_err(|_| Refusal::invalid("/lines", "amounts that can be added up"))?;
        if committed > frame {
            return Err(self.exceeded(frame, committed));
        }
        self.committed = committed;
        Ok(Entry::new("frame.commit", "frame", self.id).with("committed", committed.to_string()))
    }

    fn exceeded(&self, frame: Nok, committed: Nok) -> Refusal {
        Refusal::new(RefusalCode::FrameExceeded)
            .with("year", self.year)
            .with("frame", frame)
            .with("committed", committed)
    }

    fn places_exceeded(&self, places: u32, used: u32) -> Refusal {
        Refusal::new(RefusalCode::PlacesExceeded)
            .with("year", self.year)
            .with("places", places)
            .with("used", used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame {
            id: FrameId(uuid::Uuid::from_u128(1)),
            office_id: OfficeId(uuid::Uuid::from_u128(2)),
            scheme_id: SchemeId(uuid::Uuid::from_u128(3)),
            year: 2020,
            status: FrameStatus::Decided,
            amount: Some(Nok::from_kroner(100).unwrap()),
            places: Some(2),
            committed: Nok::ZERO,
            places_used: 0,
            version: 1,
        }
    }

    #[test]
    fn a_third_project_finds_no_place() {
        let mut frame = frame();
        frame.take_places(2).unwrap();
        assert_eq!(frame.take_places(1).unwrap_err().code, RefusalCode::PlacesExceeded);
        assert_eq!(frame.places_used, 2, "a refusal changes nothing");
    }

    #[test]
    fn money_fits_to_the_last_ore_and_not_one_more() {
        let mut frame = frame();
        frame.commit(Nok::from_ore(9_999)).unwrap();
        frame.commit(Nok::from_ore(1)).unwrap();
        assert_eq!(frame.commit(Nok::from_ore(1)).unwrap_err().code, RefusalCode::FrameExceeded);
        frame.commit(Nok::from_ore(-1)).unwrap();
        let lowered = frame.set(FrameStatus::Decided, Some(Nok::from_ore(9_998)), Some(2));
        assert_eq!(lowered.unwrap_err().code, RefusalCode::FrameExceeded);
    }

    #[test]
    fn an_unknown_frame_promises_nothing() {
        let mut frame = Frame { amount: None, ..frame() };
        assert_eq!(frame.commit(Nok::from_ore(1)).unwrap_err().code, RefusalCode::FrameUnknown);
    }
}
