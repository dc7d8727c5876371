//! Plans against hand calculations.

use std::path::Path;

use crate::fixture::{MAN_YEARS, known, kroner, model, party, project, record, round};
use tildel_allocation::{
    Flag, FrameInput, FrameStatus, FundingModel, Headcount, Language, Nok, Plan, PlanError, PlanInput,
    Quantity, TraceValue, plan,
};

fn amounts(plan: &Plan, project_id: &str) -> Vec<Option<Nok>> {
    plan.lines.iter().filter(|line| line.project_id == project_id).map(|line| line.amount).collect()
}

/// The round with only Sandnes, in 2020, with the given headcount.
fn only_sandnes(model: FundingModel, value: Headcount) -> PlanInput {
    let mut input = round(model);
    input.last_year = 2020;
    input.projects.truncate(1);
    input.projects[0].parties[0].headcounts = vec![record("2019-10-01", value)];
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
    let plan = plan(&round(model("100000.00", "500.00"))).unwrap();
    // Sandnes: 100 000 + 500 × 1029.2 = 100 000 + 514 600 = 614 600.
    assert_eq!(amounts(&plan, "1"), vec![Some(kroner(614_600)); 5]);
    // Jæren: 154.5 + 266.7 + 243.8 + 260.1 = 925.1; 100 000 + 500 × 925.1 = 100 000 + 462 550 = 562 550.
    assert_eq!(amounts(&plan, "2"), vec![Some(kroner(562_550)); 5]);
    let totals: Vec<_> = plan.years.iter().map(|total| (total.year, total.total)).collect();
    assert_eq!(totals, (2020..=2024).map(|year| (year, kroner(1_177_150))).collect::<Vec<_>>());
    assert!(plan.lines.iter().all(|line| line.flags.is_empty()));
}

#[test]
fn each_line_is_rounded_once() {
    let plan = plan(&round(model("100000.00", "1234.56"))).unwrap();
    // 1234.56 × 1029.2 = 1 270 609.152; with the base 1 370 609.152, rounded 1 370 609.
    assert_eq!(amounts(&plan, "1")[0], Some(kroner(1_370_609)));
    // 1234.56 × 925.1 = 1 142 091.456; with the base 1 242 091.456, rounded 1 242 091. Rounding each party by
    // itself would give 190 740 + 329 257 + 300 986 + 321 109 + 100 000 = 1 242 092.
    assert_eq!(amounts(&plan, "2")[0], Some(kroner(1_242_091)));

    // 0.99 × 0.5 = 0.495, which is 0; over øre (0.50) it would wrongly become 1.
    let small = only_sandnes(model("0", "0.99"), known("0.5"));
    assert_eq!(amounts(&tildel_allocation::plan(&small).unwrap(), "1"), [Some(kroner(0))]);
    // 1 × 0.5 = 0.50, a half, which goes away from zero.
    let half = only_sandnes(model("0", "1"), known("0.5"));
    assert_eq!(amounts(&tildel_allocation::plan(&half).unwrap(), "1"), [Some(kroner(1))]);
}

#[test]
fn the_newest_headcount_in_or_before_the_year_holds() {
    let mut input = round(model("0", "1"));
    input.projects.truncate(1);
    input.projects[0].parties[0].headcounts.extend([
        record("2022-12-31", known("1100")),
        record("2022-10-01", known("1050")),
        record("2025-01-01", known("9")),
    ]);
    let (before, from_2022) = (Some(kroner(1029)), Some(kroner(1100)));
    assert_eq!(amounts(&plan(&input).unwrap(), "1"), [before, before, from_2022, from_2022, from_2022]);
}

#[test]
fn a_new_model_version_holds_from_its_first_year() {
    let mut input = round(model("100", "0"));
    input.models.push(FundingModel { version: 2, valid_from_year: 2023, ..model("200", "0") });
    let (first, second) = (Some(kroner(100)), Some(kroner(200)));
    assert_eq!(amounts(&plan(&input).unwrap(), "1"), [first, first, first, second, second]);
}

#[test]
fn a_missing_number_is_never_zero() {
    let amount_and_flags = |value| {
        let plan = plan(&only_sandnes(model("100", "10"), value)).unwrap();
        let line = plan.lines.into_iter().next().unwrap();
        (line.amount, serde_json::to_value(line.flags).unwrap(), plan.years[0].lines_without_amount)
    };
    let flag = |code: &str| {
        serde_json::json!([{
            "code": code, "organisationNumber": "practice-0", "name": "Sandnes",
            "unitKind": "primary_school", "measure": "man_years",
        }])
    };
    let mut withheld = flag("withheld_assumed");
    withheld[0]["assumed"] = "3".into();
    // 100 + 10 × 3 = 130, with the assumption told.
    assert_eq!(amount_and_flags(Headcount::Withheld), (Some(kroner(130)), withheld, 0));
    assert_eq!(amount_and_flags(Headcount::NoneRegistered), (Some(kroner(100)), flag("none_registered"), 0));
    assert_eq!(amount_and_flags(Headcount::Unknown), (None, flag("headcount_unknown"), 1));
    assert_eq!(amount_and_flags(known("3")), (Some(kroner(130)), serde_json::json!([]), 0));

    let mut without_record = only_sandnes(model("100", "10"), known("3"));
    without_record.projects[0].parties[0].headcounts.clear();
    let line = &plan(&without_record).unwrap().lines[0];
    assert_eq!(line.amount, None);
    assert!(matches!(line.flags.as_slice(), [Flag::HeadcountUnknown(_)]));
}

#[test]
fn sources_that_contradict_each_other_give_no_amount() {
    let mut input = only_sandnes(model("100", "10"), known("3"));
    let mut other = record("2019-10-01", known("4"));
    other.source = "another register".to_owned();
    input.projects[0].parties[0].headcounts.push(other.clone());
    let line = &plan(&input).unwrap().lines[0];
    assert_eq!(line.amount, None);
    assert!(matches!(line.flags.as_slice(), [Flag::HeadcountConflict { .. }]));

    // A second source that agrees changes nothing, and a practice value yields to the fact.
    other.value = known("3");
    other.practice = true;
    input.projects[0].parties[0].headcounts[1] = other;
    let line = &plan(&input).unwrap().lines[0];
    assert_eq!((line.amount, line.flags.as_slice()), (Some(kroner(130)), [].as_slice()));
}

#[test]
fn practice_values_are_flagged() {
    let mut input = only_sandnes(model("100", "10"), known("3"));
    input.projects[0].parties[0].headcounts[0].practice = true;
    let line = &plan(&input).unwrap().lines[0];
    assert!(matches!(line.flags.as_slice(), [Flag::PracticeHeadcount(_)]));
}

#[test]
fn a_year_without_model_or_a_project_without_parties_is_flagged() {
    let mut input = round(model("100", "0"));
    input.models[0].valid_to_year = 2022;
    input.projects[0].parties.clear();
    let plan = plan(&input).unwrap();
    let hundred = Some(kroner(100));
    assert_eq!(amounts(&plan, "2"), [hundred, hundred, hundred, None, None]);
    assert_eq!(plan.lines[0].flags, [Flag::NoParties]);
    assert_eq!(plan.lines.last().unwrap().flags, [Flag::ModelMissing]);
    let sentences = plan.lines.last().unwrap().trace.sentences(Language::Nn);
    assert_eq!(sentences, ["Ingen tildelingsmodell gjeld for 2024."]);
}

#[test]
fn a_shortfall_is_told_and_nothing_is_fitted() {
    let frame =
        |year, amount, places, status| FrameInput { year, amount: Some(kroner(amount)), places, status };
    let mut input = round(model("100", "0"));
    input.frames = vec![
        frame(2020, 150, Some(1), FrameStatus::Decided),
        frame(2020, 900, None, FrameStatus::Expected),
        frame(2021, 200, Some(2), FrameStatus::Expected),
    ];
    let years = plan(&input).unwrap().years;
    // Two projects of 100 against the decided 150 in 2020 and the expected 200 in 2021.
    assert_eq!((years[0].total, years[0].shortfall), (kroner(200), Some(kroner(50))));
    assert_eq!((years[0].frame_status, years[0].places_short), (Some(FrameStatus::Decided), Some(1)));
    assert_eq!((years[1].total, years[1].shortfall, years[1].places_short), (kroner(200), None, None));
    assert_eq!((years[2].frame, years[2].shortfall), (None, None));
}

#[test]
fn contradictory_input_is_refused() {
    let refused = |change: fn(&mut PlanInput)| {
        let mut input = round(model("100", "1"));
        change(&mut input);
        plan(&input).unwrap_err().to_string()
    };
    let cases = [
        (refused(|input| input.last_year = 2019), "the last year 2019 is before the first year 2020"),
        (refused(|input| input.last_year = 3000), "the horizon of 981 years is longer than 50"),
        (
            refused(|input| input.projects[0].last_year = 2000),
            "the last year 2000 is before the first year 2020 of the project 1",
        ),
        (
            refused(|input| input.models[0].version = 0),
            "the funding model \"practice\" version 0 is invalid: the version is zero; versions start at 1",
        ),
        (
            refused(|input| input.models.push(model("1", "1"))),
            "the funding model \"practice\" version 1 is given twice",
        ),
        (
            refused(|input| input.models.push(FundingModel { key: "other".to_owned(), ..model("1", "1") })),
            "the funding models \"other\" and \"practice\" both hold in 2020",
        ),
        (refused(|input| input.projects.push(project("1", vec![]))), "the project 1 is given twice"),
        (
            refused(|input| input.projects[0].parties.push(party(0))),
            "the party practice-0 is given twice in the project 1",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(message, expected);
    }
    let mut frames = round(model("100", "1"));
    let frame = FrameInput { year: 2020, amount: None, places: None, status: FrameStatus::Expected };
    frames.frames = vec![frame.clone(), frame];
    assert_eq!(plan(&frames), Err(PlanError::DuplicateFrame { year: 2020 }));
    frames.frames.pop();
    frames.frames[0].amount = Some(kroner(-1));
    assert_eq!(plan(&frames), Err(PlanError::NegativeFrame { year: 2020 }));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let most = Quantity::from_milli(i64::MAX).unwrap();
    let line = only_sandnes(model("0", "1000000"), Headcount::Known(most));
    assert_eq!(plan(&line), Err(PlanError::LineOverflow { project_id: "1".to_owned(), year: 2020 }));

    let mut total = round(model("90000000000000000", "0"));
    total.last_year = 2020;
    assert_eq!(plan(&total), Err(PlanError::TotalOverflow { year: 2020 }));
}

#[test]
fn a_trace_is_told_in_three_languages() {
    let plan = plan(&round(model("100000.00", "500.00"))).unwrap();
    let trace = &plan.lines[0].trace;
    assert_eq!(trace.root.result, TraceValue::Amount(kroner(614_600)));
    let told = |language| trace.sentences(language).join("\n").replace('\u{a0}', " ");
    assert_eq!(
        told(Language::Nb),
        "Beløpet for 2020 følger tildelingsmodellen practice, versjon 1 (hjemmel: practice regulation § 1).\n\
         Grunnbeløpet per prosjekt er kr 100 000.\n\
         Sandnes (årsverk i grunnskole): 1 029,2 (01.10.2019, Skoleporten).\n\
         Satsen er kr 500, og kr 500 × 1 029,2 er kr 514 600.\n\
         Til sammen kr 614 600, avrundet til nærmeste hele krone: kr 614 600."
    );
    assert_eq!(
        told(Language::Nn),
        "Beløpet for 2020 følgjer tildelingsmodellen practice, versjon 1 (heimel: practice regulation § 1).\n\
         Grunnbeløpet per prosjekt er kr 100 000.\n\
         Sandnes (årsverk i grunnskule): 1 029,2 (01.10.2019, Skoleporten).\n\
         Satsen er kr 500, og kr 500 × 1 029,2 er kr 514 600.\n\
         Til saman kr 614 600, avrunda til næraste heile krone: kr 614 600."
    );
    assert_eq!(
        told(Language::En),
        "The amount for 2020 follows the funding model practice, version 1 (legal basis: practice regulation § 1).\n\
         The base amount per project is NOK 100,000.\n\
         Sandnes (man-years in primary school): 1,029.2 (1 October 2019, Skoleporten).\n\
         The rate is NOK 500, and NOK 500 × 1,029.2 is NOK 514,600.\n\
         Together NOK 614,600, rounded to the nearest whole krone: NOK 614,600."
    );
}

#[test]
fn a_gap_is_told_in_words() {
    let told = |value| {
        let plan = plan(&only_sandnes(model("100", "10"), value)).unwrap();
        plan.lines[0].trace.sentences(Language::Nb).join("\n").replace('\u{a0}', " ")
    };
    let withheld = told(Headcount::Withheld);
    assert!(withheld.contains("registeret skjuler tallet, og 3 er lagt til grunn (skjult (1–4), 01.10.2019"));
    let unknown = told(Headcount::Unknown);
    assert!(unknown.contains("antallet er ikke avklart"));
    assert!(unknown.contains("Beløpet for 2020 kan ikke regnes ut ennå."));
}

#[test]
fn the_plan_and_its_input_have_a_stable_wire_form() {
    let input = only_sandnes(model("100000.00", "500.00"), known("1029.2"));
    let plan = plan(&input).unwrap();
    let line = serde_json::to_value(&plan.lines[0]).unwrap();
    assert_eq!(line["projectId"], "1");
    assert_eq!(line["amount"], serde_json::json!({"amount": "614600.00", "currency": "NOK"}));
    let per_head = &line["trace"]["root"]["steps"][1];
    assert_eq!(per_head["component"], "per_head");
    assert_eq!(per_head["ruleVersion"], 1);
    let read = &per_head["steps"][0]["inputs"][0];
    let value = serde_json::json!({"kind": "headcount", "value": {"status": "known", "value": "1029.2"}});
    assert_eq!((&read["value"], &read["date"]), (&value, &"2019-10-01".into()));

    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    let text = serde_json::to_string(&input).unwrap();
    assert_eq!(serde_json::from_str::<PlanInput>(&text).unwrap(), input);
}
