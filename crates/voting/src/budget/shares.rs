//! The method of equal shares.
//!
//! Exact arithmetic decides: `filter` gives each comparison in floating point a rigorous error bound, and what is closer
//! than that goes to `ledger`, which works in whole numbers. A count never depends on how often that happens.

mod filter;
mod ledger;
mod run;
mod trace;

use std::ops::ControlFlow;

use super::greedy::Taking;
use super::outcome::{BudgetStep, BudgetTally, Values};
use super::{
    Add1Until, BudgetError, BudgetInstance, BudgetProgress, BudgetRule, Completion, Satisfaction, Ties,
};
use run::Runner;
pub(crate) use trace::Trace;

pub(super) fn count<'a>(
    instance: &'a BudgetInstance,
    satisfaction: Satisfaction,
    completion: Completion,
    ties: &Ties,
    progress: &mut dyn FnMut(BudgetProgress) -> ControlFlow<()>,
) -> Result<BudgetTally<'a>, BudgetError> {
    let profile = instance.profile(satisfaction)?;
    let per_cost = satisfaction == Satisfaction::Cost;
    let mut runner = Runner::new(instance, profile, per_cost, ties);
    let mut trace = Trace::default();
    let mut share_rounds = 1;
    runner.run(u128::from(instance.budget), &mut trace)?;
    if let Completion::Add1 { until } | Completion::Add1Utilitarian { until } = completion {
        (trace, share_rounds) = add_ones(&mut runner, trace, until, progress)?;
    }
    let free = (0..instance.project_count())
        .filter(|&project| !per_cost && instance.cost(project) == 0 && profile.totals[project as usize] > 0);
    let mut selected: Vec<_> = free.map(|project| (project, BudgetStep::Free)).collect();
    let free_count = selected.len();
    selected.extend(trace.bought.iter().map(|&project| (project, BudgetStep::Rule)));
    // Without completion, and before the first step of it, shares add up to the budget.
    let mut taking = Taking::new(instance, instance.budget.saturating_sub(trace.cost), selected);
    taking.ties.append(&trace.ties, free_count);
    if matches!(completion, Completion::Add1Utilitarian { .. }) {
        fill_up(&runner, &mut taking, ties)?;
    }
    Ok(BudgetTally {
        instance,
        rule: BudgetRule::EqualShares { satisfaction, completion },
        total_cost: instance.budget - taking.left,
        selected: taking.selected,
        ties: taking.ties,
        share_rounds,
        values: Values::Shares(Box::new(trace)),
    })
}

/// Runs again with one unit of currency more per ballot, until the stop; returns the outcome that counts and the number of
/// runs.
fn add_ones(
    runner: &mut Runner<'_>,
    first: Trace,
    until: Add1Until,
    progress: &mut dyn FnMut(BudgetProgress) -> ControlFlow<()>,
) -> Result<(Trace, u64), BudgetError> {
    let instance = runner.instance;
    let step = u128::from(instance.unit()) * u128::from(instance.voters);
    let (mut current, mut next, mut rounds) = (first, Trace::default(), 1);
    loop {
        if progress(BudgetProgress::ShareRound { round: rounds, cost: current.cost }).is_break() {
            return Err(BudgetError::Stopped);
        }
        // With everything bought there is nothing that more money could add, so that either stop is reached.
        let is_full = current.bought.len() == runner.projects().count();
        if is_full || (until == Add1Until::Exhaustive && is_exhaustive(runner, &current)) || step == 0 {
            return Ok((current, rounds));
        }
        runner.run(current.share_numerator + step, &mut next)?;
        rounds += 1;
        if next.cost > instance.budget {
            return Ok((current, rounds));
        }
        std::mem::swap(&mut current, &mut next);
    }
}

fn is_exhaustive(runner: &Runner<'_>, trace: &Trace) -> bool {
    let left = runner.instance.budget.saturating_sub(trace.cost);
    runner.projects().all(|project| trace.has(project) || runner.instance.cost(project) > left)
}

/// Adds supported projects by votes as long as they fit.
fn fill_up(runner: &Runner<'_>, taking: &mut Taking<'_>, ties: &Ties) -> Result<(), BudgetError> {
    let votes = |project: u32| runner.instance.votes(project);
    let mut rest: Vec<u32> = runner.projects().collect();
    rest.retain(|&project| !taking.selected.iter().any(|&(taken, _)| taken == project));
    rest.sort_unstable_by_key(|&project| (std::cmp::Reverse(votes(project)), project));
    for group in rest.chunk_by(|&left, &right| votes(left) == votes(right)) {
        taking.take_tied(&mut group.to_vec(), BudgetStep::Completion, ties)?;
    }
    Ok(())
}
