//! What is asked for, and what comes out.

use super::{ApportionError, Method};

/// One claim on a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// How heavy the claim is against the others; a pure number. Zero asks for nothing.
    pub weight: u128,
    /// The least it must have, in whole units.
    pub lower: u64,
    /// The most it may have, in whole units; none is no limit.
    pub upper: Option<u64>,
    /// Its place in the published tie order. Lower goes first; no two claims share one. See
    /// [`tie_ranks`](super::tie_ranks).
    pub rank: u32,
}

impl Claim {
    /// A claim without bounds.
    pub const fn new(weight: u128, rank: u32) -> Self {
        Self { weight, lower: 0, upper: None, rank }
    }
}

/// A total, split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apportionment {
    /// The method it was split by.
    pub method: Method,
    /// What was split, in units.
    pub total: i64,
    /// The part of each claim in units, in the order of the claims; they add up to the total.
    pub parts: Vec<i64>,
    /// The tie that was decided by rank, where there was one. Empty exactly when no other result would have been
    /// equally valid.
    pub ties: Vec<Tie>,
}

/// Claims that were equally entitled to the last units, with fewer units than claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// All who were equally entitled, as places in the list of claims, those of lower rank first: the first
    /// [`units`](Self::units) of them got one unit each.
    pub claims: Vec<usize>,
    /// How many units were given among them.
    pub units: u64,
}

/// A claim as the solvers see it. Upper bounds are never above the total.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Positive.
    pub(super) weight: u128,
    pub(super) lower: u64,
    pub(super) upper: u64,
    pub(super) rank: u32,
    /// The place in the caller's list.
    pub(super) index: usize,
}

/// Refuses claims over which nothing can be split, whatever the method.
pub(super) fn check(total: u64, claims: &[Claim]) -> Result<(), ApportionError> {
    if claims.is_empty() {
        return Err(ApportionError::NoClaims);
    }
    if claims.iter().all(|claim| claim.weight == 0) {
        return Err(ApportionError::ZeroWeights);
    }
    let (mut least, mut most) = (0_u128, Some(0_u128));
    for (index, claim) in claims.iter().enumerate() {
        if let Some(upper) = claim.upper.filter(|upper| *upper < claim.lower) {
            return Err(ApportionError::BoundsCrossed { claim: index, lower: claim.lower, upper });
        }
        least += u128::from(claim.lower);
        most = most.zip(claim.upper).map(|(sum, upper)| sum + u128::from(upper));
    }
    let mut ranks: Vec<u32> = claims.iter().map(|claim| claim.rank).collect();
    ranks.sort_unstable();
    if let Some(pair) = ranks.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(ApportionError::RankTwice { rank: pair[0] });
    }
    let wanted = u128::from(total);
    if least > wanted || most.is_some_and(|most| most < wanted) {
        return Err(ApportionError::BoundsDoNotMeetTotal { total, least, most });
    }
    Ok(())
}
