//! Whole numbers of any size.

use num_bigint::BigUint;
use num_traits::{ToPrimitive, Zero};

/// Divides both by their greatest common divisor.
pub(super) fn reduce_by(numerator: BigUint, units: u64) -> (BigUint, u64) {
    if numerator.is_zero() {
        return (numerator, 1);
    }
    let rest = (&numerator % units).to_u64().unwrap_or(0);
    let divisor = gcd(units, rest);
    if divisor == 1 { (numerator, units) } else { (numerator / divisor, units / divisor) }
}

pub(super) fn gcd(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// The quotient, right up to a relative error of 2⁻⁵⁰: both are cut to their first 64 bits (an error of 2⁻⁶³ each) and
/// rounded to 53 (2⁻⁵³ each), and the division rounds once more.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a rounded value for filters, with a known error"
)]
pub(super) fn quotient(numerator: &BigUint, denominator: &BigUint) -> f64 {
    let (upper, upper_shift) = leading(numerator);
    let (lower, lower_shift) = leading(denominator);
    let shift =
        i32::try_from(upper_shift).unwrap_or(i32::MAX) - i32::try_from(lower_shift).unwrap_or(i32::MAX);
    upper as f64 / lower as f64 * 2.0_f64.powi(shift)
}

fn leading(number: &BigUint) -> (u64, u64) {
    let shift = number.bits().saturating_sub(64);
    ((number >> shift).to_u64().unwrap_or(0), shift)
}
