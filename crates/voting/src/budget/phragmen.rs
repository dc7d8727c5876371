//! Phragmén's sequential method.
//!
//! A ballot's load is the highest load of what was bought with its help, so every load is one of the values of purchases,
//! and a project's next load is `(cost + Σ count × value) / votes` with whole counts. Values only rise, so an earlier one
//! is a lower bound and projects are looked at again only while it could still win. Floating point sorts with a rigorous
//! bound; what is closer than that is compared in whole numbers.

mod filter;
mod ledger;

use std::cmp::Ordering;

use num_rational::BigRational;

use super::outcome::{BudgetStep, BudgetTally, TieLog, Values};
use super::{BudgetError, BudgetInstance, BudgetRule, Ties};
use filter::Loads;
use ledger::{Ledger, NEVER};

/// What a count leaves.
#[derive(Clone, Default)]
pub(crate) struct Trace {
    bought: Vec<u32>,
    purchases: Vec<u32>,
}

impl Trace {
    /// The load after each purchase.
    pub(crate) fn loads(&self, instance: &BudgetInstance) -> Vec<BigRational> {
        let mut ledger = Ledger::default();
        ledger.complete(instance, &self.bought, &self.purchases);
        ledger.fractions()
    }
}

pub(super) fn count<'a>(instance: &'a BudgetInstance, ties: &Ties) -> Result<BudgetTally<'a>, BudgetError> {
    let mut count = Count::new(instance, ties);
    let stopped = count.buy_supported()?;
    if !stopped {
        count.buy_unsupported()?;
    }
    Ok(BudgetTally {
        instance,
        rule: BudgetRule::Phragmen,
        total_cost: instance.budget - count.left,
        selected: count.selected,
        ties: count.tie_log,
        share_rounds: 0,
        values: Values::Phragmen(Box::new(count.trace)),
    })
}

struct Candidate {
    project: u32,
    low: f64,
    high: f64,
}

struct Count<'a> {
    instance: &'a BudgetInstance,
    ties: &'a Ties,
    left: u64,
    loads: Loads,
    /// Made when it is asked for the first time.
    ledger: Option<Ledger>,
    trace: Trace,
    selected: Vec<(u32, BudgetStep)>,
    tie_log: TieLog,
    /// Lower bounds on the loads of what may still be bought, ascending.
    waiting: Vec<(f64, u32)>,
    candidates: Vec<Candidate>,
}

impl<'a> Count<'a> {
    fn new(instance: &'a BudgetInstance, ties: &'a Ties) -> Self {
        let projects = (0..instance.project_count())
            .filter(|&project| instance.votes(project) > 0 && instance.cost(project) <= instance.budget);
        let loads = Loads::new(&instance.approvals);
        let bound = |project| (Loads::least(instance.cost(project), instance.votes(project)), project);
        let mut waiting: Vec<_> = projects.map(bound).collect();
        waiting.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        let trace = Trace { bought: Vec::new(), purchases: vec![NEVER; instance.ids.len()] };
        Self {
            instance,
            ties,
            left: instance.budget,
            loads,
            ledger: None,
            trace,
            selected: Vec::new(),
            tie_log: TieLog::default(),
            waiting,
            candidates: Vec::new(),
        }
    }

    /// Buys until a best project does not fit, which is `true`, or no supported project is left.
    fn buy_supported(&mut self) -> Result<bool, BudgetError> {
        loop {
            self.look_around();
            let mut tied: Vec<u32> = self.candidates.iter().map(|candidate| candidate.project).collect();
            if tied.is_empty() {
                return Ok(false);
            }
            let mut exact = None;
            if tied.len() > 1 {
                exact = Some(self.keep_exactly_best(&mut tied));
                tied.sort_unstable();
            }
            if tied.iter().any(|&project| self.instance.cost(project) > self.left) {
                return Ok(true);
            }
            if tied.len() > 1 {
                self.ties.order(self.instance, &mut tied)?;
                self.tie_log.push(self.selected.len(), &tied, self.ties);
            }
            let winner = tied[0];
            let (low, high) = match &exact {
                Some(rounded) => filter::exact_bounds(*rounded),
                None => (self.candidates[0].low, self.candidates[0].high),
            };
            self.buy(winner, low, high);
        }
    }

    /// Fills `self.candidates` with all projects that may have the lowest load. They stay in `self.waiting`, whose
    /// bounds are raised on the way.
    fn look_around(&mut self) {
        self.candidates.clear();
        let mut ceiling = f64::INFINITY;
        let mut seen = 0;
        for (bound, project) in &mut self.waiting {
            if *bound > ceiling {
                break;
            }
            seen += 1;
            let supporters = self.instance.approvals.supporters(*project);
            let (cost, votes) = (self.instance.cost(*project), self.instance.votes(*project));
            let (low, high) = self.loads.bounds(supporters, cost, votes);
            *bound = low.max(*bound);
            ceiling = ceiling.min(high);
            self.candidates.push(Candidate { project: *project, low, high });
        }
        // The rest is in order already, so that merging is cheap.
        if seen > 0 {
            self.waiting.sort_by(|left, right| left.0.total_cmp(&right.0));
        }
        self.candidates.retain(|candidate| candidate.low <= ceiling);
    }

    /// Compares the candidates in whole numbers, keeps those that share the lowest load, and returns that,
    /// rounded.
    fn keep_exactly_best(&mut self, tied: &mut Vec<u32>) -> f64 {
        let Trace { bought, purchases } = &self.trace;
        let ledger = self.ledger.get_or_insert_default();
        ledger.complete(self.instance, bought, purchases);
        let mut best = ledger.load(self.instance, purchases, tied[0]);
        let mut kept = vec![tied[0]];
        for &project in &tied[1..] {
            let load = ledger.load(self.instance, purchases, project);
            match load.compare(&best) {
                Ordering::Less => {
                    best = load;
                    kept.clear();
                    kept.push(project);
                }
                Ordering::Equal => kept.push(project),
                Ordering::Greater => {}
            }
        }
        *tied = kept;
        ledger.rounded(&best)
    }

    fn buy(&mut self, project: u32, low: f64, high: f64) {
        self.loads.set(self.instance.approvals.supporters(project), low, high);
        self.trace.purchases[project as usize] = u32::try_from(self.trace.bought.len()).unwrap_or(NEVER);
        self.trace.bought.push(project);
        self.waiting.retain(|&(_, other)| other != project);
        self.left -= self.instance.cost(project);
        self.selected.push((project, BudgetStep::Rule));
    }

    /// All unsupported projects are tied; the count stops as soon as one of them does not fit.
    fn buy_unsupported(&mut self) -> Result<(), BudgetError> {
        let instance = self.instance;
        let mut tied: Vec<u32> = (0..instance.project_count())
            .filter(|&project| instance.votes(project) == 0 && instance.cost(project) <= instance.budget)
            .collect();
        if tied.iter().any(|&project| instance.cost(project) > self.left) {
            return Ok(());
        }
        if tied.len() > 1 {
            self.ties.order(instance, &mut tied)?;
            self.tie_log.push(self.selected.len(), &tied, self.ties);
        }
        // Whether the best of the rest fits is asked anew after each.
        let mut rest = tied.as_slice();
        while let [first, others @ ..] = rest {
            if rest.iter().any(|&project| instance.cost(project) > self.left) {
                break;
            }
            self.left -= instance.cost(*first);
            self.selected.push((*first, BudgetStep::Unsupported));
            rest = others;
        }
        Ok(())
    }
}
