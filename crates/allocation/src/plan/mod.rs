//! The multi-year plan: who is funded in which year and with how much, against the frames.
//!
//! What is computed is specified in `docs/bundle.md`; each file here is a section of it.

mod admission;
mod check;
mod components;
mod counting;
mod divide;
mod entitlement;
mod error;
mod factor;
mod fit;
mod index;
mod lines;
mod recipients;
mod result;
mod year;

use crate::PlanInput;

pub(crate) use result::ratio_text;

pub use check::MAX_HORIZON_YEARS;
pub use error::{InputProblem, PlanError};
pub use result::{
    Account, Flag, FlagCode, Instalment, LineState, Plan, PlanLine, Recipient, RoundingTie, Waiting,
    WaitingReason, YearTotal,
};

/// Computes the plan.
///
/// The result does not depend on the order of anything in the input that is a set, and a change that is dated in a year leaves
/// the years before it as they are.
///
/// # Errors
/// [`PlanError`] where the input contradicts itself or a number does not fit. What is merely missing (a headcount,
/// a model) gives a line without an amount and a [`Flag`] instead.
pub fn plan(input: &PlanInput) -> Result<Plan, PlanError> {
    check::check(input)?;
    let index = index::Index::new(input);
    let mut state = year::State::new(&index);
    let mut plan = Plan { lines: Vec::new(), years: Vec::new(), waiting: Vec::new() };
    let mut by_year = Vec::new();
    for year in input.first_year..=input.last_year {
        let (lines, total, waiting) = year::year(&index, &mut state, year)?;
        by_year.push(lines.into_iter().map(Some).collect());
        plan.years.push(total);
        plan.waiting.extend(waiting);
    }
    plan.lines = in_order(by_year);
    plan.waiting.sort_by(|left, right| (left.year, &left.reference).cmp(&(right.year, &right.reference)));
    Ok(plan)
}

/// The lines by reference and year. They are large: their places are sorted, and each line is moved once.
fn in_order(mut by_year: Vec<Vec<Option<PlanLine>>>) -> Vec<PlanLine> {
    let places = |(year, lines): (usize, &Vec<_>)| (0..lines.len()).map(move |place| (year, place));
    let mut places: Vec<(usize, usize)> = by_year.iter().enumerate().flat_map(places).collect();
    let reference =
        |(year, place): &(usize, usize)| by_year[*year][*place].as_ref().map(|line| &line.reference);
    places.sort_by(|left, right| (reference(left), left.0).cmp(&(reference(right), right.0)));
    let mut lines = Vec::with_capacity(places.len());
    lines.extend(places.into_iter().filter_map(|(year, place)| by_year[year][place].take()));
    lines
}
