//! One variable of a table by municipality and year.

use super::{Cell, Dataset, wrong};
use crate::read::ReadError;

/// SSB's name of the dimension of variables.
const CONTENTS: &str = "ContentsCode";

/// SSB's name of the dimension of time.
const TIME: &str = "Tid";

/// A cell of a municipality and a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCell {
    /// The number of the municipality, as it was in that year.
    pub municipality: String,
    /// The year.
    pub year: i16,
    /// What the table says.
    pub cell: Cell,
}

impl Dataset {
    /// The cells of one variable by municipality and year, in the order of the table. Groups of municipalities and months are passed over; other
    /// dimensions must have one code, as else it can not be told which cell is meant.
    pub fn by_municipality(&self, region: &str, contents: &str) -> Result<Vec<PlaceCell>, ReadError> {
        let place = |name: &str| {
            let found = self.dimensions.iter().position(|dimension| dimension.id.eq_ignore_ascii_case(name));
            found.ok_or_else(|| wrong("id", &format!("there is no dimension `{name}`")))
        };
        let (region, time, variable) = (place(region)?, place(TIME)?, place(CONTENTS)?);
        let mut codes: Vec<&str> = Vec::with_capacity(self.dimensions.len());
        for (at, dimension) in self.dimensions.iter().enumerate() {
            let code = match dimension.codes.as_slice() {
                _ if at == region || at == time => "",
                codes if at == variable => codes
                    .iter()
                    .find(|code| *code == contents)
                    .ok_or_else(|| wrong(&dimension.id, &format!("there is no code `{contents}`")))?,
                [code] => code,
                _ => return Err(wrong(&dimension.id, "has several codes, and none is asked for")),
            };
            codes.push(code);
        }
        let mut found = Vec::new();
        for municipality in self.dimensions[region].codes.iter().filter(|code| is_municipality(code)) {
            for written in &self.dimensions[time].codes {
                let Ok(year) = written.parse::<i16>() else { continue };
                (codes[region], codes[time]) = (municipality, written);
                if let Some(cell) = self.cell(&codes) {
                    found.push(PlaceCell { municipality: municipality.clone(), year, cell: cell.clone() });
                }
            }
        }
        Ok(found)
    }
}

/// Four digits: groups such as `EAK` and counties have other codes.
fn is_municipality(code: &str) -> bool {
    code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"{"version":"2.0","class":"dataset","label":"12562: Barnehager, etter region",
        "id":["KOKkommuneregion0000","KOKeier","ContentsCode","Tid"],"size":[3,1,2,2],
        "dimension":{"KOKkommuneregion0000":{"category":{"index":["1108","EAK","1120"]}},"KOKeier":{"category":{"index":["A"]}},
        "ContentsCode":{"category":{"index":["Barn","Ansatte"]}},"Tid":{"category":{"index":["2024","2025"]}}},
        "value":[1,2,10,11,3,4,12,13,5,6,null,15],"status":{"10":":"}}"#;

    fn told(cells: &[PlaceCell]) -> Vec<(&str, i16, String)> {
        let text = |cell: &Cell| match cell {
            Cell::Value(number) => number.to_string(),
            Cell::Missing(sign) => sign.clone().unwrap_or_default(),
        };
        cells.iter().map(|one| (one.municipality.as_str(), one.year, text(&one.cell))).collect()
    }

    /// The last dimension runs fastest: Ansatte of 1108 are the third and fourth cells, of 1120 the eleventh and twelfth.
    #[test]
    fn groups_are_passed_over() {
        let table = Dataset::read(TABLE.as_bytes()).unwrap();
        assert_eq!(table.table.as_deref(), Some("12562"));
        let cells = table.by_municipality("KOKkommuneregion0000", "Ansatte").unwrap();
        let expected =
            [("1108", 2024, "10"), ("1108", 2025, "11"), ("1120", 2024, ":"), ("1120", 2025, "15")];
        assert_eq!(told(&cells), expected.map(|(code, year, text)| (code, year, text.to_owned())));
    }

    #[test]
    fn what_is_not_there_or_unclear_is_refused() {
        let table = Dataset::read(TABLE.as_bytes()).unwrap();
        assert!(table.by_municipality("Region", "Ansatte").is_err());
        assert!(table.by_municipality("KOKkommuneregion0000", "Årsverk").is_err());
        let unclear = TABLE.replace(
            r#""KOKeier":{"category":{"index":["A"]}}"#,
            r#""KOKeier":{"category":{"index":["A","B"]}}"#,
        );
        let unclear =
            unclear.replace("[3,1,2,2]", "[3,2,1,2]").replace(r#"["Barn","Ansatte"]"#, r#"["Ansatte"]"#);
        let table = Dataset::read(unclear.as_bytes()).unwrap();
        let error = table.by_municipality("KOKkommuneregion0000", "Ansatte").unwrap_err();
        assert!(error.to_string().contains("KOKeier"), "{error}");
    }

    #[test]
    fn the_extension_goes_before_the_label() {
        let told = TABLE.replace(r#""label":"#, r#""extension":{"px":{"tableid":"06913"}},"label":"#);
        assert_eq!(Dataset::read(told.as_bytes()).unwrap().table.as_deref(), Some("06913"));
        let untold = TABLE.replace("12562: Barnehager", "Barnehager");
        assert_eq!(Dataset::read(untold.as_bytes()).unwrap().table, None);
    }
}
