//! What holds of every plan, over arbitrary inputs. Seeds are printed; `TILDEL_TEST_SEED` repeats one.

use jiff::civil::Date;
use proptest::prelude::*;
use tildel_allocation::scenario::{Change, apply};
use tildel_allocation::{
    FrameInput, FrameStatus, FundingModel, Headcount, HeadcountRecord, Nok, Plan, PlanError, PlanInput,
    ProjectStatus, PromiseState, PromisedYear, Quantity, RenewalInput, RenewalOutcome, ServedYear, compare,
    hash_of, impact, plan,
};

use crate::checks;
use crate::generator::{FIRST, Scale, config, inputs, number};

const CASES: u32 = 10_000;

/// Turns every list whose order means nothing round by so many steps, and every other time back to front.
fn turned(mut input: PlanInput, steps: usize) -> PlanInput {
    fn turn<T>(list: &mut [T], steps: usize) {
        if !list.is_empty() {
            list.rotate_left(steps % list.len());
            if steps.is_multiple_of(2) {
                list.reverse();
            }
        }
    }
    for organisation in &mut input.organisations {
        turn(&mut organisation.headcounts, steps);
        turn(&mut organisation.successors, steps);
    }
    for project in &mut input.projects {
        turn(&mut project.partners, steps);
        turn(&mut project.supporters, steps);
        turn(&mut project.tags, steps);
        turn(&mut project.renewals, steps);
        turn(&mut project.years, steps);
    }
    turn(&mut input.models, steps);
    turn(&mut input.frames, steps);
    turn(&mut input.organisations, steps);
    turn(&mut input.projects, steps);
    turn(&mut input.history, steps);
    input
}

/// All lines, years and waiting projects before a year; equal parts have equal bytes.
pub(crate) fn part_before(mut plan: Plan, year: i16) -> Plan {
    plan.lines.retain(|line| line.year < year);
    plan.years.retain(|total| total.year < year);
    plan.waiting.retain(|waiting| waiting.year < year);
    plan
}

/// One of the changes that can be dated in a year.
fn change_from(input: &mut PlanInput, year: i16, what: usize, which: usize, count: i64) {
    let places = input.projects.len();
    let organisation = &mut input.organisations[which % 6];
    let project = &mut input.projects[which % places];
    let first = Date::constant(year, 1, 1);
    match what {
        0 => {
            let value = Headcount::Known(Quantity::from_milli(count).unwrap());
            let date = Date::constant(year, 1 + i8::try_from(which % 12).unwrap(), 1);
            organisation.headcounts.push(HeadcountRecord {
                value,
                date,
                ..organisation
                    .headcounts
                    .first()
                    .cloned()
                    .unwrap_or_else(|| crate::fixture::record("2019-10-01", value))
            });
        }
        1 => {
            input.frames.retain(|frame| frame.year != year);
            let amount = Some(Nok::from_ore(count + 100_000));
            input.frames.push(FrameInput { year, status: FrameStatus::Decided, amount, places: None });
        }
        2 => {
            let version = FundingModel {
                version: 2,
                valid_from_year: year,
                unit: Nok::from_ore(100),
                ..input.models[0].clone()
            };
            input.models.push(FundingModel {
                components: vec![
                    crate::fixture::base("new", "77"),
                    crate::fixture::set_aside("newcomers", "1/3", tildel_allocation::model::Divide::Equal),
                ],
                admission: crate::fixture::admission(
                    tildel_allocation::model::AdmissionRule::ReservedShare,
                    tildel_allocation::model::OnShortage::Skip,
                ),
                ..version
            });
        }
        3 => {
            project.years.retain(|promised| promised.year < year);
            let (state, amount) = (PromiseState::Decided, Nok::from_ore(count));
            project.years.push(PromisedYear { year, state, amount, run: None, decision: None, paid: vec![] });
        }
        4 => {
            project.renewals.retain(|renewal| renewal.year != year);
            project.renewals.push(RenewalInput { year, outcome: RenewalOutcome::Stopped });
        }
        5 => {
            let mut new = crate::fixture::running("A-new", &number(which % 6), year..=year + 2);
            if which.is_multiple_of(2) {
                new.status = ProjectStatus::Waiting;
            }
            input.projects.push(new);
        }
        6 if organisation.ceased.is_none() => {
            organisation.ceased = Some(first);
            organisation.successors =
                crate::fixture::ceased(organisation.clone(), "2020-01-01", &[("org-6", "1")]).successors;
        }
        _ => input.history.push(ServedYear { organisation: number(which % 6), year }),
    }
}

/// Changes that say again what is so.
fn restatements(input: &PlanInput) -> Vec<Change> {
    let frames = input.frames.iter().map(|frame| Change::SetFrame {
        year: frame.year,
        amount: frame.amount,
        places: frame.places,
        status: Some(frame.status),
    });
    let model = Change::SetModel { model: Box::new(input.models[0].clone()) };
    frames.chain([model]).collect()
}

#[test]
fn what_is_divided_adds_up() {
    let mut runner = proptest::test_runner::TestRunner::new(config(CASES));
    runner
        .run(&inputs(Scale::Small), |input| {
            match plan(&input) {
                Ok(plan) => checks::all(&input, &plan).map_err(TestCaseError::fail)?,
                Err(error) => prop_assert!(matches!(error, PlanError::FrameBelowDecided { .. }), "{}", error),
            }
            Ok(())
        })
        .unwrap();
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn the_order_of_the_input_never_matters(input in inputs(Scale::Small), steps in 0_usize..12) {
        let other = turned(input.clone(), steps);
        match (plan(&input), plan(&other)) {
            // Equal plans have equal bytes: serialising knows nothing but the plan.
            (Ok(plan), Ok(again)) => prop_assert_eq!(plan, again),
            (left, right) => prop_assert_eq!(left.is_ok(), right.is_ok()),
        }
        let canonical = |mut input: PlanInput| {
            input.canonicalise();
            input
        };
        prop_assert_eq!(canonical(other), canonical(input));
    }

    #[test]
    fn a_later_change_leaves_earlier_years_untouched(
        mut input in inputs(Scale::Small),
        later in 1_i16..3,
        what in 0_usize..8,
        which in 0_usize..12,
        count in 0_i64..40_000,
    ) {
        // The ceiling looks ahead by design.
        input.models[0].admission.commit_ceiling = None;
        let year = FIRST + later;
        let mut changed = input.clone();
        change_from(&mut changed, year, what, which, count);
        if let (Ok(before), Ok(after)) = (plan(&input), plan(&changed)) {
            prop_assert_eq!(part_before(before, year), part_before(after, year));
        }
    }

    #[test]
    fn a_scenario_that_changes_nothing_is_the_plan(input in inputs(Scale::Small), restated in any::<bool>()) {
        let Ok(base) = plan(&input) else { return Ok(()) };
        let changes = if restated { restatements(&input) } else { Vec::new() };
        let same = apply(&input, &changes).unwrap();
        let scenario = plan(&same).unwrap();
        prop_assert_eq!(&base, &scenario);
        let told = compare::compare((&input, &base), (&same, &scenario)).unwrap();
        prop_assert!(told.lines.is_empty() && told.recipients.is_empty());
        prop_assert_eq!(&told.gini.from, &told.gini.to);
        for year in &told.years {
            prop_assert_eq!((year.from, &year.first_time.from), (year.to, &year.first_time.to));
        }
        prop_assert!(impact::impact((&input, &base), (&same, &scenario)).is_empty());
    }

    #[test]
    fn no_input_stops_the_computation(input in inputs(Scale::Extreme)) {
        match plan(&input) {
            Ok(plan) => {
                checks::all(&input, &plan).map_err(TestCaseError::fail)?;
                let language = tildel_allocation::Language::Nn;
                prop_assert!(plan.lines.iter().all(|line| !line.trace.sentences(language, line.year).is_empty()));
                prop_assert!(compare::compare((&input, &plan), (&input, &plan)).is_ok());
                // All numbers have a canonical form.
                prop_assert!(hash_of(&plan).is_ok() && hash_of(&input).is_ok());
            }
            Err(error) => prop_assert!(!matches!(error, PlanError::Input { .. }), "{}", error),
        }
    }
}
