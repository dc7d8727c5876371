//! What an amount is made of, against hand calculations.

use tildel_allocation::model::{BasePer, Component, CountFilter, LumpPer, Rate};
use tildel_allocation::{
    FundingModel, Headcount, HeadcountRecord, Measure, Nok, Ownership, PlanInput, UnitKind,
};

use crate::fixture::{
    MAN_YEARS_FILTER, amounts, base_per, ceased, flags, input, known, kr, line, lump, model, nok, org,
    per_head, planned, record, running, with_partners,
};

/// A project of the three organisations a (10), b (20) and c (30) in 2020, a and b in one municipality.
fn three(model: FundingModel) -> PlanInput {
    let mut organisations = vec![org("a", "10"), org("b", "20"), org("c", "30")];
    organisations[1].municipality = Some("Ma".to_owned());
    let project = with_partners(running("P", "b", 2020..=2030), &["a", "c"]);
    input(2020..=2020, model, Vec::new(), organisations, vec![project])
}

fn amount(input: &PlanInput) -> Nok {
    amounts(&planned(input), "P")[0].unwrap()
}

fn with_record(mut input: PlanInput, organisation: usize, records: Vec<HeadcountRecord>) -> PlanInput {
    input.organisations[organisation].headcounts = records;
    input
}

#[test]
fn a_base_is_paid_per_project_partner_or_municipality() {
    let of = |per| amount(&three(model(vec![base_per("base", per, "100")])));
    assert_eq!(of(BasePer::Project), kr(100));
    // Lead and two partners.
    assert_eq!(of(BasePer::Partner), kr(300));
    // Ma twice and Mc once.
    assert_eq!(of(BasePer::Municipality), kr(200));
    // An organisation without a municipality adds none.
    let mut input = three(model(vec![base_per("base", BasePer::Municipality, "100")]));
    input.organisations[2].municipality = None;
    assert_eq!(amount(&input), kr(100));
}

#[test]
fn components_are_added() {
    let components = vec![
        base_per("project", BasePer::Project, "1000"),
        base_per("partner", BasePer::Partner, "10"),
        per_head("per-head", "2.50"),
        lump("lump", LumpPer::Project, &[("0", "7", "0")]),
    ];
    // 1000 + 3 × 10 + 2.50 × 60 + 7 = 1187.
    assert_eq!(amount(&three(model(components))), kr(1187));
}

/// Counts of one organisation: 5 public, 2 private and 4 of unknown ownership, in primary schools, and others besides.
fn owned(ownership: Option<Ownership>, count: &str) -> HeadcountRecord {
    HeadcountRecord { ownership, ..record("2019-10-01", known(count)) }
}

fn filtered(ownership: Option<Ownership>, records: Vec<HeadcountRecord>) -> Option<Nok> {
    let count = vec![CountFilter { ownership, ..MAN_YEARS_FILTER }];
    let rates = vec![Rate { from: None, rate: kr(100) }];
    let per_head = Component::PerHead { id: "per-head".to_owned(), legal_basis: None, rates, count };
    let mut input = input(
        2020..=2020,
        model(vec![per_head]),
        vec![],
        vec![org("a", "0")],
        vec![running("P", "a", 2020..=2020)],
    );
    input.organisations[0].headcounts = records;
    amounts(&planned(&input), "P")[0]
}

#[test]
fn ownership_filters_what_is_counted() {
    let (public, private) = (Some(Ownership::Public), Some(Ownership::Private));
    let told_apart = || vec![owned(public, "5"), owned(private, "2")];
    assert_eq!(filtered(public, told_apart()), Some(kr(500)));
    assert_eq!(filtered(private, told_apart()), Some(kr(200)));
    // Without a filter the two groups are added.
    assert_eq!(filtered(None, told_apart()), Some(kr(700)));
    // A count of all owners goes before those of each, which would count people twice.
    let mut with_all = told_apart();
    with_all.push(owned(None, "8"));
    assert_eq!(filtered(None, with_all.clone()), Some(kr(800)));
    assert_eq!(filtered(public, with_all), Some(kr(500)));
    // A filter without records is a gap, not zero.
    assert_eq!(filtered(private, vec![owned(public, "5")]), None);
    // Each group has its own newest date.
    let mut later = told_apart();
    later.push(HeadcountRecord { date: "2020-05-01".parse().unwrap(), ..owned(public, "6") });
    assert_eq!(filtered(None, later), Some(kr(800)));
}

#[test]
fn other_kinds_and_measures_are_not_counted() {
    let employees = HeadcountRecord { measure: Measure::Employees, ..owned(None, "900") };
    let kindergarten = HeadcountRecord { unit_kind: UnitKind::Kindergarten, ..owned(None, "900") };
    assert_eq!(filtered(None, vec![owned(None, "5"), employees.clone(), kindergarten]), Some(kr(500)));
    assert_eq!(filtered(None, vec![employees]), None);
}

#[test]
fn the_sport_premium_has_two_bands() {
    // Up to 16 pupils 1 000 each; from 17 pupils 16 000 + 10 each.
    let bands = [("0", "0", "1000"), ("17", "16000", "10")];
    let of = |pupils: &str| {
        let one = with_record(
            three(model(vec![lump("premium", LumpPer::Project, &bands)])),
            0,
            vec![record("2019-10-01", known(pupils))],
        );
        amount(&PlanInput { projects: vec![running("P", "a", 2020..=2020)], ..one })
    };
    assert_eq!(of("0"), kr(0));
    assert_eq!(of("1"), kr(1_000));
    assert_eq!(of("16"), kr(16_000));
    assert_eq!(of("17"), kr(16_170));
    assert_eq!(of("200"), kr(18_000));
    // 16.999 is below 17: 1 000 × 16.999 = 16 999.
    assert_eq!(of("16.999"), kr(16_999));
}

#[test]
fn a_lump_follows_the_size_of_the_project_or_of_each_partner() {
    let bands = [("15", "100", "0"), ("25", "1000", "0"), ("60", "5000", "1")];
    // Together 60: 5000 + 60. Each: 10 below all bands is nothing, 20 is 100, 30 is 1000.
    assert_eq!(amount(&three(model(vec![lump("lump", LumpPer::Project, &bands)]))), kr(5_060));
    assert_eq!(amount(&three(model(vec![lump("lump", LumpPer::Partner, &bands)]))), kr(1_100));
}

/// Rates 100 and, from 1 July, 200; split by days.
fn split(year: i16) -> PlanInput {
    let rates = vec![
        Rate { from: None, rate: kr(100) },
        Rate { from: Some(format!("{year}-07-01").parse().unwrap()), rate: kr(200) },
    ];
    let count = vec![MAN_YEARS_FILTER];
    let per_head = Component::PerHead { id: "per-head".to_owned(), legal_basis: None, rates, count };
    let model = FundingModel { split_year: true, unit: Nok::from_ore(1), ..model(vec![per_head]) };
    let project = running("P", "a", year..=year);
    input(year..=year, model, Vec::new(), vec![org("a", "10")], vec![project])
}

#[test]
fn a_rate_that_changes_inside_a_year_splits_it_by_days() {
    // 2021: 1 January to 30 June are 181 days, the rest 184 of 365.
    // 10 × (100 × 181 + 200 × 184) ÷ 365 = 10 × 54 900 ÷ 365 = 1504.1095….
    assert_eq!(amount(&split(2021)), nok("1504.11"));
    // 2020 is a leap year: 182 and 184 of 366: 10 × (18 200 + 36 800) ÷ 366 = 1502.7322….
    assert_eq!(amount(&split(2020)), nok("1502.73"));
    // Without splitting, the rate of 31 December holds for all of the year.
    let mut whole = split(2020);
    whole.models[0].split_year = false;
    assert_eq!(amount(&whole), kr(2_000));
}

#[test]
fn a_headcount_that_changes_inside_a_year_splits_it_too() {
    let mut input = split(2020);
    input.organisations[0].headcounts.push(record("2020-04-01", known("20")));
    input.organisations[0].headcounts.push(record("2021-01-01", known("90")));
    // 2020: January to March 91 days at 100 × 10, April to June 91 at 100 × 20, 184 at 200 × 20:
    // (91 000 + 182 000 + 736 000) ÷ 366 = 1 009 000 ÷ 366 = 2756.8306….
    assert_eq!(amount(&input), nok("2756.83"));
    let plan = planned(&input);
    let pieces: Vec<_> = line(&plan, "P", 2020).trace.steps[0].steps[0].steps[0]
        .steps
        .iter()
        .map(|piece| {
            (piece.input("from").unwrap(), piece.input("days").unwrap(), piece.input("rate").unwrap())
        })
        .collect();
    let expected =
        [("2020-01-01", "91", "100.00"), ("2020-04-01", "91", "100.00"), ("2020-07-01", "184", "200.00")];
    assert_eq!(pieces, expected);
    assert!(line(&plan, "P", 2020).flags.is_empty());
}

#[test]
fn a_break_on_new_years_day_does_not_split() {
    let mut input = split(2020);
    input.organisations[0].headcounts = vec![record("2020-01-01", known("10"))];
    assert_eq!(amount(&input), nok("1502.73"));
    let pieces = planned(&input).lines[0].trace.steps[0].steps[0].steps[0].steps.len();
    assert_eq!(pieces, 2);
}

#[test]
fn the_part_of_a_year_before_the_first_record_is_counted_with_it_and_flagged() {
    let mut input = split(2020);
    input.organisations[0].headcounts = vec![record("2020-07-01", known("10"))];
    assert_eq!(amount(&input), nok("1502.73"));
    assert_eq!(flags(&planned(&input).lines[0]), ["headcount_backdated"]);
    // No record in or before the year: one piece, which is missing.
    input.organisations[0].headcounts = vec![record("2021-01-01", known("10"))];
    let plan = planned(&input);
    assert_eq!((plan.lines[0].amount, flags(&plan.lines[0])), (None, vec!["headcount_unknown".to_owned()]));
    let per_head = &plan.lines[0].trace.steps[0].steps[0].steps[0];
    assert_eq!(per_head.steps.len(), 1);
    assert_eq!(per_head.steps[0].input("days"), Some("366"));
}

#[test]
fn a_gap_in_one_piece_is_a_gap_of_the_year() {
    let mut input = split(2020);
    input.organisations[0].headcounts.push(record("2020-12-31", Headcount::Unknown));
    let plan = planned(&input);
    assert_eq!((plan.lines[0].amount, flags(&plan.lines[0])), (None, vec!["headcount_unknown".to_owned()]));
}

#[test]
fn a_rate_that_has_not_begun_is_nothing() {
    let mut input = split(2020);
    if let Component::PerHead { rates, .. } = &mut input.models[0].components[0] {
        rates.remove(0);
    }
    // Only 184 of 366 days at 200: 10 × 36 800 ÷ 366 = 1005.4644….
    assert_eq!(amount(&input), nok("1005.46"));
    input.models[0].split_year = false;
    if let Component::PerHead { rates, .. } = &mut input.models[0].components[0] {
        rates[0].from = Some("2021-01-01".parse().unwrap());
    }
    assert_eq!(amount(&input), Nok::ZERO);
}

#[test]
fn flags_stand_in_their_order_and_once() {
    let mut input = split(2020);
    input.organisations[0] = ceased(input.organisations[0].clone(), "2020-01-01", &[("b", "1")]);
    input.organisations.push(org("b", "1"));
    let withheld = HeadcountRecord { practice: true, ..record("2020-03-01", Headcount::Withheld) };
    input.organisations[0].headcounts = vec![withheld];
    // The same four for each of the three pieces, but backdated only in the first.
    let expected = ["withheld_assumed", "practice_headcount", "headcount_backdated", "predecessor_counts"];
    assert_eq!(flags(&planned(&input).lines[0]), expected);
}
