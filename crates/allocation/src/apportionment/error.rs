//! Why a split is refused.

/// A total cannot be split over the claims given. Claims are told by their place in the list, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApportionError {
    /// There is nobody to give to.
    #[error("there are no claims; give at least one")]
    NoClaims,
    /// Every weight is zero, so no share is more right than another.
    #[error("all weights are zero; give at least one claim a positive weight")]
    ZeroWeights,
    /// A claim must have at least more than it may have at most.
    #[error(
        "claim {claim} must have at least {lower} units but may have at most {upper}; lower the one or raise the other"
    )]
    BoundsCrossed {
        /// The claim's place in the list, from 0.
        claim: usize,
        /// What it must have at least, in units.
        lower: u64,
        /// What it may have at most, in units.
        upper: u64,
    },
    /// The bounds of all claims together leave no room for the total.
    #[error(
        "{total} units cannot be split: the lower bounds come to {least} and the upper bounds to {}; change the bounds or the total",
        most.map_or_else(|| "no limit".to_owned(), |most| most.to_string())
    )]
    BoundsDoNotMeetTotal {
        /// The absolute value of the total, in units.
        total: u64,
        /// The sum of the lower bounds, in units.
        least: u128,
        /// The sum of the upper bounds, in units; none where some claim has no upper bound.
        most: Option<u128>,
    },
    /// Two claims have the same place in the tie order.
    #[error("two claims have rank {rank}; give each its own place in the tie order")]
    RankTwice {
        /// The rank that was met twice.
        rank: u32,
    },
    /// More claims than there are ranks.
    #[error("more claims than there are ranks (4294967296); split the list")]
    TooManyClaims,
    /// The line that takes what is left is not in the list.
    #[error("line {line} cannot take what is left, as there are {lines} lines; count from 0")]
    NoSuchLine {
        /// The line that was named, from 0.
        line: usize,
        /// How many lines there are.
        lines: usize,
    },
    /// There is no total with one unit more.
    #[error("the total is already the largest there is; try a smaller one")]
    TotalTooLarge,
}
