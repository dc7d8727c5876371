//! Budget votes at the command line, against counts by hand.

use std::fs;

use serde_json::{Value, json};

use crate::Setting;

/// Five ballots and ten kroner: a costs 6 and has three votes, b costs 4 and has two, c costs 5 and has two.
const VOTE: &str = "META\nkey;value\ndescription;practice\nnum_projects;3\nnum_votes;5\nbudget;10\nvote_type;approval\n\
    PROJECTS\nproject_id;cost;name\na;6;Library\nb;4;Bench\nc;5;Trees\n\
    VOTES\nvoter_id;vote\n1;a\n2;a,b\n3;a,c\n4;b\n5;c\n";

fn counted(arguments: &[&str]) -> String {
    counted_of(VOTE, arguments)
}

fn counted_of(vote: &str, arguments: &[&str]) -> String {
    let setting = Setting::new();
    fs::write(setting.folder().join("vote.pb"), vote).unwrap();
    setting.run_well(&[&["count", "vote.pb"], arguments].concat())
}

fn outcome(arguments: &[&str]) -> Value {
    serde_json::from_str(&counted(&[arguments, &["--json"]].concat())).unwrap()
}

#[test]
fn greedy_takes_the_most_votes_and_then_what_fits() {
    // a with three votes; of b and c, with two each, only b fits into the four kroner that are left.
    let outcome = outcome(&["--method", "greedy"]);
    assert_eq!((&outcome["winners"], &outcome["totalCost"]), (&json!(["a", "b"]), &json!(10)));
    assert_eq!(outcome["ties"], json!([]));
    assert!(outcome["countSeconds"].as_f64().is_some_and(|seconds| seconds >= 0.0));
    assert_eq!(outcome["rounds"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_tie_that_decides_is_told() {
    // With one krone more both b and c fit after a, and only one of them: b comes first as text.
    let richer = VOTE.replace("budget;10", "budget;11");
    let outcome: Value =
        serde_json::from_str(&counted_of(&richer, &["--method", "greedy", "--json"])).unwrap();
    assert_eq!((&outcome["winners"], &outcome["totalCost"]), (&json!(["a", "b"]), &json!(10)));
    assert_eq!(outcome["ties"][0]["options"], json!(["b", "c"]));
}

#[test]
fn equal_shares_leave_money_that_nobody_can_join() {
    // Each ballot has 2: the three behind a pay it all. Then b has 2 of 4 and c 2 of 5.
    let none = outcome(&["--method", "equal-shares"]);
    assert_eq!((&none["winners"], &none["totalCost"]), (&json!(["a"]), &json!(6)));
    // With 3 each, a costs its three 2 each and leaves them 1; b's two have 1 + 3 = 4, which is its cost.
    let add1 = outcome(&["--method", "equal-shares", "--completion", "add1"]);
    assert_eq!((&add1["winners"], &add1["totalCost"]), (&json!(["a", "b"]), &json!(10)));
}

#[test]
fn a_person_reads_a_table() {
    let text = counted(&["--method", "phragmen", "--ties", "seed=20"]);
    assert!(text.contains("Library") && text.contains("Counted 5 ballots"), "{text}");
}

#[test]
fn what_does_not_go_together_is_told_in_one_sentence() {
    let setting = Setting::new();
    fs::write(setting.folder().join("vote.pb"), VOTE).unwrap();
    let refused = |arguments: &[&str]| setting.run(&[&["count", "vote.pb"], arguments].concat());
    for (arguments, expected) in [
        (&["--method", "greedy", "--completion", "add1"][..], "equal-shares only"),
        (&["--method", "phragmen", "--satisfaction", "borda"][..], "greedy and equal-shares only"),
        (&["--method", "greedy", "--ties", "seed=xyz"][..], "hexadecimal"),
        (&["--method", "greedy", "--satisfaction", "points"][..], "points need allotments"),
    ] {
        let told = crate::setting::only_line(&refused(arguments), 2);
        assert!(told.contains(expected), "{told}");
    }
}
