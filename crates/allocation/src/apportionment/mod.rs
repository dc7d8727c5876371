//! Apportionment: splitting a whole number of units over weighted claims, exactly.
//!
//! A *unit* is whatever the caller counts in: øre, kroner, seats or places. Weights are pure numbers; only their
//! ratios matter. Nothing here knows what a unit is worth, and nothing is ever rounded on the way: a product that
//! does not fit 128 bits is computed with big integers.
//!
//! | what | function |
//! |---|---|
//! | claims with bounds and a published tie order | [`apportion`] |
//! | bare weights, where the list is the tie order | [`apportion_weights`] |
//! | each part nearest, one line takes what is left | [`nearest_with_remainder`] |
//! | who would lose by one unit more | [`alabama_losers`] |
//! | weights as people write them | [`parse_weight`], [`to_common_weights`] |
//! | a published tie order from names | [`tie_ranks`] |
//!
//! The methods and their names follow M. L. Balinski and H. P. Young, *Fair Representation* (1982), and for bounds
//! their chapter on requirements. A result is a function of the *set* of claims: their order in the list is never
//! seen, ties are broken by [`Claim::rank`] alone, and every tie that mattered is told in [`Apportionment::ties`].

mod claim;
mod divisor;
mod error;
mod exchange;
mod fill;
mod method;
mod nearest;
mod number;
mod paradox;
mod ratio;
mod remainder;
mod select;
mod solve;
mod tie_break;
mod weights;

pub use claim::{Apportionment, Claim, Tie};
pub use error::ApportionError;
pub use method::{Method, MethodParseError};
pub use nearest::nearest_with_remainder;
pub use paradox::{AlabamaLoss, alabama_losers};
pub use ratio::{Ratio, WeightError, parse_weight, to_common_weights};
pub use solve::{apportion, apportion_weights};
pub use tie_break::{TieBreak, TieBreakError, tie_ranks};
