//! The method of equal shares.
//!
//! Exact arithmetic decides: `filter` gives each comparison in floating point a rigorous error bound, and what is closer
//! than that goes to `ledger`, which works in whole numbers. A count never depends on how often that happens.

mod choose;
mod filter;
mod ledger;
mod run;
mod trace;
mod watch;

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
    runner.run(u128::from(instance.budget), false, &mut trace)?;
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

/// Runs again with one step, mostly a unit of currency, more per ballot, until the stop; returns the outcome that counts and the number of
/// runs.
fn add_ones(
    runner: &mut Runner<'_>,
    first: Trace,
    until: Add1Until,
    progress: &mut dyn FnMut(BudgetProgress) -> ControlFlow<()>,
) -> Result<(Trace, u64), BudgetError> {
    let instance = runner.instance;
    let step = u128::from(instance.add1_step) * u128::from(instance.voters);
    let (mut current, mut next, mut rounds) = (first, Trace::default(), 1);
    // Rounds after `current` that are known to have its outcome.
    let mut skipped = 0;
    let mut watching = Watching::default();
    loop {
        if progress(BudgetProgress::ShareRound { round: rounds, cost: current.cost }).is_break() {
            return Err(BudgetError::Stopped);
        }
        if step == 0 || is_stop(runner, &current, until) {
            return Ok((current, rounds));
        }
        let is_watched = watching.is_due();
        let share = current.share_numerator + step * u128::from(skipped + 1);
        runner.run(share, is_watched, &mut next)?;
        rounds += 1;
        if next.cost > instance.budget {
            if skipped > 0 {
                // The round that counts is the last one skipped; its shares and prices are told, so it is run.
                let share = current.share_numerator + step * u128::from(skipped);
                runner.run(share, false, &mut current)?;
            }
            return Ok((current, rounds));
        }
        std::mem::swap(&mut current, &mut next);
        skipped = 0;
        if is_watched && !is_stop(runner, &current, until) {
            skipped = runner.watch.steps(instance.add1_step);
            watching.found(skipped);
            rounds += skipped;
        }
    }
}

/// When to watch a run, which takes about as long again: after so many rounds, and less often where nothing comes of it.
#[derive(Default)]
struct Watching {
    rounds: u32,
    pause: u32,
    until_next: u32,
}

impl Watching {
    /// Few counts take more rounds than this; those that do take thousands.
    const FIRST: u32 = 32;

    fn is_due(&mut self) -> bool {
        self.rounds = self.rounds.saturating_add(1);
        if self.until_next > 0 {
            self.until_next -= 1;
            return false;
        }
        self.rounds > Self::FIRST
    }

    fn found(&mut self, skipped: u64) {
        self.pause = if skipped > 1 { 0 } else { (self.pause * 2 + 1).min(63) };
        self.until_next = self.pause;
    }
}

/// Whether an outcome within the budget is the last one.
fn is_stop(runner: &Runner<'_>, trace: &Trace, until: Add1Until) -> bool {
    match until {
        Add1Until::Exhaustive => is_exhaustive(runner, trace),
        // With everything bought there is nothing that more money could add.
        Add1Until::Budget => runner.projects().all(|project| trace.has(project)),
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
