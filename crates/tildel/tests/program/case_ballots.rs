//! The case of Rogaland with other ballots than its own: each kind is voted on, and the minutes tell its count.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Setting;

const APPLICATIONS: [&str; 8] =
    ["jaeren", "sandnes", "practice-a", "practice-b", "practice-c", "practice-d", "practice-e", "school"];
/// The first of the seats is recused on Sandnes.
const SEATS: [&str; 4] = ["municipal-owners", "private-owners", "university", "unions"];

/// Plays the case with this ballot, and returns the minutes of the forum that votes.
fn minutes_with(ballot: &str) -> String {
    let setting = Setting::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("cases/rogaland-2020/case.toml")).unwrap();
    let scheme = format!("scheme = \"{}\"", root.join("schemes/kompetanseloftet-2020").display());
    let text = text.replace("scheme = \"../../schemes/kompetanseloftet-2020\"", &scheme);
    let (before, rest) = text.split_once("[meetings.ballot]").unwrap();
    let (_, after) = rest.split_once("\n[[meetings]]").unwrap();
    let folder = setting.folder().join("case");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("case.toml"), format!("{before}{ballot}\n[[meetings]]{after}")).unwrap();
    setting.run_well(&["case", "run", "case", "--out", "out"]);
    fs::read_to_string(setting.folder().join("out/minutes-regional-may.md")).unwrap()
}

/// A vote for each seat, in which the applications of the first differ.
fn votes(vote: impl Fn(&[&str]) -> String) -> String {
    let mut text = "[meetings.ballot.votes]\n".to_owned();
    for (seat, number) in SEATS.iter().zip(0..) {
        let fit: Vec<_> = APPLICATIONS.into_iter().filter(|key| number > 0 || *key != "sandnes").collect();
        writeln!(text, "{seat} = {}", vote(&fit)).unwrap();
    }
    text
}

fn head(kind: &str, method: &str) -> String {
    format!(
        "[meetings.ballot]\ntitle = \"Prøve\"\nkind = \"{kind}\"\nmethod = \"{method}\"\nlot_seed_hex = \"5eed2020\"\n"
    )
}

/// Four votes have 750 000 each. Jæren costs a million and has four supporters, who pay 250 000 each; Sandnes has three, with
/// 500 000 each, and costs them a third of a million. The others cost more than all there is.
#[test]
fn a_budget_of_approvals() {
    let costs = APPLICATIONS.map(|key| {
        let cost = if key == "jaeren" || key == "sandnes" { 1_000_000 } else { 4_000_000 };
        format!("{key} = \"{cost}\"")
    });
    let rule = "{ rule = \"equal_shares\", satisfaction = \"cost\", completion = { completion = \"none\" } }";
    let budget = format!(
        "[meetings.ballot.budget]\nrule = {rule}\namount = \"3000000\"\ncosts = {{ {} }}\n",
        costs.join(", ")
    );
    let votes = votes(|fit| {
        let best: Vec<_> = fit.iter().take_while(|key| **key != "practice-a").collect();
        format!("{best:?}")
    });
    let minutes = minutes_with(&(head("approval", "budget") + &budget + &votes));
    assert!(minutes.contains("4 stemmer. 2000000 av 3000000 kroner er brukt."), "{minutes}");
    assert!(minutes.contains("1. ") && minutes.contains(": 1000000 kroner, 4 stemmer"), "{minutes}");
    assert!(minutes.contains(": 1000000 kroner, 3 stemmer"), "{minutes}");
    assert_eq!(minutes.matches("ikke valgt, 0 stemmer").count(), 6, "{minutes}");
}

/// Need weighs 2. Jæren has 5 on both; Sandnes (2·5 + 4)/3 from three; the others 1.
#[test]
fn scores_on_criteria() {
    let criteria =
        "criteria = [{ name = \"Behov\", weight = 2 }, { name = \"Forankring\", weight = 1 }]\nmost = 5\n";
    let votes = votes(|fit| {
        let scores = fit.iter().map(|key| match *key {
            "jaeren" => "jaeren = [5, 5]".to_owned(),
            "sandnes" => "sandnes = [5, 4]".to_owned(),
            other => format!("{other} = [1, 1]"),
        });
        format!("{{ {} }}", scores.collect::<Vec<_>>().join(", "))
    });
    let minutes = minutes_with(&(head("score", "mean") + criteria + &votes));
    assert!(minutes.contains("(5 i vektet snitt)") && minutes.contains("(14/3 i vektet snitt)"), "{minutes}");
    assert!(minutes.contains("\nBehov:\n") && minutes.contains("\nForankring:\n"), "{minutes}");
}

/// Who may not give Sandnes points gives all of them to Jæren: (100 + 3·60)/4 = 70. Sandnes has 40 from each of three.
#[test]
fn points_to_hand_out() {
    let votes = votes(|fit| {
        if fit.contains(&"sandnes") {
            "{ jaeren = 60, sandnes = 40 }".to_owned()
        } else {
            "{ jaeren = 100 }".to_owned()
        }
    });
    let minutes = minutes_with(&(head("allotment", "mean") + "points = 100\n" + &votes));
    assert!(minutes.contains("(70 poeng i snitt)") && minutes.contains("(40 poeng i snitt)"), "{minutes}");
}
