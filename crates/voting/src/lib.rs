#![doc = include_str!("../README.md")]

mod budget;
mod mean;
mod motion;
mod pabulib;
mod place;
mod quorum;
mod ranking;
mod tie;

pub use budget::{
    Add1Until, BudgetBallot, BudgetCount, BudgetError, BudgetInstance, BudgetProgress, BudgetRound,
    BudgetRule, BudgetStep, BudgetTally, Completion, MAX_EXACT, Project, Satisfaction, count_budget,
    tally_budget, tally_budget_with,
};
pub use mean::{
    Allotment, Approval, Criterion, MeanCount, MeanError, MeanRound, ScoreBallot, count_allotment,
    count_approval, count_score,
};
pub use motion::{
    Majority, MotionCheck, MotionCount, MotionError, MotionOutcome, MotionRound, MotionVote, count_motion,
    count_motion_checked,
};
pub use pabulib::{PabulibError, PabulibKind, PabulibProblem, PabulibVote};
pub use place::Place;
pub use quorum::{Quorum, QuorumCheck, QuorumRound, SeatQuorum};
pub use ranking::{
    BordaScore, CountError, MAX_OPTIONS, PairCount, PathStrength, Ranking, RankingCount, RankingMethod,
    RankingRound, count_ranking, count_ranking_checked,
};
pub use tie::{SeedError, Tie, TieChain, TieLink};
