//! Kartverket's names of municipalities and counties: the present state only, without history.
//!
//! `kommunenavn` is the name of priority 1 and may be Sámi or Kven, so names are not compared with other sources. Lists of names are padded
//! with nulls.

use serde::{Deserialize, Deserializer};
use url::Url;

use crate::fetch::{Request, SourceKey, address};
use crate::read::{Limits, ReadError, json};

/// The address below which everything lies.
pub const ADDRESS: &str = "https://api.kartverket.no/kommuneinfo/v1/";

/// A municipality as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Municipality {
    /// Four digits.
    #[serde(rename = "kommunenummer")]
    pub number: String,
    /// The name of priority 1.
    #[serde(rename = "kommunenavn")]
    pub name: String,
    /// The Norwegian name.
    #[serde(default, rename = "kommunenavnNorsk")]
    pub norwegian_name: Option<String>,
    /// All names, by priority, where they were asked for.
    #[serde(default, rename = "gyldigeNavn", deserialize_with = "names")]
    pub names: Vec<Name>,
    /// Whether Sámi has a place in its administration, where that was asked for.
    #[serde(default, rename = "samiskForvaltningsomrade")]
    pub is_sami_area: Option<bool>,
}

/// A name in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// The language, in English words as the service writes it.
    pub language: Option<String>,
}

/// A county as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct County {
    /// Two digits.
    #[serde(rename = "fylkesnummer")]
    pub number: String,
    /// The name.
    #[serde(rename = "fylkesnavn")]
    pub name: String,
    /// Its municipalities, where they were asked for.
    #[serde(default, rename = "kommuner")]
    pub municipalities: Vec<Municipality>,
}

/// Reads the list of municipalities.
pub fn read_municipalities(body: &[u8]) -> Result<Vec<Municipality>, ReadError> {
    json(body, Limits::ANSWER)
}

/// Reads the list of counties, with or without municipalities.
pub fn read_counties(body: &[u8]) -> Result<Vec<County>, ReadError> {
    json(body, Limits::ANSWER)
}

/// Reads one county.
pub fn read_county(body: &[u8]) -> Result<County, ReadError> {
    json(body, Limits::ANSWER)
}

/// Asks for all municipalities below `base`.
pub fn municipalities(base: &Url) -> Request {
    Request::json(SourceKey::KARTVERKET, address(base, &["kommuner"]))
}

/// Asks for all counties with their municipalities below `base`.
pub fn counties(base: &Url) -> Request {
    Request::json(SourceKey::KARTVERKET, address(base, &["fylkerkommuner"]))
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Name>, D::Error> {
    #[derive(Deserialize)]
    struct Written {
        navn: Option<String>,
        #[serde(default)]
        prioritet: u32,
        sprak: Option<String>,
    }
    let mut written = Vec::<Written>::deserialize(deserializer)?;
    written.sort_by_key(|name| name.prioritet);
    let named = written.into_iter().filter_map(|Written { navn, sprak, .. }| Some((navn?, sprak)));
    Ok(named.map(|(name, language)| Name { name, language }).collect())
}
