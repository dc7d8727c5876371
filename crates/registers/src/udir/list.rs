//! Lists of units.

use jiff::Timestamp;
use serde::Deserialize;

use crate::RegisterNumber;
use crate::read::{Limits, ReadError, json};

/// A unit in a list. It has no employees: they stand in the unit alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the register's own flags")]
pub struct UdirListItem {
    /// The number. Lists that people export have some numbers twice.
    #[serde(rename = "Organisasjonsnummer", alias = "Orgnr")]
    pub number: RegisterNumber,
    /// The name.
    #[serde(rename = "Navn")]
    pub name: String,
    /// The municipality's number.
    #[serde(default, rename = "Kommunenummer", alias = "Kommunenr")]
    pub municipality: Option<String>,
    /// Whether it is active.
    #[serde(default, rename = "ErAktiv")]
    pub is_active: Option<bool>,
    /// Whether it is a primary or lower secondary school.
    #[serde(default, rename = "ErGrunnskole")]
    pub is_primary_school: bool,
    /// Whether it is an upper secondary school.
    #[serde(default, rename = "ErVideregaaendeSkole")]
    pub is_upper_secondary: bool,
    /// Whether it gives basic education, as special schools do that are no primary school by their flag.
    #[serde(default, rename = "ErGrunnopplaering")]
    pub is_basic_education: bool,
    /// Whether it is a kindergarten.
    #[serde(default, rename = "ErBarnehage")]
    pub is_kindergarten: bool,
    /// When the row was last written.
    #[serde(default, rename = "DatoEndret")]
    pub written_at: Option<Timestamp>,
}

/// A list of units, a page of it or the whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct UdirPage {
    /// The units of this page.
    pub units: Vec<UdirListItem>,
    /// The page, from 1; none where the list is whole.
    pub page: Option<u32>,
    /// How many pages; none where the list is whole.
    pub pages: Option<u32>,
    /// How many units in all; none where the list is whole.
    pub total: Option<u32>,
}

impl UdirPage {
    /// Reads a page, or a whole list as those by municipality are.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        json(body, Limits::ANSWER)
    }

    /// The next page, if there is one.
    pub fn next(&self) -> Option<u32> {
        let (page, pages) = (self.page?, self.pages?);
        (page < pages).then(|| page + 1)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Page(Page),
    /// As version 3 listed municipalities.
    Bare(Vec<UdirListItem>),
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "EnhetListe", alias = "Enheter")]
    units: Vec<UdirListItem>,
    #[serde(default, rename = "Sidenummer")]
    number: Option<u32>,
    #[serde(default, rename = "AntallSider")]
    count: Option<u32>,
    #[serde(default, rename = "TotaltAntallEnheter")]
    total: Option<u32>,
}

impl From<Written> for UdirPage {
    fn from(written: Written) -> Self {
        match written {
            Written::Page(Page { units, number, count, total }) => {
                Self { units, page: number, pages: count, total }
            }
            Written::Bare(units) => Self { units, page: None, pages: None, total: None },
        }
    }
}
