//! Loads in whole numbers, worked out only where the filter is not sure.

use std::cmp::Ordering;

use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::One;

use crate::budget::BudgetInstance;
use crate::budget::whole::{quotient, reduce_by};

/// Not bought.
pub(super) const NEVER: u32 = u32::MAX;

/// A load: `numerator / (votes × the ledger's denominator)`.
pub(super) struct ExactLoad {
    numerator: BigUint,
    votes: u64,
}

impl ExactLoad {
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (&self.numerator * other.votes).cmp(&(&other.numerator * self.votes))
    }
}

pub(super) struct Ledger {
    denominator: BigUint,
    /// The load of each purchase over the denominator; the last ones may be missing.
    loads: Vec<BigUint>,
    counts: Vec<u64>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { denominator: BigUint::one(), loads: Vec::new(), counts: Vec::new() }
    }
}

impl Ledger {
    /// Works out the loads of all purchases.
    pub(super) fn complete(&mut self, instance: &BudgetInstance, bought: &[u32], purchases: &[u32]) {
        while self.loads.len() < bought.len() {
            let load = self.load(instance, purchases, bought[self.loads.len()]);
            let (numerator, votes) = reduce_by(load.numerator, load.votes);
            if votes != 1 {
                self.denominator *= votes;
                for load in &mut self.loads {
                    *load *= votes;
                }
            }
            self.loads.push(numerator);
        }
    }

    /// The load of a project's supporters if it is bought after the purchases whose loads are known.
    pub(super) fn load(&mut self, instance: &BudgetInstance, purchases: &[u32], project: u32) -> ExactLoad {
        let profile = &instance.approvals;
        let known = u32::try_from(self.loads.len()).unwrap_or(NEVER);
        self.counts.clear();
        self.counts.resize(self.loads.len(), 0);
        for &group in profile.supporters(project) {
            let bought = profile.ballot(group).iter().map(|&named| purchases[named as usize]);
            if let Some(last) = bought.filter(|&purchase| purchase < known).max() {
                self.counts[last as usize] += u64::from(profile.weights[group as usize]);
            }
        }
        let cost = &self.denominator * instance.cost(project);
        let carried = self.counts.iter().zip(&self.loads).filter(|(count, _)| **count > 0);
        let numerator = carried.fold(cost, |sum, (&count, load)| sum + load * count);
        ExactLoad { numerator, votes: instance.votes(project) }
    }

    pub(super) fn rounded(&self, load: &ExactLoad) -> f64 {
        quotient(&load.numerator, &(&self.denominator * load.votes))
    }

    pub(super) fn fractions(&self) -> Vec<BigRational> {
        let fraction =
            |load: &BigUint| BigRational::new(load.clone().into(), self.denominator.clone().into());
        self.loads.iter().map(fraction).collect()
    }
}
