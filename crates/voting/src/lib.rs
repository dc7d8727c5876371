#![doc = include_str!("../README.md")]

mod motion;
mod quorum;
mod ranking;
mod tie;

pub use motion::{
    Majority, MotionCheck, MotionCount, MotionError, MotionOutcome, MotionRound, MotionVote, count_motion,
};
pub use quorum::Quorum;
pub use ranking::{
    BordaScore, CountError, MAX_OPTIONS, PairCount, PathStrength, Place, Ranking, RankingCount,
    RankingMethod, RankingRound, count_ranking,
};
pub use tie::{SeedError, Tie, TieChain, TieLink};
