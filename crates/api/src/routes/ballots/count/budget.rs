//! Counts whose outcome is a set of applications within a budget.

use serde::Serialize;
use tildel_usecases::domain::allocation::Nok;
use tildel_usecases::domain::{ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use super::RankingTie;
use crate::body::{Currency, Money, tag, wire_enum};

tag! {
    /// Says that something is of a budget.
    BudgetTag = Budget
}

wire_enum! {
    /// Why an application was chosen.
    BudgetStep = voting::BudgetStep {
        /// By the method itself.
        Rule,
        /// It costs nothing and has supporters.
        Free,
        /// It fills up the budget after the method has ended.
        Completion,
        /// Nobody supports it, and there is money left; the method takes it all the same.
        Unsupported,
    }
}

/// One application that was chosen.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetRound {
    /// The application.
    #[schema(format = "uuid")]
    pub application_id: String,
    /// Why.
    pub step: BudgetStep,
    /// The value that it won by, an exact fraction in kroner: under `greedy` satisfaction per cost (the larger the better),
    /// under `equal_shares` the price per unit of satisfaction, under `phragmen` and `maximin_support` the highest load
    /// (the smaller the better); null where there is none.
    #[schema(required)]
    pub value: Option<String>,
    /// The votes that name it.
    pub votes: u64,
    /// Its cost.
    pub cost: Money,
    /// What is left of the budget.
    pub left: Money,
}

/// What an application was supported by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionSupport {
    /// The application.
    pub application_id: Uuid,
    /// The votes that name it.
    pub votes: u32,
    /// What they give it together: votes, allotted points, weighted scores, or Borda's points within each vote.
    pub points: u64,
    /// The votes that could speak of it; the voters of the others are recused on it.
    pub seats: u32,
}

/// The count of a budget.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetCount {
    /// `budget`.
    pub kind: BudgetTag,
    /// The applications that were chosen, in the order of choice; none where the quorum is not met.
    pub winners: Vec<String>,
    /// What they cost together.
    pub total_cost: Money,
    /// The money there was.
    pub budget: Money,
    /// What is left of it.
    pub left: Money,
    /// The choices one by one.
    pub rounds: Vec<BudgetRound>,
    /// The ties that were met; the place is that in the order of choice.
    pub ties: Vec<RankingTie>,
    /// What each application was supported by, chosen or not; none where the quorum is not met.
    pub options: Vec<OptionSupport>,
    /// How often equal shares were worked out, with a larger share each time; 0 under other methods.
    pub share_rounds: u64,
    /// The share of each vote that counted in the end, an exact fraction in kroner; null under other methods.
    #[schema(required)]
    pub share: Option<String>,
    /// The votes cast.
    pub ballots: u64,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

impl From<domain::BudgetOutcome> for BudgetCount {
    fn from(outcome: domain::BudgetOutcome) -> Self {
        let domain::BudgetOutcome { count, options, quorum_met } = outcome;
        let (budget, total) = (nok(&count.budget), nok(&count.total_cost));
        let round = |round: voting::BudgetRound| BudgetRound {
            application_id: round.project,
            step: round.step.into(),
            value: round.value,
            votes: round.votes,
            cost: money(&round.cost),
            left: money(&round.left),
        };
        let support = |option: domain::OptionSupport| OptionSupport {
            application_id: option.application_id.into(),
            votes: option.votes,
            points: option.points,
            seats: option.seats,
        };
        let left = budget.zip(total).and_then(|(budget, total)| budget.checked_sub(total).ok());
        Self {
            kind: BudgetTag::Budget,
            winners: count.winners,
            total_cost: money(&count.total_cost),
            budget: money(&count.budget),
            left: left.unwrap_or_default().into(),
            rounds: count.rounds.into_iter().map(round).collect(),
            ties: count.ties.into_iter().map(Into::into).collect(),
            options: options.into_iter().map(support).collect(),
            share_rounds: count.share_rounds,
            share: count.share,
            ballots: count.ballots,
            quorum_met,
        }
    }
}

/// Counts write amounts without superfluous zeros; they were øre when they were counted.
fn nok(text: &str) -> Option<Nok> {
    text.parse().ok()
}

fn money(text: &str) -> Money {
    nok(text).map_or_else(|| Money { amount: text.to_owned(), currency: Currency::Nok }, Money::from)
}
