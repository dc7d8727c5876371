//! Whole numbers that are wide enough.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Rem, Sub};

use num_bigint::BigUint;

/// A whole number without sign: `u128` where all products are known to fit, else [`BigUint`].
pub(super) trait Number:
    Clone
    + Ord
    + From<u64>
    + From<u128>
    + TryInto<u64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
{
    /// Compares the fractions `self/own` and `other/others` of positive denominators, exactly.
    fn cmp_fractions(&self, own: u128, other: &Self, others: u128) -> Ordering;
}

impl Number for u128 {
    fn cmp_fractions(&self, own: u128, other: &Self, others: u128) -> Ordering {
        wide_product(*self, others).cmp(&wide_product(*other, own))
    }
}

impl Number for BigUint {
    fn cmp_fractions(&self, own: u128, other: &Self, others: u128) -> Ordering {
        (self * others).cmp(&(other * own))
    }
}

/// The product in 256 bits, the higher half first, so that products compare as pairs.
fn wide_product(one: u128, other: u128) -> (u128, u128) {
    if let Some(product) = one.checked_mul(other) {
        return (0, product);
    }
    let (low, high) = one.carrying_mul(other, 0);
    (high, low)
}

/// Whether all arithmetic on shares of the total fits 128 bits: no product is larger
/// than that of the sum and the total.
pub(super) fn fits(weights: impl IntoIterator<Item = u128>, total: u128) -> bool {
    weights.into_iter().try_fold(0_u128, u128::checked_add).and_then(|sum| sum.checked_mul(total)).is_some()
}
