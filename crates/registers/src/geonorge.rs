//! Geonorge's maps of schools and kindergartens: a second opinion on employees, one municipality at a time.

use serde::{Deserialize, Deserializer};
use tildel_allocation::{Headcount, Quantity};

use crate::RegisterNumber;
use crate::read::{Limits, ReadError, json, number_text};

/// A school or kindergarten on the map. Numbers of organisations are text for schools and numbers for kindergartens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MapUnit {
    /// The name.
    #[serde(rename = "skolenavn", alias = "barnehagenavn")]
    pub name: String,
    /// Its number; of some units none.
    #[serde(default, rename = "organisasjonsnummer", deserialize_with = "register_number")]
    pub number: Option<RegisterNumber>,
    /// Its owner's number.
    #[serde(default, rename = "eier_Skoleeier_organisasjonsnummer", deserialize_with = "register_number")]
    pub owner: Option<RegisterNumber>,
    #[serde(default, rename = "antallAnsatte")]
    employees: Option<u32>,
    /// Children of a kindergarten.
    #[serde(default, rename = "antallBarn")]
    pub children: Option<u32>,
    /// Pupils of a school.
    #[serde(default, rename = "antallElever")]
    pub pupils: Option<u32>,
}

impl MapUnit {
    /// The employees. The map does not say why it has none.
    pub fn headcount(&self) -> Headcount {
        self.employees.map_or(Headcount::Unknown, |count| Headcount::Known(Quantity::from_whole(count)))
    }
}

/// Reads a collection of features (GeoJSON).
pub fn read_map(body: &[u8]) -> Result<Vec<MapUnit>, ReadError> {
    #[derive(Deserialize)]
    struct Collection {
        features: Vec<Feature>,
    }
    #[derive(Deserialize)]
    struct Feature {
        properties: MapUnit,
    }
    let collection: Collection = json(body, Limits::ANSWER)?;
    Ok(collection.features.into_iter().map(|feature| feature.properties).collect())
}

fn register_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RegisterNumber>, D::Error> {
    Ok(number_text(deserializer)?.map(RegisterNumber::new))
}
