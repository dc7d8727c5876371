//! What a ballot is about, and by which method it is counted.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{Refusal, ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use super::budget::BudgetTerms;
use crate::body::{tag, wire_enum};

tag! {
    /// Says that something is of a motion.
    MotionTag = Motion
}

tag! {
    /// Says that something is of a ranking.
    RankingTag = Ranking
}

tag! {
    /// Says that something is of approvals.
    ApprovalTag = Approval
}

tag! {
    /// Says that something is of scores.
    ScoreTag = Score
}

tag! {
    /// Says that something is of allotted points.
    AllotmentTag = Allotment
}

wire_enum! {
    /// What it takes to carry a motion (Robert's Rules of Order Newly Revised, 12th edition, § 44).
    Majority = voting::Majority {
        /// More for than against; abstentions do not count.
        Simple,
        /// More than half of all seats on the roster that are not recused, whether they vote or not.
        Absolute,
        /// At least two thirds of the votes for and against; abstentions do not count.
        TwoThirds,
    }
}

/// How rankings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankingMethod {
    /// Borda's count: points for each option ranked below, as a mean over the seats that compared.
    Borda,
    /// Schulze's method with winning votes.
    Schulze,
    /// A set of applications within a budget, by Borda's points.
    Budget,
}

/// How approvals are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalMethod {
    /// An order by the part of the seats that may speak of an application and approve it.
    Count,
    /// A set of applications within a budget.
    Budget,
}

/// How scores or points are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PointsMethod {
    /// An order by the mean over the seats that may speak of an application.
    Mean,
    /// A set of applications within a budget, by points.
    Budget,
}

/// For or against one motion.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MotionMatter {
    /// `motion`.
    pub kind: MotionTag,
    /// What is moved.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The application that it concerns, if it is one, so that recusals apply.
    pub application_id: Option<Uuid>,
    /// What carries it.
    pub majority: Majority,
}

/// An order of applications.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingMatter {
    /// `ranking`.
    pub kind: RankingTag,
    /// The applications to rank, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub options: Vec<Uuid>,
    /// How rankings are counted.
    pub method: RankingMethod,
    /// Money and costs, with the method `budget` and no other.
    #[serde(default)]
    pub budget: Option<BudgetTerms>,
}

/// A choice of any number of applications.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalMatter {
    /// `approval`.
    pub kind: ApprovalTag,
    /// The applications to choose from, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub options: Vec<Uuid>,
    /// How approvals are counted.
    pub method: ApprovalMethod,
    /// Money and costs, with the method `budget` and no other.
    #[serde(default)]
    pub budget: Option<BudgetTerms>,
}

/// What applications are scored on.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name, which no other criterion of the ballot has.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its weight among the others.
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: u32,
}

/// Scores of applications on criteria.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreMatter {
    /// `score`.
    pub kind: ScoreTag,
    /// The applications to score, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub options: Vec<Uuid>,
    /// What they are scored on.
    #[schema(min_items = 1, max_items = 20)]
    pub criteria: Vec<Criterion>,
    /// The highest score on each criterion; the lowest is 0.
    #[schema(minimum = 1, maximum = 100, example = 5)]
    pub most: u32,
    /// How scores are counted.
    pub method: PointsMethod,
    /// Money and costs, with the method `budget` and no other.
    #[serde(default)]
    pub budget: Option<BudgetTerms>,
}

/// Points that each seat hands out.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllotmentMatter {
    /// `allotment`.
    pub kind: AllotmentTag,
    /// The applications that can get points, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub options: Vec<Uuid>,
    /// The most points that a seat hands out in all.
    #[schema(minimum = 1, maximum = 100_000, example = 100)]
    pub points: u32,
    /// How points are counted.
    pub method: PointsMethod,
    /// Money and costs, with the method `budget` and no other.
    #[serde(default)]
    pub budget: Option<BudgetTerms>,
}

/// What is voted on, and how it is counted.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("motion" = "#/components/schemas/MotionMatter"),
    ("ranking" = "#/components/schemas/RankingMatter"),
    ("approval" = "#/components/schemas/ApprovalMatter"),
    ("score" = "#/components/schemas/ScoreMatter"),
    ("allotment" = "#/components/schemas/AllotmentMatter"),
)))]
pub enum BallotMatter {
    /// For or against one motion.
    Motion(MotionMatter),
    /// An order of applications.
    Ranking(RankingMatter),
    /// A choice of any number of applications.
    Approval(ApprovalMatter),
    /// Scores of applications on criteria.
    Score(ScoreMatter),
    /// Points that each seat hands out.
    Allotment(AllotmentMatter),
}

impl From<domain::BallotMatter> for BallotMatter {
    fn from(matter: domain::BallotMatter) -> Self {
        let budget = matter.budget().cloned().map(BudgetTerms::from);
        let ids = |options: Vec<_>| options.into_iter().map(Into::into).collect();
        match matter {
            domain::BallotMatter::Motion { text, application_id, majority } => Self::Motion(MotionMatter {
                kind: MotionTag::Motion,
                text,
                application_id: application_id.map(Into::into),
                majority: majority.into(),
            }),
            domain::BallotMatter::Ranking { options, method } => Self::Ranking(RankingMatter {
                kind: RankingTag::Ranking,
                options: ids(options),
                method: match method {
                    domain::RankingMethod::Borda => RankingMethod::Borda,
                    domain::RankingMethod::Schulze => RankingMethod::Schulze,
                    domain::RankingMethod::Budget(_) => RankingMethod::Budget,
                },
                budget,
            }),
            domain::BallotMatter::Approval { options, method } => Self::Approval(ApprovalMatter {
                kind: ApprovalTag::Approval,
                options: ids(options),
                method: match method {
                    domain::ApprovalMethod::Count => ApprovalMethod::Count,
                    domain::ApprovalMethod::Budget(_) => ApprovalMethod::Budget,
                },
                budget,
            }),
            domain::BallotMatter::Score { options, criteria, most, method } => Self::Score(ScoreMatter {
                kind: ScoreTag::Score,
                options: ids(options),
                criteria: criteria
                    .into_iter()
                    .map(|criterion| Criterion { name: criterion.name, weight: criterion.weight })
                    .collect(),
                most,
                method: match method {
                    domain::ScoreMethod::Mean => PointsMethod::Mean,
                    domain::ScoreMethod::Budget(_) => PointsMethod::Budget,
                },
                budget,
            }),
            domain::BallotMatter::Allotment { options, points, method } => Self::Allotment(AllotmentMatter {
                kind: AllotmentTag::Allotment,
                options: ids(options),
                points,
                method: match method {
                    domain::AllotmentMethod::Mean => PointsMethod::Mean,
                    domain::AllotmentMethod::Budget(_) => PointsMethod::Budget,
                },
                budget,
            }),
        }
    }
}

impl TryFrom<BallotMatter> for domain::BallotMatter {
    type Error = Refusal;

    fn try_from(matter: BallotMatter) -> Result<Self, Refusal> {
        let ids = |options: Vec<Uuid>| options.into_iter().map(Into::into).collect();
        Ok(match matter {
            BallotMatter::Motion(motion) => Self::Motion {
                text: motion.text,
                application_id: motion.application_id.map(Into::into),
                majority: motion.majority.into(),
            },
            BallotMatter::Ranking(ranking) => Self::Ranking {
                options: ids(ranking.options),
                method: match (ranking.method, terms(ranking.budget)?) {
                    (RankingMethod::Borda, None) => domain::RankingMethod::Borda,
                    (RankingMethod::Schulze, None) => domain::RankingMethod::Schulze,
                    (RankingMethod::Budget, Some(budget)) => domain::RankingMethod::Budget(budget),
                    _ => return Err(unfitting()),
                },
            },
            BallotMatter::Approval(approval) => Self::Approval {
                options: ids(approval.options),
                method: match (approval.method, terms(approval.budget)?) {
                    (ApprovalMethod::Count, None) => domain::ApprovalMethod::Count,
                    (ApprovalMethod::Budget, Some(budget)) => domain::ApprovalMethod::Budget(budget),
                    _ => return Err(unfitting()),
                },
            },
            BallotMatter::Score(score) => Self::Score {
                options: ids(score.options),
                criteria: score
                    .criteria
                    .into_iter()
                    .map(|criterion| domain::Criterion { name: criterion.name, weight: criterion.weight })
                    .collect(),
                most: score.most,
                method: match (score.method, terms(score.budget)?) {
                    (PointsMethod::Mean, None) => domain::ScoreMethod::Mean,
                    (PointsMethod::Budget, Some(budget)) => domain::ScoreMethod::Budget(budget),
                    _ => return Err(unfitting()),
                },
            },
            BallotMatter::Allotment(allotment) => Self::Allotment {
                options: ids(allotment.options),
                points: allotment.points,
                method: match (allotment.method, terms(allotment.budget)?) {
                    (PointsMethod::Mean, None) => domain::AllotmentMethod::Mean,
                    (PointsMethod::Budget, Some(budget)) => domain::AllotmentMethod::Budget(budget),
                    _ => return Err(unfitting()),
                },
            },
        })
    }
}

fn terms(budget: Option<BudgetTerms>) -> Result<Option<domain::Budget>, Refusal> {
    budget.map(TryInto::try_into).transpose()
}

fn unfitting() -> Refusal {
    Refusal::invalid(
        "/rules/matter/budget",
        "money and costs with the method budget, and null with any other",
    )
}
