//! What holds of every plan.

use crate::fixture::{known, model, record, round};
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::*;
use tildel_allocation::{
    FrameInput, FrameStatus, FundingModel, Headcount, HeadcountRecord, Measure, Nok, PartyInput, Plan,
    PlanInput, ProjectInput, Quantity, UnitKind, plan,
};

fn counts(most_milli: i64) -> impl Strategy<Value = Headcount> {
    prop_oneof![
        5 => (0..=most_milli).prop_map(|milli| Headcount::Known(Quantity::from_milli(milli).unwrap())),
        1 => Just(Headcount::Withheld),
        1 => Just(Headcount::NoneRegistered),
        1 => Just(Headcount::Unknown),
    ]
}

fn pairs() -> impl Strategy<Value = (UnitKind, Measure)> {
    let kinds = prop_oneof![Just(UnitKind::Kindergarten), Just(UnitKind::PrimarySchool)];
    let measures = prop_oneof![Just(Measure::Employees), Just(Measure::ManYears)];
    (kinds, measures)
}

fn records(most_milli: i64) -> impl Strategy<Value = HeadcountRecord> {
    (pairs(), 2018_i16..2026, 1_i8..13, counts(most_milli), "[ab]", any::<bool>()).prop_map(
        |((unit_kind, measure), year, month, value, source, practice)| HeadcountRecord {
            unit_kind,
            measure,
            date: Date::new(year, month, 1).unwrap(),
            value,
            source,
            practice,
        },
    )
}

/// Projects with few distinct ids and years, so that collisions and gaps are met.
fn projects(most_milli: i64) -> impl Strategy<Value = ProjectInput> {
    let party = ("[1-9]", vec(records(most_milli), 0..6)).prop_map(|(number, headcounts)| PartyInput {
        organisation_number: number,
        name: "party".to_owned(),
        headcounts,
    });
    ("[a-z]", 2019_i16..2023, 0_i16..5, vec(party, 0..4)).prop_map(|(id, first_year, more, parties)| {
        ProjectInput {
            reference: id.clone(),
            id,
            title: String::new(),
            first_year,
            last_year: first_year + more,
            parties,
        }
    })
}

fn models(most_ore: i64) -> impl Strategy<Value = FundingModel> {
    (1_u32..4, 2019_i16..2023, 0_i16..5, 0..=most_ore, 0..=most_ore, vec(pairs(), 0..3)).prop_map(
        |(version, valid_from_year, more, base, rate, counted)| FundingModel {
            version,
            valid_from_year,
            valid_to_year: valid_from_year + more,
            base: Nok::from_ore(base),
            rate: Nok::from_ore(rate),
            counted,
            ..model("0", "0")
        },
    )
}

fn inputs(most_ore: i64, most_milli: i64) -> impl Strategy<Value = PlanInput> {
    let frame = (2019_i16..2025, proptest::option::of(0..=most_ore), proptest::option::of(0_u32..4))
        .prop_map(|(year, amount, places)| FrameInput {
            year,
            amount: amount.map(Nok::from_ore),
            places,
            status: FrameStatus::Expected,
        });
    (vec(models(most_ore), 0..3), vec(frame, 0..3), vec(projects(most_milli), 0..4), 2018_i16..2023, 0_i16..6)
        .prop_map(|(models, frames, projects, first_year, more)| PlanInput {
            scheme_key: "practice".to_owned(),
            office_key: "practice".to_owned(),
            first_year,
            last_year: first_year + more,
            models,
            frames,
            projects,
        })
}

/// The practice round with arbitrary records; the amounts always fit, so that a plan always exists.
fn sound_inputs() -> impl Strategy<Value = PlanInput> {
    (vec(vec(records(10_000_000), 0..8), 5), 0_i64..10_000_000, 0_i64..10_000_000).prop_map(
        |(headcounts, base, rate)| {
            let mut input = round(FundingModel {
                base: Nok::from_ore(base),
                rate: Nok::from_ore(rate),
                ..model("0", "0")
            });
            let parties = input.projects.iter_mut().flat_map(|project| &mut project.parties);
            for (party, more) in parties.zip(headcounts) {
                party.headcounts.extend(more);
            }
            input
        },
    )
}

/// Turns every list of the input round by the given steps.
fn rotated(mut input: PlanInput, steps: usize) -> PlanInput {
    fn turn<T>(list: &mut [T], steps: usize) {
        if !list.is_empty() {
            list.rotate_left(steps % list.len());
            if steps.is_multiple_of(2) {
                list.reverse();
            }
        }
    }
    for model in &mut input.models {
        turn(&mut model.counted, steps);
    }
    for project in &mut input.projects {
        for party in &mut project.parties {
            turn(&mut party.headcounts, steps);
        }
        turn(&mut project.parties, steps);
    }
    turn(&mut input.models, steps);
    turn(&mut input.frames, steps);
    turn(&mut input.projects, steps);
    input
}

/// The bytes of all lines and totals before a year.
fn bytes_before(plan: &Plan, year: i16) -> String {
    let lines: Vec<_> = plan.lines.iter().filter(|line| line.year < year).collect();
    let years: Vec<_> = plan.years.iter().filter(|total| total.year < year).collect();
    serde_json::to_string(&(lines, years)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_input_stops_the_computation(input in inputs(i64::MAX, i64::MAX)) {
        if let Ok(plan) = plan(&input) {
            for line in &plan.lines {
                prop_assert_eq!(line.amount.is_none(), line.trace.root.rounding.is_none());
                prop_assert!(line.amount.is_some() || !line.flags.is_empty(), "a gap without a reason");
            }
        }
    }

    #[test]
    fn the_order_of_the_input_never_matters(input in inputs(1_000_000, 1_000_000), steps in 0_usize..12) {
        let turned = rotated(input.clone(), steps);
        prop_assert_eq!(plan(&turned), plan(&input));
        let canonical = |mut input: PlanInput| {
            input.canonicalise();
            serde_json::to_string(&input).unwrap()
        };
        prop_assert_eq!(canonical(turned), canonical(input));
    }

    #[test]
    fn a_later_change_leaves_earlier_years_untouched(
        input in sound_inputs(),
        year in 2020_i16..2026,
        month in 1_i8..13,
        value in counts(10_000_000),
    ) {
        let mut changed = input.clone();
        let date = Date::new(year, month, 1).unwrap().to_string();
        changed.projects[1].parties[2].headcounts.push(record(&date, value));
        changed.models.push(FundingModel { version: 2, valid_from_year: year, ..model("7", "7") });
        let (before, after) = (plan(&input).unwrap(), plan(&changed).unwrap());
        prop_assert_eq!(bytes_before(&before, year), bytes_before(&after, year));
        // The negative control: the year of the change itself is told by another model version.
        if year <= input.last_year {
            prop_assert_ne!(bytes_before(&before, i16::MAX), bytes_before(&after, i16::MAX));
        }
    }

    #[test]
    fn more_people_never_give_less_money(input in sound_inputs(), more in 0_i64..1_000_000) {
        // All known counts of one party rise by the same number; ties between sources stay as they are.
        let mut raised = input.clone();
        for record in &mut raised.projects[1].parties[0].headcounts {
            if let Headcount::Known(count) = record.value {
                record.value = Headcount::Known(Quantity::from_milli(count.milli() + more).unwrap());
            }
        }
        let (before, after) = (plan(&input).unwrap(), plan(&raised).unwrap());
        for (lower, higher) in before.lines.iter().zip(&after.lines) {
            prop_assert!(lower.amount <= higher.amount, "{:?} fell to {:?}", lower.amount, higher.amount);
            prop_assert_eq!(lower.amount.is_some(), higher.amount.is_some());
        }
    }

    #[test]
    fn totals_are_the_sums_of_their_lines(input in sound_inputs()) {
        let plan = plan(&input).unwrap();
        for total in &plan.years {
            let ore: i64 = plan
                .lines
                .iter()
                .filter(|line| line.year == total.year)
                .filter_map(|line| line.amount)
                .map(Nok::ore)
                .sum();
            prop_assert_eq!(total.total.ore(), ore);
        }
    }
}

#[test]
fn a_higher_headcount_does_give_more_where_the_rate_is_not_zero() {
    let mut input = round(model("0", "1"));
    let before = plan(&input).unwrap().lines[0].amount;
    input.projects[0].parties[0].headcounts[0].value = known("2000");
    assert!(plan(&input).unwrap().lines[0].amount > before);
}
