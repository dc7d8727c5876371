//! Greedy: the highest satisfaction per cost first.

use std::cmp::Ordering;

use super::outcome::{BudgetStep, BudgetTally, TieLog, Values};
use super::{BudgetError, BudgetInstance, BudgetRule, Satisfaction, Ties};

/// A project's score as a fraction; the denominator is 0 for an infinite score, and `None` is no satisfaction at all.
pub(super) fn score(
    instance: &BudgetInstance,
    satisfaction: Satisfaction,
    project: u32,
) -> Option<(u64, u64)> {
    let profile = instance.profile(satisfaction).ok()?;
    let (units, cost) = (profile.totals[project as usize], instance.cost(project));
    match satisfaction {
        // Cost times votes per cost; what costs nothing gives nothing.
        Satisfaction::Cost => (units > 0 && cost > 0).then_some((units, 1)),
        _ => (units > 0).then_some((units, cost)),
    }
}

/// Higher scores first. Two infinite scores are equal.
fn compare(left: Option<(u64, u64)>, right: Option<(u64, u64)>) -> Ordering {
    match (left, right) {
        (Some((left, left_per)), Some((right, right_per))) => match (left_per, right_per) {
            (0, 0) => Ordering::Equal,
            _ if left_per == right_per => right.cmp(&left),
            _ => (u128::from(right) * u128::from(left_per)).cmp(&(u128::from(left) * u128::from(right_per))),
        },
        (left, right) => right.is_some().cmp(&left.is_some()),
    }
}

pub(super) fn count<'a>(
    instance: &'a BudgetInstance,
    satisfaction: Satisfaction,
    ties: &Ties,
) -> Result<BudgetTally<'a>, BudgetError> {
    instance.profile(satisfaction)?;
    let scored =
        (0..instance.project_count()).map(|project| (score(instance, satisfaction, project), project));
    let mut order: Vec<_> = scored.collect();
    order.sort_unstable_by(|left, right| compare(left.0, right.0).then(left.1.cmp(&right.1)));
    let mut taking = Taking::new(instance, instance.budget, Vec::with_capacity(order.len()));
    let mut equal = Vec::new();
    for group in order.chunk_by(|left, right| compare(left.0, right.0) == Ordering::Equal) {
        let step = if group[0].0.is_some() { BudgetStep::Rule } else { BudgetStep::Unsupported };
        if let [(_, project)] = group {
            taking.take_if_fits(*project, step);
            continue;
        }
        equal.clear();
        equal.extend(group.iter().map(|&(_, project)| project));
        taking.take_tied(&mut equal, step, ties)?;
    }
    Ok(BudgetTally {
        instance,
        rule: BudgetRule::Greedy { satisfaction },
        total_cost: instance.budget - taking.left,
        selected: taking.selected,
        ties: taking.ties,
        share_rounds: 0,
        values: Values::Greedy,
    })
}

/// Projects that are taken as long as they fit.
pub(super) struct Taking<'a> {
    instance: &'a BudgetInstance,
    pub(super) left: u64,
    pub(super) selected: Vec<(u32, BudgetStep)>,
    pub(super) ties: TieLog,
}

impl<'a> Taking<'a> {
    pub(super) fn new(instance: &'a BudgetInstance, left: u64, selected: Vec<(u32, BudgetStep)>) -> Self {
        Self { instance, left, selected, ties: TieLog::default() }
    }

    pub(super) fn take_if_fits(&mut self, project: u32, step: BudgetStep) {
        let cost = self.instance.cost(project);
        if cost <= self.left {
            self.left -= cost;
            self.selected.push((project, step));
        }
    }

    /// Takes tied projects, which come by ascending index, in the order of the tie chain. Those that do not fit when the
    /// tie is met have no part in it. Where all fit together the tie decides nothing but the order.
    pub(super) fn take_tied(
        &mut self,
        equal: &mut Vec<u32>,
        step: BudgetStep,
        ties: &Ties,
    ) -> Result<(), BudgetError> {
        equal.retain(|&project| self.instance.cost(project) <= self.left);
        if equal.len() > 1 {
            ties.order(self.instance, equal)?;
            self.ties.push(self.selected.len(), equal, ties);
        }
        for &project in &*equal {
            self.take_if_fits(project, step);
        }
        Ok(())
    }
}
