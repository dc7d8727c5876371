//! Counts of approvals, scores and points: means over the seats that may speak of an application.

use serde::Serialize;
use tildel_usecases::domain::{ballot as domain, voting};
use utoipa::ToSchema;

use super::{RankingPlace, RankingTie};
use crate::routes::ballots::matter::{AllotmentTag, ApprovalTag, ScoreTag};

/// An application's sum and mean.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionMean {
    /// The application.
    #[schema(format = "uuid")]
    pub application_id: String,
    /// The sum over those seats, an exact fraction: approvals, points, or scores weighted by criterion.
    pub sum: String,
    /// The seats that voted and may speak of it.
    pub seats: u32,
    /// Sum divided by seats; null where there are no seats.
    #[schema(required)]
    pub mean: Option<String>,
}

impl From<voting::MeanRound> for OptionMean {
    fn from(round: voting::MeanRound) -> Self {
        Self { application_id: round.option, sum: round.sum, seats: round.seats, mean: round.mean }
    }
}

/// The count of approvals.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalCount {
    /// `approval`.
    pub kind: ApprovalTag,
    /// The applications from the first place down; empty where the quorum is not met.
    pub order: Vec<RankingPlace>,
    /// The ties that were met, by place.
    pub ties: Vec<RankingTie>,
    /// What the order rests on, by application; the sum is the number of approvals.
    pub rounds: Vec<OptionMean>,
    /// The votes cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

impl From<voting::MeanCount> for ApprovalCount {
    fn from(count: voting::MeanCount) -> Self {
        Self {
            kind: ApprovalTag::Approval,
            order: count.order.into_iter().map(Into::into).collect(),
            ties: count.ties.into_iter().map(Into::into).collect(),
            rounds: count.rounds.into_iter().map(Into::into).collect(),
            ballots: count.ballots,
            quorum_met: count.quorum_met,
        }
    }
}

/// The count of allotted points.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllotmentCount {
    /// `allotment`.
    pub kind: AllotmentTag,
    /// The applications from the first place down; empty where the quorum is not met.
    pub order: Vec<RankingPlace>,
    /// The ties that were met, by place.
    pub ties: Vec<RankingTie>,
    /// What the order rests on, by application; the sum is that of the points.
    pub rounds: Vec<OptionMean>,
    /// The votes cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

impl From<voting::MeanCount> for AllotmentCount {
    fn from(count: voting::MeanCount) -> Self {
        Self {
            kind: AllotmentTag::Allotment,
            order: count.order.into_iter().map(Into::into).collect(),
            ties: count.ties.into_iter().map(Into::into).collect(),
            rounds: count.rounds.into_iter().map(Into::into).collect(),
            ballots: count.ballots,
            quorum_met: count.quorum_met,
        }
    }
}

/// The means on one criterion.
#[derive(Serialize, ToSchema)]
pub struct CriterionCount {
    /// The criterion.
    pub name: String,
    /// By application.
    pub means: Vec<OptionMean>,
}

/// The count of scores.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreCount {
    /// `score`.
    pub kind: ScoreTag,
    /// The applications from the first place down; empty where the quorum is not met.
    pub order: Vec<RankingPlace>,
    /// The ties that were met, by place.
    pub ties: Vec<RankingTie>,
    /// What the order rests on, by application.
    pub rounds: Vec<OptionMean>,
    /// The means on each criterion by itself.
    pub criteria: Vec<CriterionCount>,
    /// The votes cast.
    pub ballots: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

impl From<domain::ScoreCount> for ScoreCount {
    fn from(domain::ScoreCount { all, criteria }: domain::ScoreCount) -> Self {
        let criterion = |criterion: domain::CriterionCount| CriterionCount {
            name: criterion.name,
            means: criterion.means.into_iter().map(Into::into).collect(),
        };
        Self {
            kind: ScoreTag::Score,
            order: all.order.into_iter().map(Into::into).collect(),
            ties: all.ties.into_iter().map(Into::into).collect(),
            rounds: all.rounds.into_iter().map(Into::into).collect(),
            criteria: criteria.into_iter().map(criterion).collect(),
            ballots: all.ballots,
            quorum_met: all.quorum_met,
        }
    }
}
