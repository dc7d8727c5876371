//! A practice round against hand calculations: base and rate times real man-years.

use std::path::Path;

use crate::fixture::{
    MAN_YEARS, amounts, base_and_rate, flags, frame, known, kr, line, planned, record, round, total,
};
use tildel_allocation::{
    FrameInput, FrameStatus, FundingModel, Headcount, Language, Nok, Plan, PlanInput, plan,
};

/// The round with only Sandnes, in 2020, with the given headcount.
fn only_sandnes(model: FundingModel, value: Headcount) -> PlanInput {
    let mut input = round(model);
    input.last_year = 2020;
    input.projects.truncate(1);
    input.organisations[0].headcounts = vec![record("2019-10-01", value)];
    input
}

#[test]
fn the_man_years_are_those_of_the_public_table() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/tables/teaching_fte_rogaland_municipalities_2014_2020.csv");
    let Ok(text) = std::fs::read_to_string(&table) else {
        println!("the shared tables are absent; the man-years were not compared");
        return;
    };
    for (name, count) in MAN_YEARS {
        let row = text.lines().find(|line| line.contains(&format!(",{name},all,2019-20,"))).unwrap();
        assert_eq!(row.split(',').nth(4), Some(count), "{name}");
    }
}

#[test]
fn two_projects_over_five_years() {
    let plan = planned(&round(base_and_rate("100000.00", "500.00")));
    // Sandnes: 100 000 + 500 × 1029.2 = 100 000 + 514 600 = 614 600.
    assert_eq!(amounts(&plan, "RO-1"), vec![Some(kr(614_600)); 5]);
    // Jæren: 154.5 + 266.7 + 243.8 + 260.1 = 925.1; 100 000 + 500 × 925.1 = 100 000 + 462 550 = 562 550.
    assert_eq!(amounts(&plan, "RO-2"), vec![Some(kr(562_550)); 5]);
    let totals: Vec<_> = plan.years.iter().map(|total| (total.year, total.total)).collect();
    assert_eq!(totals, (2020..=2024).map(|year| (year, kr(1_177_150))).collect::<Vec<_>>());
    assert!(plan.lines.iter().all(|line| line.flags.is_empty()));
}

#[test]
fn each_line_is_rounded_once() {
    let plan = planned(&round(base_and_rate("100000.00", "1234.56")));
    // 1234.56 × 1029.2 = 1 270 609.152; with the base 1 370 609.152, rounded 1 370 609.
    assert_eq!(amounts(&plan, "RO-1")[0], Some(kr(1_370_609)));
    // 1234.56 × 925.1 = 1 142 091.456; with the base 1 242 091.456, rounded 1 242 091. Rounding each party by
    // itself would give 190 740 + 329 257 + 300 986 + 321 109 + 100 000 = 1 242 092.
    assert_eq!(amounts(&plan, "RO-2")[0], Some(kr(1_242_091)));

    // 0.99 × 0.5 = 0.495, which is 0; over øre (0.50) it would wrongly become 1.
    let small = only_sandnes(base_and_rate("0", "0.99"), known("0.5"));
    assert_eq!(amounts(&planned(&small), "RO-1"), [Some(kr(0))]);
    // 1 × 0.5 = 0.50, a half, which goes away from zero.
    let half = only_sandnes(base_and_rate("0", "1"), known("0.5"));
    assert_eq!(amounts(&planned(&half), "RO-1"), [Some(kr(1))]);
}

#[test]
fn amounts_are_multiples_of_the_unit() {
    let mut model = base_and_rate("0", "1");
    model.unit = kr(100);
    // 1029.2 is nearer to 1 000 than to 1 100.
    assert_eq!(amounts(&planned(&only_sandnes(model.clone(), known("1029.2"))), "RO-1"), [Some(kr(1_000))]);
    // 1 050 lies half-way and goes away from zero.
    assert_eq!(amounts(&planned(&only_sandnes(model.clone(), known("1050"))), "RO-1"), [Some(kr(1_100))]);
    model.unit = Nok::from_ore(1);
    let exact = Some("1029.20".parse().unwrap());
    assert_eq!(amounts(&planned(&only_sandnes(model, known("1029.2"))), "RO-1"), [exact]);
}

#[test]
fn the_newest_headcount_in_or_before_the_year_holds() {
    let mut input = round(base_and_rate("0", "1"));
    input.projects.truncate(1);
    input.organisations[0].headcounts.extend([
        record("2022-12-31", known("1100")),
        record("2022-10-01", known("1050")),
        record("2025-01-01", known("9")),
    ]);
    let (before, from_2022) = (Some(kr(1029)), Some(kr(1100)));
    assert_eq!(amounts(&planned(&input), "RO-1"), [before, before, from_2022, from_2022, from_2022]);
}

#[test]
fn a_new_model_version_holds_from_its_first_year() {
    let mut input = round(base_and_rate("100", "0"));
    input.models.push(FundingModel { version: 2, valid_from_year: 2023, ..base_and_rate("200", "0") });
    let (first, second) = (Some(kr(100)), Some(kr(200)));
    assert_eq!(amounts(&planned(&input), "RO-1"), [first, first, first, second, second]);
    let rules: Vec<_> = planned(&input).years.into_iter().map(|total| total.model.unwrap()).collect();
    assert_eq!(rules, ["practice@1", "practice@1", "practice@1", "practice@2", "practice@2"]);
}

#[test]
fn a_missing_number_is_never_zero() {
    let amount_and_flags = |value| {
        let plan = planned(&only_sandnes(base_and_rate("100", "10"), value));
        let line = plan.lines.into_iter().next().unwrap();
        (line.amount, serde_json::to_value(line.flags).unwrap(), plan.years[0].lines_without_amount)
    };
    let flag = |code: &str| {
        serde_json::json!([{
            "code": code, "organisation": "practice-0", "unitKind": "primary_school", "measure": "man_years",
        }])
    };
    let mut withheld = flag("withheld_assumed");
    withheld[0]["assumed"] = "3".into();
    // 100 + 10 × 3 = 130, with the assumption told.
    assert_eq!(amount_and_flags(Headcount::Withheld), (Some(kr(130)), withheld, 0));
    assert_eq!(amount_and_flags(Headcount::NoneRegistered), (Some(kr(100)), flag("none_registered"), 0));
    assert_eq!(amount_and_flags(Headcount::Unknown), (None, flag("headcount_unknown"), 1));
    assert_eq!(amount_and_flags(known("3")), (Some(kr(130)), serde_json::json!([]), 0));

    let mut without_record = only_sandnes(base_and_rate("100", "10"), known("3"));
    without_record.organisations[0].headcounts.clear();
    let plan = planned(&without_record);
    assert_eq!(plan.lines[0].amount, None);
    assert_eq!(serde_json::to_value(&plan.lines[0].flags).unwrap(), flag("headcount_unknown"));
    assert_eq!(plan.years[0].total, Nok::ZERO);
}

#[test]
fn sources_that_contradict_each_other_give_no_amount() {
    let mut input = only_sandnes(base_and_rate("100", "10"), known("3"));
    let mut other = record("2019-10-01", known("4"));
    other.source = "another register".to_owned();
    input.organisations[0].headcounts.push(other.clone());
    let plan = planned(&input);
    assert_eq!(plan.lines[0].amount, None);
    let flag = serde_json::json!([{
        "code": "headcount_conflict", "organisation": "practice-0", "unitKind": "primary_school",
        "measure": "man_years", "date": "2019-10-01",
    }]);
    assert_eq!(serde_json::to_value(&plan.lines[0].flags).unwrap(), flag);
    // Both records are shown, by value and source.
    let step = &plan.lines[0].trace.steps[0].steps[0].steps[1].steps[0];
    let told: Vec<_> =
        step.inputs.iter().map(|input| (input.value.as_str(), input.source.as_deref())).collect();
    assert_eq!(told, [("3", Some("Skoleporten")), ("4", Some("another register"))]);

    // A second source that agrees changes nothing, and of one source the fact goes before the practice value.
    other.value = known("3");
    other.source = "Skoleporten".to_owned();
    other.practice = true;
    input.organisations[0].headcounts[1] = other;
    let plan = planned(&input);
    assert_eq!((plan.lines[0].amount, plan.lines[0].flags.as_slice()), (Some(kr(130)), [].as_slice()));

    // A newer record settles the conflict of older ones.
    input.organisations[0].headcounts[1].value = known("4");
    input.organisations[0].headcounts.push(record("2019-10-02", known("5")));
    assert_eq!(planned(&input).lines[0].amount, Some(kr(150)));
}

#[test]
fn practice_values_are_flagged() {
    let mut input = only_sandnes(base_and_rate("100", "10"), known("3"));
    input.organisations[0].headcounts[0].practice = true;
    assert_eq!(flags(line(&planned(&input), "RO-1", 2020)), ["practice_headcount"]);
}

#[test]
fn a_year_without_a_model_is_flagged() {
    let mut input = round(base_and_rate("100", "0"));
    input.models[0].valid_to_year = 2022;
    let plan = planned(&input);
    let hundred = Some(kr(100));
    assert_eq!(amounts(&plan, "RO-2"), [hundred, hundred, hundred, None, None]);
    let last = line(&plan, "RO-2", 2024);
    assert_eq!(flags(last), ["model_missing"]);
    assert_eq!(serde_json::to_value(&last.trace).unwrap(), serde_json::json!({"step": "no_model"}));
    let sentences = last.trace.sentences(Language::Nn, 2024);
    assert_eq!(sentences, ["Ingen tildelingsmodell gjeld for 2024."]);
    assert_eq!(total(&plan, 2024).model, None);
}

#[test]
fn a_shortfall_is_told_and_nothing_is_fitted() {
    let mut input = round(base_and_rate("100", "0"));
    let with = |amount, status, places| FrameInput { status, places, ..frame(2020, amount) };
    input.frames = vec![
        with("150", FrameStatus::Decided, Some(1)),
        with("900", FrameStatus::Expected, None),
        FrameInput { status: FrameStatus::Expected, places: Some(2), ..frame(2021, "200") },
    ];
    let years = planned(&input).years;
    // Two projects of 100 against the decided 150 in 2020 and the expected 200 in 2021.
    assert_eq!((years[0].total, years[0].shortfall), (kr(200), Some(kr(50))));
    assert_eq!((years[0].frame_status, years[0].places_short), (Some(FrameStatus::Decided), Some(1)));
    assert_eq!((years[1].total, years[1].shortfall, years[1].places_short), (kr(200), None, None));
    assert_eq!((years[2].frame, years[2].shortfall, years[2].frame_status), (None, None, None));
}

#[test]
fn plans_and_inputs_are_read_back() {
    let input = round(base_and_rate("100000.00", "500.00"));
    let plan = plan(&input).unwrap();
    let line = serde_json::to_value(&plan.lines[0]).unwrap();
    assert_eq!(line["amount"], "614600.00");
    let per_head = &line["trace"]["steps"][0]["steps"][0]["steps"][1];
    assert_eq!((&per_head["step"], &per_head["rule"]), (&"per_head".into(), &"practice@1#per-head".into()));
    let read = &per_head["steps"][0]["inputs"][0];
    assert_eq!((&read["value"], &read["date"]), (&"1029.2".into(), &"2019-10-01".into()));

    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    let text = serde_json::to_string(&input).unwrap();
    assert_eq!(serde_json::from_str::<PlanInput>(&text).unwrap(), input);
}
