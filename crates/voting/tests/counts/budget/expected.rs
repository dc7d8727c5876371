//! Real votes against what independent implementations made of them.
//!
//! The files lie outside the repository, in `../shared/data/pabulib` or where `TILDEL_SHARED` says, and are only looked
//! at where they are.

use std::path::PathBuf;

use serde_json::Value;
use tildel_voting::{
    Add1Until, BudgetRule, Completion, PabulibKind, PabulibVote, Satisfaction, TieChain, TieLink,
    tally_budget,
};

/// The folder with instances, or a printed line.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("TILDEL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = shared.join("data/pabulib");
    if folder.join("expected.json").is_file() {
        return Some(folder);
    }
    println!("no expected.json in {}: real votes are not compared", folder.display());
    None
}

/// The rule of a name in `expected.json`.
fn rule(name: &str, kind: PabulibKind) -> BudgetRule {
    let native = if kind == PabulibKind::Ordinal { Satisfaction::Borda } else { Satisfaction::Points };
    let shares = |satisfaction, completion| BudgetRule::EqualShares { satisfaction, completion };
    let add1 = |until| shares(Satisfaction::Cost, Completion::Add1 { until });
    match name {
        "greedy_cost" => BudgetRule::Greedy { satisfaction: Satisfaction::Cost },
        "greedy_card" => BudgetRule::Greedy { satisfaction: Satisfaction::Cardinality },
        "greedy_native" => BudgetRule::Greedy { satisfaction: native },
        "mes_cost" => shares(Satisfaction::Cost, Completion::None),
        "mes_card" => shares(Satisfaction::Cardinality, Completion::None),
        "mes_native" => shares(native, Completion::None),
        "mes_cost_add1" => add1(Add1Until::Exhaustive),
        "mes_cost_add1_nostop" => add1(Add1Until::Budget),
        "phragmen" => BudgetRule::Phragmen,
        "maximin" => BudgetRule::MaximinSupport,
        other => panic!("the rule {other} is unknown"),
    }
}

/// Compares one file under one rule; the differences as text.
fn difference(vote: &PabulibVote, name: &str, expected: &Value) -> Option<String> {
    let instance = vote.instance().unwrap();
    let chain = TieChain(vec![TieLink::Lexicographic]);
    let tally = tally_budget(&instance, &rule(name, vote.kind), &chain).unwrap();
    let selected: Vec<&str> = tally.winners().collect();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let mut winners = selected.clone();
    winners.sort_unstable();
    if winners != texts(&expected["winners"]) {
        return Some(format!("selected {winners:?}, expected {}", expected["winners"]));
    }
    if let Some(order) = expected.get("order").filter(|order| order.is_array())
        && selected != texts(order)
    {
        return Some(format!("selected in the order {selected:?}, expected {order}"));
    }
    let cost = tally.report().total_cost;
    let total = &expected["total_cost"];
    if !total.is_null() && *total != cost.parse::<u64>().map_or(Value::from(cost.clone()), Value::from) {
        return Some(format!("costs {cost}, expected {total}"));
    }
    if let Some(rounds) = expected.get("add1_rounds").and_then(Value::as_u64)
        && tally.share_rounds().abs_diff(rounds) > 1
    {
        return Some(format!("{} rounds, expected {rounds}", tally.share_rounds()));
    }
    let is_ambiguous = expected["ties"]["ambiguous"].as_bool() == Some(true);
    (is_ambiguous && tally.tie_count() == 0).then(|| "the tie is not reported".to_owned())
}

#[test]
fn real_votes_have_the_expected_winners() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let instances = &expected["instances"];
    let instances: Vec<&Value> = match instances {
        Value::Array(list) => list.iter().collect(),
        other => other.as_object().unwrap().values().collect(),
    };
    let (mut compared, mut differences) = (0, Vec::new());
    for instance in instances {
        let file = instance["file"].as_str().unwrap();
        let vote = PabulibVote::read(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        assert_eq!(instance["votes"].as_u64(), Some(vote.ballot_count() as u64), "{file}");
        for (name, rule) in instance["rules"].as_object().unwrap() {
            if !rule["winners"].is_array() {
                continue;
            }
            compared += 1;
            let found = difference(&vote, name, rule);
            differences.extend(found.map(|found| format!("{file} {name}: {found}")));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {compared} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 200, "only {compared} were compared");
    println!("{compared} outcomes compared");
}
