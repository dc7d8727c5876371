//! SSB's Klass and `PxWeb`, and Kartverket's names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::places::{CHANGES, COUNTIES, COUNTY_CHANGES, MUNICIPALITIES};
use crate::scene::{Employees, Scene, Trade};
use crate::server::{Asked, Reply};

/// Klass: `classifications/131/changes` and so on. XML is what comes unasked.
pub(crate) fn answer(asked: &Asked, path: &[&str], query: &[(String, String)]) -> Reply {
    if !asked.header("accept").is_some_and(|accept| accept.contains("json")) {
        return Reply { body: b"<codeList/>".to_vec(), ..Reply::json("") };
    }
    let value = |key: &str| query.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
    match path {
        ["classifications", number @ ("131" | "104"), "changes"] => {
            let changes = if *number == "131" { CHANGES } else { COUNTY_CHANGES };
            let (from, to) = (value("from").unwrap_or_default(), value("to").unwrap_or("9999-12-31"));
            let rows = changes.iter().filter(|(.., day)| from <= *day && *day < to);
            let rows: Vec<Value> = rows
                .map(|(old, old_name, new, new_name, day)| {
                    json!({
                        "oldCode": old, "oldName": old_name, "oldShortName": "", "newCode": new, "newName": new_name,
                        "newShortName": "", "changeOccurred": day,
                    })
                })
                .collect();
            Reply::json(json!({ "codeChanges": rows }).to_string())
        }
        ["classifications", "131", "codes" | "codesAt"] => codes(MUNICIPALITIES, "9999"),
        ["classifications", "104", "codes" | "codesAt"] => codes(COUNTIES, "99"),
        _ => Reply::status(404),
    }
}

fn codes(places: &[(&str, &str)], unspecified: &str) -> Reply {
    let all = places.iter().copied().chain([(unspecified, "Uoppgitt")]);
    let rows: Vec<Value> = all
        .map(|(code, name)| {
            json!({
                "code": code, "parentCode": null, "level": "1", "name": name, "shortName": "", "presentationName": "",
                "validFrom": null, "validTo": null, "notes": "",
            })
        })
        .collect();
    Reply::json(json!({ "codes": rows }).to_string())
}

/// Kartverket: `kommuner` and `fylker`.
pub(crate) fn names(path: &[&str]) -> Reply {
    match path {
        ["kommuner"] => {
            let rows: Vec<Value> = MUNICIPALITIES
                .iter()
                .map(|(number, name)| {
                    json!({"kommunenavn": name, "kommunenavnNorsk": name, "kommunenummer": number})
                })
                .collect();
            Reply::json(Value::from(rows).to_string())
        }
        ["fylker"] => {
            let rows: Vec<Value> = COUNTIES
                .iter()
                .map(|(number, name)| json!({"fylkesnavn": name, "fylkesnummer": number}))
                .collect();
            Reply::json(Value::from(rows).to_string())
        }
        _ => Reply::status(404),
    }
}

/// `PxWeb`: one table with the employees of kindergartens by municipality, as the units that stand add up. Where some are withheld, so is the sum.
pub(crate) fn table(scene: &Scene, path: &[&str]) -> Reply {
    let ["tables", id, "data"] = path else { return Reply::status(404) };
    if *id != "12562" {
        return Reply::status(404);
    }
    let mut sums: BTreeMap<&str, Option<u64>> =
        MUNICIPALITIES.iter().map(|(number, _)| (*number, Some(0))).collect();
    let kindergartens =
        scene.units.values().filter(|unit| unit.trade == Trade::Kindergarten && unit.deleted_on.is_none());
    for unit in kindergartens.filter(|unit| !unit.is_removed) {
        let sum = sums.entry(unit.municipality).or_insert(Some(0));
        *sum = match unit.employees {
            Employees::Shown(count) => sum.map(|sum| sum + u64::from(count)),
            Employees::Withheld => None,
            Employees::None => *sum,
        };
    }
    let index: serde_json::Map<String, Value> =
        sums.keys().enumerate().map(|(place, number)| ((*number).to_owned(), json!(place))).collect();
    let status: serde_json::Map<String, Value> = sums
        .values()
        .enumerate()
        .filter(|(_, sum)| sum.is_none())
        .map(|(place, _)| (place.to_string(), json!(":")))
        .collect();
    let body = json!({
        "version": "2.0", "class": "dataset", "label": "12562: Ansatte i barnehager", "updated": "2026-06-15T06:00:00Z", "extension": {"px": {"tableid": "12562"}},
        "id": ["KOKkommuneregion0000", "ContentsCode", "Tid"], "size": [sums.len(), 1, 1],
        "dimension": {
            "KOKkommuneregion0000": {"label": "region", "category": {"index": index}},
            "ContentsCode": {"label": "statistikkvariabel", "category": {"index": {"Ansatte": 0}}},
            "Tid": {"label": "år", "category": {"index": {"2025": 0}}},
        },
        "value": sums.values().collect::<Vec<_>>(), "status": status,
    });
    Reply::json(body.to_string())
}
