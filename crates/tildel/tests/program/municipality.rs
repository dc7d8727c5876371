//! What a municipality number was, is and became, from files of made-up places.

use std::fs;

use serde_json::{Value, json};

use crate::Setting;
use crate::setting::only_line;

/// Lilleby and Vesleby merge into Storby in 2020, which splits in 2024; a boundary with Nabo, which is there since 2010, moves in 2026.
const CHANGES: &str = r#"{"codeChanges":[
    {"oldCode":"9001","oldName":"Lilleby","newCode":"9003","newName":"Storby","changeOccurred":"2020-01-01"},
    {"oldCode":"9002","oldName":"Vesleby","newCode":"9003","newName":"Storby","changeOccurred":"2020-01-01"},
    {"oldCode":"9003","oldName":"Storby","newCode":"9004","newName":"Nordby","changeOccurred":"2024-01-01"},
    {"oldCode":"9003","oldName":"Storby","newCode":"9005","newName":"Sørby","changeOccurred":"2024-01-01"},
    {"oldCode":"9006","oldName":"Gammelnabo","newCode":"9007","newName":"Nabo","changeOccurred":"2010-01-01"},
    {"oldCode":"9004","oldName":"Nordby","newCode":"9004","newName":"Nordby - Davvi","changeOccurred":"2026-01-01"},
    {"oldCode":"9004","oldName":"Nordby","newCode":"9007","newName":"Nabo","changeOccurred":"2026-01-01"}]}"#;
const CODES: &str = r#"{"codes":[{"code":"9008","name":"Urørt"},{"code":"9999","name":"Uoppgitt"}]}"#;

fn setting() -> Setting {
    let setting = Setting::new();
    fs::write(setting.folder().join("changes.json"), CHANGES).unwrap();
    fs::write(setting.folder().join("codes.json"), CODES).unwrap();
    setting
}

fn told(number: &str, day: &str) -> Value {
    let arguments =
        ["municipality", number, "--as-of", day, "--json", "--from", "changes.json", "codes.json"];
    serde_json::from_str(&setting().run_well(&arguments)).unwrap()
}

#[test]
fn an_old_number_is_what_it_became() {
    let told = told("9001", "2022-06-01");
    assert_eq!(told["was"][0]["names"][0]["name"], "Lilleby");
    assert_eq!((&told["was"][0]["from"], &told["was"][0]["until"]), (&Value::Null, &json!("2019-12-31")));
    assert_eq!(told["is"], json!([{"number": "9003", "name": "Storby", "share": "1", "from": "2020-01-01"}]));
    let step = &told["became"][0];
    assert_eq!(
        (&step["on"], &step["kind"], &step["to"]["number"]),
        (&json!("2020-01-01"), &json!("merged"), &json!("9003"))
    );
    // What comes later is known too.
    assert_eq!(told["later"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_split_has_shares_that_are_said_to_be_assumed() {
    let told = told("9002", "2026-06-01");
    let is: Vec<_> = told["is"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (&place["number"], &place["name"], &place["share"]))
        .collect();
    let half = json!("1/2");
    assert_eq!(
        is,
        [(&json!("9004"), &json!("Nordby - Davvi"), &half), (&json!("9005"), &json!("Sørby"), &half)]
    );
    assert_eq!((&told["sharesAssumed"], &told["lost"]), (&json!(true), &json!("0")));
    let kinds: Vec<_> = told["became"].as_array().unwrap().iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, ["merged", "split", "split"]);
}

#[test]
fn a_boundary_that_moves_changes_no_number() {
    let told = told("9004", "2026-06-01");
    assert_eq!(told["is"][0]["number"], "9004");
    assert_eq!((&told["became"], &told["findings"]), (&json!([]), &json!([])));
    assert_eq!(told["was"][0]["wentTo"][0]["kind"], "boundary_moved");
    assert_eq!(told["was"][0]["names"][1], json!({"name": "Nordby - Davvi", "since": "2026-01-01"}));
}

#[test]
fn a_number_without_changes_comes_from_a_list() {
    assert_eq!(told("9008", "2026-06-01")["is"][0]["name"], "Urørt");
}

#[test]
fn people_read_what_it_was_is_and_became() {
    let arguments = ["municipality", "9001", "--as-of", "2024-06-01", "--from", "changes.json"];
    let text = setting().run_well(&arguments);
    let expected = "9001 on 2024-06-01\n\n\
        was\n  9001 Lilleby until 2019-12-31\n\n\
        is\n  9004 Nordby, 1/2 of it\n  9005 Sørby, 1/2 of it\n  (equal parts, as the files have no shares)\n\n\
        became\n  2020-01-01: 9001 Lilleby merged into 9003 Storby\n  2024-01-01: 9003 Storby was split, a part to 9004 Nordby\n  \
        2024-01-01: 9003 Storby was split, a part to 9005 Sørby\n\n\
        later\n  2026-01-01: a boundary moved, a part of 9004 Nordby to 9007 Nabo\n";
    assert_eq!(text, expected);
}

#[test]
fn what_can_not_be_told_is_one_line() {
    let setting = setting();
    fs::write(setting.folder().join("other.json"), "{\"a\":1}").unwrap();
    for (arguments, words) in [
        (vec!["9010", "--from", "changes.json"], "occurs in none of the files"),
        (vec!["9001", "--from", "none.json"], "none.json can not be read"),
        (vec!["9001", "--from", "other.json"], "neither `codeChanges` nor `codes`"),
        (vec!["901", "--from", "changes.json"], "four digits"),
        (vec!["9001", "--as-of", "2024-02-30", "--from", "changes.json"], "2024-02-30"),
    ] {
        let line = only_line(&setting.run(&[vec!["municipality"], arguments].concat()), 2);
        assert!(line.contains(words), "{line}");
    }
}
