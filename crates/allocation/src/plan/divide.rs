//! Dividing whole units by exact weights.

use crate::apportionment::{Apportionment, Claim, Method, apportion};
use crate::money::Overflow;
use crate::{Exact, Nok};

/// Divides units over exact weights of at least zero; the place in the list is the rank in ties.
pub(super) fn divide(
    units: i64,
    weights: &[Exact],
    bounds: impl Fn(usize) -> (u64, Option<u64>),
    method: Method,
) -> Result<Apportionment, Overflow> {
    let weights = whole_weights(weights)?;
    let claims = weights
        .into_iter()
        .enumerate()
        .map(|(place, weight)| {
            let (lower, upper) = bounds(place);
            Ok(Claim { weight, lower, upper, rank: u32::try_from(place).map_err(|_| Overflow)? })
        })
        .collect::<Result<Vec<_>, Overflow>>()?;
    // Weights, bounds and ranks are right by construction; what is left is a number that does not fit.
    apportion(units, &claims, method).map_err(|_| Overflow)
}

/// Divides an amount to the øre by largest remainder, without bounds; all weights zero are all alike.
pub(super) fn divide_ore(amount: Nok, weights: &[Exact]) -> Result<Vec<Nok>, Overflow> {
    if weights.len() == 1 {
        return Ok(vec![amount]);
    }
    let alike = vec![Exact::whole(1); weights.len()];
    let weights = if weights.iter().all(|weight| weight.is_zero()) { &alike } else { weights };
    let divided = divide(amount.ore(), weights, |_| (0, None), Method::LargestRemainder)?;
    Ok(divided.parts.into_iter().map(Nok::from_ore).collect())
}

/// The weights as whole numbers, over their common denominator.
fn whole_weights(weights: &[Exact]) -> Result<Vec<u128>, Overflow> {
    let mut common = 1_u128;
    for weight in weights {
        let denominator = weight.denominator().unsigned_abs();
        if !common.is_multiple_of(denominator) {
            common = common.checked_mul(denominator / gcd(common, denominator)).ok_or(Overflow)?;
        }
    }
    weights
        .iter()
        .map(|weight| {
            let numerator = u128::try_from(weight.numerator()).map_err(|_| Overflow)?;
            numerator.checked_mul(common / weight.denominator().unsigned_abs()).ok_or(Overflow)
        })
        .collect()
}

fn gcd(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}
