//! Rankings: each seat orders options, and a method makes one order of them.

mod ballots;
mod borda;
mod schulze;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::place::{Place, place};
use crate::tie::{Resolver, SeedError, Tie, TieChain};
use crate::{Quorum, QuorumCheck};
use ballots::Table;

/// The most options of one ballot; the work of Schulze's method grows with the third power.
pub const MAX_OPTIONS: usize = 256;

/// One seat's ranking.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ranking {
    /// Options from the best down, without ties. Options left out are ranked equal last.
    pub ranked: Vec<String>,
    /// Options that the seat may not rank, since it is recused on them: it says nothing about them.
    #[serde(default)]
    pub not_ranked_recused: BTreeSet<String>,
}

/// How rankings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingMethod {
    /// Borda's count (1781): an option gets a point for each option ranked below it and half a point for each equal
    /// one.
    ///
    /// A seat that is recused on options compares fewer, so its points are scaled to the full range from 0 to
    /// n − 1, and an option's score is the mean over the seats that compared it. Without recusals this is the
    /// textbook count divided by the number of seats.
    Borda,
    /// Schulze's method with winning votes: M. Schulze, “A new monotonic, clone-independent, reversal symmetric, and
    /// Condorcet-consistent single-winner election method”, Social Choice and Welfare 36 (2011).
    ///
    /// A pair is counted by the seats that compared both. The places are the levels of Schulze's order: first the
    /// undefeated options, then those undefeated among the rest, and so on.
    Schulze,
}

/// The count of a ranking ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RankingCount {
    /// The options from the first place down; empty where the quorum is not met.
    pub order: Vec<Place>,
    /// The ties that were met, by place.
    pub ties: Vec<Tie>,
    /// What the order rests on, step by step, for a page that shows how it came about.
    pub rounds: Vec<RankingRound>,
    /// The ballots cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

/// One step of a ranking count. Lists are in the order of the options' texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum RankingRound {
    /// Borda: the points of each option.
    BordaPoints {
        /// By option.
        scores: Vec<BordaScore>,
    },
    /// Schulze: how many seats prefer one option to another.
    Pairwise {
        /// By ordered pair.
        counts: Vec<PairCount>,
    },
    /// Schulze: the strengths of the strongest paths.
    StrongestPaths {
        /// By ordered pair.
        paths: Vec<PathStrength>,
    },
}

/// An option's points under Borda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BordaScore {
    /// The option.
    pub option: String,
    /// The sum of its points, an exact fraction.
    pub points: String,
    /// The seats that compared it with another option.
    pub seats: u32,
    /// Points divided by seats; `None` where there are no seats.
    pub score: Option<String>,
}

/// How many seats prefer one option to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairCount {
    /// The option preferred.
    pub option: String,
    /// The option it is preferred to.
    pub over: String,
    /// The number of seats.
    pub seats: u32,
}

/// The strength of the strongest path between two options: its weakest link in seats, or zero without a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PathStrength {
    /// Where the path starts.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// The strength in seats.
    pub strength: u32,
}

/// Why a ranking ballot cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// There are more than [`MAX_OPTIONS`] options.
    #[error("{0} options are more than {MAX_OPTIONS}")]
    TooManyOptions(usize),
    /// There are more ballots than can be counted.
    #[error("{0} ballots are too many")]
    TooManyBallots(usize),
    /// An option is given twice.
    #[error("the option {0:?} is given twice")]
    DuplicateOption(String),
    /// A ballot, by its index, names an option that there is not.
    #[error("ballot {ballot} names the unknown option {option:?}")]
    UnknownOption {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// The option.
        option: String,
    },
    /// A ballot, by its index, ranks an option twice, or ranks one on which the seat is recused.
    #[error("ballot {ballot} names the option {option:?} twice")]
    NamedTwice {
        /// The index of the ballot, from 0.
        ballot: usize,
        /// The option.
        option: String,
    },
    /// The tie chain has an unreadable seed.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// What a method finds: groups of equal options from the best down, by index, and why.
struct Outcome {
    groups: Vec<Vec<usize>>,
    scores: Vec<Option<String>>,
    rounds: Vec<RankingRound>,
}

/// Counts rankings by a method. The result does not depend on the order of options or ballots.
///
/// # Errors
/// [`CountError`] where the options, a ballot or the tie chain are not usable; also where the quorum is not met.
pub fn count_ranking(
    options: &[String],
    ballots: &[Ranking],
    method: RankingMethod,
    quorum: Quorum,
    tie_chain: &TieChain,
) -> Result<RankingCount, CountError> {
    let cast = u32::try_from(ballots.len()).map_err(|_| CountError::TooManyBallots(ballots.len()))?;
    count_ranking_checked(options, ballots, method, &quorum.check(cast), tie_chain)
}

/// As [`count_ranking`], where the quorum, such as one by type of seat, has been checked.
///
/// # Errors
/// As [`count_ranking`].
pub fn count_ranking_checked(
    options: &[String],
    ballots: &[Ranking],
    method: RankingMethod,
    quorum: &QuorumCheck,
    tie_chain: &TieChain,
) -> Result<RankingCount, CountError> {
    let resolver = Resolver::new(tie_chain)?;
    let table = Table::new(options, ballots)?;
    let cast = table.ballot_count;
    if !quorum.met {
        let (order, ties, rounds) = (Vec::new(), Vec::new(), Vec::new());
        return Ok(RankingCount { order, ties, rounds, ballots: cast, quorum_met: false });
    }
    let outcome = match method {
        RankingMethod::Borda => borda::count(&table),
        RankingMethod::Schulze => schulze::count(&table),
    };
    let (order, ties) = place(&table.options, &outcome.groups, &outcome.scores, &resolver);
    Ok(RankingCount { order, ties, rounds: outcome.rounds, ballots: cast, quorum_met: true })
}
