//! The terms of a budget ballot: what each application costs, what money there is, and by which method it is spent.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{Refusal, ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Money, tag, wire_enum};
use crate::routes::frames::FrameStatus;

tag! {
    /// Says that the money is spent greedily.
    GreedyTag = Greedy
}

tag! {
    /// Says that the money is spent by equal shares.
    EqualSharesTag = EqualShares
}

tag! {
    /// Says that the money is spent by Phragmén's method.
    PhragmenTag = Phragmen
}

tag! {
    /// Says that the money is spent by maximin support.
    MaximinSupportTag = MaximinSupport
}

wire_enum! {
    /// What a vote gains from an application that is chosen. Approvals are counted by cost or number, rankings by Borda's
    /// points, scores and allotments by points.
    Satisfaction = voting::Satisfaction {
        /// Its cost.
        Cost,
        /// 1 for each application.
        Cardinality,
        /// The points that the vote gives it; of scores, each times the weight of its criterion.
        Points,
        /// Borda's points: a vote that ranks k applications gives k − 1 to the first and 0 to the last.
        Borda,
    }
}

wire_enum! {
    /// When Add1 stops.
    Add1Until = voting::Add1Until {
        /// At the first outcome that leaves no money for any supported application, or before the budget is exceeded.
        Exhaustive,
        /// Only before the budget is exceeded, or when every supported application is chosen.
        Budget,
    }
}

/// How equal shares go on when what is left of them suffices for no application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// Not at all; often money is left.
    None,
    /// Each vote's share is raised by a step, and the method run anew, until the stop.
    Add1,
    /// As Add1, and then those with the most votes as long as they fit.
    Add1Utilitarian,
}

/// The most satisfaction per krone first: by votes with `cost`, by votes per krone with `cardinality`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GreedyRule {
    /// `greedy`.
    pub rule: GreedyTag,
    /// What is maximised.
    pub satisfaction: Satisfaction,
}

/// The method of equal shares (Peters, Pierczyński and Skowron 2021).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EqualSharesRule {
    /// `equal_shares`.
    pub rule: EqualSharesTag,
    /// What is bought.
    pub satisfaction: Satisfaction,
    /// How it goes on.
    pub completion: Completion,
    /// When Add1 stops: `exhaustive` where it is null; null without Add1.
    #[serde(default)]
    pub until: Option<Add1Until>,
}

/// Phragmén's sequential method.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhragmenRule {
    /// `phragmen`.
    pub rule: PhragmenTag,
}

/// Maximin support.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximinSupportRule {
    /// `maximin_support`.
    pub rule: MaximinSupportTag,
}

/// By which method money is spent.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "rule", mapping(
    ("greedy" = "#/components/schemas/GreedyRule"),
    ("equal_shares" = "#/components/schemas/EqualSharesRule"),
    ("phragmen" = "#/components/schemas/PhragmenRule"),
    ("maximin_support" = "#/components/schemas/MaximinSupportRule"),
)))]
pub enum BudgetRule {
    /// Greedily.
    Greedy(GreedyRule),
    /// By equal shares.
    EqualShares(EqualSharesRule),
    /// By Phragmén's method; approvals only.
    Phragmen(PhragmenRule),
    /// By maximin support; approvals only.
    MaximinSupport(MaximinSupportRule),
}

impl From<voting::BudgetRule> for BudgetRule {
    fn from(rule: voting::BudgetRule) -> Self {
        match rule {
            voting::BudgetRule::Greedy { satisfaction } => {
                Self::Greedy(GreedyRule { rule: GreedyTag::Greedy, satisfaction: satisfaction.into() })
            }
            voting::BudgetRule::EqualShares { satisfaction, completion } => {
                let (completion, until) = match completion {
                    voting::Completion::None => (Completion::None, None),
                    voting::Completion::Add1 { until } => (Completion::Add1, Some(until)),
                    voting::Completion::Add1Utilitarian { until } => {
                        (Completion::Add1Utilitarian, Some(until))
                    }
                };
                Self::EqualShares(EqualSharesRule {
                    rule: EqualSharesTag::EqualShares,
                    satisfaction: satisfaction.into(),
                    completion,
                    until: until.map(Into::into),
                })
            }
            voting::BudgetRule::Phragmen => Self::Phragmen(PhragmenRule { rule: PhragmenTag::Phragmen }),
            voting::BudgetRule::MaximinSupport => {
                Self::MaximinSupport(MaximinSupportRule { rule: MaximinSupportTag::MaximinSupport })
            }
        }
    }
}

impl TryFrom<BudgetRule> for voting::BudgetRule {
    type Error = Refusal;

    fn try_from(rule: BudgetRule) -> Result<Self, Refusal> {
        Ok(match rule {
            BudgetRule::Greedy(greedy) => Self::Greedy { satisfaction: greedy.satisfaction.into() },
            BudgetRule::EqualShares(shares) => {
                let until = shares.until.map_or(voting::Add1Until::Exhaustive, Into::into);
                let completion = match shares.completion {
                    Completion::None if shares.until.is_some() => {
                        let expected = "null, as nothing is added without Add1";
                        return Err(Refusal::invalid("/rules/matter/budget/rule/until", expected));
                    }
                    Completion::None => voting::Completion::None,
                    Completion::Add1 => voting::Completion::Add1 { until },
                    Completion::Add1Utilitarian => voting::Completion::Add1Utilitarian { until },
                };
                Self::EqualShares { satisfaction: shares.satisfaction.into(), completion }
            }
            BudgetRule::Phragmen(_) => Self::Phragmen,
            BudgetRule::MaximinSupport(_) => Self::MaximinSupport,
        })
    }
}

/// What an application costs.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionCost {
    /// The application.
    pub application_id: Uuid,
    /// The cost, above zero.
    pub cost: Money,
}

/// The frame that a budget was taken from, as it stood then.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetFrame {
    /// The frame.
    pub id: Uuid,
    /// Its budget year.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// Whether the Storting had decided it.
    pub status: FrameStatus,
    /// Its money.
    pub amount: Money,
    /// What decisions had promised of it, which the ballot can not spend again.
    pub committed: Money,
}

/// What money is spent on what, and how. All of it stands from the first vote on.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetTerms {
    /// The method.
    pub rule: BudgetRule,
    /// The money. Where null is sent it is what decisions have not promised yet of the frame of the round's year.
    #[serde(default)]
    pub amount: Option<Money>,
    /// By how many kroner Add1 raises the share of each vote: a power of ten. Where null is sent it is the smallest one of which
    /// neither the money nor a cost holds more than 20 000; null without Add1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000_000, example = 1000)]
    pub add1_step: Option<u32>,
    /// The frame that the money was taken from; null where the money was given. Whoever sends a frame, asks for the money of the
    /// frame as it is now, whatever else is sent.
    #[serde(default)]
    pub frame: Option<BudgetFrame>,
    /// What each application costs, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub costs: Vec<OptionCost>,
}

impl From<domain::Budget> for BudgetTerms {
    fn from(budget: domain::Budget) -> Self {
        let cost = |priced: domain::OptionCost| OptionCost {
            application_id: priced.application_id.into(),
            cost: priced.cost.into(),
        };
        let frame = |frame: domain::BudgetFrame| BudgetFrame {
            id: frame.id.into(),
            year: frame.year,
            status: frame.status.into(),
            amount: frame.amount.into(),
            committed: frame.committed.into(),
        };
        Self {
            rule: budget.rule.into(),
            amount: budget.amount.map(Into::into),
            add1_step: budget.add1_step,
            frame: budget.frame.map(frame),
            costs: budget.costs.into_iter().map(cost).collect(),
        }
    }
}

impl TryFrom<BudgetTerms> for domain::Budget {
    type Error = Refusal;

    fn try_from(terms: BudgetTerms) -> Result<Self, Refusal> {
        let given = terms.amount.filter(|_| terms.frame.is_none());
        let amount = given.map(|money| money.read("/rules/matter/budget/amount")).transpose()?;
        let cost = |(index, priced): (usize, OptionCost)| {
            let cost = priced.cost.read(&format!("/rules/matter/budget/costs/{index}/cost"))?;
            Ok(domain::OptionCost { application_id: priced.application_id.into(), cost })
        };
        let costs = terms.costs.into_iter().enumerate().map(cost).collect::<Result<_, Refusal>>()?;
        Ok(Self { rule: terms.rule.try_into()?, amount, add1_step: terms.add1_step, frame: None, costs })
    }
}
