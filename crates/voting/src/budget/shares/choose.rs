//! Chooses among the projects that may be a round's best.

use std::cmp::{Ordering, Reverse};

use super::filter;
use super::ledger::{ExactPrice, Ledger};
use super::run::{Bound, Candidate, Runner, ledger_of};
use super::trace::Trace;
use crate::budget::BudgetError;

impl Runner<'_> {
    /// The best of the candidates; the others go back to the heap.
    pub(super) fn choose(&mut self, trace: &mut Trace) -> Result<Option<Candidate>, BudgetError> {
        self.watch_choice();
        if self.candidates.len() > 1 && !self.keep_simply_best() {
            self.watch.give_up();
            self.keep_exactly_best(trace);
        }
        if self.candidates.len() > 1 {
            self.candidates.sort_unstable_by_key(|candidate| candidate.project);
            let mut tied: Vec<u32> = self.candidates.iter().map(|candidate| candidate.project).collect();
            self.ties.order(self.instance, &mut tied)?;
            if let Some(at) = self.candidates.iter().position(|candidate| candidate.project == tied[0]) {
                self.candidates.swap(0, at);
            }
            trace.ties.push(trace.bought.len(), &tied, self.ties);
        }
        for candidate in self.candidates.drain(1.min(self.candidates.len())..) {
            self.heap.push(Reverse((Bound(candidate.low), candidate.project)));
        }
        Ok(self.candidates.pop())
    }

    /// Tells the watch by how much the projects that wait lose. Where several candidates remain, only simple prices are
    /// watched, and those do not change.
    fn watch_choice(&mut self) {
        let by =
            |candidate: &Candidate| filter::bounds(candidate.price, self.compared_by(candidate.project)).1;
        let high = self.candidates.iter().map(by).fold(f64::NEG_INFINITY, f64::max);
        if !self.candidates.is_empty() {
            self.watch.chosen(high, self.heap.iter().map(|Reverse((_, project))| *project));
        }
    }

    /// Compares the candidates by cost and whole numbers of points, where all their prices are such; `false` otherwise.
    fn keep_simply_best(&mut self) -> bool {
        let mut best: Option<(u64, u64)> = None;
        let compare = |(left, left_units): (u64, u64), (right, right_units): (u64, u64)| {
            (u128::from(left) * u128::from(right_units)).cmp(&(u128::from(right) * u128::from(left_units)))
        };
        let simple = |candidate: &Candidate| {
            // Compared per cost, the cost drops out.
            let cost = if self.per_cost { 1 } else { self.instance.cost(candidate.project) };
            candidate.price.units.map(|units| (cost, filter::whole(units)))
        };
        for candidate in &self.candidates {
            let Some(price) = simple(candidate) else { return false };
            if best.is_none_or(|best| compare(price, best).is_lt()) {
                best = Some(price);
            }
        }
        let heap = &mut self.heap;
        self.candidates.retain(|candidate| {
            let is_best =
                simple(candidate).zip(best).is_some_and(|(price, best)| compare(price, best).is_eq());
            if !is_best {
                heap.push(Reverse((Bound(candidate.low), candidate.project)));
            }
            is_best
        });
        true
    }

    /// Compares the candidates in whole numbers, and keeps those that share the lowest price.
    fn keep_exactly_best(&mut self, trace: &Trace) {
        let mut candidates = std::mem::take(&mut self.candidates);
        let mut exact = Vec::with_capacity(candidates.len());
        for candidate in &mut candidates {
            let found = candidate.exact.take().or_else(|| self.exact_price(candidate.project, trace));
            exact.push(found);
        }
        let by = |project| if self.per_cost { self.instance.cost(project) } else { 1 };
        let mut best: Option<(ExactPrice, u64)> = None;
        let mut kept = Vec::new();
        for (candidate, exact) in candidates.into_iter().zip(exact) {
            // A candidate that turns out not to be affordable drops out.
            let Some(exact) = exact else { continue };
            let by = by(candidate.project);
            let order = best
                .as_ref()
                .map_or(Ordering::Less, |(best, best_by)| Ledger::compare((&exact, by), (best, *best_by)));
            if order == Ordering::Less {
                best = Some((exact.clone(), by));
                for loser in kept.drain(..) {
                    let loser: Candidate = loser;
                    self.heap.push(Reverse((Bound(loser.low), loser.project)));
                }
            }
            if order == Ordering::Greater {
                self.heap.push(Reverse((Bound(candidate.low), candidate.project)));
            } else {
                let price =
                    filter::exact_price(ledger_of(&mut self.ledger, self.instance, trace).rounded(&exact));
                kept.push(Candidate { exact: Some(exact), price, ..candidate });
            }
        }
        self.candidates = kept;
    }
}
