//! What a vote says, by the kind of ballot.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::wire_enum;
use crate::routes::ballots::{AllotmentTag, ApprovalTag, MotionTag, RankingTag, ScoreTag};

wire_enum! {
    /// What a vote on a motion says.
    MotionVote = voting::MotionVote {
        /// Yes.
        For,
        /// No.
        Against,
        /// Neither: counts for the quorum, not for the majority.
        Abstain,
    }
}

/// A vote on a motion.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MotionVoteContent {
    /// `motion`.
    pub kind: MotionTag,
    /// For, against or neither.
    pub choice: MotionVote,
}

/// A vote on an order.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingVoteContent {
    /// `ranking`.
    pub kind: RankingTag,
    /// The applications, best first, each once and none that the voter is recused on; those left out are ranked equal
    /// last.
    #[schema(min_items = 1, max_items = 200)]
    pub order: Vec<Uuid>,
}

/// A choice of applications.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalVoteContent {
    /// `approval`.
    pub kind: ApprovalTag,
    /// The applications that are approved, each once and none that the voter is recused on; none at all is a vote, too.
    #[schema(max_items = 200)]
    pub approved: Vec<Uuid>,
}

/// An application's scores.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionScores {
    /// The application.
    pub application_id: Uuid,
    /// A score for each criterion, in the order of the ballot's criteria.
    #[schema(min_items = 1, max_items = 20)]
    pub scores: Vec<Score>,
}

/// A score on the ballot's scale.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(minimum = 0, maximum = 100)]
pub struct Score(pub u32);

/// Scores of applications on criteria.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreVoteContent {
    /// `score`.
    pub kind: ScoreTag,
    /// The scores of every application that the voter is not recused on.
    #[schema(min_items = 1, max_items = 200)]
    pub scores: Vec<OptionScores>,
}

/// An application's points.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionPoints {
    /// The application.
    pub application_id: Uuid,
    /// The points.
    #[schema(minimum = 0, maximum = 100_000)]
    pub points: u32,
}

/// Points handed out.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllotmentVoteContent {
    /// `allotment`.
    pub kind: AllotmentTag,
    /// Points of applications, each once and none that the voter is recused on; together at most what a seat has.
    #[schema(max_items = 200)]
    pub points: Vec<OptionPoints>,
}

/// What a vote says: of the same kind as the matter of the ballot.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("motion" = "#/components/schemas/MotionVoteContent"),
    ("ranking" = "#/components/schemas/RankingVoteContent"),
    ("approval" = "#/components/schemas/ApprovalVoteContent"),
    ("score" = "#/components/schemas/ScoreVoteContent"),
    ("allotment" = "#/components/schemas/AllotmentVoteContent"),
)))]
pub enum VoteContent {
    /// On a motion.
    Motion(MotionVoteContent),
    /// On an order.
    Ranking(RankingVoteContent),
    /// On a choice.
    Approval(ApprovalVoteContent),
    /// On criteria.
    Score(ScoreVoteContent),
    /// On shares.
    Allotment(AllotmentVoteContent),
}

impl From<domain::VoteContent> for VoteContent {
    fn from(content: domain::VoteContent) -> Self {
        match content {
            domain::VoteContent::Motion { choice } => {
                Self::Motion(MotionVoteContent { kind: MotionTag::Motion, choice: choice.into() })
            }
            domain::VoteContent::Ranking { order } => Self::Ranking(RankingVoteContent {
                kind: RankingTag::Ranking,
                order: order.into_iter().map(Into::into).collect(),
            }),
            domain::VoteContent::Approval { approved } => Self::Approval(ApprovalVoteContent {
                kind: ApprovalTag::Approval,
                approved: approved.into_iter().map(Into::into).collect(),
            }),
            domain::VoteContent::Score { scores } => Self::Score(ScoreVoteContent {
                kind: ScoreTag::Score,
                scores: scores
                    .into_iter()
                    .map(|option| OptionScores {
                        application_id: option.application_id.into(),
                        scores: option.scores.into_iter().map(Score).collect(),
                    })
                    .collect(),
            }),
            domain::VoteContent::Allotment { points } => Self::Allotment(AllotmentVoteContent {
                kind: AllotmentTag::Allotment,
                points: points
                    .into_iter()
                    .map(|given| OptionPoints {
                        application_id: given.application_id.into(),
                        points: given.points,
                    })
                    .collect(),
            }),
        }
    }
}

impl From<VoteContent> for domain::VoteContent {
    fn from(content: VoteContent) -> Self {
        match content {
            VoteContent::Motion(vote) => Self::Motion { choice: vote.choice.into() },
            VoteContent::Ranking(vote) => {
                Self::Ranking { order: vote.order.into_iter().map(Into::into).collect() }
            }
            VoteContent::Approval(vote) => {
                Self::Approval { approved: vote.approved.into_iter().map(Into::into).collect() }
            }
            VoteContent::Score(vote) => Self::Score {
                scores: vote
                    .scores
                    .into_iter()
                    .map(|option| domain::OptionScores {
                        application_id: option.application_id.into(),
                        scores: option.scores.into_iter().map(|score| score.0).collect(),
                    })
                    .collect(),
            },
            VoteContent::Allotment(vote) => Self::Allotment {
                points: vote
                    .points
                    .into_iter()
                    .map(|given| domain::OptionPoints {
                        application_id: given.application_id.into(),
                        points: given.points,
                    })
                    .collect(),
            },
        }
    }
}
