//! What-if: each change, and how two plans are compared, by hand.

use tildel_allocation::compare::{Comparison, compare};
use tildel_allocation::model::{AdmissionRule, Divide, OnShortage};
use tildel_allocation::scenario::{Change, ChangeProblem, apply};
use tildel_allocation::{FrameStatus, FundingModel, Measure, Plan, PlanInput, ServedYear, UnitKind};

use crate::fixture::{
    admission, admitted, amounts, base_and_rate, ceased, frame, in_year, input, kr, line, org, planned,
    reasons, running, set_aside, share, total, waiting, with_partners,
};

/// P1 (200) and P2 (400) run, W3 (300) waits, in 2020 and 2021 with 1000 and 600.
fn base() -> PlanInput {
    let mut model = base_and_rate("100", "10");
    model.components.push(set_aside("newcomers", "1/10", Divide::Equal));
    model.admission = admission(AdmissionRule::ReservedShare, OnShortage::Stop);
    let projects = vec![
        running("P1", "a", 2020..=2021),
        running("P2", "b", 2020..=2021),
        waiting("W3", 1, "c", 2021..=2021),
    ];
    let organisations = vec![org("a", "10"), org("b", "30"), org("c", "20")];
    input(2020..=2021, model, vec![frame(2020, "1000"), frame(2021, "600")], organisations, projects)
}

fn changed(changes: &[Change]) -> Plan {
    planned(&apply(&base(), changes).unwrap())
}

fn headcount(organisation: &str, date: &str, value: &str) -> Change {
    Change::SetHeadcount {
        organisation: organisation.to_owned(),
        unit_kind: UnitKind::PrimarySchool,
        measure: Measure::ManYears,
        ownership: None,
        date: date.parse().unwrap(),
        value: value.parse().unwrap(),
    }
}

#[test]
fn the_base_for_the_changes() {
    let plan = planned(&base());
    assert_eq!(in_year(&plan, 2021), [("P1", 200), ("P2", 400)]);
    assert_eq!(reasons(&plan, 2021).len(), 1);
}

#[test]
fn nothing_leaks_into_the_base() {
    let before = base();
    let copy = before.clone();
    let _ = apply(&before, &[Change::SetBase { component: "base".to_owned(), amount: kr(1) }]).unwrap();
    assert_eq!(before, copy);
}

#[test]
fn a_frame() {
    let set = |amount, places, status| Change::SetFrame { year: 2021, amount, places, status };
    // 900 admit W3 (300) after 600.
    let plan = changed(&[set(Some(kr(900)), None, None)]);
    assert_eq!(
        (admitted(&plan, 2021), total(&plan, 2021).frame_status),
        (vec!["W3"], Some(FrameStatus::Decided))
    );
    // What is absent stays: the money of 600.
    let plan = changed(&[set(None, Some(2), Some(FrameStatus::Expected))]);
    let year = total(&plan, 2021);
    assert_eq!(
        (year.frame, year.places, year.frame_status),
        (Some(kr(600)), Some(2), Some(FrameStatus::Expected))
    );
    // A year without a frame gets an expected one.
    let plan = changed(&[Change::SetFrame { year: 2022, amount: Some(kr(5)), places: None, status: None }]);
    assert_eq!(plan.years.len(), 2);
    let mut longer = base();
    longer.last_year = 2022;
    let longer =
        apply(&longer, &[Change::SetFrame { year: 2022, amount: Some(kr(5)), places: None, status: None }])
            .unwrap();
    assert_eq!(total(&planned(&longer), 2022).frame_status, Some(FrameStatus::Expected));
}

#[test]
fn a_model_its_base_its_rate_and_its_share() {
    let plan = changed(&[Change::SetBase { component: "base".to_owned(), amount: kr(50) }]);
    assert_eq!(in_year(&plan, 2020), [("P1", 150), ("P2", 350)]);
    let plan = changed(&[Change::SetRate { component: "per-head".to_owned(), rate: kr(1) }]);
    assert_eq!(in_year(&plan, 2020), [("P1", 110), ("P2", 130)]);
    let mut second = FundingModel { version: 2, valid_from_year: 2021, ..base().models[0].clone() };
    second.components[0] = crate::fixture::base("base", "0");
    let plan = changed(&[Change::SetModel { model: Box::new(second.clone()) }]);
    assert_eq!(
        (in_year(&plan, 2020), in_year(&plan, 2021)),
        (vec![("P1", 200), ("P2", 400)], vec![("P1", 100), ("P2", 300), ("W3", 200)])
    );
    // The same version takes the place of the old one.
    second.version = 1;
    second.valid_from_year = 2018;
    let plan = changed(&[Change::SetModel { model: Box::new(second) }]);
    assert_eq!(in_year(&plan, 2020), [("P1", 100), ("P2", 300)]);
}

#[test]
fn the_share_of_newcomers() {
    // With 1100 in 2021 500 are left. V (first on the list, of a, who is served) costs 300, W3 as much: the list alone lets in V.
    let mut two = base();
    two.frames[1] = frame(2021, "1100");
    two.projects.push(waiting("V", 0, "d", 2021..=2021));
    two.organisations.push(org("d", "20"));
    two.history = vec![ServedYear { organisation: "d".to_owned(), year: 2018 }];
    assert_eq!(admitted(&planned(&two), 2021), ["V"]);
    // 30 per cent of 1100 are 330 for newcomers: W3.
    let more = apply(&two, &[Change::SetNewcomerShare { share: share("3/10") }]).unwrap();
    assert_eq!(admitted(&planned(&more), 2021), ["W3"]);
}

#[test]
fn a_headcount() {
    let plan = changed(&[headcount("a", "2021-03-01", "50")]);
    assert_eq!(amounts(&plan, "P1"), [Some(kr(200)), Some(kr(600))]);
    // One of the same date is replaced, not contradicted.
    let plan = changed(&[headcount("a", "2019-10-01", "50")]);
    assert_eq!(amounts(&plan, "P1"), [Some(kr(600)), Some(kr(600))]);
}

#[test]
fn admissions_dropouts_and_new_projects() {
    let plan = changed(&[Change::Admit { reference: "W3".to_owned(), year: 2020 }]);
    // Its first year stays 2021; it is granted, not let in.
    assert_eq!((amounts(&plan, "W3"), line(&plan, "W3", 2021).admitted), (vec![Some(kr(300))], false));
    let plan = changed(&[Change::DropOut { reference: "P2".to_owned(), year: 2021 }]);
    assert_eq!(in_year(&plan, 2021), [("P1", 200), ("W3", 300)]);
    assert_eq!(in_year(&plan, 2020), [("P1", 200), ("P2", 400)]);
    let project = Box::new(running("N", "e", 2020..=2020));
    let organisations = vec![org("e", "1"), org("a", "999")];
    let plan = changed(&[Change::AddProject { project, organisations }]);
    // What the plan knows already stays as it is.
    assert_eq!(in_year(&plan, 2020), [("N", 110), ("P1", 200), ("P2", 400)]);
}

#[test]
fn changes_follow_each_other() {
    let plan = changed(&[
        Change::SetBase { component: "base".to_owned(), amount: kr(1) },
        Change::SetBase { component: "base".to_owned(), amount: kr(2) },
    ]);
    assert_eq!(in_year(&plan, 2020), [("P1", 102), ("P2", 302)]);
}

#[test]
fn what_is_not_there_can_not_be_changed() {
    let text = |text: &str| text.to_owned();
    let refused = |change: Change| {
        let error =
            apply(&base(), &[Change::DropOut { reference: text("P1"), year: 2021 }, change]).unwrap_err();
        (error.to_string(), error.problem)
    };
    let (message, problem) = refused(Change::SetBase { component: text("per-head"), amount: kr(1) });
    assert_eq!(problem, ChangeProblem::UnknownComponent(text("per-head")));
    assert_eq!(message, "/1/component: no funding model of the plan has such a component \"per-head\"");
    assert_eq!(
        refused(Change::SetRate { component: text("base"), rate: kr(1) }).1,
        ChangeProblem::UnknownComponent(text("base"))
    );
    assert_eq!(refused(headcount("z", "2020-01-01", "1")).1, ChangeProblem::UnknownOrganisation(text("z")));
    assert_eq!(
        refused(Change::Admit { reference: text("P1"), year: 2020 }).1,
        ChangeProblem::NotWaiting(text("P1"))
    );
    assert_eq!(
        refused(Change::Admit { reference: text("X"), year: 2020 }).1,
        ChangeProblem::UnknownProject(text("X"))
    );
    assert_eq!(
        refused(Change::DropOut { reference: text("X"), year: 2020 }).1,
        ChangeProblem::UnknownProject(text("X"))
    );
    let there =
        Change::AddProject { project: Box::new(running("P1", "a", 2020..=2020)), organisations: vec![] };
    assert_eq!(refused(there).1, ChangeProblem::ProjectThere(text("P1")));
    let mut plain = base();
    plain.models[0].components.pop();
    assert!(apply(&plain, &[Change::SetNewcomerShare { share: share("1/2") }]).is_err());
}

#[test]
fn changes_are_read_as_they_are_written() {
    let json = r#"{"kind":"set_headcount","organisation":"a","unitKind":"primary_school","measure":"man_years","date":"2021-03-01","value":"50"}"#;
    let change: Change = serde_json::from_str(json).unwrap();
    assert_eq!(change, headcount("a", "2021-03-01", "50"));
    assert_eq!(serde_json::to_string(&change).unwrap(), json);
    assert!(
        serde_json::from_str::<Change>(r#"{"kind":"set_base","component":"base","amount":"1","more":1}"#)
            .is_err()
    );
}

fn compared(before: &PlanInput, after: &PlanInput) -> Comparison {
    let (first, second) = (planned(before), planned(after));
    compare((before, &first), (after, &second)).unwrap()
}

#[test]
fn equal_plans_differ_in_nothing() {
    let told = compared(&base(), &apply(&base(), &[]).unwrap());
    assert!(told.lines.is_empty() && told.recipients.is_empty());
    assert!(told.years.iter().all(|year| year.from == year.to && year.projects.from == year.projects.to));
    assert_eq!(told.gini.from, told.gini.to);
}

#[test]
fn a_comparison_tells_lines_recipients_and_years() {
    let after = apply(&base(), &[Change::DropOut { reference: "P2".to_owned(), year: 2021 }]).unwrap();
    let told = serde_json::to_value(compared(&base(), &after)).unwrap();
    assert_eq!(
        told["lines"],
        serde_json::json!([
            {"project": "id-P2", "reference": "P2", "year": 2021, "from": "400.00"},
            {"project": "id-W3", "reference": "W3", "year": 2021, "to": "300.00"},
        ])
    );
    assert_eq!(
        told["recipients"],
        serde_json::json!([
            {"organisation": "b", "year": 2021, "from": "400.00", "to": "0.00"},
            {"organisation": "c", "year": 2021, "from": "0.00", "to": "300.00"},
        ])
    );
    assert_eq!(told["years"][1]["from"], "600.00");
    assert_eq!(told["years"][1]["to"], "500.00");
    assert_eq!(told["years"][1]["projects"], serde_json::json!({"from": 2, "to": 2}));
    // 2020: a and b for the first time. 2021: none of a and b; after, c is one of two.
    assert_eq!(told["years"][0]["firstTime"], serde_json::json!({"from": "1", "to": "1"}));
    assert_eq!(told["years"][1]["firstTime"], serde_json::json!({"from": "0", "to": "1/2"}));
    // Over both years a, b and c have 400, 800 and 0; after, 400, 400 and 300.
    // Gini of 0, 400, 800: Σ (2i − 4) x = 2 × 800 of 3 × 1200: 4/9. Of 300, 400, 400: −600 + 800 = 200 of 3 × 1100: 2/33.
    assert_eq!(told["gini"], serde_json::json!({"from": "4/9", "to": "2/33"}));
}

#[test]
fn the_gini_coefficient_at_its_ends() {
    let mut even = base();
    even.projects.truncate(2);
    even.organisations[1] = org("b", "10");
    // Both have 200 a year.
    assert_eq!(compared(&even, &even).gini.from, "0");
    // One has all: (n − 1) ÷ n = 1/2 of two parties.
    even.projects.truncate(1);
    even.projects[0] = with_partners(even.projects[0].clone(), &["b"]);
    assert_eq!(compared(&even, &even).gini.from, "1/2");
    // Nobody has anything.
    even.models[0] = base_and_rate("0", "0");
    assert_eq!(compared(&even, &even).gini.from, "0");
}

#[test]
fn who_was_served_before_is_not_there_for_the_first_time() {
    let first_time = |input: &PlanInput| compared(input, input).years[0].first_time.from.clone();
    let mut input = base();
    assert_eq!(first_time(&input), "1");
    input.history = vec![ServedYear { organisation: "a".to_owned(), year: 2017 }];
    assert_eq!(first_time(&input), "1/2");
    input.projects[1].first_year = 2019;
    assert_eq!(first_time(&input), "0");
    // A year without recipients.
    input.projects.clear();
    assert_eq!(first_time(&input), "0");
}

#[test]
fn recipients_are_compared_after_successors() {
    let mut after = base();
    after.organisations[1] = ceased(after.organisations[1].clone(), "2021-01-01", &[("c", "1")]);
    let told = compared(&base(), &after);
    assert!(told.lines.is_empty());
    let moved: Vec<_> = told
        .recipients
        .iter()
        .map(|moved| (moved.organisation.as_str(), moved.year, moved.from, moved.to))
        .collect();
    assert_eq!(moved, [("b", 2021, kr(400), kr(0)), ("c", 2021, kr(0), kr(400))]);
}
