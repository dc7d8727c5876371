//! One unit of the register.

use jiff::civil::Date;
use serde::Deserialize;
use tildel_allocation::{Headcount, Quantity};

use super::{Activity, UnitKind};
use crate::RegisterNumber;
use crate::read::{blank, date};

/// A unit, live or deleted. All but number and name may be missing; a deleted one has little more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Unit {
    /// The number.
    #[serde(rename = "organisasjonsnummer")]
    pub number: RegisterNumber,
    /// The name, in capitals; a person's where [`Unit::is_personal`].
    #[serde(rename = "navn")]
    pub name: String,
    /// The form of organisation.
    #[serde(default, rename = "organisasjonsform")]
    pub form: Option<LegalForm>,
    /// The class of answer that newer answers name: `Enhet`, `Underenhet`, `SlettetEnhet`, `SlettetUnderenhet`.
    #[serde(default, rename = "respons_klasse", deserialize_with = "blank")]
    pub class: Option<String>,
    /// The unit right above, which need not be the owner at the top.
    #[serde(default, rename = "overordnetEnhet")]
    pub parent: Option<RegisterNumber>,
    /// Whether a number of employees is registered, shown or not.
    #[serde(default, rename = "harRegistrertAntallAnsatte")]
    pub employees_registered: Option<bool>,
    /// The number that is shown; see [`Unit::headcount`].
    #[serde(default, rename = "antallAnsatte")]
    pub employees: Option<u32>,
    /// The day the number of employees was registered here.
    #[serde(default, rename = "registreringsdatoAntallAnsatteEnhetsregisteret", deserialize_with = "date")]
    pub employees_on: Option<Date>,
    /// The main code of trade.
    #[serde(default, rename = "naeringskode1")]
    pub industry: Option<IndustryCode>,
    /// A second code of trade.
    #[serde(default, rename = "naeringskode2")]
    pub industry_second: Option<IndustryCode>,
    /// A third code of trade.
    #[serde(default, rename = "naeringskode3")]
    pub industry_third: Option<IndustryCode>,
    /// What an auxiliary unit does; its codes of trade tell of whom it serves.
    #[serde(default, rename = "hjelpeenhetskode")]
    pub auxiliary: Option<IndustryCode>,
    /// The institutional sector, such as 6500 for municipalities.
    #[serde(default, rename = "institusjonellSektorkode")]
    pub sector: Option<IndustryCode>,
    /// Where a sub-unit is.
    #[serde(default, rename = "beliggenhetsadresse")]
    pub location: Option<Address>,
    /// Where a head unit is.
    #[serde(default, rename = "forretningsadresse")]
    pub business_address: Option<Address>,
    /// Where it gets letters.
    #[serde(default, rename = "postadresse")]
    pub postal_address: Option<Address>,
    /// The day it came into the register.
    #[serde(default, rename = "registreringsdatoEnhetsregisteret", deserialize_with = "date")]
    pub registered_on: Option<Date>,
    /// The day a sub-unit began.
    #[serde(default, rename = "oppstartsdato", deserialize_with = "date")]
    pub started_on: Option<Date>,
    /// The day a sub-unit got its present owner.
    #[serde(default, rename = "datoEierskifte", deserialize_with = "date")]
    pub owner_changed_on: Option<Date>,
    /// The day a sub-unit closed.
    #[serde(default, rename = "nedleggelsesdato", deserialize_with = "date")]
    pub closed_on: Option<Date>,
    /// The day it was deleted.
    #[serde(default, rename = "slettedato", deserialize_with = "date")]
    pub deleted_on: Option<Date>,
    /// Whether a head unit is bankrupt.
    #[serde(default, rename = "konkurs")]
    pub bankrupt: Option<bool>,
    /// Whether a head unit is being wound up.
    #[serde(default, rename = "underAvvikling")]
    pub winding_up: Option<bool>,
    /// Whether a head unit is being wound up by force.
    #[serde(
        default,
        rename = "underTvangsavviklingEllerTvangsopplosning",
        alias = "underTvangsavviklingEllerTvangsoppløsning"
    )]
    pub forced_winding_up: Option<bool>,
    /// Names it had.
    #[serde(default, rename = "historiskeNavn")]
    pub former_names: Vec<FormerName>,
}

impl Unit {
    /// The number of employees with the reason where none is shown.
    ///
    /// Since 2024 one to four are withheld: a number is registered and not shown. Older answers show such numbers, and a zero where none are
    /// registered.
    pub fn headcount(&self) -> Headcount {
        match (self.employees, self.employees_registered) {
            (Some(0), _) | (None, Some(false)) => Headcount::NoneRegistered,
            (Some(count), _) => Headcount::Known(Quantity::from_whole(count)),
            (None, Some(true)) => Headcount::Withheld,
            (None, None) => Headcount::Unknown,
        }
    }

    /// Whether it is deleted. Answers from before the class was named are told by their date.
    pub fn is_deleted(&self) -> bool {
        self.deleted_on.is_some() || self.class.as_deref().is_some_and(|class| class.starts_with("Slettet"))
    }

    /// The half of the register it belongs to, if the answer says so.
    pub fn kind(&self) -> Option<UnitKind> {
        match self.class.as_deref() {
            Some("Enhet" | "SlettetEnhet") => Some(UnitKind::Head),
            Some("Underenhet" | "SlettetUnderenhet") => Some(UnitKind::Sub),
            _ => match self.form.as_ref()?.code.as_str() {
                "BEDR" | "AAFY" => Some(UnitKind::Sub),
                _ => Some(UnitKind::Head),
            },
        }
    }

    /// Whether the name is a person's (sole proprietors and persons in affiliated registers): the licence of the register leaves such rows out, and
    /// they are only kept of applicants.
    pub fn is_personal(&self) -> bool {
        self.form.as_ref().is_some_and(|form| matches!(form.code.as_str(), "ENK" | "PERS"))
    }

    /// Whether it is registered ahead of a reform: such units share a municipality's number with the one in force, so that a
    /// municipality number alone never tells the unit.
    pub fn is_preregistered(&self) -> bool {
        self.name.contains("UNDER FORHÅNDSREGISTRERING")
    }

    /// The number of the municipality where it is: a sub-unit's by its location, a head unit's by its business address.
    pub fn municipality(&self) -> Option<&str> {
        let place = self.location.as_ref().or(self.business_address.as_ref());
        place.and_then(|address| address.municipality_number.as_deref())
    }

    /// What it does, by the first of its codes that says so. An auxiliary unit's codes say nothing of itself.
    pub fn activity(&self) -> Activity {
        if self.auxiliary.is_some() {
            return Activity::Other;
        }
        let codes = [&self.industry, &self.industry_second, &self.industry_third];
        let activities = codes.into_iter().flatten().map(|code| Activity::of_code(&code.code));
        activities.into_iter().find(|activity| *activity != Activity::Other).unwrap_or(Activity::Other)
    }
}

/// A form of organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LegalForm {
    /// The code, such as `KOMM`, `ORGL`, `BEDR`.
    #[serde(rename = "kode")]
    pub code: String,
    /// Since when the form is not used any more.
    #[serde(default, rename = "utgaatt", deserialize_with = "date")]
    pub retired_on: Option<Date>,
}

/// A code of a standard with its words. Enhetsregisteret does not say which standard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IndustryCode {
    /// The code, such as `85.100`.
    #[serde(rename = "kode")]
    pub code: String,
    /// The words.
    #[serde(default, rename = "beskrivelse", deserialize_with = "blank")]
    pub words: Option<String>,
}

/// An address. Abroad it has neither postal code nor municipality.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// The lines; empty ones are gone.
    #[serde(default, rename = "adresse", deserialize_with = "lines")]
    pub lines: Vec<String>,
    /// Four digits.
    #[serde(default, rename = "postnummer", deserialize_with = "blank")]
    pub postal_code: Option<String>,
    /// The postal town.
    #[serde(default, rename = "poststed", deserialize_with = "blank")]
    pub postal_town: Option<String>,
    /// The number of the municipality at the time of the answer.
    #[serde(default, rename = "kommunenummer", deserialize_with = "blank")]
    pub municipality_number: Option<String>,
    /// The country's code, such as `NO`.
    #[serde(default, rename = "landkode", deserialize_with = "blank")]
    pub country: Option<String>,
}

/// A name that a unit had.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FormerName {
    /// The name.
    #[serde(rename = "navn")]
    pub name: String,
    /// Its first day.
    #[serde(default, rename = "fraDato", deserialize_with = "date")]
    pub from: Option<Date>,
    /// Its last day.
    #[serde(default, rename = "tilDato", deserialize_with = "date")]
    pub to: Option<Date>,
}

/// Lines of an address: recorded ones have nulls and empty texts between them.
fn lines<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let lines = Option::<Vec<Option<String>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect())
}
