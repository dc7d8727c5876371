//! What the command line says.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tildel_voting::{Add1Until, BudgetRule, Completion, Satisfaction, TieChain, TieLink};

/// How a budget vote is counted.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The vote, a Pabulib file (.pb).
    pub(super) file: PathBuf,
    /// The rule.
    #[arg(long, value_enum)]
    pub(super) method: Method,
    /// What a ballot gains: for greedy, cost is by votes and cardinality is by votes per krone. Cost where nothing is said.
    #[arg(long, value_enum)]
    satisfaction: Option<Gain>,
    /// How equal shares go on when their money suffices for no project. None where nothing is said.
    #[arg(long, value_enum)]
    completion: Option<GoesOn>,
    /// When Add1 stops: at the first exhaustive outcome, or only before the budget is exceeded. Exhaustive where nothing is said.
    #[arg(long, value_enum)]
    add1_until: Option<Until>,
    /// Who goes first in a tie: lexicographic, by id as text, or seed=HEX, by lot.
    #[arg(long, default_value = "lexicographic", value_name = "RULE")]
    ties: String,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// A rule for budget votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Method {
    /// The most satisfaction per cost first.
    Greedy,
    /// The method of equal shares.
    EqualShares,
    /// Phragmén's sequential method.
    Phragmen,
    /// Maximin support.
    MaximinSupport,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Gain {
    /// The cost of what is named.
    Cost,
    /// The number of what is named.
    Cardinality,
    /// The points given.
    Points,
    /// Borda's points of a ranking.
    Borda,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GoesOn {
    /// Not at all.
    None,
    /// With one unit of currency more for each ballot, again and again.
    Add1,
    /// As add1, and then by the most votes.
    Add1Utilitarian,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Until {
    /// The first exhaustive outcome.
    Exhaustive,
    /// The last outcome within the budget.
    Budget,
}

impl Arguments {
    /// The rule; options that do not go with the method are refused.
    pub(super) fn rule(&self) -> Result<BudgetRule, String> {
        let shares = self.method == Method::EqualShares;
        if !shares && (self.completion.is_some() || self.add1_until.is_some()) {
            return Err("--completion and --add1-until go with the method equal-shares only".to_owned());
        }
        let completed = self.completion.is_some_and(|completion| completion != GoesOn::None);
        if self.add1_until.is_some() && !completed {
            return Err("--add1-until goes with --completion add1 or add1-utilitarian".to_owned());
        }
        let fixed = matches!(self.method, Method::Phragmen | Method::MaximinSupport);
        if fixed && self.satisfaction.is_some() {
            return Err("--satisfaction goes with the methods greedy and equal-shares only".to_owned());
        }
        let satisfaction = match self.satisfaction.unwrap_or(Gain::Cost) {
            Gain::Cost => Satisfaction::Cost,
            Gain::Cardinality => Satisfaction::Cardinality,
            Gain::Points => Satisfaction::Points,
            Gain::Borda => Satisfaction::Borda,
        };
        let until = match self.add1_until.unwrap_or(Until::Exhaustive) {
            Until::Exhaustive => Add1Until::Exhaustive,
            Until::Budget => Add1Until::Budget,
        };
        let completion = match self.completion.unwrap_or(GoesOn::None) {
            GoesOn::None => Completion::None,
            GoesOn::Add1 => Completion::Add1 { until },
            GoesOn::Add1Utilitarian => Completion::Add1Utilitarian { until },
        };
        Ok(match self.method {
            Method::Greedy => BudgetRule::Greedy { satisfaction },
            Method::EqualShares => BudgetRule::EqualShares { satisfaction, completion },
            Method::Phragmen => BudgetRule::Phragmen,
            Method::MaximinSupport => BudgetRule::MaximinSupport,
        })
    }

    pub(super) fn ties(&self) -> Result<TieChain, String> {
        let link = match (self.ties.as_str(), self.ties.strip_prefix("seed=")) {
            ("lexicographic", _) => TieLink::Lexicographic,
            (_, Some(seed)) => TieLink::Lot { seed_hex: seed.to_owned() },
            _ => return Err(format!("--ties is lexicographic or seed=HEX, not {}", self.ties)),
        };
        Ok(TieChain(vec![link]))
    }
}
