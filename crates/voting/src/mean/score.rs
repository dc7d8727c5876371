//! Scores: each seat scores options on criteria.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::{MeanCount, MeanError, Sums, sorted};
use crate::quorum::QuorumCheck;
use crate::tie::TieChain;

/// What options are scored on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// Its weight among the others.
    pub weight: u32,
    /// The highest score; the lowest is 0.
    pub most: u32,
}

/// One seat's scores, by option and criterion. A seat scores an option on all criteria or on none; of an option that it
/// leaves out, because it is recused or has no opinion, it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScoreBallot {
    /// By option, then by criterion.
    pub scores: BTreeMap<String, BTreeMap<String, u32>>,
}

/// Counts scores. A seat's score of an option is the weighted mean over the criteria; options are ordered by the mean over
/// the seats that scored them.
///
/// # Errors
/// [`MeanError`] where the options, criteria, a ballot or the tie chain are not usable; also where the quorum is not met.
pub fn count_score(
    options: &[String],
    criteria: &[Criterion],
    ballots: &[ScoreBallot],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<MeanCount, MeanError> {
    sorted(criteria.iter().map(|criterion| criterion.name.as_str()))?;
    let weights: u64 = criteria.iter().map(|criterion| u64::from(criterion.weight)).sum();
    if weights == 0 {
        return Err(MeanError::NoCriterion);
    }
    let mut sums = Sums::new(options)?;
    for (number, ballot) in ballots.iter().enumerate() {
        for (option, scores) in &ballot.scores {
            let index = sums.index(number, option)?;
            let is_known = |name: &String| criteria.iter().any(|criterion| criterion.name == *name);
            if let Some(name) = scores.keys().find(|name| !is_known(name)) {
                return Err(MeanError::Unknown { ballot: number, name: name.clone() });
            }
            let mut weighted = 0_u128;
            for Criterion { name, weight, most } in criteria {
                let &given = scores
                    .get(name)
                    .ok_or_else(|| MeanError::Incomplete { ballot: number, option: option.clone() })?;
                if given > *most {
                    return Err(MeanError::TooHigh {
                        ballot: number,
                        given: given.into(),
                        most: (*most).into(),
                    });
                }
                weighted += u128::from(given) * u128::from(*weight);
            }
            sums.add(index, BigRational::new(BigInt::from(weighted), BigInt::from(weights)));
        }
    }
    sums.finish(ballots.len(), quorum, ties)
}
