//! Who a unit belongs to.

use serde::Deserialize;

use crate::RegisterNumber;

/// How a unit is related to one above or below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// Eierstruktur.
    Owner,
    /// Tilsynsstruktur: the county governor, Udir, or a kindergarten's municipality.
    Supervisor,
    /// Tilknytningsstruktur: the parent in Enhetsregisteret.
    Attachment,
    /// Administrativ struktur.
    Administrative,
    /// An id that this version does not know.
    Other(String),
}

impl Relation {
    /// By the ids of either register; they do not overlap.
    fn of_id(id: String) -> Self {
        match id.as_str() {
            "1" | "6" => Self::Owner,
            "2" | "7" => Self::Supervisor,
            "4" | "9" => Self::Attachment,
            "5" | "10" => Self::Administrative,
            _ => Self::Other(id),
        }
    }
}

/// A related unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct Relative {
    /// Its number.
    pub number: RegisterNumber,
    /// Its name.
    pub name: Option<String>,
    /// How it is related.
    pub relation: Relation,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    enhet: Unit,
    relasjonstype: Kind,
}

#[derive(Deserialize)]
struct Unit {
    #[serde(rename = "Organisasjonsnummer", alias = "Orgnr")]
    number: RegisterNumber,
    #[serde(default, rename = "Navn")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "Id")]
    id: String,
}

impl From<Written> for Relative {
    fn from(written: Written) -> Self {
        Self {
            number: written.enhet.number,
            name: written.enhet.name,
            relation: Relation::of_id(written.relasjonstype.id),
        }
    }
}
