//! How a place that ended is shared among those it ended in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

/// Weights of splits, such as inhabitants or employees of the parts, by day, old and new number.
///
/// Lists of reforms have no shares. Where none are given, the parts are equal, and whatever rests on them says so.
#[derive(Debug, Clone, Default)]
pub struct SplitWeights {
    weights: BTreeMap<(Date, String, String), u64>,
}

impl SplitWeights {
    /// Weights of nothing: all parts are equal.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds the weight of one part.
    pub fn with(mut self, on: Date, old: &str, new: &str, weight: u64) -> Self {
        self.weights.insert((on, old.to_owned(), new.to_owned()), weight);
        self
    }

    /// The share of each part, which add up to one, and whether they are assumed. Weights count if all parts have one and not all are zero.
    pub(super) fn of(&self, on: Date, old: &str, parts: &[&str]) -> (Vec<BigRational>, bool) {
        let weight = |new: &&str| self.weights.get(&(on, old.to_owned(), (*new).to_owned())).copied();
        let weights: Option<Vec<BigInt>> = parts.iter().map(|new| weight(new).map(BigInt::from)).collect();
        let given = weights.filter(|weights| weights.iter().any(|weight| !weight.is_zero()));
        let is_assumed = given.is_none() && parts.len() > 1;
        let weights = given.unwrap_or_else(|| vec![BigInt::one(); parts.len()]);
        let whole: BigInt = weights.iter().sum();
        (weights.into_iter().map(|weight| BigRational::new(weight, whole.clone())).collect(), is_assumed)
    }
}
