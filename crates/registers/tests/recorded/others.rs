//! Kartverket, Geonorge, lists and published tables.

use tildel_registers::Table;
use tildel_registers::geonorge::read_map;
use tildel_registers::kartverket::{read_counties, read_county, read_municipalities};
use tildel_registers::read::{Encoding, decode};

use crate::{known, recorded};

#[test]
fn names_of_kartverket() {
    if let Some(body) = recorded("kartverket/kommuner-2023.json") {
        let municipalities = read_municipalities(&body).unwrap();
        assert_eq!(municipalities.len(), 356);
        assert!(municipalities.iter().all(|place| place.number.len() == 4 && place.norwegian_name.is_some()));
    }
    if let Some(body) = recorded("kartverket/fylker-2023.json") {
        assert_eq!(read_counties(&body).unwrap().len(), 11);
    }
    if let Some(body) = recorded("kartverket/fylke46_kommuner-2023.json") {
        assert_eq!(decode(&body).1, Encoding::Windows1252);
        let county = read_county(&body).unwrap();
        assert_eq!((county.number.as_str(), county.municipalities.len()), ("46", 43));
        assert!(county.municipalities.iter().any(|place| place.name == "Bømlo"));
    }
    if let Some(body) = recorded("kartverket/fylkerkommuner-full-2023.json") {
        let counties = read_counties(&body).unwrap();
        let municipalities: Vec<_> = counties.iter().flat_map(|county| &county.municipalities).collect();
        assert_eq!((counties.len(), municipalities.len()), (11, 356));
        // The first name may be Sámi, and the list is padded with nulls.
        let hattfjelldal = municipalities.iter().find(|place| place.name == "Aarborte").unwrap();
        assert_eq!(hattfjelldal.norwegian_name.as_deref(), Some("Hattfjelldal"));
        let names: Vec<_> = hattfjelldal.names.iter().map(|name| name.name.as_str()).collect();
        assert_eq!(names, ["Aarborte", "Hattfjelldal"]);
    }
}

#[test]
fn maps_of_geonorge() {
    if let Some(body) = recorded("geonorge/skoler-bamble-2024.geojson.json") {
        let schools = read_map(&body).unwrap();
        assert_eq!(schools.len(), 8);
        let stathelle = schools.iter().find(|school| school.name == "Stathelle barneskole").unwrap();
        assert_eq!((stathelle.headcount(), stathelle.pupils), (known(77), Some(386)));
        // The school's number is a text, its owner's a number.
        assert_eq!(stathelle.number.as_ref().unwrap().as_str(), "875278312");
        assert_eq!(stathelle.owner.as_ref().unwrap().as_str(), "940244145");
    }
    if let Some(body) = recorded("geonorge/barnehager-bamble-2024.geojson.json") {
        let kindergartens = read_map(&body).unwrap();
        assert_eq!(kindergartens.len(), 11);
        let ronholt = kindergartens.iter().find(|unit| unit.name == "Rønholt barnehage").unwrap();
        assert_eq!((ronholt.headcount(), ronholt.children), (known(16), Some(37)));
        assert_eq!(ronholt.number.as_ref().unwrap().as_str(), "972286419");
    }
    if let Some(body) = recorded("geonorge/barnehager-stavanger-2016.csv") {
        let table = Table::read(&body).unwrap();
        assert_eq!(table.rows().len(), 133);
        assert!(
            table.rows().all(|row| row.get("nord").is_some()),
            "the byte order mark is no part of a name"
        );
    }
}

#[test]
fn lists_and_published_tables() {
    for (name, rows, column) in [
        ("kommuner/kommuner-2025-fylke-kommune.csv", 357, "kommunenummer"),
        ("tilskudd/partistotte-2014.csv", 2709, "kummunenr"),
        ("tilskudd/partistotte-2014-fields.csv", 11, "shortname"),
        ("tilskudd/rapporteringsenheter-statsforvalter-2019.csv", 383, "orgnr_fylkesmann"),
        ("ssb-klass/corr-1236-orgnr-kommunenr.csv", 356, "sourceCode"),
    ] {
        let Some(body) = recorded(name) else { continue };
        let table = Table::read(&body).unwrap();
        assert_eq!(table.rows().len(), rows, "{name}");
        assert!(table.header().iter().any(|header| header == column), "{name}: {:?}", table.header());
    }
    for (name, count) in [("kommuner/kommuner-2025.json", 357), ("kommuner/fylker-2025.json", 15)] {
        let Some(body) = recorded(name) else { continue };
        let list: Vec<serde_json::Value> = serde_json::from_slice(&body).unwrap();
        assert_eq!(list.len(), count, "{name}");
    }
    // Standards for publishing, without records; that they are objects with a title is what can be asked of them here.
    for name in ["tilskudd/360-giving-schema.json", "tilskudd/360-giving-package-schema.json"] {
        let Some(body) = recorded(name) else { continue };
        let schema: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(schema["title"].is_string() && schema["properties"].is_object(), "{name}");
    }
}
