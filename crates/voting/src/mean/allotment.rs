//! Allotment: each seat hands out points.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::{MeanCount, MeanError, Sums};
use crate::quorum::QuorumCheck;
use crate::tie::TieChain;

/// One seat's points.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allotment {
    /// Points by option; an option left out gets none.
    pub points: BTreeMap<String, u32>,
    /// Options on which the seat is recused: it says nothing about them.
    #[serde(default)]
    pub recused: BTreeSet<String>,
}

/// Counts allotted points, of which each seat has at most `most` to hand out. Options are ordered by the mean over the seats
/// that may speak of them; without recusals that is by the sum.
///
/// # Errors
/// [`MeanError`] where the options, a ballot or the tie chain are not usable; also where the quorum is not met.
pub fn count_allotment(
    options: &[String],
    ballots: &[Allotment],
    most: u32,
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<MeanCount, MeanError> {
    let mut sums = Sums::new(options)?;
    for (number, ballot) in ballots.iter().enumerate() {
        let given: u64 = ballot.points.values().map(|&points| u64::from(points)).sum();
        if given > u64::from(most) {
            return Err(MeanError::TooHigh { ballot: number, given, most: most.into() });
        }
        let mut points = vec![Some(0_u32); sums.options.len()];
        for option in &ballot.recused {
            points[sums.index(number, option)?] = None;
        }
        for (option, &given) in &ballot.points {
            let slot = &mut points[sums.index(number, option)?];
            match slot {
                Some(points) => *points = given,
                None => return Err(MeanError::Recused { ballot: number, option: option.clone() }),
            }
        }
        for (index, points) in points.into_iter().enumerate() {
            if let Some(points) = points {
                sums.add(index, BigRational::from(BigInt::from(points)));
            }
        }
    }
    sums.finish(ballots.len(), quorum, ties)
}
