//! SSB's PxWeb (version 2): tables as JSON-stat, for control totals.
//!
//! Without a selection the service gives an extract it chooses, so a request always selects. Cells may be null with a status that says why; none
//! of them is zero. A table that is too large is answered with 403, more than thirty requests a minute with 429.

mod places;

use std::collections::BTreeMap;

pub use places::PlaceCell;
use serde::Deserialize;
use serde_json::{Number, Value};
use tildel_allocation::{Headcount, Quantity};
use url::Url;

use crate::fetch::{Request, SourceKey, address};
use crate::read::{Limits, ReadError, json};

/// The address below which everything lies.
pub const ADDRESS: &str = "https://data.ssb.no/api/pxwebapi/v2/";

/// The most cells of an answer (from the service's `/config`).
pub const CELLS: usize = 800_000;

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A number, as it is written.
    Value(Number),
    /// No number, and the sign that says why: `..` not available, `:` withheld, `.` not possible.
    Missing(Option<String>),
}

impl Cell {
    /// As a count. A number that is none (negative, or finer than a thousandth) is unknown.
    pub fn headcount(&self) -> Headcount {
        match self {
            Self::Value(number) => {
                number.to_string().parse::<Quantity>().map_or(Headcount::Unknown, Headcount::Known)
            }
            Self::Missing(Some(sign)) if sign == ":" => Headcount::Withheld,
            Self::Missing(_) => Headcount::Unknown,
        }
    }
}

/// A dimension of a table, such as region or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Its name, such as `Region`, `Tid`, `ContentsCode`.
    pub id: String,
    /// Its codes in order.
    pub codes: Vec<String>,
}

/// A table of cells, the last dimension running fastest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The id of the table, where the answer tells it.
    pub table: Option<String>,
    /// The dimensions.
    pub dimensions: Vec<Dimension>,
    cells: Vec<Cell>,
}

impl Dataset {
    /// Reads JSON-stat 2.0.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        let written: Written = json(body, Limits::ANSWER)?;
        let table = written.table();
        if written.id.len() != written.size.len() {
            return Err(wrong("size", "another number of dimensions than in `id`"));
        }
        let cells = written.size.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
        let cells = cells.filter(|cells| *cells <= CELLS).ok_or_else(|| wrong("size", "too many cells"))?;
        let dimensions = written.id.iter().zip(&written.size).map(|(id, size)| {
            let described = written.dimension.get(id).ok_or_else(|| wrong(id, "is not described"))?;
            let codes = described.category.codes();
            if codes.len() == *size {
                Ok(Dimension { id: id.clone(), codes })
            } else {
                Err(wrong(id, "another number of codes than its size"))
            }
        });
        let dimensions = dimensions.collect::<Result<_, _>>()?;
        let numbers = by_place(written.value, cells, "value")?;
        let signs = by_place(written.status.unwrap_or_default(), cells, "status")?;
        let cells = numbers.into_iter().zip(signs).map(|(number, sign)| match number {
            Some(Value::Number(number)) => Ok(Cell::Value(number)),
            None | Some(Value::Null) => {
                Ok(Cell::Missing(sign.as_ref().and_then(Value::as_str).map(str::to_owned)))
            }
            Some(_) => Err(wrong("value", "a cell that is no number")),
        });
        Ok(Self { table, dimensions, cells: cells.collect::<Result<_, _>>()? })
    }

    /// The cell of one code for each dimension, in the order of the dimensions.
    pub fn cell(&self, codes: &[&str]) -> Option<&Cell> {
        if codes.len() != self.dimensions.len() {
            return None;
        }
        let place = self.dimensions.iter().zip(codes).try_fold(0, |place, (dimension, code)| {
            let own = dimension.codes.iter().position(|known| known == code)?;
            Some(place * dimension.codes.len() + own)
        })?;
        self.cells.get(place)
    }
}

/// Asks for a table with these codes for each dimension: codes, or an expression such as `*`, `top(3)`, `from(2020)`. Addresses are limited to
/// some two thousand letters.
pub fn data(base: &Url, table: &str, selection: &[(&str, &str)]) -> Request {
    let mut url = address(base, &["tables", table, "data"]);
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("lang", "no").append_pair("outputFormat", "json-stat2");
        for (dimension, codes) in selection {
            query.append_pair(&format!("valueCodes[{dimension}]"), codes);
        }
    }
    Request::json(SourceKey::PXWEB, url)
}

fn wrong(path: &str, what: &str) -> ReadError {
    ReadError::Shape { path: path.to_owned(), what: what.to_owned() }
}

/// One value for each cell, from a list of all, an object of some, or one for all.
fn by_place(values: Places, cells: usize, path: &str) -> Result<Vec<Option<Value>>, ReadError> {
    match values {
        Places::All(values) if values.len() == cells => Ok(values.into_iter().map(Some).collect()),
        Places::All(_) => Err(wrong(path, "another number of cells than the sizes make")),
        Places::One(value) => Ok(vec![Some(Value::String(value)); cells]),
        Places::Some(some) => {
            let mut placed = vec![None; cells];
            for (place, value) in some {
                let place: usize = place.parse().map_err(|_| wrong(path, "a place that is no number"))?;
                *placed.get_mut(place).ok_or_else(|| wrong(path, "a place beyond the last cell"))? =
                    Some(value);
            }
            Ok(placed)
        }
    }
}

#[derive(Deserialize)]
struct Written {
    id: Vec<String>,
    size: Vec<usize>,
    dimension: BTreeMap<String, Described>,
    value: Places,
    #[serde(default)]
    status: Option<Places>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    extension: Extension,
}

impl Written {
    /// From the extension of PxWeb, or from the label, which begins with the id.
    fn table(&self) -> Option<String> {
        let label = self.label.as_deref().unwrap_or_default();
        let digits: String = label.chars().take_while(char::is_ascii_digit).collect();
        self.extension.px.tableid.clone().or_else(|| (!digits.is_empty()).then_some(digits))
    }
}

#[derive(Default, Deserialize)]
struct Extension {
    #[serde(default)]
    px: PxExtension,
}

#[derive(Default, Deserialize)]
struct PxExtension {
    #[serde(default)]
    tableid: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Places {
    All(Vec<Value>),
    Some(BTreeMap<String, Value>),
    One(String),
}

impl Default for Places {
    fn default() -> Self {
        Self::Some(BTreeMap::new())
    }
}

#[derive(Deserialize)]
struct Described {
    category: Category,
}

#[derive(Deserialize)]
struct Category {
    #[serde(default)]
    index: Option<Index>,
    #[serde(default)]
    label: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Index {
    Ordered(Vec<String>),
    Placed(BTreeMap<String, usize>),
}

impl Category {
    /// A dimension of one code may have a label alone.
    fn codes(&self) -> Vec<String> {
        match &self.index {
            Some(Index::Ordered(codes)) => codes.clone(),
            Some(Index::Placed(placed)) => {
                let mut codes: Vec<_> = placed.iter().collect();
                codes.sort_by_key(|(_, place)| **place);
                codes.into_iter().map(|(code, _)| code.clone()).collect()
            }
            None => self.label.keys().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of the service's documentation; two municipalities, two years.
    const TABLE: &str = r#"{"version":"2.0","class":"dataset","label":"11981","id":["Region","ContentsCode","Tid"],"size":[2,1,2],
        "dimension":{"Region":{"category":{"index":{"1120":1,"1108":0},"label":{"1108":"Sandnes","1120":"Klepp"}}},
        "ContentsCode":{"category":{"label":{"KOSarsverk":"Avtalte årsverk"}}},"Tid":{"category":{"index":["2024","2025"]}}},
        "value":[1029.2,null,0,null],"status":{"1":"..","3":":"}}"#;

    #[test]
    fn cells_are_found_by_their_codes_and_nulls_are_not_zero() {
        let table = Dataset::read(TABLE.as_bytes()).unwrap();
        let at = |region, year| table.cell(&[region, "KOSarsverk", year]).map(Cell::headcount);
        assert_eq!(at("1108", "2024"), Some(Headcount::Known("1029.2".parse().unwrap())));
        assert_eq!(at("1108", "2025"), Some(Headcount::Unknown));
        assert_eq!(at("1120", "2024"), Some(Headcount::Known(Quantity::ZERO)));
        assert_eq!(at("1120", "2025"), Some(Headcount::Withheld));
        assert_eq!(at("1103", "2025"), None);
        assert_eq!(table.cell(&["1108"]), None);
    }

    #[test]
    fn sizes_that_lie_are_refused() {
        for (from, to) in [
            ("\"size\":[2,1,2]", "\"size\":[2,1,3]"),
            ("\"size\":[2,1,2]", "\"size\":[4294967296,4294967296,2]"),
            ("\"size\":[2,1,2]", "\"size\":[2,2]"),
            ("1029.2,null", "1029.2"),
            ("\"3\":\":\"", "\"4\":\":\""),
            ("\"Tid\":{", "\"Aar\":{"),
            ("1029.2", "\"1029.2\""),
        ] {
            let broken = TABLE.replace(from, to);
            assert!(matches!(Dataset::read(broken.as_bytes()), Err(ReadError::Shape { .. })), "{to}");
        }
    }

    #[test]
    fn a_request_selects() {
        let base: Url = ADDRESS.parse().unwrap();
        let request = data(&base, "11981", &[("Region", "1108,1120"), ("Tid", "top(3)")]);
        assert_eq!(
            request.url.query(),
            Some(
                "lang=no&outputFormat=json-stat2&valueCodes%5BRegion%5D=1108%2C1120&valueCodes%5BTid%5D=top%283%29"
            )
        );
    }
}
