//! What a ballot is about, and by which method it is counted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tildel_voting::{BudgetRule, Majority, Satisfaction};

use crate::ballot_rules::has_repeats;
use crate::budget::Budget;
use crate::id::ApplicationId;
use crate::refusal::Refusal;

/// The most options of one ballot.
const OPTIONS_MAX: usize = 200;
/// The most criteria of one ballot.
const CRITERIA_MAX: usize = 20;
/// The highest end of a scale.
const SCALE_MAX: u32 = 100;
/// The highest weight of a criterion.
const WEIGHT_MAX: u32 = 1_000;
/// The most points that a seat can have to hand out.
const POINTS_MAX: u32 = 100_000;

/// What is voted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum BallotMatter {
    /// For or against one motion, possibly on one application.
    Motion {
        /// What is moved.
        text: String,
        /// The application it concerns, so that recusals apply.
        application_id: Option<ApplicationId>,
        /// What carries it.
        majority: Majority,
    },
    /// An order of applications.
    Ranking {
        /// The applications to rank.
        options: Vec<ApplicationId>,
        /// How rankings are counted.
        method: RankingMethod,
    },
    /// A choice of any number of applications.
    Approval {
        /// The applications to choose from.
        options: Vec<ApplicationId>,
        /// How approvals are counted.
        method: ApprovalMethod,
    },
    /// Scores of applications on criteria.
    Score {
        /// The applications to score.
        options: Vec<ApplicationId>,
        /// What they are scored on.
        criteria: Vec<Criterion>,
        /// The highest score; the lowest is 0. All criteria have the same scale, so that weights mean what they say.
        most: u32,
        /// How scores are counted.
        method: ScoreMethod,
    },
    /// Points that each seat hands out.
    Allotment {
        /// The applications that can get points.
        options: Vec<ApplicationId>,
        /// The most points that a seat hands out in all.
        points: u32,
        /// How points are counted.
        method: AllotmentMethod,
    },
}

/// How rankings are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingMethod {
    /// Borda's count.
    Borda,
    /// Schulze's method with winning votes.
    Schulze,
    /// A set of applications within a budget, by Borda's points.
    Budget(Budget),
}

/// How approvals are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalMethod {
    /// The part of the seats that may speak of an application and approve it.
    Count,
    /// A set of applications within a budget.
    Budget(Budget),
}

/// How scores are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreMethod {
    /// The mean, weighted by criterion, over the seats that may speak of an application.
    Mean,
    /// A set of applications within a budget, by weighted scores as points.
    Budget(Budget),
}

/// How allotted points are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllotmentMethod {
    /// The mean over the seats that may speak of an application; without recusals that is the order of the sums.
    Mean,
    /// A set of applications within a budget, by points.
    Budget(Budget),
}

/// What applications are scored on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Its name, such as «Forankring i kommunen».
    pub name: String,
    /// Its weight among the others, from 1.
    pub weight: u32,
}

impl BallotMatter {
    /// The applications that the matter concerns.
    pub fn applications(&self) -> &[ApplicationId] {
        match self {
            Self::Motion { application_id, .. } => application_id.as_slice(),
            Self::Ranking { options, .. }
            | Self::Approval { options, .. }
            | Self::Score { options, .. }
            | Self::Allotment { options, .. } => options,
        }
    }

    /// The money and the method, where the outcome is a set of applications within a budget.
    pub const fn budget(&self) -> Option<&Budget> {
        match self {
            Self::Ranking { method: RankingMethod::Budget(budget), .. }
            | Self::Approval { method: ApprovalMethod::Budget(budget), .. }
            | Self::Score { method: ScoreMethod::Budget(budget), .. }
            | Self::Allotment { method: AllotmentMethod::Budget(budget), .. } => Some(budget),
            _ => None,
        }
    }

    /// As [`Self::budget`], to be changed.
    pub const fn budget_mut(&mut self) -> Option<&mut Budget> {
        match self {
            Self::Ranking { method: RankingMethod::Budget(budget), .. }
            | Self::Approval { method: ApprovalMethod::Budget(budget), .. }
            | Self::Score { method: ScoreMethod::Budget(budget), .. }
            | Self::Allotment { method: AllotmentMethod::Budget(budget), .. } => Some(budget),
            _ => None,
        }
    }

    /// Checks that it can be voted on and counted.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if let Self::Motion { text, .. } = self {
            if text.trim().is_empty() {
                return Err(Refusal::invalid("/rules/matter/text", "a motion"));
            }
            return Ok(());
        }
        let options = self.applications();
        if options.len() < 2 || options.len() > OPTIONS_MAX || has_repeats(options) {
            return Err(Refusal::invalid("/rules/matter/options", "2 to 200 different applications"));
        }
        match self {
            Self::Score { criteria, most, .. } => check_criteria(criteria, *most)?,
            Self::Allotment { points, .. } if *points == 0 || *points > POINTS_MAX => {
                return Err(Refusal::invalid("/rules/matter/points", "1 to 100000 points"));
            }
            _ => {}
        }
        let Some(budget) = self.budget() else { return Ok(()) };
        if !self.offers(budget.rule) {
            let expected = "a budget method that these votes can be counted by";
            return Err(Refusal::invalid("/rules/matter/budget/rule", expected));
        }
        budget.check(options)
    }

    /// Whether votes on it can be counted by a budget method. Phragmén's method and maximin support see only whether an
    /// application is named, which is what approvals say; who orders, scores or allots says more.
    fn offers(&self, rule: BudgetRule) -> bool {
        let satisfaction = match rule {
            BudgetRule::Greedy { satisfaction } | BudgetRule::EqualShares { satisfaction, .. } => {
                satisfaction
            }
            BudgetRule::Phragmen | BudgetRule::MaximinSupport => {
                return matches!(self, Self::Approval { .. });
            }
        };
        match self {
            Self::Motion { .. } => false,
            Self::Approval { .. } => matches!(satisfaction, Satisfaction::Cost | Satisfaction::Cardinality),
            Self::Ranking { .. } => satisfaction == Satisfaction::Borda,
            Self::Score { .. } | Self::Allotment { .. } => satisfaction == Satisfaction::Points,
        }
    }
}

fn check_criteria(criteria: &[Criterion], most: u32) -> Result<(), Refusal> {
    if criteria.is_empty() || criteria.len() > CRITERIA_MAX {
        return Err(Refusal::invalid("/rules/matter/criteria", "1 to 20 criteria"));
    }
    let mut names = BTreeSet::new();
    for (index, criterion) in criteria.iter().enumerate() {
        let at = format!("/rules/matter/criteria/{index}");
        if criterion.name.trim().is_empty() || !names.insert(criterion.name.trim()) {
            return Err(Refusal::invalid(&format!("{at}/name"), "a name that no other criterion has"));
        }
        if criterion.weight == 0 || criterion.weight > WEIGHT_MAX {
            return Err(Refusal::invalid(&format!("{at}/weight"), "a weight from 1 to 1000"));
        }
    }
    if most == 0 || most > SCALE_MAX {
        return Err(Refusal::invalid("/rules/matter/most", "a scale that ends at 1 to 100"));
    }
    Ok(())
}
