//! Amounts at the command line: cases, bundles, apportionment, the schema.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Setting;
use crate::setting::only_line;

/// A shipped case.
fn shipped(name: &str) -> String {
    shipped_path(name).display().to_string()
}

fn shipped_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name)
}

/// The rows of a table, without the header, as maps from column to cell.
pub(crate) fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_amounts_of_rogaland_2020() {
    let setting = Setting::new();
    let printed = setting.run_well(&["allocate", &shipped("rogaland-2020"), "--out", "out"]);
    assert!(printed.starts_with("Rogaland 2020: "), "{printed}");
    let out = setting.folder().join("out");
    // Sandnes 400 000 + 852.50 × (1029.2 + 1450), Jæren 400 000 + 852.50 × 2325.1 = 2 382 147.75.
    let amounts: Vec<_> = rows(&out.join("lines.csv"))
        .into_iter()
        .map(|row| (row[0].clone(), row[2].clone(), row[3].clone()))
        .collect();
    let expected: Vec<_> = [("RO-2020-0001", "2513518.00"), ("RO-2020-0002", "2382148.00")]
        .into_iter()
        .flat_map(|(reference, amount)| {
            (2020..=2024).map(move |year| (reference.to_owned(), year.to_string(), amount.to_owned()))
        })
        .collect();
    assert_eq!(amounts, expected);
    // Six placeholders in five years.
    let waiting = rows(&out.join("waiting.csv"));
    assert_eq!(waiting.len(), 30);
    assert!(waiting.iter().all(|row| row[3] == "amount_pending"));
    for language in ["nb", "nn", "en"] {
        let trace = fs::read_to_string(out.join(format!("trace.{language}.txt"))).unwrap();
        assert!(trace.contains("RO-2020-0002, 2024: Jærbarnehagene"), "{trace}");
    }
    let picture = fs::read_to_string(out.join("plan.svg")).unwrap();
    assert!(
        picture.contains("2\u{a0}513\u{a0}518") && picture.contains("Beløp per mottaker og år"),
        "{picture}"
    );
    let verified = setting.run_well(&["verify", "out/bundle.json"]);
    assert!(verified.starts_with("out/bundle.json: holds (inputHash "), "{verified}");
}

#[test]
fn a_bundle_is_a_case_too_and_comes_out_the_same() {
    let setting = Setting::new();
    setting.run_well(&["allocate", &shipped("dekomp-rogaland"), "--out", "one"]);
    setting.run_well(&["allocate", "one/bundle.json", "--out", "two"]);
    let read = |folder: &str| fs::read(setting.folder().join(folder).join("bundle.json")).unwrap();
    assert_eq!(read("one"), read("two"));
}

#[test]
fn a_changed_bundle_is_refused() {
    let setting = Setting::new();
    setting.run_well(&["allocate", &shipped("rogaland-2020"), "--out", "out"]);
    let path = setting.folder().join("out/bundle.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(setting.folder().join("changed.json"), text.replacen("2513518.00", "2513519.00", 1)).unwrap();
    fs::write(setting.folder().join("spaced.json"), format!("{text}\n")).unwrap();
    let output = setting.run(&["verify", "out/bundle.json", "changed.json", "spaced.json", "missing.json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines[0].contains(": holds "), "{printed}");
    assert!(lines[1].starts_with("changed.json: refused: resultHash is "), "{printed}");
    assert!(lines[2].starts_with("spaced.json: refused: the bytes are not the canonical form"), "{printed}");
    assert!(lines[3].starts_with("missing.json: can not be read"), "{printed}");
    assert!(output.stderr.is_empty());
}

#[test]
fn what_is_wrong_with_a_case_is_told_with_file_line_and_field() {
    let setting = Setting::new();
    let write = |name: &str, text: &str| fs::write(setting.folder().join(name), text).unwrap();
    let head = "office = \"RO\"\nscheme = \"s\"\nfirstYear = 2020\nlastYear = 2021\n";
    let allocate = |name: &str| only_line(&setting.run(&["allocate", name, "--out", "out"]), 1);

    write("a.toml", &format!("{head}\n[[frames]]\nyear = 2020\nstatus = \"certain\"\n"));
    let line = allocate("a.toml");
    assert!(line.contains("a.toml, line 8, frames[0].status: ") && line.contains("certain"), "{line}");

    write("b.toml", &format!("{head}frmaes = []\n"));
    assert!(allocate("b.toml").contains("b.toml, line 5, frmaes: "), "{}", allocate("b.toml"));

    write("list.csv", "number,name,primary_school.man_years.2019-10-01\n1,A,12\n2,B,\"1,5\"\n");
    let source = "[[headcountSources]]\ncolumn = \"primary_school\"\nsource = \"GSI\"\n";
    write("c.toml", &format!("{head}organisationFiles = [\"list.csv\"]\n{source}"));
    let line = allocate("c.toml");
    assert!(
        line.contains("list.csv, line 3, primary_school.man_years.2019-10-01: \"1,5\" is no headcount"),
        "{line}"
    );

    // What only the computation finds wrong has its place too.
    write("list.csv", "number,name,ceased,successors\n2,B,,\n1,A,2020-01-01,7 1/2; 2 1/2\n");
    let line = allocate("c.toml");
    assert!(
        line.contains("list.csv, line 3, successors.0.organisation: the organisation 7 is not"),
        "{line}"
    );

    let project = "[[projects]]\nreference = \"P\"\nlead = \"9\"\n";
    write("d.toml", &format!("{head}{project}"));
    let line = allocate("d.toml");
    assert!(line.contains("d.toml, line 7, projects[0].lead: the organisation 9 is not"), "{line}");

    write("e.json", "{\"office\":\"RO\",\n \"scheme\":7}");
    assert!(allocate("e.json").contains("e.json, line 2, scheme: "), "{}", allocate("e.json"));
    assert!(allocate("nowhere").contains("nowhere"), "{}", allocate("nowhere"));
}

#[test]
fn the_schema_is_the_committed_one() {
    let printed = Setting::new().run_well(&["schema", "funding-model"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api-spec/funding-model.schema.json");
    let committed = fs::read_to_string(path).unwrap();
    assert_eq!(printed, committed, "run `cargo xtask spec`");
}

fn apportion(arguments: &[&str]) -> Value {
    let all = [&["apportion", "--json"], arguments].concat();
    serde_json::from_str(&Setting::new().run_well(&all)).unwrap()
}

#[test]
fn a_total_is_split() {
    let split = apportion(&["--total", "100", "--weights", "3,3,1", "--method", "sainte-lague"]);
    // 300/7 = 42.86 twice and 100/7 = 14.29.
    let expected = json!({
        "method": "sainte-lague", "total": 100, "weights": ["3", "3", "1"], "names": ["1", "2", "3"],
        "parts": [43, 43, 14], "ties": [], "alabama": [],
    });
    assert_eq!(split, expected);
    // Golden numbers: fractions, decimals and percentages are exact; seven twelfths and the rest.
    let nearest = [
        "--total",
        "22284",
        "--weights",
        "58.33333%,41.66667%",
        "--method",
        "nearest",
        "--remainder-on",
        "2",
    ];
    assert_eq!(apportion(&nearest)["parts"], json!([12999, 9285]));
    let hare = ["--total", "5300001", "--weights", "412,87,133,951,12", "--method", "Hamilton"];
    assert_eq!(apportion(&hare)["parts"], json!([1_369_028, 289_091, 441_944, 3_160_063, 39_875]));
    let dhondt = ["--total", "5300001", "--weights", "412,87,133,951,12", "--method", "jefferson"];
    assert_eq!(apportion(&dhondt)["parts"], json!([1_369_029, 289_091, 441_943, 3_160_064, 39_874]));
}

#[test]
fn ties_go_down_the_chain_and_negative_totals_are_mirror_images() {
    let tied = |more: &[&str]| {
        apportion(
            &[&["--total", "100", "--weights", "1,1,1", "--method", "largest-remainder"], more].concat(),
        )
    };
    let split = tied(&[]);
    assert_eq!(split["parts"], json!([34, 33, 33]));
    assert_eq!(split["ties"], json!([{ "among": ["1", "2", "3"], "units": 1 }]));
    // By lot: SHA-256 of 32 zero bytes and the name decides.
    let seed = format!("lot={}", "0".repeat(64));
    let by_lot = tied(&["--ties", &seed]);
    assert_eq!(by_lot["ties"][0]["units"], 1);
    assert_eq!(by_lot["parts"].as_array().unwrap().iter().filter(|part| **part == json!(34)).count(), 1);
    let mirror =
        apportion(&["--total", "-99", "--weights", "1,1,1,1,1,1,1,1,1,1", "--method", "largest-remainder"]);
    let mut expected = vec![-10; 9];
    expected.push(-9);
    assert_eq!(mirror["parts"], json!(expected));
    // 10 goes after 9: names that are numbers compare as numbers.
    assert_eq!(mirror["ties"][0]["among"][9], "10");
}

#[test]
fn the_alabama_paradox_is_told() {
    // 10 seats over 6, 6, 2 give 4, 4, 2 (4.29, 4.29, 1.43); with 11 they give 5, 5, 1 (4.71, 4.71, 1.57).
    let arguments = ["--total", "10", "--weights", "6,6,2", "--method", "hare"];
    let split = apportion(&arguments);
    assert_eq!(split["parts"], json!([4, 4, 2]));
    assert_eq!(split["alabama"], json!([{ "name": "3", "part": 2, "partWithOneMore": 1 }]));
    let shown = Setting::new().run_well(&[&["apportion"], &arguments[..]].concat());
    assert!(
        shown.contains("Alabama paradox: with one unit more in all, 3 would get 1 in place of 2"),
        "{shown}"
    );
    assert!(shown.contains("Method: largest remainder (largest-remainder)"), "{shown}");
    assert!(shown.contains("42.86 %"), "{shown}");
}

#[test]
fn weights_come_from_a_table_too() {
    let setting = Setting::new();
    fs::write(setting.folder().join("weights.csv"), "name,weight\nSandnes,1029.2\nHå,260.1\n").unwrap();
    for flag in ["--weights", "--weights-file"] {
        let arguments = ["apportion", "--total", "10", flag, "weights.csv", "--method", "adams"];
        let shown = setting.run_well(&arguments);
        // Adams: 8 × 260.1 > 1029.2 × … : 1029.2 ÷ 7 = 147 > 260.1 ÷ 2 = 130, so the last unit is Sandnes'.
        assert!(shown.contains("Sandnes  1029.2     8"), "{shown}");
    }
    fs::write(setting.folder().join("weights.csv"), "name,weight\nSandnes,1029.2\nHå,many\n").unwrap();
    let line = only_line(
        &setting.run(&["apportion", "--total", "10", "--weights", "weights.csv", "--method", "adams"]),
        2,
    );
    assert!(line.contains("weights.csv, line 3: `many` is not a number"), "{line}");
}

#[test]
fn what_can_not_be_split_is_told_in_one_sentence() {
    let refused = |arguments: &[&str]| {
        let all = [&["apportion", "--total", "10"], arguments].concat();
        only_line(&Setting::new().run(&all), 2)
    };
    assert!(refused(&["--weights", "-1,2", "--method", "adams"]).contains("`-1` is negative"));
    assert!(refused(&["--weights", "0,0", "--method", "adams"]).contains("all weights are zero"));
    assert!(refused(&["--weights", "1,1", "--method", "fair"]).contains("huntington-hill"));
    assert!(refused(&["--weights", "1,1", "--method", "nearest"]).contains("--remainder-on"));
    assert!(refused(&["--weights", "1,1", "--method", "nearest", "--remainder-on", "3"]).contains("1, 2"));
    assert!(
        refused(&["--weights", "1,1", "--method", "adams", "--ties", "lot=5eed"]).contains("64 hexadecimal")
    );
    assert!(refused(&["--weights", "1,1", "--method", "adams", "--ties", "age"]).contains("larger-weight"));
    assert!(refused(&["--method", "adams"]).contains("--weights"));
}
