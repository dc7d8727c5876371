//! One school, kindergarten or owner in full.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use tildel_allocation::{Headcount, Quantity};

use super::{Relation, Relative};
use crate::RegisterNumber;
use crate::enhetsregisteret::IndustryStandard;
use crate::read::{Limits, ReadError, blank, date_of_instant, json};

/// A unit of either register. Flags of the other register are missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the register's own flags")]
pub struct UdirUnit {
    /// The number; of schools abroad not an organisation number.
    #[serde(rename = "Organisasjonsnummer", alias = "Orgnr")]
    pub number: RegisterNumber,
    /// The name, in mixed case; an owner may bear the same.
    #[serde(rename = "Navn")]
    pub name: String,
    /// The municipality; of closed units the one they had.
    #[serde(default, rename = "Kommune")]
    pub municipality: Option<Municipality>,
    /// The county, with the county governor's number.
    #[serde(default, rename = "Fylke")]
    pub county: Option<County>,
    /// Where it is.
    #[serde(default, rename = "Beliggenhetsadresse")]
    pub location: Option<UdirAddress>,
    /// Bokmål, nynorsk or another, by its id.
    #[serde(default, rename = "Maalform")]
    pub language_form: Option<UdirCode>,
    /// The form of organisation.
    #[serde(default, rename = "Organisasjonsform")]
    pub form: Option<UdirCode>,
    /// Codes of trade with their standard.
    #[serde(default, rename = "Naeringskoder")]
    pub industries: Vec<UdirIndustry>,
    /// Why it ended; `A` means that it did not.
    #[serde(default, rename = "Utgaattype")]
    pub ended: Option<UdirCode>,
    /// When it ended.
    #[serde(default, rename = "UtgaattDato", deserialize_with = "date_of_instant")]
    pub ended_on: Option<Date>,
    /// Whether it is active. `ErInaktivIBasil` does not tell and is not read.
    #[serde(default, rename = "ErAktiv")]
    pub is_active: Option<bool>,
    #[serde(default, rename = "ErGrunnskole")]
    is_primary: bool,
    #[serde(default, rename = "ErVideregaaendeSkole")]
    is_upper_secondary: bool,
    #[serde(default, rename = "ErSpesialskole")]
    is_special: bool,
    #[serde(default, rename = "ErGrunnopplaering")]
    is_basic_education: bool,
    #[serde(default, rename = "ErBarnehage")]
    is_kindergarten: bool,
    #[serde(default, rename = "ErPrivatskole", alias = "ErPrivatBarnehage")]
    is_private: bool,
    #[serde(default, rename = "ErOffentligSkole", alias = "ErOffentligBarnehage")]
    is_public: bool,
    /// The law by which a private school is approved.
    #[serde(default, rename = "PrivatskoleGodkjenning")]
    pub approval: Option<Approval>,
    #[serde(default, rename = "AntallAnsatte")]
    employees: Option<u32>,
    /// Version 3 gave a range.
    #[serde(default, rename = "AnsatteFra")]
    employees_from: Option<u32>,
    #[serde(default, rename = "AnsatteTil")]
    employees_to: Option<u32>,
    /// Pupils of a school.
    #[serde(default, rename = "Elevtall")]
    pub pupils: Option<u32>,
    /// Children of a kindergarten.
    #[serde(default, rename = "AntallBarn")]
    pub children: Option<u32>,
    /// The lowest year of primary school.
    #[serde(default, rename = "SkoletrinnGSFra")]
    pub primary_from: Option<u8>,
    /// The highest year of primary and lower secondary school.
    #[serde(default, rename = "SkoletrinnGSTil")]
    pub primary_to: Option<u8>,
    /// Units above.
    #[serde(default, rename = "ForeldreRelasjoner")]
    pub above: Vec<Relative>,
    /// Units below.
    #[serde(default, rename = "BarnRelasjoner")]
    pub below: Vec<Relative>,
    /// The day it began.
    #[serde(
        default,
        rename = "OppstartsEllerStiftelsesdato",
        alias = "DatoFoedt",
        deserialize_with = "date_of_instant"
    )]
    pub began_on: Option<Date>,
    /// When the row was last written, which bulk imports renew without a change: compare contents.
    #[serde(default, rename = "DatoEndret")]
    pub written_at: Option<Timestamp>,
}

impl UdirUnit {
    /// Reads a unit.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        json(body, Limits::ANSWER)
    }

    /// The employees. Version 3 gave a range, which is known only where both ends are the same. How this register treats one to four is not
    /// documented, so a missing number is unknown here, not withheld.
    pub fn headcount(&self) -> Headcount {
        let of_range = self.employees_from.filter(|from| Some(*from) == self.employees_to);
        match self.employees.or(of_range) {
            Some(0) => Headcount::NoneRegistered,
            Some(count) => Headcount::Known(Quantity::from_whole(count)),
            None => Headcount::Unknown,
        }
    }

    /// Whether it is a school of the schemes: primary, upper secondary, or a special school with basic education.
    pub fn is_school(&self) -> bool {
        self.is_primary || self.is_upper_secondary || (self.is_special && self.is_basic_education)
    }

    /// Whether it is a primary or lower secondary school.
    pub fn is_primary_school(&self) -> bool {
        self.is_primary
    }

    /// Whether it is an upper secondary school.
    pub fn is_upper_secondary(&self) -> bool {
        self.is_upper_secondary
    }

    /// Whether it is a kindergarten.
    pub fn is_kindergarten(&self) -> bool {
        self.is_kindergarten
    }

    /// Whether its owner is private; none where the register says neither.
    pub fn is_private(&self) -> Option<bool> {
        (self.is_private != self.is_public).then_some(self.is_private)
    }

    /// Whether it is made up for tests or abroad: Udir's own numbers, and the pseudo-municipality 2599.
    pub fn is_outside_norway(&self) -> bool {
        let pseudo = self.municipality.as_ref().is_some_and(|place| place.number == "2599");
        pseudo || self.number.as_str().starts_with('U')
    }

    /// Whether it ended.
    pub fn has_ended(&self) -> bool {
        let ended = self.ended.as_ref().is_some_and(|ended| ended.id != "A");
        ended || self.is_active == Some(false)
    }

    /// The first unit above that is related so.
    pub fn above(&self, relation: &Relation) -> Option<&Relative> {
        self.above.iter().find(|relative| relative.relation == *relation)
    }
}

/// A municipality as the unit's row has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Municipality {
    /// Four digits. Svalbard is 2100, abroad is 2599.
    #[serde(rename = "Kommunenummer", alias = "Kommunenr")]
    pub number: String,
    /// Its name.
    #[serde(default, rename = "Navn", deserialize_with = "blank")]
    pub name: Option<String>,
    /// Its organisation number.
    #[serde(default, rename = "Organisasjonsnummer", alias = "Orgnr")]
    pub organisation: Option<RegisterNumber>,
    /// Whether it has ceased.
    #[serde(default, rename = "ErNedlagt")]
    pub has_ceased: Option<bool>,
}

/// A county as the unit's row has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct County {
    /// Two digits; abroad is 25.
    #[serde(rename = "Fylkesnummer", alias = "Fylkesnr")]
    pub number: String,
    /// The county governor's organisation number.
    #[serde(default, rename = "StatsforvalterOrganisasjonsnummer", alias = "OrgnrStatsforvalter")]
    pub governor: Option<RegisterNumber>,
    /// The county council's organisation number.
    #[serde(default, rename = "Organisasjonsnummer", alias = "Orgnr")]
    pub council: Option<RegisterNumber>,
}

/// An address; empty texts are missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UdirAddress {
    /// Street and number.
    #[serde(default, rename = "Adresse", deserialize_with = "blank")]
    pub line: Option<String>,
    /// Postal code.
    #[serde(default, rename = "Postnummer", alias = "Postnr", deserialize_with = "blank")]
    pub postal_code: Option<String>,
    /// Postal town.
    #[serde(default, rename = "Poststed", deserialize_with = "blank")]
    pub postal_town: Option<String>,
}

/// A code with its words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UdirCode {
    /// The code.
    #[serde(rename = "Id")]
    pub id: String,
    /// The words.
    #[serde(default, rename = "Navn", deserialize_with = "blank")]
    pub name: Option<String>,
}

/// A code of trade.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UdirIndustry {
    /// The code, such as `85.201`.
    #[serde(rename = "Kode")]
    pub code: String,
    /// 1 is the main one.
    #[serde(default, rename = "Prioritet")]
    pub priority: Option<u8>,
    #[serde(default, rename = "Versjon")]
    version: Option<String>,
}

impl UdirIndustry {
    /// The standard that the code is of; closed units keep codes of the old one.
    pub fn standard(&self) -> Option<IndustryStandard> {
        self.version.as_deref().and_then(IndustryStandard::of_year)
    }
}

/// An approval of a private school.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Approval {
    /// The law.
    #[serde(default, rename = "Godkjenningslov", deserialize_with = "blank")]
    pub law: Option<String>,
    /// Whether it is in force.
    #[serde(default, rename = "ErAktiv")]
    pub is_active: Option<bool>,
}
