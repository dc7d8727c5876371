//! The Alabama paradox: one unit more in total, and somebody gets less.

use super::{ApportionError, Claim, Method, apportion};

/// A claim that would get less if there were one unit more to split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlabamaLoss {
    /// The claim's place in the list, from 0.
    pub claim: usize,
    /// Its part of the total, in units.
    pub part: i64,
    /// Its part of one unit more, in units.
    pub part_with_one_more: i64,
}

/// Who would get less by largest remainder if the total were one unit larger (for a negative total: one unit further
/// from zero), in the order of the claims.
///
/// Found in 1880, when Alabama would have had 8 of 299 seats but 7 of 300 (Balinski and Young, *Fair Representation*,
/// 1982). Divisor methods have no such losers. With money the loss is one unit.
///
/// # Errors
/// As [`apportion`], for either total; also where the total is the largest there is.
pub fn alabama_losers(total: i64, claims: &[Claim]) -> Result<Vec<AlabamaLoss>, ApportionError> {
    let one_more = if total < 0 { total.checked_sub(1) } else { total.checked_add(1) };
    let one_more = one_more.ok_or(ApportionError::TotalTooLarge)?;
    let before = apportion(total, claims, Method::LargestRemainder)?.parts;
    let after = apportion(one_more, claims, Method::LargestRemainder)?.parts;
    let losses = before.into_iter().zip(after).enumerate();
    Ok(losses
        .filter(|(_, (part, with_one_more))| with_one_more.unsigned_abs() < part.unsigned_abs())
        .map(|(claim, (part, part_with_one_more))| AlabamaLoss { claim, part, part_with_one_more })
        .collect())
}
