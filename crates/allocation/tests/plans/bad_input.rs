//! Input that is wrong is refused with the field's path; what is merely missing is flagged.

use tildel_allocation::{
    FrameInput, FrameStatus, FundingModel, Headcount, InputProblem, Nok, PlanError, PlanInput, Quantity,
    RenewalOutcome, ServedYear, plan,
};

use crate::fixture::{
    base, base_and_rate, ceased, decided, flags, frame, input, kr, line, model, nok, org, per_head, planned,
    record, renewal, running, with_partners, with_supporters,
};

/// Two projects of a and b.
fn sound() -> PlanInput {
    let projects = vec![running("P1", "a", 2020..=2022), running("P2", "b", 2020..=2022)];
    let frames = vec![frame(2020, "1000"), frame(2021, "1000")];
    input(2020..=2022, base_and_rate("100", "10"), frames, vec![org("a", "10"), org("b", "20")], projects)
}

/// What is said of the sound input with one change.
fn refused(change: impl FnOnce(&mut PlanInput)) -> String {
    let mut input = sound();
    change(&mut input);
    plan(&input).unwrap_err().to_string()
}

#[test]
fn the_sound_input_is_sound() {
    assert!(plan(&sound()).is_ok());
}

#[test]
fn years_and_horizons() {
    assert_eq!(
        refused(|input| input.last_year = 2019),
        "/lastYear: the last year 2019 is before the first year 2020"
    );
    assert_eq!(
        refused(|input| input.last_year = 2070),
        "/lastYear: the horizon of 51 years is longer than 50"
    );
    assert_eq!(refused(|input| input.first_year = 0), "/firstYear: give a year from 1 to 9998");
    assert_eq!(refused(|input| input.last_year = i16::MAX), "/lastYear: give a year from 1 to 9998");
    assert_eq!(
        refused(|input| input.projects[1].last_year = 2000),
        "/projects/1/lastYear: the last year 2000 is before the first year 2020"
    );
    assert_eq!(
        refused(|input| input.projects[0].first_year = -5),
        "/projects/0/firstYear: give a year from 1 to 9998"
    );
    let mut longest = sound();
    longest.last_year = 2069;
    assert_eq!(planned(&longest).years.len(), 50);
}

#[test]
fn models_are_checked_and_do_not_compete() {
    assert_eq!(
        refused(|input| input.models[0].version = 0),
        "/models/0: /version: the version is zero; versions start at 1"
    );
    let negative = refused(|input| input.models[0].components[1] = per_head("heads", "-1"));
    assert_eq!(negative, "/models/0: /components/1/rates/0/rate: the amount -1.00 is below zero");
    assert_eq!(
        refused(|input| input.models.push(input.models[0].clone())),
        "/models/1: practice@1 stands twice"
    );
    let other = |input: &mut PlanInput| {
        input.models.push(FundingModel { key: "other".to_owned(), ..model(vec![base("b", "1")]) });
    };
    assert_eq!(refused(other), "/models: the funding models \"other\" and \"practice\" both hold in 2020");
    // In other years they do not meet.
    let mut apart = sound();
    other(&mut apart);
    apart.models[0].valid_to_year = 2020;
    apart.models[1].valid_from_year = 2021;
    assert!(plan(&apart).is_ok());
}

#[test]
fn frames() {
    assert_eq!(
        refused(|input| input.frames[1].amount = Some(nok("-0.01"))),
        "/frames/1/amount: the amount -0.01 is below zero"
    );
    assert_eq!(
        refused(|input| input.frames[1].year = 2020),
        "/frames/1: the frame of 2020 with this status stands twice"
    );
    let mut both = sound();
    both.frames[1] = FrameInput { year: 2020, status: FrameStatus::Expected, ..both.frames[1].clone() };
    assert!(plan(&both).is_ok());
    assert_eq!(
        refused(|input| input.carried_in = Some(nok("-1"))),
        "/carriedIn: the amount -1.00 is below zero"
    );
}

#[test]
fn a_frame_below_what_is_decided() {
    let decided_for = |first: &str, second: &str| {
        let mut input = sound();
        input.projects[0] = decided(input.projects[0].clone(), 2021, first);
        input.projects[1] = decided(input.projects[1].clone(), 2021, second);
        input
    };
    let error = plan(&decided_for("600", "400.01")).unwrap_err();
    assert_eq!(
        error,
        PlanError::FrameBelowDecided {
            pointer: "/frames/1/amount".to_owned(),
            year: 2021,
            decided: nok("1000.01"),
            given: kr(1000)
        }
    );
    assert_eq!(
        error.to_string(),
        "/frames/1/amount: 1000.01 is decided for 2021, but only 1000.00 is given; raise the frame or decide anew"
    );
    assert!(plan(&decided_for("600", "400")).is_ok());
    // Money carried into the year counts with the frame: 1000 − 500 are left of 2020.
    let mut carried = decided_for("600", "400.01");
    carried.models[0].carry_over = tildel_allocation::Share::ONE;
    assert!(plan(&carried).is_ok());
    // Without a frame nothing is known to be too little.
    let mut without = decided_for("600", "9000");
    without.frames.pop();
    assert!(plan(&without).is_ok());
}

#[test]
fn organisations_and_projects_stand_once() {
    assert_eq!(
        refused(|input| input.organisations[1].number = "a".to_owned()),
        "/organisations/1/number: a stands twice"
    );
    assert_eq!(
        refused(|input| input.projects[1].id = input.projects[0].id.clone()),
        "/projects/1/id: id-P1 stands twice"
    );
    assert_eq!(
        refused(|input| input.projects[1].reference = "P1".to_owned()),
        "/projects/1/reference: P1 stands twice"
    );
    let twice =
        |input: &mut PlanInput| input.projects[0] = with_partners(input.projects[0].clone(), &["b", "a"]);
    assert_eq!(refused(twice), "/projects/0/partners/1: a stands twice");
    let behind =
        |input: &mut PlanInput| input.projects[0] = with_supporters(input.projects[0].clone(), &["b", "b"]);
    assert_eq!(refused(behind), "/projects/0/supporters/1: b stands twice");
    let same_year = |input: &mut PlanInput| {
        let once = renewal(input.projects[0].clone(), 2021, RenewalOutcome::Renewed);
        input.projects[0] = renewal(once, 2021, RenewalOutcome::Stopped);
    };
    assert_eq!(refused(same_year), "/projects/0/renewals/1: the renewal for 2021 stands twice");
    let same_promise = |input: &mut PlanInput| {
        input.projects[0] = decided(decided(input.projects[0].clone(), 2021, "1"), 2021, "2");
    };
    assert_eq!(refused(same_promise), "/projects/0/years/1: the year 2021 stands twice");
}

#[test]
fn an_empty_project_and_unknown_organisations() {
    assert_eq!(
        refused(|input| input.projects[1].lead = String::new()),
        "/projects/1/lead: the project has no lead, so there is nobody to fund"
    );
    assert_eq!(
        refused(|input| input.projects[1].lead = "z".to_owned()),
        "/projects/1/lead: the organisation z is not among the organisations"
    );
    assert_eq!(
        refused(|input| input.projects[1].partners = vec!["a".to_owned(), "z".to_owned()]),
        "/projects/1/partners/1: the organisation z is not among the organisations"
    );
    // History may tell of others.
    let mut history = sound();
    history.history = vec![ServedYear { organisation: "z".to_owned(), year: 2010 }];
    assert!(plan(&history).is_ok());
}

#[test]
fn promises() {
    let negative = |input: &mut PlanInput| input.projects[0] = decided(input.projects[0].clone(), 2021, "-1");
    assert_eq!(refused(negative), "/projects/0/years/0/amount: the amount -1.00 is below zero");
    let paid = |paid: &'static [&'static str]| {
        move |input: &mut PlanInput| {
            input.projects[0] = decided(input.projects[0].clone(), 2021, "100");
            input.projects[0].years[0].paid = paid.iter().map(|text| nok(text)).collect();
            let whole = tildel_allocation::model::InstalmentShare {
                date: None,
                share: tildel_allocation::Share::ONE,
            };
            input.models[0].instalments = vec![whole];
        }
    };
    assert_eq!(refused(paid(&["1", "-2"])), "/projects/0/years/0/paid/1: the amount -2.00 is below zero");
    assert_eq!(
        refused(paid(&["1", "2"])),
        "/projects/0/years/0/paid: 2 instalments were paid, but the model has 1"
    );
}

#[test]
fn successors() {
    let with = |to: &'static [(&'static str, &'static str)]| {
        move |input: &mut PlanInput| {
            input.organisations[0] = ceased(input.organisations[0].clone(), "2021-01-01", to);
        }
    };
    assert_eq!(
        refused(with(&[("b", "1/2")])),
        "/organisations/0/successors: the shares of the successors add up to 1/2, not to 1"
    );
    let incomplete =
        "/organisations/0/ceased: give both the day on which it ceased and its successors, or none of them";
    assert_eq!(refused(with(&[])), incomplete);
    let without_date = |input: &mut PlanInput| {
        with(&[("b", "1")])(input);
        input.organisations[0].ceased = None;
    };
    assert_eq!(refused(without_date), incomplete);
    assert_eq!(
        refused(with(&[("z", "1")])),
        "/organisations/0/successors/0/organisation: the organisation z is not among the organisations"
    );
    assert_eq!(
        refused(with(&[("b", "1/2"), ("b", "1/2")])),
        "/organisations/0/successors/1/organisation: b stands twice"
    );
}

#[test]
fn cyclic_successors() {
    let itself =
        |input: &mut PlanInput| input.organisations[0] = ceased(org("a", "1"), "2021-01-01", &[("a", "1")]);
    assert_eq!(
        refused(itself),
        "/organisations/0/successors: the organisation a is its own successor, by way of others or at once"
    );
    let circle = |input: &mut PlanInput| {
        input.organisations[0] = ceased(org("a", "1"), "2021-01-01", &[("b", "1")]);
        input.organisations[1] = ceased(org("b", "1"), "2022-01-01", &[("c", "1/2"), ("d", "1/2")]);
        input.organisations.push(ceased(org("c", "1"), "2022-01-01", &[("a", "1")]));
        input.organisations.push(org("d", "1"));
    };
    let mut input = sound();
    circle(&mut input);
    let Err(PlanError::Input { problem: InputProblem::SuccessorCycle(number), pointer }) = plan(&input)
    else {
        panic!("a circle was not found")
    };
    assert!(["a", "b", "c"].contains(&number.as_str()));
    assert!(pointer.ends_with("/successors"));
    // A long chain and a diamond are no circles.
    let mut chain = sound();
    for place in 0..50_000 {
        let next = format!("n{:05}", place + 1);
        chain.organisations.push(ceased(
            org(&format!("n{place:05}"), "1"),
            "2015-01-01",
            &[(next.as_str(), "1")],
        ));
    }
    chain.organisations.push(ceased(org("n50000", "1"), "2015-01-01", &[("a", "1/2"), ("b", "1/2")]));
    chain.organisations[0] = ceased(org("a", "1"), "2015-01-01", &[("b", "1")]);
    chain.projects[0].lead = "n00000".to_owned();
    chain.organisations.iter_mut().for_each(|organisation| organisation.headcounts.truncate(1));
    let plan = planned(&chain);
    assert_eq!(line(&plan, "P1", 2020).recipients[0].organisation, "b");
}

#[test]
fn a_withheld_headcount_is_flagged_with_its_place() {
    let mut input = sound();
    input.organisations[1].headcounts = vec![record("2019-10-01", Headcount::Withheld)];
    let plan = planned(&input);
    assert_eq!(line(&plan, "P2", 2020).amount, Some(kr(130)));
    let flag = serde_json::json!({
        "code": "withheld_assumed", "organisation": "b", "unitKind": "primary_school", "measure": "man_years", "assumed": "3",
    });
    assert_eq!(serde_json::to_value(&line(&plan, "P2", 2020).flags[0]).unwrap(), flag);
    assert_eq!(flags(line(&plan, "P1", 2020)), Vec::<String>::new());
}

#[test]
fn zero_weights_are_no_error() {
    // Scaling nothing: all entitlements are zero, whatever the frame.
    let mut input = sound();
    input.models[0] =
        FundingModel { fit: tildel_allocation::model::Fit::ScaleAll, ..base_and_rate("0", "0") };
    let plan = planned(&input);
    assert!(plan.lines.iter().all(|line| line.amount == Some(Nok::ZERO)));
    input.models[0].fit = tildel_allocation::model::Fit::Exhaust;
    assert!(planned(&input).lines.iter().all(|line| line.amount == Some(Nok::ZERO)));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let most = Headcount::Known(Quantity::from_milli(i64::MAX).unwrap());
    let mut amount = sound();
    amount.models[0] = base_and_rate("0", "1000000");
    amount.organisations[0].headcounts = vec![record("2019-10-01", most)];
    assert_eq!(plan(&amount), Err(PlanError::LineOverflow { project_id: "id-P1".to_owned(), year: 2020 }));
    let mut count = amount.clone();
    count.models[0] = base_and_rate("0", "0");
    count.projects[0] = with_partners(count.projects[0].clone(), &["c"]);
    count.organisations.push(org("c", "1"));
    assert_eq!(plan(&count), Err(PlanError::LineOverflow { project_id: "id-P1".to_owned(), year: 2020 }));

    let mut total = sound();
    total.models[0] = base_and_rate("90000000000000000", "0");
    assert_eq!(plan(&total), Err(PlanError::YearOverflow { year: 2020 }));
    let mut given = sound();
    given.carried_in = Some(Nok::from_ore(i64::MAX));
    assert_eq!(plan(&given), Err(PlanError::YearOverflow { year: 2020 }));
}

#[test]
fn unknown_keys_and_wrong_forms_can_not_be_read() {
    let json = serde_json::to_value(sound()).unwrap();
    let read = |pointer: &str, value: serde_json::Value| {
        let mut json = json.clone();
        let (object, key) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(object).unwrap()[key] = value;
        serde_json::from_value::<PlanInput>(json).map_err(|error| error.to_string())
    };
    assert!(read("/office", "rogaland".into()).is_ok());
    for pointer in [
        "/more",
        "/frames/0/more",
        "/organisations/0/more",
        "/organisations/0/headcounts/0/more",
        "/projects/0/more",
        "/models/0/more",
        "/models/0/components/0/more",
    ] {
        assert!(read(pointer, 1.into()).unwrap_err().contains("unknown field `more`"), "{pointer}");
    }
    for (pointer, value) in [
        ("/firstYear", "2020".into()),
        ("/firstYear", 2020.5.into()),
        ("/frames/0/amount", 1000.into()),
        ("/frames/0/amount", "1000.001".into()),
        ("/frames/0/places", (-1).into()),
        ("/organisations/0/headcounts/0/date", "2019-02-30".into()),
        ("/organisations/0/headcounts/0/value", serde_json::json!({"status": "known", "value": "-1"})),
        ("/organisations/0/headcounts/0/value", serde_json::json!({"status": "guessed"})),
        ("/projects/0/status", "sleeping".into()),
    ] {
        assert!(read(pointer, value).is_err(), "{pointer}");
    }
}
