//! `tildel apportion`: splits a total over weights at the command line.

mod arguments;
mod show;
mod weights;

use tildel_allocation::apportionment::{
    AlabamaLoss, Claim, Method, Tie, alabama_losers, apportion, nearest_with_remainder, tie_ranks,
    to_common_weights,
};

pub(crate) use arguments::Arguments;

use arguments::How;
use weights::Weights;

/// What came out, in the order of the weights.
struct Split {
    how: How,
    total: i64,
    names: Vec<String>,
    /// As they were written.
    written: Vec<String>,
    /// Over their common denominator.
    weights: Vec<u128>,
    parts: Vec<i64>,
    ties: Vec<Tie>,
    /// For largest remainder: who would lose by one unit more.
    alabama: Vec<AlabamaLoss>,
}

/// Splits, and gives the text to print; what is wrong with the arguments is told in one sentence.
pub(crate) fn run(arguments: &Arguments) -> Result<String, String> {
    let how = arguments.how()?;
    let Weights { names, written, ratios } = arguments.weights()?;
    let weights = to_common_weights(&ratios).map_err(|error| error.to_string())?;
    let keys: Vec<&str> = names.iter().map(String::as_str).collect();
    let ranks = tie_ranks(&keys, &weights, &arguments.ties()?).map_err(|error| error.to_string())?;
    let claims: Vec<Claim> =
        weights.iter().zip(ranks).map(|(weight, rank)| Claim::new(*weight, rank)).collect();
    let total = arguments.total;
    let told = |error: tildel_allocation::apportionment::ApportionError| error.to_string();
    let (parts, ties) = match &how {
        How::Method(method) => {
            let split = apportion(total, &claims, *method).map_err(told)?;
            (split.parts, split.ties)
        }
        How::Nearest { remainder_on } => {
            let place = names.iter().position(|name| name == remainder_on).ok_or_else(|| {
                format!(
                    "`{remainder_on}` is none of the names; --remainder-on takes one of {}",
                    names.join(", ")
                )
            })?;
            (nearest_with_remainder(total, &weights, place).map_err(told)?, Vec::new())
        }
    };
    let alabama = match how {
        // The largest total has none with one unit more.
        How::Method(Method::LargestRemainder) => alabama_losers(total, &claims).unwrap_or_default(),
        _ => Vec::new(),
    };
    let split = Split { how, total, names, written, weights, parts, ties, alabama };
    Ok(if arguments.json { show::json(&split) } else { show::table(&split) })
}
