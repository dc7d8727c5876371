//! Legal entities and their headcounts.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{HeadcountRecord, Ownership, SuccessorInput};

use crate::id::{HeadcountId, OrganisationId, PersonId};
use crate::refusal::{Refusal, RefusalCode};
use crate::register::RegisterKey;
use crate::text::Language;
use crate::{Actor, Entry};

/// Weights of the check digit of an organisation number (modulus 11; Brønnøysundregistrene).
const CHECK_WEIGHTS: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];

/// Nine digits with a valid modulus-11 check digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(String);

impl OrganisationNumber {
    /// Reads a number; spaces are allowed, as people write them in groups of three.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let refusal = || Refusal::invalid("/number", "nine digits with a valid check digit (modulus 11)");
        let values: Vec<u32> =
            digits.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or_else(refusal)?;
        let [head @ .., check] = values.as_slice() else { return Err(refusal()) };
        if head.len() != CHECK_WEIGHTS.len() {
            return Err(refusal());
        }
        let sum: u32 = head.iter().zip(CHECK_WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        // A remainder of 1 would need the check digit 10, which does not exist.
        let expected = (11 - sum % 11) % 11;
        if expected == *check { Ok(Self(digits)) } else { Err(refusal()) }
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OrganisationNumber {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(|refusal| refusal.detail(Language::En))
    }
}

impl From<OrganisationNumber> for String {
    fn from(number: OrganisationNumber) -> Self {
        number.0
    }
}

/// What kind of legal entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// Kommune.
    Municipality,
    /// Fylkeskommune, the owner of upper secondary schools.
    CountyMunicipality,
    /// Friskole.
    IndependentSchool,
    /// Privat barnehageeier.
    KindergartenOwner,
    /// Universitet eller høgskole.
    University,
    /// Statsforvalter (before 2021: fylkesmann).
    CountyGovernor,
    /// Utdanningsdirektoratet.
    Directorate,
    /// Union, employers' association or another body with a seat.
    Association,
}

impl OrganisationKind {
    /// Whether the schools and kindergartens of such an owner are public or private; none where they may be either.
    pub const fn ownership(self) -> Option<Ownership> {
        match self {
            Self::Municipality | Self::CountyMunicipality | Self::CountyGovernor | Self::Directorate => {
                Some(Ownership::Public)
            }
            Self::IndependentSchool | Self::KindergartenOwner => Some(Ownership::Private),
            Self::University | Self::Association => None,
        }
    }

    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Municipality,
        Self::CountyMunicipality,
        Self::IndependentSchool,
        Self::KindergartenOwner,
        Self::University,
        Self::CountyGovernor,
        Self::Directorate,
        Self::Association,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Municipality => "municipality",
            Self::CountyMunicipality => "county_municipality",
            Self::IndependentSchool => "independent_school",
            Self::KindergartenOwner => "kindergarten_owner",
            Self::University => "university",
            Self::CountyGovernor => "county_governor",
            Self::Directorate => "directorate",
            Self::Association => "association",
        }
    }

    /// Whether such an organisation may lead an application.
    pub fn may_apply(self) -> bool {
        matches!(
            self,
            Self::Municipality | Self::CountyMunicipality | Self::IndependentSchool | Self::KindergartenOwner
        )
    }
}

/// A legal entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Id.
    pub id: OrganisationId,
    /// The number in Enhetsregisteret, or a number outside its series for a practice placeholder.
    pub number: OrganisationNumber,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// The municipality number as of today; never a key, as it is valid in a period only.
    pub municipality_number: Option<String>,
    /// The language that letters to it are written in.
    pub language: Language,
    /// Whether it stands in for an applicant that the source does not name.
    pub placeholder: bool,
    /// The day on which it ceased, where it did.
    pub ceased_on: Option<Date>,
    /// Who came after it, by number, with the shares that add up to the whole.
    pub successors: Vec<SuccessorInput>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Organisation {
    /// Registers an organisation.
    pub fn register(&self, _actor: &Actor) -> Result<Entry, Refusal> {
        if self.name.trim().is_empty() {
            return Err(Refusal::invalid("/name", "a name"));
        }
        if let Some(number) = &self.municipality_number
            && !(number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Err(Refusal::invalid("/municipalityNumber", "four digits"));
        }
        Ok(Entry::new("organisation.create", "organisation", self.id))
    }

    /// The entry for the journal when a change of a register is applied to it.
    pub fn changed(&self) -> Entry {
        Entry::new("organisation.update", "organisation", self.id)
    }
}

/// A headcount of an organisation from a named source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationHeadcount {
    /// Id.
    pub id: HeadcountId,
    /// Whose employees.
    pub organisation_id: OrganisationId,
    /// The count itself.
    pub record: HeadcountRecord,
    /// The register that it was read from; none where somebody typed it in.
    pub register: Option<RegisterKey>,
    /// Why somebody set it against what a register says; it stands from its date on.
    pub reason: Option<String>,
    /// Who recorded it; not known of those from before this was kept, and none of what a register gave by itself.
    pub recorded_by: Option<PersonId>,
    /// Whether the unit closed or went to another owner that day, whichever register said so.
    pub departs: bool,
}

impl OrganisationHeadcount {
    /// Records a headcount.
    pub fn record(&self, _actor: &Actor) -> Result<Entry, Refusal> {
        if self.record.source.trim().is_empty() {
            return Err(Refusal::invalid("/source", "the register or document that the number is from"));
        }
        if let tildel_allocation::Headcount::Known(count) = &self.record.value
            && count.milli() < 0
        {
            return Err(Refusal::new(RefusalCode::InvalidValue)
                .with("field", "value")
                .with("expected", "zero or more")
                .at("/value"));
        }
        if self.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Refusal::invalid("/reason", "a reason, or none"));
        }
        let mut entry = Entry::new("headcount.record", "organisation", self.organisation_id)
            .with("headcountId", self.id.to_string())
            .with("date", self.record.date.to_string());
        if let Some(unit) = &self.record.unit {
            if unit.number.trim().is_empty() || unit.name.trim().is_empty() {
                return Err(Refusal::invalid("/unitNumber", "the number and the name of a unit"));
            }
            entry = entry.with("unitNumber", unit.number.as_str());
        }
        if self.reason.is_some() {
            entry = entry.with("withReason", true);
        }
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from Enhetsregisteret, as the fact sheet on sources gives them.
    #[test]
    fn accepts_real_numbers() {
        for number in ["964965137", "964978573", "864969682", "859 223 672", "964969590", "974763230"] {
            assert!(OrganisationNumber::parse(number).is_ok(), "{number}");
        }
    }

    #[test]
    fn refuses_wrong_check_digits_and_shapes() {
        for number in ["964965138", "96496513", "9649651370", "96496513x", "", "٩64965137"] {
            assert!(OrganisationNumber::parse(number).is_err(), "{number}");
        }
    }
}
