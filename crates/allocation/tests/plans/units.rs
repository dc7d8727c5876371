//! Headcounts of an organisation by its units, against hand calculations.

use tildel_allocation::{
    CountedUnit, Headcount, HeadcountRecord, Language, Ownership, PlanInput, PlanLine, StepKind,
};

use crate::fixture::{amounts, ceased, input, known, kr, model, org, per_head, planned, record, running};

fn of_unit(number: &str, date: &str, value: Headcount) -> HeadcountRecord {
    let unit = CountedUnit { number: number.to_owned(), name: format!("Skule {number}") };
    HeadcountRecord { unit: Some(unit), ..record(date, value) }
}

/// One organisation at 100 a head in 2020, where a withheld count is taken to be 3 (the fixture's model).
fn counted(records: Vec<HeadcountRecord>) -> PlanInput {
    let mut input = input(
        2020..=2020,
        model(vec![per_head("per-head", "100")]),
        vec![],
        vec![org("a", "0")],
        vec![running("P", "a", 2020..=2020)],
    );
    input.organisations[0].headcounts = records;
    input
}

fn amount(records: Vec<HeadcountRecord>) -> Option<tildel_allocation::Nok> {
    amounts(&planned(&counted(records)), "P")[0]
}

fn only_line(input: &PlanInput) -> PlanLine {
    planned(input).lines.remove(0)
}

fn whole(date: &str, count: &str) -> HeadcountRecord {
    record(date, known(count))
}

/// The codes of the flags and the units that they are on.
fn flagged(input: &PlanInput) -> Vec<(String, Option<String>)> {
    let flags = only_line(input).flags;
    let code = |code| serde_json::to_value(code).unwrap().as_str().unwrap().to_owned();
    flags.into_iter().map(|flag| (code(flag.code), flag.unit)).collect()
}

#[test]
fn the_newest_records_of_all_units_are_added() {
    let records = vec![
        of_unit("1", "2018-10-01", known("50")),
        of_unit("1", "2019-10-01", known("12.5")),
        of_unit("2", "2018-10-01", known("7")),
    ];
    // 12.5 of unit 1 and the older 7 of unit 2: 19.5 × 100.
    assert_eq!(amount(records), Some(kr(1950)));
}

#[test]
fn the_newest_record_tells_whether_units_are_counted() {
    let units = || vec![of_unit("1", "2018-10-01", known("12")), of_unit("2", "2019-10-01", known("7"))];
    let with = |more: HeadcountRecord| {
        let mut records = units();
        records.push(more);
        amount(records)
    };
    // Newer than all units: the count of the whole.
    assert_eq!(with(whole("2019-10-02", "100")), Some(kr(10_000)));
    // Of the same date as the newest of a unit, or older: the units.
    assert_eq!(with(whole("2019-10-01", "100")), Some(kr(1900)));
    assert_eq!(with(whole("2018-12-31", "100")), Some(kr(1900)));
    // Dated after the year: untouched (rule 10).
    assert_eq!(with(whole("2021-01-01", "100")), Some(kr(1900)));
    assert_eq!(with(of_unit("1", "2021-01-01", known("1"))), Some(kr(1900)));
}

#[test]
fn each_unit_has_its_own_flags() {
    let practice = HeadcountRecord { practice: true, ..of_unit("3", "2019-10-01", known("5")) };
    let records = vec![
        of_unit("2", "2019-10-01", Headcount::Withheld),
        of_unit("1", "2019-10-01", Headcount::Withheld),
        practice,
        of_unit("4", "2019-09-01", Headcount::NoneRegistered),
    ];
    let mut input = counted(records);
    input.models[0].withheld_assumed = "3".parse().unwrap();
    // 3 + 3 assumed, 5 and 0.
    assert_eq!(only_line(&input).amount, Some(kr(1100)));
    let unit = |code: &str, unit: &str| (code.to_owned(), Some(unit.to_owned()));
    let expected = [
        unit("withheld_assumed", "1"),
        unit("withheld_assumed", "2"),
        unit("practice_headcount", "3"),
        unit("none_registered", "4"),
    ];
    assert_eq!(flagged(&input), expected);
    // What is about the organisation comes last and names no unit.
    input.organisations[0] = ceased(input.organisations[0].clone(), "2020-01-01", &[("b", "1")]);
    input.organisations.push(org("b", "1"));
    assert_eq!(flagged(&input)[4], ("predecessor_counts".to_owned(), None));
}

#[test]
fn one_unknown_or_contradicted_unit_makes_the_count_missing() {
    let with = |second: Vec<HeadcountRecord>| {
        let mut records = vec![of_unit("1", "2019-10-01", known("12"))];
        records.extend(second);
        let input = counted(records);
        (only_line(&input).amount, flagged(&input))
    };
    let flag = |code: &str| vec![(code.to_owned(), Some("2".to_owned()))];
    let unknown = with(vec![of_unit("2", "2018-10-01", Headcount::Unknown)]);
    assert_eq!(unknown, (None, flag("headcount_unknown")));
    let conflict = with(vec![of_unit("2", "2018-10-01", known("1")), of_unit("2", "2018-10-01", known("2"))]);
    assert_eq!(conflict, (None, flag("headcount_conflict")));
    // The control: two that agree are one.
    let agreed = with(vec![of_unit("2", "2018-10-01", known("2")), of_unit("2", "2018-10-01", known("2"))]);
    assert_eq!(agreed, (Some(kr(1400)), vec![]));
}

#[test]
fn the_level_is_that_of_each_ownership() {
    let private = |record: HeadcountRecord| HeadcountRecord { ownership: Some(Ownership::Private), ..record };
    let public = |record: HeadcountRecord| HeadcountRecord { ownership: Some(Ownership::Public), ..record };
    let records = vec![
        public(whole("2019-10-01", "40")),
        private(whole("2019-10-01", "30")),
        private(of_unit("1", "2019-11-01", known("4"))),
        private(of_unit("2", "2019-11-01", known("5"))),
    ];
    // 40 as a whole, and 4 + 5 by unit.
    assert_eq!(amount(records), Some(kr(4900)));
}

#[test]
fn a_split_year_counts_units_from_the_day_on_which_they_are_told() {
    let mut input = counted(vec![
        whole("2019-10-01", "30"),
        of_unit("1", "2020-03-01", known("20")),
        of_unit("2", "2020-07-01", known("5")),
    ]);
    input.models[0].split_year = true;
    // 60 days of 30, 122 of 20, 184 of 20 + 5: (1 800 + 2 440 + 4 600) × 100 ÷ 366 = 2415.30…, in whole kroner.
    assert_eq!(only_line(&input).amount, Some(kr(2415)));
    // Before the first record the earliest counts, and decides the level: 60 of 20, 122 of 20, 184 of 25 days, 8 240 × 100 ÷ 366 = 2251.36….
    input.organisations[0].headcounts.remove(0);
    assert_eq!(only_line(&input).amount, Some(kr(2251)));
    assert_eq!(flagged(&input), [("headcount_backdated".to_owned(), None)]);
}

#[test]
fn the_order_of_records_means_nothing() {
    let renamed = |name: &str| {
        let mut record = of_unit("1", "2019-10-01", known("2"));
        record.unit = Some(CountedUnit { number: "1".to_owned(), name: name.to_owned() });
        record
    };
    let one = planned(&counted(vec![renamed("B"), renamed("A"), of_unit("2", "2019-10-01", known("3"))]));
    let other = planned(&counted(vec![of_unit("2", "2019-10-01", known("3")), renamed("A"), renamed("B")]));
    assert_eq!(one, other);
    assert_eq!(amounts(&one, "P"), [Some(kr(500))]);
}

#[test]
fn the_sentence_tells_the_sum_and_names_the_units() {
    let input = counted(vec![
        of_unit("1", "2019-10-01", known("12.5")),
        of_unit("2", "2018-10-01", Headcount::Withheld),
    ]);
    let line = only_line(&input);
    let step = |line: &PlanLine| {
        let mut open = vec![line.trace.clone()];
        while let Some(step) = open.pop() {
            if step.step == StepKind::Headcount {
                return step;
            }
            open.extend(step.steps);
        }
        panic!("no headcount step")
    };
    let told = |language| step(&line).sentences(language, 2020).join(" ");
    let nb = told(Language::Nb);
    assert!(
        nb.contains("summen av 2 enheter, der et tall som registeret skjuler, er anslått: Skule 1 (1) 12,5"),
        "{nb}"
    );
    assert!(
        told(Language::Nn).contains("summen av 2 einingar, der eit tal som registeret skjuler, er anslått: ")
    );
    assert!(
        told(Language::En).contains("sum of 2 units, where a count that the register withholds is assumed: ")
    );
    // The control: an organisation that is counted as a whole names no unit.
    let line = only_line(&counted(vec![whole("2019-10-01", "8")]));
    assert!(!step(&line).sentences(Language::Nb, 2020).join(" ").contains("summen av"));
}
