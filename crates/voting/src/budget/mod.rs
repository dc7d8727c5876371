//! Budget votes: which projects to fund within a budget.
//!
//! The meaning of each rule is that of the literature as pabutools 1.2.3 runs it; where texts or implementations differ,
//! the choice is stated at [`BudgetRule`] and its parts.

mod greedy;
mod instance;
mod maximin;
mod outcome;
mod phragmen;
mod profile;
mod shares;
mod whole;

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::tie::{Resolver, SeedError, TieChain, TieLink};
pub(crate) use instance::InstanceBuilder;
pub use instance::{BudgetBallot, BudgetInstance, Project};
pub(crate) use outcome::decimal;
pub use outcome::{BudgetCount, BudgetRound, BudgetStep, BudgetTally};

/// The largest sum of amounts, in the smallest unit, and of points: whole numbers up to 2⁵³ are exact as `f64`, which the
/// filters rely on. It is some 90 billion kroner in thousandths of an øre.
pub const MAX_EXACT: u64 = 1 << 53;

/// What a ballot gains from a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// The project's cost, if the ballot names it. A free project gives nothing.
    Cost,
    /// 1, if the ballot names it.
    Cardinality,
    /// The points that the ballot gives it; only with allotments.
    Points,
    /// Borda's points: a ballot that ranks k projects gives k − 1 to the first and 0 to the last; only with rankings.
    /// The last one of a ballot is thus not supported by it.
    Borda,
}

/// When Add1 stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Add1Until {
    /// At the first outcome that is exhaustive, that is, to which no supported project that was left out could be added
    /// within the budget; or before the first one that exceeds the budget, whichever comes first. So do pabutools and
    /// most cities.
    Exhaustive,
    /// Only before the first outcome that exceeds the budget, or when every supported project is selected. So did
    /// Wieliczka in 2023.
    Budget,
}

/// How the method of equal shares goes on when the money that is left suffices for no project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "completion", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Completion {
    /// Not at all; the budget is often not used up.
    None,
    /// The share of every ballot is raised by one unit of currency, or by the step of
    /// [`BudgetInstance::with_add1_step`], and the method run anew, until the stop. The first share is the exact one, not
    /// rounded to whole units.
    Add1 {
        /// When to stop.
        until: Add1Until,
    },
    /// As Add1; then supported projects with the most votes are added as long as they fit, skipping those that do not.
    Add1Utilitarian {
        /// When Add1 stops.
        until: Add1Until,
    },
}

/// A rule for budget votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum BudgetRule {
    /// The highest satisfaction per cost first: by votes under [`Satisfaction::Cost`], by votes per krone under
    /// [`Satisfaction::Cardinality`]. What no longer fits is skipped, and the count goes on. Free projects come first
    /// where they give satisfaction. Projects that give nobody any satisfaction come last, and are taken if they fit.
    Greedy {
        /// What is maximised.
        satisfaction: Satisfaction,
    },
    /// The method of equal shares: D. Peters, G. Pierczyński and P. Skowron, “Proportional Participatory Budgeting with
    /// Additive Utilities” (2021). Every ballot, empty ones too, gets the same share of the budget, and the
    /// project with the lowest price per unit of satisfaction is bought by its supporters.
    ///
    /// Projects that give nobody any satisfaction are left out. A free project that gives some is selected first. A
    /// project that exceeds the budget can be bought only under Add1, whose next outcome it makes exceed the budget.
    EqualShares {
        /// What is bought.
        satisfaction: Satisfaction,
        /// How it goes on.
        completion: Completion,
    },
    /// Phragmén's sequential method: every ballot earns at the same pace, and a project is bought as soon as its
    /// supporters can pay it. Projects that exceed the budget are dropped first. The count stops as soon as one of the
    /// best projects, those tied for the lowest load, does not fit. Unsupported projects share an infinite load, so
    /// that they come last.
    Phragmen,
    /// Maximin support: the fitting project is added with which the costs can be spread over supporters with the lowest
    /// highest load, until none fits. Unsupported projects have an infinite load, so that they come last.
    MaximinSupport,
}

/// Why a budget vote cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BudgetError {
    /// A project is given twice.
    #[error("the project {0:?} is given twice: give each project one id")]
    DuplicateProject(String),
    /// A ballot names a project that there is not.
    #[error("ballot {ballot} names project number {project}, and there are fewer")]
    UnknownProject {
        /// The index of the ballot, from 0.
        ballot: u64,
        /// The index that it gives.
        project: u32,
    },
    /// Ballots are of different kinds.
    #[error("ballot {ballot} is of another kind than those before: count each kind by itself")]
    MixedBallots {
        /// The index of the ballot, from 0.
        ballot: u64,
    },
    /// The ballots exceed what can be counted.
    #[error("there are more ballots than {}", u32::MAX)]
    TooManyBallots,
    /// The points exceed what is counted exactly.
    #[error("all points together exceed {MAX_EXACT}: use fewer decimals")]
    TooManyPoints,
    /// The money exceeds what is counted exactly.
    #[error("the budget or all costs together exceed {MAX_EXACT} smallest units: use fewer decimals")]
    TooMuchMoney,
    /// The ballots carry no such satisfaction.
    #[error("these ballots give no {0:?}: points need allotments, and Borda needs rankings")]
    WrongSatisfaction(Satisfaction),
    /// A tie that decides, and an empty chain.
    #[error("a tie between {0:?} decides, and the tie chain is empty: end it with a lot")]
    UnresolvedTie(Vec<String>),
    /// The tie chain has an unreadable seed.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The caller stopped the count.
    #[error("the count was stopped")]
    Stopped,
}

/// How far a long count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetProgress {
    /// A run of the method of equal shares under Add1 has ended.
    ShareRound {
        /// Its number, from 1.
        round: u64,
        /// What its outcome costs, in the smallest unit.
        cost: u64,
    },
    /// A project was selected by maximin support.
    Selected {
        /// How many there are.
        selected: usize,
    },
}

/// Counts a budget vote and writes the outcome out.
///
/// # Errors
/// [`BudgetError`] where the ballots do not go with the rule, or a tie cannot be resolved.
pub fn count_budget(
    instance: &BudgetInstance,
    rule: &BudgetRule,
    ties: &TieChain,
) -> Result<BudgetCount, BudgetError> {
    Ok(tally_budget(instance, rule, ties)?.report())
}

/// Counts a budget vote; the report can be made from the tally.
///
/// # Errors
/// As [`count_budget`].
pub fn tally_budget<'a>(
    instance: &'a BudgetInstance,
    rule: &BudgetRule,
    ties: &TieChain,
) -> Result<BudgetTally<'a>, BudgetError> {
    tally_budget_with(instance, rule, ties, &mut |_| ControlFlow::Continue(()))
}

/// As [`tally_budget`], and tells `progress` how far it is, which may stop the count.
///
/// # Errors
/// As [`count_budget`], and [`BudgetError::Stopped`].
pub fn tally_budget_with<'a>(
    instance: &'a BudgetInstance,
    rule: &BudgetRule,
    ties: &TieChain,
    progress: &mut dyn FnMut(BudgetProgress) -> ControlFlow<()>,
) -> Result<BudgetTally<'a>, BudgetError> {
    let ties = Ties(Resolver::new(ties)?);
    match *rule {
        BudgetRule::Greedy { satisfaction } => greedy::count(instance, satisfaction, &ties),
        BudgetRule::EqualShares { satisfaction, completion } => {
            shares::count(instance, satisfaction, completion, &ties, progress)
        }
        BudgetRule::Phragmen => phragmen::count(instance, &ties),
        BudgetRule::MaximinSupport => maximin::count(instance, &ties, progress),
    }
}

impl BudgetInstance {
    fn profile(&self, satisfaction: Satisfaction) -> Result<&profile::Profile, BudgetError> {
        let profile = match satisfaction {
            Satisfaction::Cost | Satisfaction::Cardinality => Some(&self.approvals),
            Satisfaction::Points => self.points.as_ref(),
            Satisfaction::Borda => self.borda.as_ref(),
        };
        // Without ballots every kind of satisfaction is there, and nobody has any.
        profile
            .or((self.voters == 0).then_some(&self.approvals))
            .ok_or(BudgetError::WrongSatisfaction(satisfaction))
    }
}

/// The tie chain for projects.
pub(crate) struct Ties(Resolver);

impl Ties {
    /// Orders tied projects, which come by ascending index.
    fn order(&self, instance: &BudgetInstance, projects: &mut [u32]) -> Result<(), BudgetError> {
        if matches!(self.0, Resolver::Lexicographic) {
            // The index is the lexicographic place.
            return Ok(());
        }
        let mut ids: Vec<&str> =
            projects.iter().map(|&project| instance.ids[project as usize].as_str()).collect();
        let link: Option<TieLink> = self.0.order(&mut ids);
        if link.is_none() {
            return Err(BudgetError::UnresolvedTie(ids.into_iter().map(str::to_owned).collect()));
        }
        for (project, id) in projects.iter_mut().zip(ids) {
            let found = instance.ids.binary_search_by(|other| other.as_str().cmp(id));
            *project = found.ok().and_then(|index| u32::try_from(index).ok()).unwrap_or(*project);
        }
        Ok(())
    }
}
