//! From claims to parts.

use super::claim::{Entry, check};
use super::{ApportionError, Apportionment, Claim, Method, Tie, divisor, remainder, weights};

/// Splits `total` units over claims.
///
/// Without bounds this is the method as published. With bounds, a divisor method rounds `w/λ` and clamps it to the
/// bounds, for the λ that gives the total (requirements: Balinski and Young, *Fair Representation*, 1982); largest
/// remainder clamps the exact shares `w·μ` to the bounds, for the μ that gives the total, rounds them down, and gives
/// the units left over to the largest fractions. A claim of weight zero gets its lower bound, and more only when all
/// others have their upper bound; such claims share as if they weighed the same.
///
/// Where the first unit is free ([`Method::Adams`], [`Method::HuntingtonHill`], [`Method::Dean`]) and there are fewer
/// units than claims, the heaviest get one each.
///
/// A negative total is the exact mirror image of the positive one: the bounds hold of the absolute value.
///
/// The cost grows as `n log n` in the number of claims and not with the total.
///
/// ```
/// use tildel_allocation::apportionment::{Claim, Method, apportion};
///
/// let claims = [412, 87, 133, 951, 12];
/// let claims: Vec<Claim> = (0..).zip(claims).map(|(rank, weight)| Claim::new(weight, rank)).collect();
/// let split = apportion(5_300_001, &claims, Method::LargestRemainder)?;
/// assert_eq!(split.parts, [1_369_028, 289_091, 441_944, 3_160_063, 39_875]);
/// assert!(split.ties.is_empty());
/// # Ok::<(), tildel_allocation::apportionment::ApportionError>(())
/// ```
///
/// # Errors
/// Without claims or with weights that are all zero, also for a total of zero; with bounds that are crossed or leave
/// no room for the total; with two claims of one rank.
pub fn apportion(total: i64, claims: &[Claim], method: Method) -> Result<Apportionment, ApportionError> {
    let size = total.unsigned_abs();
    check(size, claims)?;
    let lowest_of_zeros: u128 =
        claims.iter().filter(|claim| claim.weight == 0).map(|claim| u128::from(claim.lower)).sum();
    let most_of_weighted: Option<u128> =
        claims.iter().filter(|claim| claim.weight > 0).map(|claim| claim.upper.map(u128::from)).sum();
    // Both fit, as the bounds meet the total.
    let room = u64::try_from(u128::from(size) - lowest_of_zeros).unwrap_or(size);
    let for_weighted =
        most_of_weighted.and_then(|most| u64::try_from(most).ok()).map_or(room, |most| most.min(room));

    let mut parts = vec![0; claims.len()];
    let mut ties = Vec::new();
    for (units, weighted) in [(for_weighted, true), (size - for_weighted, false)] {
        let entries = entries(units, claims, weighted);
        let (split, tie) = split(method, units, &entries);
        for (entry, part) in entries.iter().zip(split) {
            parts[entry.index] = signed(part, total < 0);
        }
        ties.extend(tie);
    }
    Ok(Apportionment { method, total, parts, ties })
}

/// Splits `total` units over bare weights: [`apportion`] without bounds, where the place in the list is the rank.
///
/// Largest remainder takes linear time here, and no memory beyond the parts and the tie that is told.
///
/// # Errors
/// Without weights or with weights that are all zero, also for a total of zero.
pub fn apportion_weights(
    total: i64,
    weights: &[u64],
    method: Method,
) -> Result<Apportionment, ApportionError> {
    if method == Method::LargestRemainder {
        let (parts, tie) = weights::split(total, weights)?;
        return Ok(Apportionment { method, total, parts, ties: tie.into_iter().collect() });
    }
    let mut claims = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let rank = u32::try_from(index).map_err(|_| ApportionError::TooManyClaims)?;
        claims.push(Claim::new(u128::from(*weight), rank));
    }
    apportion(total, &claims, method)
}

/// The claims with weight, or those without; the latter weigh the same.
fn entries(units: u64, claims: &[Claim], weighted: bool) -> Vec<Entry> {
    claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| (claim.weight > 0) == weighted)
        .map(|(index, claim)| Entry {
            weight: claim.weight.max(1),
            lower: claim.lower,
            upper: claim.upper.map_or(units, |upper| upper.min(units)),
            rank: claim.rank,
            index,
        })
        .collect()
}

fn split(method: Method, total: u64, entries: &[Entry]) -> (Vec<u64>, Option<Tie>) {
    match method {
        _ if entries.is_empty() => (Vec::new(), None),
        Method::LargestRemainder => remainder::split(total, entries),
        _ => divisor::split(method, total, entries),
    }
}

/// A part of the absolute total with the total's sign. No part is larger than the total, so it fits.
pub(super) const fn signed(part: u64, negative: bool) -> i64 {
    if negative { 0_i64.wrapping_sub_unsigned(part) } else { part.cast_signed() }
}
