//! Methods of means: approval, scores and allotted points. An option's value is a sum over the seats that may speak of it,
//! divided by their number, so that a recusal neither helps nor harms it.

mod allotment;
mod approval;
mod score;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

use crate::place::{Place, groups_of_equal, place};
use crate::quorum::QuorumCheck;
use crate::tie::{Resolver, SeedError, Tie, TieChain};
pub use allotment::{Allotment, count_allotment};
pub use approval::{Approval, count_approval};
pub use score::{Criterion, ScoreBallot, count_score};

/// The count of approvals, scores or allotted points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeanCount {
    /// The options from the first place down; empty where the quorum is not met.
    pub order: Vec<Place>,
    /// The ties that were met, by place.
    pub ties: Vec<Tie>,
    /// What the order rests on, in the order of the options' texts.
    pub rounds: Vec<MeanRound>,
    /// The ballots cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

/// An option's sum and mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeanRound {
    /// The option.
    pub option: String,
    /// The sum, an exact fraction.
    pub sum: String,
    /// The seats that it is divided by.
    pub seats: u32,
    /// Sum divided by seats; `None` without seats.
    pub mean: Option<String>,
}

/// Why approvals, scores or points cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeanError {
    /// There are more ballots than can be counted.
    #[error("{0} ballots are too many")]
    TooManyBallots(usize),
    /// An option or a criterion is given twice.
    #[error("{0:?} is given twice")]
    Duplicate(String),
    /// A ballot names an option or a criterion that there is not.
    #[error("ballot {ballot} names {name:?}, which is unknown")]
    Unknown {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// The option or criterion.
        name: String,
    },
    /// A ballot speaks of an option on which its seat is recused.
    #[error("ballot {ballot} speaks of {option:?}, on which the seat is recused")]
    Recused {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// The option.
        option: String,
    },
    /// A ballot scores an option on some criteria only.
    #[error("ballot {ballot} scores {option:?} on some criteria only: score it on all of them or on none")]
    Incomplete {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// The option.
        option: String,
    },
    /// A score or a sum of points exceeds what is allowed.
    #[error("ballot {ballot} gives {given}, and at most {most} is allowed")]
    TooHigh {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// What it gives.
        given: u64,
        /// What is allowed.
        most: u64,
    },
    /// No criterion has a weight.
    #[error("there is no criterion with a weight above 0")]
    NoCriterion,
    /// The tie chain has an unreadable seed.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// Sums and seats by option, in the order of texts.
struct Sums<'a> {
    options: Vec<&'a str>,
    values: Vec<BigRational>,
    seats: Vec<u32>,
}

impl<'a> Sums<'a> {
    fn new(options: &'a [String]) -> Result<Self, MeanError> {
        let options = sorted(options.iter().map(String::as_str))?;
        let (values, seats) = (vec![BigRational::zero(); options.len()], vec![0; options.len()]);
        Ok(Self { options, values, seats })
    }

    fn index(&self, ballot: usize, option: &str) -> Result<usize, MeanError> {
        let found = self.options.binary_search(&option);
        found.map_err(|_| MeanError::Unknown { ballot, name: option.to_owned() })
    }

    fn add(&mut self, index: usize, value: BigRational) {
        self.values[index] += value;
        self.seats[index] += 1;
    }

    fn finish(self, ballots: usize, quorum: &QuorumCheck, chain: &TieChain) -> Result<MeanCount, MeanError> {
        let resolver = Resolver::new(chain)?;
        let ballots = u32::try_from(ballots).map_err(|_| MeanError::TooManyBallots(ballots))?;
        if !quorum.met {
            let (order, ties, rounds) = (Vec::new(), Vec::new(), Vec::new());
            return Ok(MeanCount { order, ties, rounds, ballots, quorum_met: false });
        }
        let pairs = self.values.iter().zip(&self.seats);
        let means: Vec<Option<BigRational>> =
            pairs.map(|(sum, &seats)| (seats > 0).then(|| sum / BigInt::from(seats))).collect();
        let scores: Vec<_> = means.iter().map(|mean| mean.as_ref().map(ToString::to_string)).collect();
        let rounds = (0..self.options.len()).map(|index| MeanRound {
            option: self.options[index].to_owned(),
            sum: self.values[index].to_string(),
            seats: self.seats[index],
            mean: scores[index].clone(),
        });
        let rounds = rounds.collect();
        let (order, ties) = place(&self.options, &groups_of_equal(&means), &scores, &resolver);
        Ok(MeanCount { order, ties, rounds, ballots, quorum_met: true })
    }
}

/// Names in the order of their texts, each once.
fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<&'a str>, MeanError> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(MeanError::Duplicate(pair[0].to_owned())),
        None => Ok(names),
    }
}
