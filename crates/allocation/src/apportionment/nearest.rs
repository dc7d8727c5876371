//! Instalments: each part nearest, and one line takes what is left.

use num_bigint::BigUint;

use super::ApportionError;
use super::number::{Number, fits};
use super::solve::signed;

/// Splits `total` units so that each part is the whole number nearest to `total·w/W`, a half away from zero, and the
/// line `remainder_on` (from 0) takes what is left, so that the sum is exact.
///
/// This is how instalments such as 7/12 and 5/12 are computed; shares are rounded once. The line that takes what is
/// left may be off by a unit for every two other lines, and below zero where its own weight is small: for more than
/// a few lines, [`apportion`](super::apportion) is the better rule.
///
/// ```
/// use tildel_allocation::apportionment::nearest_with_remainder;
///
/// assert_eq!(nearest_with_remainder(22_284, &[7, 5], 1)?, [12_999, 9_285]);
/// # Ok::<(), tildel_allocation::apportionment::ApportionError>(())
/// ```
///
/// # Errors
/// Without weights, with weights that are all zero, or when the line is not in the list.
pub fn nearest_with_remainder(
    total: i64,
    weights: &[u128],
    remainder_on: usize,
) -> Result<Vec<i64>, ApportionError> {
    if weights.is_empty() {
        return Err(ApportionError::NoClaims);
    }
    if remainder_on >= weights.len() {
        return Err(ApportionError::NoSuchLine { line: remainder_on, lines: weights.len() });
    }
    if weights.iter().all(|weight| *weight == 0) {
        return Err(ApportionError::ZeroWeights);
    }
    let size = total.unsigned_abs();
    // Rounding doubles a product and adds the sum of the weights, and doubles that too.
    let is_small = fits(weights.iter().copied(), 2 * u128::from(size) + 2);
    let nearest = if is_small { nearest::<u128> } else { nearest::<BigUint> };
    let mut parts: Vec<i64> =
        nearest(size, weights).into_iter().map(|part| signed(part, total < 0)).collect();
    // Within the range of the total, as the others lie between none and all of it; summed wide, as halves round up.
    let others: i128 = parts
        .iter()
        .enumerate()
        .filter(|(line, _)| *line != remainder_on)
        .map(|(_, part)| i128::from(*part))
        .sum();
    parts[remainder_on] =
        i64::try_from(i128::from(total) - others).map_err(|_| ApportionError::TooManyClaims)?;
    Ok(parts)
}

fn nearest<N: Number>(size: u64, weights: &[u128]) -> Vec<u64> {
    let sum = weights.iter().fold(N::from(0_u64), |sum, weight| sum + N::from(*weight));
    let twice = sum.clone() + sum.clone();
    weights
        .iter()
        .map(|weight| {
            let product = N::from(*weight) * N::from(size);
            let doubled = product.clone() + product + sum.clone();
            // No share is larger than the total, and the total is a whole number.
            (doubled / twice.clone()).try_into().unwrap_or(size)
        })
        .collect()
}
