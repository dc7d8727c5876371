//! The count of a ballot, with the steps that show how it came about.

mod budget;
mod means;

use serde::Serialize;
use tildel_usecases::domain::{ballot as domain, voting};
use utoipa::ToSchema;

use super::matter::{MotionTag, RankingTag};
use super::ties::TieLink;
use crate::body::wire_enum;
use budget::BudgetCount;
use means::{AllotmentCount, ApprovalCount, ScoreCount};

wire_enum! {
    /// How a motion ended.
    MotionOutcome = voting::MotionOutcome {
        /// The majority was reached.
        Carried,
        /// The majority was not reached.
        Rejected,
        /// As many for as against, under simple majority.
        Tied,
        /// Too few seats voted for the count to be valid.
        NoQuorum,
    }
}

wire_enum! {
    /// What a step of a motion's count checks.
    MotionCheck = voting::MotionCheck {
        /// Votes cast, with abstentions, against the quorum.
        Quorum,
        /// Votes for, against the majority.
        Majority,
    }
}

/// One check of a motion's count.
#[derive(Serialize, ToSchema)]
pub struct MotionRound {
    /// What is checked.
    pub check: MotionCheck,
    /// The votes that there are.
    pub votes: u32,
    /// The votes that it takes.
    pub needed: u32,
    /// Whether there are enough.
    pub met: bool,
}

/// The count of a motion.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MotionCount {
    /// `motion`.
    pub kind: MotionTag,
    /// Votes for.
    pub r#for: u32,
    /// Votes against.
    pub against: u32,
    /// Abstentions.
    pub abstain: u32,
    /// Seats on the roster that cast no vote.
    pub not_cast: u32,
    /// Seats on the roster.
    pub eligible: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
    /// How it ended.
    pub outcome: MotionOutcome,
    /// The checks in their order.
    pub rounds: Vec<MotionRound>,
}

impl From<voting::MotionCount> for MotionCount {
    fn from(count: voting::MotionCount) -> Self {
        let round = |round: voting::MotionRound| MotionRound {
            check: round.check.into(),
            votes: round.votes,
            needed: round.needed,
            met: round.met,
        };
        Self {
            kind: MotionTag::Motion,
            r#for: count.for_,
            against: count.against,
            abstain: count.abstain,
            not_cast: count.not_cast,
            eligible: count.eligible,
            quorum_met: count.quorum_met,
            outcome: count.outcome.into(),
            rounds: count.rounds.into_iter().map(round).collect(),
        }
    }
}

/// An application's place in the outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RankingPlace {
    /// The application.
    #[schema(format = "uuid")]
    pub application_id: String,
    /// Its place, from 1. Applications share a place only where the tie chain is empty.
    pub place: u32,
    /// The exact score: under Schulze the number of applications that it beats, under Borda and the other methods the mean
    /// as a fraction such as `97/50`; null where no seat spoke of it.
    #[schema(required)]
    pub score: Option<String>,
}

/// A tie that was met.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RankingTie {
    /// The tied applications.
    pub application_ids: Vec<String>,
    /// The first of the places that they share.
    pub first_place: u32,
    /// The link that broke it; null where it stays.
    #[schema(required)]
    pub resolved_by: Option<TieLink>,
}

impl From<voting::Place> for RankingPlace {
    fn from(place: voting::Place) -> Self {
        Self { application_id: place.option, place: place.place, score: place.score }
    }
}

impl From<voting::Tie> for RankingTie {
    fn from(tie: voting::Tie) -> Self {
        Self {
            application_ids: tie.options,
            first_place: tie.first_place,
            resolved_by: tie.resolved_by.map(Into::into),
        }
    }
}

/// An application's points under Borda.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BordaScore {
    /// The application.
    #[schema(format = "uuid")]
    pub application_id: String,
    /// The sum of its points, an exact fraction.
    pub points: String,
    /// The seats that compared it with another application.
    pub seats: u32,
    /// Points divided by seats; null where there are no seats.
    #[schema(required)]
    pub score: Option<String>,
}

/// How many seats prefer one application to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairCount {
    /// The application that is preferred.
    #[schema(format = "uuid")]
    pub application_id: String,
    /// The application that it is preferred to.
    #[schema(format = "uuid")]
    pub over_id: String,
    /// The number of seats.
    pub seats: u32,
}

/// The strongest path from one application to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathStrength {
    /// The application where the path begins.
    #[schema(format = "uuid")]
    pub from_id: String,
    /// The application where it ends.
    #[schema(format = "uuid")]
    pub to_id: String,
    /// The strength of its weakest link, in seats; zero without a path.
    pub strength: u32,
}

/// One step of a ranking's count.
#[derive(Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum RankingRound {
    /// Borda: the points of each application.
    BordaPoints {
        /// By application.
        scores: Vec<BordaScore>,
    },
    /// Schulze: how many seats prefer one application to another.
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

impl From<voting::RankingRound> for RankingRound {
    fn from(round: voting::RankingRound) -> Self {
        let score = |score: voting::BordaScore| BordaScore {
            application_id: score.option,
            points: score.points,
            seats: score.seats,
            score: score.score,
        };
        let pair = |pair: voting::PairCount| PairCount {
            application_id: pair.option,
            over_id: pair.over,
            seats: pair.seats,
        };
        let path = |path: voting::PathStrength| PathStrength {
            from_id: path.from,
            to_id: path.to,
            strength: path.strength,
        };
        match round {
            voting::RankingRound::BordaPoints { scores } => {
                Self::BordaPoints { scores: scores.into_iter().map(score).collect() }
            }
            voting::RankingRound::Pairwise { counts } => {
                Self::Pairwise { counts: counts.into_iter().map(pair).collect() }
            }
            voting::RankingRound::StrongestPaths { paths } => {
                Self::StrongestPaths { paths: paths.into_iter().map(path).collect() }
            }
        }
    }
}

/// The count of a ranking.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RankingCount {
    /// `ranking`.
    pub kind: RankingTag,
    /// The applications from the first place down; empty where the quorum is not met.
    pub order: Vec<RankingPlace>,
    /// The ties that were met, by place.
    pub ties: Vec<RankingTie>,
    /// What the order rests on, step by step.
    pub rounds: Vec<RankingRound>,
    /// The votes cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

impl From<voting::RankingCount> for RankingCount {
    fn from(count: voting::RankingCount) -> Self {
        Self {
            kind: RankingTag::Ranking,
            order: count.order.into_iter().map(Into::into).collect(),
            ties: count.ties.into_iter().map(Into::into).collect(),
            rounds: count.rounds.into_iter().map(Into::into).collect(),
            ballots: count.ballots,
            quorum_met: count.quorum_met,
        }
    }
}

/// What came of a ballot, with the steps that show how.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("motion" = "#/components/schemas/MotionCount"),
    ("ranking" = "#/components/schemas/RankingCount"),
    ("approval" = "#/components/schemas/ApprovalCount"),
    ("score" = "#/components/schemas/ScoreCount"),
    ("allotment" = "#/components/schemas/AllotmentCount"),
    ("budget" = "#/components/schemas/BudgetCount"),
)))]
pub enum BallotCount {
    /// Of a motion.
    Motion(MotionCount),
    /// Of rankings, as an order.
    Ranking(RankingCount),
    /// Of approvals, as an order.
    Approval(ApprovalCount),
    /// Of scores, as an order.
    Score(ScoreCount),
    /// Of allotted points, as an order.
    Allotment(AllotmentCount),
    /// Of votes of any kind but motions, as a set of applications within a budget.
    Budget(BudgetCount),
}

impl From<domain::BallotCount> for BallotCount {
    fn from(count: domain::BallotCount) -> Self {
        match count {
            domain::BallotCount::Motion(count) => Self::Motion(count.into()),
            domain::BallotCount::Ranking(count) => Self::Ranking(count.into()),
            domain::BallotCount::Approval(count) => Self::Approval(count.into()),
            domain::BallotCount::Score(count) => Self::Score(count.into()),
            domain::BallotCount::Allotment(count) => Self::Allotment(count.into()),
            domain::BallotCount::Budget(count) => Self::Budget(count.into()),
        }
    }
}
