//! What a budget count returns: a compact tally, and the report that is made from it when it is read.

use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::{BudgetInstance, BudgetRule, Ties, phragmen, shares};
use crate::tie::{Tie, TieLink};

/// Ties as they were met, without a list of their own for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TieLog {
    /// How many projects had been selected, and where the tie's projects end in the list.
    ends: Vec<(usize, usize)>,
    projects: Vec<u32>,
    /// What resolved them: the first link of the chain resolves all.
    resolved_by: Option<TieLink>,
}

impl TieLog {
    pub(crate) fn clear(&mut self) {
        self.ends.clear();
        self.projects.clear();
    }

    pub(crate) fn push(&mut self, selected: usize, ordered: &[u32], ties: &Ties) {
        self.resolved_by = self.resolved_by.take().or_else(|| ties.0.link());
        self.add(selected, ordered);
    }

    fn add(&mut self, selected: usize, ordered: &[u32]) {
        self.projects.extend_from_slice(ordered);
        self.ends.push((selected, self.projects.len()));
    }

    /// Adds ties that were met when `before` fewer projects had been selected.
    pub(crate) fn append(&mut self, other: &Self, before: usize) {
        for (selected, projects) in other.iter() {
            self.add(selected + before, projects);
        }
        self.resolved_by.clone_from(&other.resolved_by);
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let mut start = 0;
        self.ends.iter().map(move |&(selected, end)| {
            let tie = (selected, &self.projects[start..end]);
            start = end;
            tie
        })
    }
}

/// What is needed to tell a tally's values.
#[derive(Clone)]
pub(crate) enum Values {
    /// They follow from the instance.
    Greedy,
    Shares(Box<shares::Trace>),
    Phragmen(Box<phragmen::Trace>),
    /// The highest load after each purchase, as money over votes; `None` without votes.
    Maximin(Vec<Option<(u64, u64)>>),
}

/// The outcome of a budget count in compact form: texts and fractions are made when [`BudgetTally::report`] is called, so
/// that a count that is only compared costs no more than it must.
#[derive(Clone)]
pub struct BudgetTally<'a> {
    pub(crate) instance: &'a BudgetInstance,
    pub(crate) rule: BudgetRule,
    /// How each was selected, in the order of selection.
    pub(crate) selected: Vec<(u32, BudgetStep)>,
    pub(crate) total_cost: u64,
    pub(crate) ties: TieLog,
    /// Rounds of Add1 whose outcome was worked out or known to be that of the round before; 1 without completion.
    pub(crate) share_rounds: u64,
    pub(crate) values: Values,
}

/// The outcome of a budget count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetCount {
    /// The selected projects in the order of selection.
    pub winners: Vec<String>,
    /// What they cost together, as a decimal number in the unit of currency.
    pub total_cost: String,
    /// The budget.
    pub budget: String,
    /// The ballots, empty ones among them.
    pub ballots: u64,
    /// What was selected, at which value and what was left.
    pub rounds: Vec<BudgetRound>,
    /// The ties that were met.
    pub ties: Vec<Tie>,
    /// How often the method of equal shares was run, with a larger share each time.
    pub share_rounds: u64,
    /// The share of each ballot in the run that counted, an exact fraction in the unit of currency.
    pub share: Option<String>,
}

/// Why a project was selected in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetStep {
    /// By the rule itself.
    Rule,
    /// It costs nothing and has supporters.
    Free,
    /// It fills up the budget after the rule has ended.
    Completion,
    /// Nobody supports it, and there is money left.
    Unsupported,
}

/// One selection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetRound {
    /// The project.
    pub project: String,
    /// Why it was selected.
    pub step: BudgetStep,
    /// The value that it won by, an exact fraction in the unit of currency: under greedy satisfaction per cost (the larger
    /// the better), under equal shares the price per unit of satisfaction, under Phragmén and maximin support the
    /// highest load (the smaller the better). `None` where the rule gives none.
    pub value: Option<String>,
    /// The ballots that name it.
    pub votes: u64,
    /// Its cost.
    pub cost: String,
    /// What is left of the budget.
    pub left: String,
}

impl BudgetTally<'_> {
    /// The selected projects in the order of selection.
    pub fn winners(&self) -> impl ExactSizeIterator<Item = &str> {
        self.selected.iter().map(|&(project, _)| self.instance.ids[project as usize].as_str())
    }

    /// What they cost together, in the smallest unit.
    pub const fn total_cost(&self) -> u64 {
        self.total_cost
    }

    /// How many ties were met.
    pub fn tie_count(&self) -> usize {
        self.ties.ends.len()
    }

    /// How often the method of equal shares was run.
    pub const fn share_rounds(&self) -> u64 {
        self.share_rounds
    }

    /// Writes the tally out, with the exact values of all rounds.
    pub fn report(&self) -> BudgetCount {
        let instance = self.instance;
        let money = |amount: u64| decimal(amount, instance.decimals);
        let mut values = self.values().into_iter();
        let mut left = instance.budget;
        let rounds = self.selected.iter().map(|&(project, step)| {
            let cost = instance.cost(project);
            left = left.saturating_sub(cost);
            BudgetRound {
                project: instance.ids[project as usize].clone(),
                step,
                value: if step == BudgetStep::Rule { values.next().flatten() } else { None },
                votes: instance.votes(project),
                cost: money(cost),
                left: money(left),
            }
        });
        let rounds = rounds.collect();
        let ties = self.ties.iter().map(|(selected, projects)| Tie {
            options: projects.iter().map(|&project| instance.ids[project as usize].clone()).collect(),
            first_place: u32::try_from(selected + 1).unwrap_or(u32::MAX),
            resolved_by: self.ties.resolved_by.clone(),
        });
        let share = match &self.values {
            Values::Shares(trace) if instance.voters > 0 => {
                let share = BigRational::new(trace.share_numerator.into(), instance.voters.into());
                Some(self.in_currency(&share))
            }
            _ => None,
        };
        BudgetCount {
            winners: self.winners().map(str::to_owned).collect(),
            total_cost: money(self.total_cost),
            budget: money(instance.budget),
            ballots: instance.voters,
            rounds,
            ties: ties.collect(),
            share_rounds: self.share_rounds,
            share,
        }
    }

    /// An amount per something in the unit of currency.
    fn in_currency(&self, amount: &BigRational) -> String {
        (amount / num_bigint::BigInt::from(self.instance.unit())).to_string()
    }

    fn values(&self) -> Vec<Option<String>> {
        let instance = self.instance;
        match (&self.values, self.rule) {
            (Values::Greedy, BudgetRule::Greedy { satisfaction }) => {
                let value = |&(project, _): &(u32, BudgetStep)| {
                    let (units, per) = super::greedy::score(instance, satisfaction, project)?;
                    let unit = if satisfaction == super::Satisfaction::Cost { 1 } else { instance.unit() };
                    (per > 0).then(|| {
                        BigRational::new((u128::from(units) * u128::from(unit)).into(), per.into())
                            .to_string()
                    })
                };
                let by_rule = self.selected.iter().filter(|(_, step)| *step == BudgetStep::Rule);
                by_rule.map(value).collect()
            }
            (Values::Shares(trace), BudgetRule::EqualShares { satisfaction, .. }) => {
                let Ok(profile) = instance.profile(satisfaction) else { return Vec::new() };
                let per_cost = satisfaction == super::Satisfaction::Cost;
                let prices = trace.prices(instance, profile, per_cost);
                let text =
                    |price: BigRational| if per_cost { price.to_string() } else { self.in_currency(&price) };
                prices.into_iter().map(|price| Some(text(price))).collect()
            }
            (Values::Phragmen(trace), _) => {
                trace.loads(instance).iter().map(|load| Some(self.in_currency(load))).collect()
            }
            (Values::Maximin(loads), _) => {
                let text = |&(money, votes): &(u64, u64)| {
                    self.in_currency(&BigRational::new(money.into(), votes.into()))
                };
                loads.iter().map(|load| load.as_ref().map(text)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// An amount in the smallest unit as a decimal number, without superfluous zeros.
pub(crate) fn decimal(amount: u64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let (whole, part) = (amount / unit, amount % unit);
    if part == 0 {
        return whole.to_string();
    }
    let digits = format!("{part:0width$}", width = decimals as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}
