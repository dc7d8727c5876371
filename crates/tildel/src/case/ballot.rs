//! Ballots of a case: the text, and what it is in the words of the domain.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use tildel_domain::ballot::{
    AllotmentMethod, ApprovalMethod, BallotCount, BallotMatter, Budget, Criterion, OptionCost, OptionPoints,
    OptionScores, RankingMethod, ScoreMethod, VoteContent,
};
use tildel_domain::id::ApplicationId;
use tildel_domain::voting::{BudgetRule, MeanCount, Place};

use super::cast::Cast;

/// A ballot with its votes by seat.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotText {
    /// Title.
    pub title: String,
    /// What a vote says.
    #[serde(default)]
    pub kind: KindText,
    /// How the votes are counted.
    pub method: MethodText,
    /// What applications are scored on, by name; for scores.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// The highest score; for scores.
    #[serde(default)]
    pub most: u32,
    /// The points of a seat; for allotments.
    #[serde(default)]
    pub points: u32,
    /// Money and costs; for the method `budget`.
    pub budget: Option<BudgetText>,
    /// Seed of the lot that breaks ties.
    pub lot_seed_hex: String,
    /// Votes.
    pub votes: BTreeMap<String, VoteText>,
}

/// What a vote says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindText {
    /// An order.
    #[default]
    Ranking,
    /// A choice.
    Approval,
    /// Scores on criteria.
    Score,
    /// Points.
    Allotment,
}

/// How votes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodText {
    /// Borda's count; for rankings.
    Borda,
    /// Schulze's method; for rankings.
    Schulze,
    /// By number; for approvals.
    Count,
    /// By mean; for scores and allotments.
    Mean,
    /// A set within a budget.
    Budget,
}

/// Money and costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetText {
    /// The method, as rules of ballots are stored: `{ rule = "equal_shares", satisfaction = "cost", completion = { completion = "none" } }`.
    pub rule: BudgetRule,
    /// Kroner; what is free of the round's frame where nothing is said.
    pub amount: Option<String>,
    /// Kroner by application.
    pub costs: BTreeMap<String, String>,
}

/// A vote: application keys best first or approved, points by application, or scores by application in the order of the criteria.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum VoteText {
    /// An order or a choice.
    Names(Vec<String>),
    /// Points.
    Points(BTreeMap<String, u32>),
    /// Scores.
    Scores(BTreeMap<String, Vec<u32>>),
}

impl VoteText {
    /// The applications that it names.
    pub(super) fn names(&self) -> Vec<&String> {
        match self {
            Self::Names(names) => names.iter().collect(),
            Self::Points(points) => points.keys().collect(),
            Self::Scores(scores) => scores.keys().collect(),
        }
    }
}

impl BallotText {
    /// What is voted on.
    pub(super) fn matter(&self, cast: &Cast, options: Vec<ApplicationId>) -> Result<BallotMatter> {
        let budget = self.budget.as_ref().map(|text| budget(text, cast)).transpose()?;
        let matter = match (self.kind, self.method, budget) {
            (KindText::Ranking, MethodText::Borda, None) => {
                BallotMatter::Ranking { options, method: RankingMethod::Borda }
            }
            (KindText::Ranking, MethodText::Schulze, None) => {
                BallotMatter::Ranking { options, method: RankingMethod::Schulze }
            }
            (KindText::Ranking, MethodText::Budget, Some(budget)) => {
                BallotMatter::Ranking { options, method: RankingMethod::Budget(budget) }
            }
            (KindText::Approval, MethodText::Count, None) => {
                BallotMatter::Approval { options, method: ApprovalMethod::Count }
            }
            (KindText::Approval, MethodText::Budget, Some(budget)) => {
                BallotMatter::Approval { options, method: ApprovalMethod::Budget(budget) }
            }
            (KindText::Score, MethodText::Mean, None) => self.score(options, ScoreMethod::Mean),
            (KindText::Score, MethodText::Budget, Some(budget)) => {
                self.score(options, ScoreMethod::Budget(budget))
            }
            (KindText::Allotment, MethodText::Mean, None) => {
                BallotMatter::Allotment { options, points: self.points, method: AllotmentMethod::Mean }
            }
            (KindText::Allotment, MethodText::Budget, Some(budget)) => {
                let method = AllotmentMethod::Budget(budget);
                BallotMatter::Allotment { options, points: self.points, method }
            }
            (kind, method, _) => bail!(
                "the ballot «{}» has the kind {kind:?} and the method {method:?}, which do not go together; rankings take borda \
                 or schulze, approvals count, scores and allotments mean; all of them take budget, with a [budget]",
                self.title
            ),
        };
        Ok(matter)
    }

    fn score(&self, options: Vec<ApplicationId>, method: ScoreMethod) -> BallotMatter {
        BallotMatter::Score { options, criteria: self.criteria.clone(), most: self.most, method }
    }

    /// What a vote says.
    pub(super) fn content(&self, vote: &VoteText, cast: &Cast) -> Result<VoteContent> {
        Ok(match (self.kind, vote) {
            (KindText::Ranking, VoteText::Names(names)) => VoteContent::Ranking { order: ids(names, cast)? },
            (KindText::Approval, VoteText::Names(names)) => {
                VoteContent::Approval { approved: ids(names, cast)? }
            }
            (KindText::Score, VoteText::Scores(scores)) => {
                let option = |(key, scores): (&String, &Vec<u32>)| {
                    Ok(OptionScores { application_id: cast.application(key)?, scores: scores.clone() })
                };
                VoteContent::Score { scores: scores.iter().map(option).collect::<Result<_>>()? }
            }
            (KindText::Allotment, VoteText::Points(points)) => {
                let option = |(key, points): (&String, &u32)| {
                    Ok(OptionPoints { application_id: cast.application(key)?, points: *points })
                };
                VoteContent::Allotment { points: points.iter().map(option).collect::<Result<_>>()? }
            }
            _ => bail!("a vote of the ballot «{}» is not of its kind, {:?}", self.title, self.kind),
        })
    }
}

fn ids(keys: &[String], cast: &Cast) -> Result<Vec<ApplicationId>> {
    keys.iter().map(|key| cast.application(key)).collect()
}

fn budget(text: &BudgetText, people: &Cast) -> Result<Budget> {
    let amount = text.amount.as_ref().map(|amount| amount.parse()).transpose();
    let cost = |(key, cost): (&String, &String)| {
        let application_id = people.application(key)?;
        let cost = cost.parse().with_context(|| format!("failed to read the cost of «{key}»"))?;
        Ok(OptionCost { application_id, cost })
    };
    Ok(Budget {
        rule: text.rule,
        amount: amount.context("failed to read the amount of a budget")?,
        add1_step: None,
        frame: None,
        costs: text.costs.iter().map(cost).collect::<Result<_>>()?,
    })
}

/// The order that a count leaves the forum with. Of a budget it is that of the choice, and then the others by what they were
/// supported with.
pub(super) fn order_of(count: &BallotCount) -> Result<Vec<ApplicationId>> {
    let places = |order: &[Place]| {
        let ids = order.iter().map(|place| Ok(ApplicationId(place.option.parse()?)));
        ids.collect::<Result<Vec<_>>>()
    };
    match count {
        BallotCount::Motion(_) => bail!("a motion gives no order"),
        BallotCount::Ranking(count) => places(&count.order),
        BallotCount::Approval(MeanCount { order, .. }) | BallotCount::Allotment(MeanCount { order, .. }) => {
            places(order)
        }
        BallotCount::Score(count) => places(&count.all.order),
        BallotCount::Budget(outcome) => {
            let winners = outcome.count.winners.iter().map(|id| Ok(ApplicationId(id.parse()?)));
            let mut order = winners.collect::<Result<Vec<_>>>()?;
            let mut rest: Vec<_> =
                outcome.options.iter().filter(|option| !order.contains(&option.application_id)).collect();
            rest.sort_by_key(|option| {
                (std::cmp::Reverse((option.points, option.votes)), option.application_id)
            });
            order.extend(rest.into_iter().map(|option| option.application_id));
            Ok(order)
        }
    }
}
