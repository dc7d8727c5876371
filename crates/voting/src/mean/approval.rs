//! Approval: each seat names the options that it approves.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::{MeanCount, MeanError, Sums};
use crate::quorum::QuorumCheck;
use crate::tie::TieChain;

/// One seat's approvals.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approval {
    /// The options that the seat approves.
    pub approved: BTreeSet<String>,
    /// Options on which the seat is recused: it says nothing about them.
    #[serde(default)]
    pub recused: BTreeSet<String>,
}

/// Counts approvals. Options are ordered by the part of the seats that may speak of them and approve; without recusals
/// that is by the number of approvals. The number is the round's sum.
///
/// # Errors
/// [`MeanError`] where the options, a ballot or the tie chain are not usable; also where the quorum is not met.
pub fn count_approval(
    options: &[String],
    ballots: &[Approval],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<MeanCount, MeanError> {
    let mut sums = Sums::new(options)?;
    for (number, ballot) in ballots.iter().enumerate() {
        let mut speaks = vec![true; sums.options.len()];
        let mut approves = vec![false; sums.options.len()];
        for option in &ballot.recused {
            speaks[sums.index(number, option)?] = false;
        }
        for option in &ballot.approved {
            let index = sums.index(number, option)?;
            if !speaks[index] {
                return Err(MeanError::Recused { ballot: number, option: option.clone() });
            }
            approves[index] = true;
        }
        for index in (0..speaks.len()).filter(|&index| speaks[index]) {
            sums.add(index, BigRational::from(BigInt::from(u8::from(approves[index]))));
        }
    }
    sums.finish(ballots.len(), quorum, ties)
}
