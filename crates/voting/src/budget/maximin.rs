//! Maximin support, exact in whole numbers.
//!
//! For a set of projects `A` the lowest highest load is `max cost(S) / voters(S)` over the subsets `S` of `A`, where
//! `voters(S)` are the ballots that name one of them; so every value is a small fraction. Whether loads up to `λ` suffice
//! is a flow: from each project its cost, to each group at most `λ` per ballot. Where it does not suffice, the cut names
//! a subset that needs more, whose `cost / voters` is the next `λ` to try; values only rise towards the exact one.
//!
//! Values also only rise with `A`. So candidates wait by a lower bound, and each is looked at again only while its bound
//! could still win; the flow of what has been selected is kept, and a candidate's cost is sent on top of it.

mod flow;

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use super::outcome::{BudgetStep, BudgetTally, TieLog, Values};
use super::{BudgetError, BudgetInstance, BudgetProgress, BudgetRule, Ties};
use flow::Flow;

/// Money over votes, above 0 votes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    money: u64,
    votes: u64,
}

impl PartialEq for Load {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Load {}

impl PartialOrd for Load {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Load {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (u128::from(self.money), u128::from(other.money));
        (left * u128::from(other.votes)).cmp(&(right * u128::from(self.votes)))
    }
}

pub(super) fn count<'a>(
    instance: &'a BudgetInstance,
    ties: &Ties,
    progress: &mut dyn FnMut(BudgetProgress) -> ControlFlow<()>,
) -> Result<BudgetTally<'a>, BudgetError> {
    let mut count = Count::new(instance, ties);
    while count.select()? {
        if progress(BudgetProgress::Selected { selected: count.selected.len() }).is_break() {
            return Err(BudgetError::Stopped);
        }
    }
    count.select_unsupported()?;
    Ok(BudgetTally {
        instance,
        rule: BudgetRule::MaximinSupport,
        total_cost: instance.budget - count.left,
        selected: count.selected,
        ties: count.tie_log,
        share_rounds: 0,
        values: Values::Maximin(count.loads),
    })
}

struct Count<'a> {
    instance: &'a BudgetInstance,
    ties: &'a Ties,
    left: u64,
    /// The highest load so far.
    load: Load,
    /// The selected projects' costs, spread with loads up to [`Self::load`].
    flow: Flow<'a>,
    /// Lower bounds.
    waiting: BinaryHeap<Reverse<(Load, u32)>>,
    selected: Vec<(u32, BudgetStep)>,
    loads: Vec<Option<(u64, u64)>>,
    tie_log: TieLog,
}

impl<'a> Count<'a> {
    fn new(instance: &'a BudgetInstance, ties: &'a Ties) -> Self {
        let supported = (0..instance.project_count()).filter(|&project| instance.votes(project) > 0);
        let alone = |project| Load { money: instance.cost(project), votes: instance.votes(project) };
        let load = Load { money: 0, votes: 1 };
        Self {
            instance,
            ties,
            left: instance.budget,
            load,
            flow: Flow::new(instance, load),
            waiting: supported.map(|project| Reverse((alone(project), project))).collect(),
            selected: Vec::new(),
            loads: Vec::new(),
            tie_log: TieLog::default(),
        }
    }

    /// Selects one more project; `false` where no supported one fits.
    fn select(&mut self) -> Result<bool, BudgetError> {
        let mut tied = Vec::new();
        let mut best: Option<(Load, Flow<'a>)> = None;
        while let Some(&Reverse((bound, project))) = self.waiting.peek() {
            let bound = bound.max(self.load);
            if best.as_ref().is_some_and(|(load, _)| bound > *load) {
                break;
            }
            self.waiting.pop();
            if self.instance.cost(project) > self.left {
                continue;
            }
            match self.spread(project, bound) {
                Ok(flow) => {
                    tied.push(project);
                    best = Some((bound, flow));
                }
                Err(higher) => self.waiting.push(Reverse((higher, project))),
            }
        }
        let Some((load, flow)) = best else { return Ok(false) };
        tied.sort_unstable();
        if tied.len() > 1 {
            self.ties.order(self.instance, &mut tied)?;
            self.tie_log.push(self.selected.len(), &tied, self.ties);
        }
        let winner = tied[0];
        for &project in &tied[1..] {
            self.waiting.push(Reverse((load, project)));
        }
        // The flow that was kept is that of the candidate looked at last.
        self.flow =
            if flow.last() == Some(winner) { flow } else { self.spread(winner, load).unwrap_or(flow) };
        self.load = load;
        self.left -= self.instance.cost(winner);
        self.selected.push((winner, BudgetStep::Rule));
        self.loads.push(Some((load.money, load.votes)));
        Ok(true)
    }

    /// Spreads the cost of one more project with loads up to `load`, or tells a higher load that it takes.
    fn spread(&self, project: u32, load: Load) -> Result<Flow<'a>, Load> {
        if load == self.load {
            let mut flow = self.flow.clone();
            return flow.add(project).map(|()| flow);
        }
        let mut flow = Flow::new(self.instance, load);
        // The candidate comes last, so that a cut contains it: the others can be spread.
        for &(selected, _) in &self.selected {
            flow.add(selected)?;
        }
        flow.add(project)?;
        Ok(flow)
    }

    /// With only unsupported projects left, all loads are infinite: they are tied as long as they fit.
    fn select_unsupported(&mut self) -> Result<(), BudgetError> {
        let instance = self.instance;
        let unsupported = (0..instance.project_count()).filter(|&project| instance.votes(project) == 0);
        let mut taking = super::greedy::Taking::new(instance, self.left, std::mem::take(&mut self.selected));
        taking.ties = std::mem::take(&mut self.tie_log);
        taking.take_tied(&mut unsupported.collect(), BudgetStep::Unsupported, self.ties)?;
        (self.left, self.selected, self.tie_log) = (taking.left, taking.selected, taking.ties);
        Ok(())
    }
}
