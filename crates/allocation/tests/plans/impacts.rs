//! What a new plan moves and why: each typed reason.

use serde_json::{Value, json};
use tildel_allocation::impact::impact;
use tildel_allocation::model::{Fit, Settlement};
use tildel_allocation::{
    CountedUnit, FundingModel, HeadcountRecord, PlanInput, PromiseState, RenewalOutcome,
};

use crate::fixture::{
    base_and_rate, ceased, decided, frame, input, known, nok, org, planned, promised, record, renewal,
    running, waiting, with_partners,
};

/// P1 (200) and P2 (400) in 2020 and 2021, with money enough.
fn before() -> PlanInput {
    let model = FundingModel { settlement: Settlement::Next, ..base_and_rate("100", "10") };
    let projects = vec![running("P1", "a", 2020..=2021), running("P2", "b", 2020..=2021)];
    let frames = vec![frame(2020, "1000"), frame(2021, "1000")];
    input(2020..=2021, model, frames, vec![org("a", "10"), org("b", "30"), org("c", "5")], projects)
}

/// The moves as reference, year, amounts and reasons.
fn moves(change: impl FnOnce(&mut PlanInput)) -> Vec<(String, i16, Value, Value, Vec<Value>)> {
    between(&before(), change)
}

fn between(
    old: &PlanInput,
    change: impl FnOnce(&mut PlanInput),
) -> Vec<(String, i16, Value, Value, Vec<Value>)> {
    let mut new = old.clone();
    change(&mut new);
    let (first, second) = (planned(old), planned(&new));
    impact((old, &first), (&new, &second))
        .into_iter()
        .map(|moved| {
            let json = serde_json::to_value(&moved).unwrap();
            assert!(!moved.reasons.is_empty());
            let reasons = moved.reasons.iter().map(|reason| serde_json::to_value(reason).unwrap()).collect();
            (moved.reference, moved.year, json["from"].clone(), json["to"].clone(), reasons)
        })
        .collect()
}

fn code(code: &str) -> Value {
    json!({"code": code})
}

#[test]
fn nothing_moves_without_a_change() {
    assert_eq!(moves(|_| ()), []);
    // Nor by a change that does not reach an amount.
    assert_eq!(moves(|input| input.projects[0].title = "Another".to_owned()), []);
    assert_eq!(moves(|input| input.organisations[2].headcounts[0].value = known("9")), []);
}

#[test]
fn projects_come_and_go() {
    let told = moves(|input| input.projects.push(running("P3", "c", 2021..=2021)));
    assert_eq!(told, [("P3".to_owned(), 2021, Value::Null, "150.00".into(), vec![code("project_added")])]);
    let told = moves(|input| {
        input.projects.pop();
    });
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], ("P2".to_owned(), 2020, "400.00".into(), Value::Null, vec![code("project_removed")]));
}

#[test]
fn admissions() {
    let told = moves(|input| input.projects[0].status = tildel_allocation::ProjectStatus::Waiting);
    // It is let in all the same, for the same amount.
    assert_eq!(told, []);
    let mut old = before();
    old.projects.push(waiting("W", 1, "c", 2020..=2021));
    let told = between(&old, |input| input.frames[0] = frame(2020, "700"));
    // W (150) does not fit 100 in 2020; in 2021 it does.
    let changed = json!({"code": "frame_changed", "year": 2020, "from": "1000.00", "to": "700.00"});
    assert_eq!(
        told,
        [("W".to_owned(), 2020, "150.00".into(), Value::Null, vec![code("admission_changed"), changed])]
    );
}

#[test]
fn the_project_itself() {
    let told = moves(|input| input.projects[0] = with_partners(input.projects[0].clone(), &["c"]));
    assert_eq!(
        told[0],
        ("P1".to_owned(), 2020, "200.00".into(), "250.00".into(), vec![code("project_changed")])
    );
}

#[test]
fn renewals() {
    let told =
        moves(|input| input.projects[0] = renewal(input.projects[0].clone(), 2021, RenewalOutcome::Stopped));
    assert_eq!(
        told,
        [(
            "P1".to_owned(),
            2021,
            "200.00".into(),
            Value::Null,
            vec![code("admission_changed"), code("renewal_changed")]
        )]
    );
}

#[test]
fn promises_and_what_they_leave_to_be_settled() {
    let told = moves(|input| input.projects[0] = decided(input.projects[0].clone(), 2020, "150"));
    let promise = json!({"code": "promise_changed", "year": 2020});
    let settlement = json!({"code": "settlement_changed", "to": "50.00"});
    assert_eq!(
        told,
        [
            ("P1".to_owned(), 2020, "200.00".into(), "150.00".into(), vec![promise.clone()]),
            ("P1".to_owned(), 2021, "200.00".into(), "250.00".into(), vec![promise, settlement]),
        ]
    );
}

#[test]
fn a_settlement_alone() {
    let mut old = before();
    old.projects[0] = decided(old.projects[0].clone(), 2020, "150");
    let told = between(&old, |input| input.models[0].settlement = Settlement::None);
    assert_eq!(told.len(), 1);
    let reasons = &told[0].4;
    assert_eq!(reasons[0], json!({"code": "settlement_changed", "from": "50.00"}));
    assert_eq!(reasons[1]["code"], "model_changed");
}

#[test]
fn headcounts() {
    let told = moves(|input| input.organisations[0].headcounts.push(record("2021-02-01", known("12"))));
    let reason = json!({
        "code": "headcount_changed", "organisation": "a", "unitKind": "primary_school", "measure": "man_years",
        "date": "2021-02-01", "to": [{"status": "known", "value": "12"}],
    });
    assert_eq!(told, [("P1".to_owned(), 2021, "200.00".into(), "220.00".into(), vec![reason])]);
}

#[test]
fn a_gap_is_no_amount() {
    let told = moves(|input| input.organisations[0].headcounts.clear());
    assert_eq!((&told[0].2, &told[0].3), (&"200.00".into(), &Value::Null));
    assert_eq!(told[0].4[0]["from"], json!([{"status": "known", "value": "10"}]));
}

#[test]
fn successors() {
    // The amount moves by the model; the fate of the organisation is told beside it.
    let told = moves(|input| {
        input.organisations[0] = ceased(input.organisations[0].clone(), "2020-06-01", &[("c", "1")]);
        input.models[0].components[0] = crate::fixture::base("base", "101");
    });
    assert_eq!(told[0].4[0], json!({"code": "successors_changed", "organisation": "a"}));
}

#[test]
fn models() {
    let told = moves(|input| {
        let second = FundingModel { version: 2, valid_from_year: 2021, ..base_and_rate("110", "10") };
        input.models.push(second);
    });
    let reason = json!({"code": "model_changed", "from": "practice@1", "to": "practice@2"});
    assert_eq!(
        told,
        [
            ("P1".to_owned(), 2021, "200.00".into(), "210.00".into(), vec![reason.clone()]),
            ("P2".to_owned(), 2021, "400.00".into(), "410.00".into(), vec![reason]),
        ]
    );
}

#[test]
fn frames_and_others() {
    let mut old = before();
    old.models[0].fit = Fit::Exhaust;
    let told = between(&old, |input| input.frames[1] = frame(2021, "1400"));
    let reason = json!({"code": "frame_changed", "year": 2021, "from": "1000.00", "to": "1400.00"});
    // 200 + 400 s = 1000: s = 2; 1400: s = 3.
    assert_eq!(told[0], ("P1".to_owned(), 2021, "300.00".into(), "400.00".into(), vec![reason]));
    // A headcount of b moves a's amount, too: others changed. 1000: 200 + (100 + 700) s: s = 1, so a falls to 200.
    let told =
        between(&old, |input| input.organisations[1].headcounts.push(record("2021-02-01", known("70"))));
    assert_eq!(
        told[0],
        ("P1".to_owned(), 2021, "300.00".into(), "200.00".into(), vec![code("others_changed")])
    );
    assert_eq!(told[1].4[0]["code"], "headcount_changed");
}

#[test]
fn pre_notified_amounts_are_told_apart() {
    let mut old = before();
    old.projects[0] = promised(old.projects[0].clone(), 2021, PromiseState::PreNotified, "200");
    let mut new = old.clone();
    new.organisations[0].headcounts[0].value = known("11");
    let (first, second) = (planned(&old), planned(&new));
    let told = impact((&old, &first), (&new, &second));
    let states: Vec<_> =
        told.iter().map(|moved| (moved.year, serde_json::to_value(moved.state).unwrap())).collect();
    assert_eq!(states, [(2020, "planned".into()), (2021, "pre_notified".into())]);
    assert_eq!((told[0].organisation.as_str(), told[0].from), ("a", Some(nok("200"))));
}

#[test]
fn successors_of_successors() {
    let old = {
        let mut old = before();
        old.organisations[0] = ceased(old.organisations[0].clone(), "2020-01-01", &[("c", "1")]);
        old
    };
    // The party ceased as before; who came after it ceases now, too.
    let told = between(&old, |input| {
        input.organisations[2] = ceased(input.organisations[2].clone(), "2021-01-01", &[("b", "1")]);
        input.models[0].components[0] = crate::fixture::base("base", "101");
    });
    assert_eq!(told[0].4[0], json!({"code": "successors_changed", "organisation": "c"}));
    let of_others = told.iter().filter(|moved| moved.0 == "P2").flat_map(|moved| &moved.4);
    assert_eq!(of_others.filter(|reason| reason["code"] == "successors_changed").count(), 0);
}

#[test]
fn a_unit_that_is_called_otherwise_is_no_other_unit() {
    let count = |name: &str, value: &str| {
        let unit = CountedUnit { number: "974101".to_owned(), name: name.to_owned() };
        HeadcountRecord { unit: Some(unit), ..record("2019-10-01", known(value)) }
    };
    let mut old = before();
    old.organisations[0].headcounts = vec![count("Bakken", "10")];
    let told = between(&old, |input| {
        input.organisations[0].headcounts = vec![count("974101", "10")];
        input.models[0].components[0] = crate::fixture::base("base", "101");
    });
    assert!(told[0].4.iter().all(|reason| reason["code"] == "model_changed"), "{told:?}");
    let told = between(&old, |input| input.organisations[0].headcounts = vec![count("974101", "11")]);
    assert_eq!(told[0].4.len(), 1);
    assert_eq!(told[0].4[0]["unit"]["name"], "974101", "as it is called now");
}
