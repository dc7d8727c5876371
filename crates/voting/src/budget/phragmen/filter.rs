//! Loads in floating point, with a bound on their relative error.
//!
//! With `ε = 2⁻⁵³`: every load `l̃` is within a factor `1 ± error` of the true one. A project's next load is a sum of `n`
//! non-negative products plus a whole number, over a whole number, and nothing cancels, so that its relative error is below
//! `error + 2 (n + 8) ε`. Whole numbers below 2⁵³ are exact.
#![expect(
    clippy::float_arithmetic,
    reason = "a filter: what is closer than its error is decided by whole numbers"
)]
#![expect(clippy::cast_precision_loss, reason = "whole numbers below 2^53 are exact")]

use crate::budget::profile::Profile;

/// 2⁻⁵³, the largest relative error of one rounding.
const EPSILON: f64 = f64::EPSILON / 2.0;

/// A group's load per ballot and its number of ballots.
#[derive(Clone, Copy)]
struct Load {
    load: f64,
    weight: f64,
}

pub(super) struct Loads {
    loads: Vec<Load>,
    error: f64,
}

impl Loads {
    pub(super) fn new(profile: &Profile) -> Self {
        let load = |&weight: &u32| Load { load: 0.0, weight: f64::from(weight) };
        Self { loads: profile.weights.iter().map(load).collect(), error: 0.0 }
    }

    /// A lower bound on a project's load at any time.
    pub(super) fn least(cost: u64, votes: u64) -> f64 {
        cost as f64 / votes as f64 * (1.0 - 4.0 * EPSILON)
    }

    /// Bounds on a project's next load.
    pub(super) fn bounds(&self, supporters: &[u32], cost: u64, votes: u64) -> (f64, f64) {
        // Four sums, so that one addition need not wait for the one before.
        let mut sums = [0.0; 4];
        let mut fours = supporters.chunks_exact(4);
        for four in &mut fours {
            for (sum, &group) in sums.iter_mut().zip(four) {
                let Load { load, weight } = self.loads[group as usize];
                *sum += load * weight;
            }
        }
        for &group in fours.remainder() {
            let Load { load, weight } = self.loads[group as usize];
            sums[0] += load * weight;
        }
        let load = (cost as f64 + (sums[0] + sums[1]) + (sums[2] + sums[3])) / votes as f64;
        let error = (self.error + 2.0 * (supporters.len() as f64 + 8.0) * EPSILON) * (1.0 + 4.0 * EPSILON);
        (load * (1.0 - error) * (1.0 - 4.0 * EPSILON), load * (1.0 + error) * (1.0 + 4.0 * EPSILON))
    }

    /// Gives supporters a load that lies between these.
    pub(super) fn set(&mut self, supporters: &[u32], low: f64, high: f64) {
        let load = low + (high - low) / 2.0;
        for &group in supporters {
            self.loads[group as usize].load = load;
        }
        if load > 0.0 {
            // The true load is at most half the distance away, relative to the lower end.
            let error = ((high - low) / 2.0 / low + 4.0 * EPSILON) * (1.0 + 4.0 * EPSILON);
            self.error = self.error.max(error);
        }
    }
}

/// Bounds on a load from the ledger, whose rounding errs by less than 2⁻⁵⁰.
pub(super) fn exact_bounds(rounded: f64) -> (f64, f64) {
    (rounded * (1.0 - 16.0 * EPSILON), rounded * (1.0 + 16.0 * EPSILON))
}
