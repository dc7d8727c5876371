//! What must hold of an input before anything is computed.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{InputProblem, PlanError};
use crate::{Exact, Nok, OrganisationInput, PlanInput, ProjectInput, Share};

/// The most years that one plan covers; schemes last about five.
pub const MAX_HORIZON_YEARS: i32 = 50;
/// What calendars hold, less one so that the next year exists too.
const CALENDAR: std::ops::RangeInclusive<i16> = 1..=9998;

fn must(
    holds: bool,
    pointer: impl FnOnce() -> String,
    problem: impl FnOnce() -> InputProblem,
) -> Result<(), PlanError> {
    if holds { Ok(()) } else { Err(PlanError::Input { pointer: pointer(), problem: problem() }) }
}

/// Refuses inputs that are contradictory or would count something twice.
pub(super) fn check(input: &PlanInput) -> Result<(), PlanError> {
    check_years(|field| format!("/{field}"), input.first_year, input.last_year)?;
    let years = i32::from(input.last_year) - i32::from(input.first_year) + 1;
    must(years <= MAX_HORIZON_YEARS, || "/lastYear".to_owned(), || InputProblem::HorizonTooLong { years })?;
    let carried = input.carried_in.unwrap_or(Nok::ZERO);
    must(carried >= Nok::ZERO, || "/carriedIn".to_owned(), || InputProblem::Negative(carried))?;
    check_models(input)?;
    check_frames(input)?;
    let numbers = check_organisations(&input.organisations)?;
    let (mut ids, mut references) = (BTreeSet::new(), BTreeSet::new());
    for (place, project) in input.projects.iter().enumerate() {
        let at = |field: &str| format!("/projects/{place}{field}");
        must(ids.insert(&project.id), || at("/id"), || InputProblem::Twice(project.id.clone()))?;
        must(
            references.insert(&project.reference),
            || at("/reference"),
            || InputProblem::Twice(project.reference.clone()),
        )?;
        check_project(input, project, &numbers, &at)?;
    }
    Ok(())
}

fn check_years(at: impl Fn(&str) -> String, first_year: i16, last_year: i16) -> Result<(), PlanError> {
    must(CALENDAR.contains(&first_year), || at("firstYear"), || InputProblem::YearOutsideCalendar)?;
    must(CALENDAR.contains(&last_year), || at("lastYear"), || InputProblem::YearOutsideCalendar)?;
    must(first_year <= last_year, || at("lastYear"), || InputProblem::YearsReversed { first_year, last_year })
}

fn check_models(input: &PlanInput) -> Result<(), PlanError> {
    let mut versions = BTreeSet::new();
    for (place, model) in input.models.iter().enumerate() {
        let at = || format!("/models/{place}");
        if let Err(errors) = model.validate() {
            return Err(PlanError::Input { pointer: at(), problem: InputProblem::Model(errors) });
        }
        must(versions.insert((&model.key, model.version)), at, || InputProblem::Twice(model.rule()))?;
    }
    for year in input.first_year..=input.last_year {
        let keys: BTreeSet<_> =
            input.models.iter().filter(|model| model.holds_in(year)).map(|model| &model.key).collect();
        if let (Some(first), Some(second)) = (keys.first(), keys.iter().nth(1)) {
            let (first, second) = ((*first).clone(), (*second).clone());
            let problem = InputProblem::CompetingModels { year, first, second };
            return Err(PlanError::Input { pointer: "/models".to_owned(), problem });
        }
    }
    Ok(())
}

fn check_frames(input: &PlanInput) -> Result<(), PlanError> {
    let mut seen = BTreeSet::new();
    for (place, frame) in input.frames.iter().enumerate() {
        let at = |field: &str| format!("/frames/{place}{field}");
        let twice = || InputProblem::Twice(format!("the frame of {} with this status", frame.year));
        must(seen.insert((frame.year, frame.status)), || at(""), twice)?;
        let amount = frame.amount.unwrap_or(Nok::ZERO);
        must(amount >= Nok::ZERO, || at("/amount"), || InputProblem::Negative(amount))?;
    }
    Ok(())
}

/// Checks organisations and their successors; returns their numbers with their places.
fn check_organisations(organisations: &[OrganisationInput]) -> Result<BTreeMap<&str, usize>, PlanError> {
    let mut numbers = BTreeMap::new();
    for (place, organisation) in organisations.iter().enumerate() {
        let twice = || InputProblem::Twice(organisation.number.clone());
        let at = || format!("/organisations/{place}/number");
        must(numbers.insert(organisation.number.as_str(), place).is_none(), at, twice)?;
    }
    for (place, organisation) in organisations.iter().enumerate() {
        let at = |field: String| format!("/organisations/{place}/{field}");
        let complete = organisation.ceased.is_some() != organisation.successors.is_empty();
        must(complete, || at("ceased".to_owned()), || InputProblem::SuccessorsIncomplete)?;
        let mut seen = BTreeSet::new();
        for (successor_place, successor) in organisation.successors.iter().enumerate() {
            let field = || at(format!("successors/{successor_place}/organisation"));
            let number = &successor.organisation;
            must(numbers.contains_key(number.as_str()), field, || {
                InputProblem::UnknownOrganisation(number.clone())
            })?;
            must(seen.insert(number), field, || InputProblem::Twice(number.clone()))?;
        }
        if !organisation.successors.is_empty() {
            let sum =
                Exact::checked_sum(organisation.successors.iter().map(|successor| successor.share.exact()));
            let whole = sum.as_ref().is_ok_and(|sum| *sum == Share::ONE.exact());
            let told = || {
                let told = |sum: Exact| format!("{}/{}", sum.numerator(), sum.denominator());
                InputProblem::SharesNotWhole(sum.map_or_else(|_| "more than fits".to_owned(), told))
            };
            must(whole, || at("successors".to_owned()), told)?;
        }
    }
    check_circles(organisations, &numbers)?;
    Ok(numbers)
}

/// Refuses an organisation that comes after itself. Each organisation is settled once, so the cost is linear.
fn check_circles(
    organisations: &[OrganisationInput],
    numbers: &BTreeMap<&str, usize>,
) -> Result<(), PlanError> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Settled,
    }
    let successors = |place: usize| -> Vec<usize> {
        let successors = organisations[place].successors.iter();
        successors.filter_map(|successor| numbers.get(successor.organisation.as_str()).copied()).collect()
    };
    let mut marks = vec![Mark::New; organisations.len()];
    for start in 0..organisations.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // A stack of its own, as chains may be longer than the program's.
        let mut path = vec![(start, successors(start))];
        marks[start] = Mark::Open;
        while let Some((place, rest)) = path.last_mut() {
            let Some(next) = rest.pop() else {
                marks[*place] = Mark::Settled;
                path.pop();
                continue;
            };
            match marks[next] {
                Mark::Settled => {}
                Mark::Open => {
                    let number = organisations[next].number.clone();
                    let pointer = format!("/organisations/{next}/successors");
                    return Err(PlanError::Input { pointer, problem: InputProblem::SuccessorCycle(number) });
                }
                Mark::New => {
                    marks[next] = Mark::Open;
                    path.push((next, successors(next)));
                }
            }
        }
    }
    Ok(())
}

fn check_project(
    input: &PlanInput,
    project: &ProjectInput,
    numbers: &BTreeMap<&str, usize>,
    at: &impl Fn(&str) -> String,
) -> Result<(), PlanError> {
    check_years(|field| at(&format!("/{field}")), project.first_year, project.last_year)?;
    must(!project.lead.is_empty(), || at("/lead"), || InputProblem::EmptyProject)?;
    let mut seen = BTreeSet::new();
    let partners =
        project.partners.iter().enumerate().map(|(place, number)| (format!("/partners/{place}"), number));
    let supporters =
        project.supporters.iter().enumerate().map(|(place, number)| (format!("/supporters/{place}"), number));
    for (field, number) in
        std::iter::once(("/lead".to_owned(), &project.lead)).chain(partners).chain(supporters)
    {
        let known = numbers.contains_key(number.as_str());
        must(known, || at(&field), || InputProblem::UnknownOrganisation(number.clone()))?;
        must(seen.insert(number), || at(&field), || InputProblem::Twice(number.clone()))?;
    }
    let mut years = BTreeSet::new();
    for (place, renewal) in project.renewals.iter().enumerate() {
        let twice = || InputProblem::Twice(format!("the renewal for {}", renewal.year));
        must(years.insert(renewal.year), || at(&format!("/renewals/{place}")), twice)?;
    }
    years.clear();
    for (place, promised) in project.years.iter().enumerate() {
        let field = |name: &str| at(&format!("/years/{place}{name}"));
        let twice = || InputProblem::Twice(format!("the year {}", promised.year));
        must(years.insert(promised.year), || field(""), twice)?;
        must(promised.amount >= Nok::ZERO, || field("/amount"), || InputProblem::Negative(promised.amount))?;
        for (paid_place, paid) in promised.paid.iter().enumerate() {
            must(
                *paid >= Nok::ZERO,
                || field(&format!("/paid/{paid_place}")),
                || InputProblem::Negative(*paid),
            )?;
        }
        let ruling = input.models.iter().filter(|model| model.holds_in(promised.year));
        if let Some(model) = ruling.max_by_key(|model| model.version)
            && !model.instalments.is_empty()
        {
            let (paid, profile) = (promised.paid.len(), model.instalments.len());
            must(paid <= profile, || field("/paid"), || InputProblem::TooManyPaid { paid, profile })?;
        }
    }
    Ok(())
}
