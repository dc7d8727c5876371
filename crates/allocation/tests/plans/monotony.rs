//! More people never give less, under divisor methods.
//!
//! It holds between two plans that both rounded together, and not beyond: where an amount is the nearest to what is due (below the
//! frame, or with nothing left to scale) and then becomes one that is rounded together, a method may round it down. It does
//! not hold of a project that shares an organisation with another, or whose lump falls with its size. Limits per head do
//! not harm it: they rise with the people of the project itself, and with nobody else's.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use tildel_allocation::model::{Component, Fit, LumpPer, Rounding};
use tildel_allocation::{Headcount, Nok, Plan, PlanInput, ProjectStatus, Quantity, plan};

use crate::generator::{FIRST, Scale, config, inputs, number};

/// One organisation per project, lumps that never fall, only running projects, one year: what is left when what can lower an
/// amount for other reasons is taken out.
fn for_monotony(mut input: PlanInput) -> PlanInput {
    input.last_year = input.first_year;
    input.carried_in = None;
    for (project, place) in input.projects.iter_mut().zip(0..) {
        project.status = ProjectStatus::Running;
        (project.first_year, project.last_year) = (FIRST, FIRST);
        project.lead = number(place);
        (project.partners, project.supporters) = (Vec::new(), Vec::new());
        (project.renewals, project.years) = (Vec::new(), Vec::new());
    }
    let model = &mut input.models[0];
    if !matches!(model.fit, Fit::ScaleAll | Fit::ScaleRate) {
        model.fit = Fit::Exhaust;
    }
    model.admission = tildel_allocation::model::Admission::default();
    model
        .components
        .retain(|component| !matches!(component, Component::Share { purpose, .. } if purpose == "newcomers"));
    if matches!(model.rounding, Rounding::LargestRemainder | Rounding::Nearest) {
        model.rounding = Rounding::SainteLague;
    }
    for component in &mut model.components {
        if let Component::Lump { per, bands, .. } = component {
            *per = LumpPer::Project;
            bands[0].rate = Nok::ZERO;
            bands[1].amount = bands[1].amount.max(bands[0].amount);
        }
    }
    model.components.push(crate::fixture::per_head("always", "3.50"));
    input.frames = vec![crate::fixture::frame(FIRST, "400")];
    input
}

/// All known counts of one organisation, higher by the same number.
fn raised(mut input: PlanInput, organisation: usize, more: i64) -> PlanInput {
    for record in &mut input.organisations[organisation].headcounts {
        if let Headcount::Known(count) = record.value {
            record.value = Headcount::Known(Quantity::from_milli(count.milli() + more).unwrap());
        }
    }
    input
}

/// The project of the one whose people grew, where both plans rounded together; whether it fell.
fn fell(before: &Plan, after: &Plan, place: usize) -> Option<bool> {
    let reference = format!("P{place}");
    let fitted = |plan: &Plan| {
        plan.years[0].factor.as_ref()?;
        plan.lines.iter().find(|line| line.reference == reference)?.fitted
    };
    Some(fitted(after)? < fitted(before)?)
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn more_people_never_give_less_under_divisor_methods(
        input in inputs(Scale::Small),
        place in 0_usize..5,
        more in 1_i64..20_000,
    ) {
        let input = for_monotony(input);
        let higher = raised(input.clone(), place, more);
        if let (Ok(before), Ok(after)) = (plan(&input), plan(&higher)) {
            prop_assert_ne!(fell(&before, &after, place), Some(true));
        }
    }
}

#[test]
fn fewer_people_do_get_less_and_the_comparison_is_reached() {
    let mut runner = proptest::test_runner::TestRunner::new(config(300));
    let strategy = inputs(Scale::Small);
    let (mut compared, mut fallen) = (0, 0);
    for _ in 0..300 {
        let input = for_monotony(strategy.new_tree(&mut runner).unwrap().current());
        let higher = raised(input.clone(), 0, 10_000);
        if let (Ok(before), Ok(after)) = (plan(&input), plan(&higher)) {
            compared += usize::from(fell(&before, &after, 0).is_some());
            fallen += usize::from(fell(&after, &before, 0) == Some(true));
        }
    }
    println!("{compared} of 300 compared, {fallen} fell the other way");
    assert!(compared >= 30 && fallen >= 15, "{compared} {fallen}");
}

/// Why the property is restricted: bands of a lump may fall, and then more people give less.
#[test]
fn a_band_that_falls_gives_less_to_more() {
    let bands = [("0", "500", "0"), ("20", "100", "0")];
    let mut input = for_monotony(crate::controls::checked().0);
    input.models[0].components =
        vec![crate::fixture::lump("size", LumpPer::Project, &bands), crate::fixture::per_head("heads", "1")];
    input.models[0].floors = None;
    input.organisations.truncate(0);
    input.organisations.extend(["org-0", "org-1", "org-2"].map(|number| crate::fixture::org(number, "15")));
    input.frames = vec![crate::fixture::frame(FIRST, "2000")];
    let higher = raised(input.clone(), 0, 10_000);
    assert_eq!(fell(&plan(&input).unwrap(), &plan(&higher).unwrap(), 0), Some(true));
}
