//! Floors and caps per project, per head and per municipality, by hand.

use tildel_allocation::model::{Component, CountFilter, Limits, LumpPer};
use tildel_allocation::{FundingModel, Measure, Nok, PlanInput};

use crate::fixture::{
    MAN_YEARS_FILTER, base, flags, input, kr, line, lump, model, nok, org, per_head, planned, running,
    with_partners,
};

#[expect(clippy::unnecessary_wraps, reason = "the shape of the field that it fills")]
fn limits(project: &str, per_head: &str, municipality: &str) -> Option<Limits> {
    let limit = |text: &str| (!text.is_empty()).then(|| nok(text));
    Some(Limits { project: limit(project), per_head: limit(per_head), municipality: limit(municipality) })
}

/// One project of two organisations in two municipalities with 10 and 20 man-years: 100 + 10 × 30 = 400.
fn four_hundred(floors: Option<Limits>, caps: Option<Limits>) -> PlanInput {
    let model = FundingModel { floors, caps, ..model(vec![base("base", "100"), per_head("heads", "10")]) };
    let project = with_partners(running("P", "a", 2020..=2020), &["b"]);
    input(2020..=2020, model, Vec::new(), vec![org("a", "10"), org("b", "20")], vec![project])
}

fn amount(input: &PlanInput) -> Nok {
    planned(input).lines[0].amount.unwrap()
}

#[test]
fn without_limits_the_entitlement_stands() {
    assert_eq!(amount(&four_hundred(None, None)), kr(400));
    assert_eq!(amount(&four_hundred(limits("400", "", ""), limits("400", "", ""))), kr(400));
}

#[test]
fn a_floor_raises_and_the_highest_one_counts() {
    assert_eq!(amount(&four_hundred(limits("450", "", ""), None)), kr(450));
    // 15.01 × 30 heads = 450.30, rounded up to whole kroner.
    assert_eq!(amount(&four_hundred(limits("", "15.01", ""), None)), kr(451));
    // 230 × 2 municipalities.
    assert_eq!(amount(&four_hundred(limits("", "", "230"), None)), kr(460));
    assert_eq!(amount(&four_hundred(limits("450", "15.01", "230"), None)), kr(460));
}

#[test]
fn a_cap_lowers_and_the_lowest_one_counts() {
    assert_eq!(amount(&four_hundred(None, limits("350", "", ""))), kr(350));
    // 11.03 × 30 = 330.90, rounded down.
    assert_eq!(amount(&four_hundred(None, limits("", "11.03", ""))), kr(330));
    assert_eq!(amount(&four_hundred(None, limits("", "", "160"))), kr(320));
    assert_eq!(amount(&four_hundred(None, limits("350", "11.03", "160"))), kr(320));
}

#[test]
fn a_floor_above_a_cap_of_another_kind_yields_and_is_flagged() {
    let crossed = planned(&four_hundred(limits("500", "", ""), limits("", "", "150")));
    // The floor of 500 lies above 2 × 150, so that it becomes 300.
    assert_eq!(crossed.lines[0].amount, Some(kr(300)));
    assert_eq!(flags(&crossed.lines[0]), ["limits_crossed"]);
    let entitlement = &crossed.lines[0].trace.steps[0].steps[0];
    assert_eq!((entitlement.input("low"), entitlement.input("high")), (Some("300.00"), Some("300.00")));
    // Two limits that just meet do not cross.
    let met = planned(&four_hundred(limits("300", "", ""), limits("", "", "150")));
    assert_eq!((met.lines[0].amount, flags(&met.lines[0])), (Some(kr(300)), vec![]));
}

#[test]
fn limits_are_whole_units() {
    let mut input = four_hundred(limits("401", "", ""), None);
    input.models[0].unit = kr(50);
    assert_eq!(amount(&input), kr(450));
    let mut input = four_hundred(None, limits("399", "", ""));
    input.models[0].unit = kr(50);
    assert_eq!(amount(&input), kr(350));
}

#[test]
fn heads_are_those_of_all_different_filters() {
    // Two components count the same man-years once for limits; employees are others.
    let mut input = four_hundred(None, limits("", "5", ""));
    input.models[0].components.push(lump("lump", LumpPer::Project, &[("0", "1000", "0")]));
    assert_eq!(amount(&input), kr(150));
    let employees = CountFilter { measure: Measure::Employees, ..MAN_YEARS_FILTER };
    if let Component::Lump { count, .. } = &mut input.models[0].components[2] {
        count.push(employees);
    }
    for organisation in &mut input.organisations {
        let mut record = organisation.headcounts[0].clone();
        record.measure = Measure::Employees;
        organisation.headcounts.push(record);
    }
    // 30 man-years and 30 employees.
    assert_eq!(amount(&input), kr(300));
}

#[test]
fn limits_of_a_missing_entitlement_are_not_computed() {
    let mut input = four_hundred(limits("500", "", ""), limits("", "", "150"));
    input.organisations[0].headcounts.clear();
    let plan = planned(&input);
    assert_eq!((plan.lines[0].amount, flags(&plan.lines[0])), (None, vec!["headcount_unknown".to_owned()]));
    let entitlement = &plan.lines[0].trace.steps[0].steps[0];
    assert_eq!((entitlement.result.as_deref(), entitlement.inputs.len()), (None, 0));
}

#[test]
fn a_model_whose_floor_is_above_its_cap_is_refused() {
    let model = four_hundred(limits("", "10", ""), limits("", "9.99", "")).models.remove(0);
    let errors = model.validate().unwrap_err();
    assert_eq!(errors[0].to_string(), "/floors/perHead: the floor 10.00 is above the cap 9.99");
    assert_eq!(errors.len(), 1);
    assert!(four_hundred(limits("", "10", ""), limits("", "10", "")).models[0].validate().is_ok());
}

#[test]
fn municipalities_count_once() {
    let mut input = four_hundred(limits("", "", "230"), None);
    input.organisations[1].municipality = Some("Ma".to_owned());
    // One municipality: a floor of 230 below 400.
    assert_eq!(amount(&input), kr(400));
    assert_eq!(line(&planned(&input), "P", 2020).trace.steps[0].steps[0].input("low"), Some("230.00"));
}
