//! What a run leaves, and what follows from it.

use super::ledger::{Ledger, NEVER, State};
use crate::budget::BudgetInstance;
use crate::budget::outcome::TieLog;
use crate::budget::profile::Profile;

/// What a run leaves: enough to work out everything about it later.
#[derive(Clone, Default)]
pub(crate) struct Trace {
    pub(crate) bought: Vec<u32>,
    /// The purchase by project, and then the purchase that emptied each group's account.
    marks: Vec<u32>,
    projects: usize,
    pub(crate) ties: TieLog,
    pub(crate) cost: u64,
    /// The share is this over the number of ballots.
    pub(crate) share_numerator: u128,
}

pub(super) fn state<'s>(profile: &'s Profile, costs: &'s [u64], trace: &'s Trace) -> State<'s> {
    let (purchases, emptied) = trace.marks.split_at(trace.projects);
    State { profile, costs, bought: &trace.bought, purchases, emptied }
}

impl Trace {
    pub(super) fn start(&mut self, projects: usize, groups: usize, share_numerator: u128) {
        self.bought.clear();
        self.ties.clear();
        self.projects = projects;
        self.marks.clear();
        self.marks.resize(projects + groups, NEVER);
        self.cost = 0;
        self.share_numerator = share_numerator;
    }

    /// Notes a purchase.
    pub(super) fn take(&mut self, project: u32, cost: u64) {
        self.marks[project as usize] = u32::try_from(self.bought.len()).unwrap_or(NEVER);
        self.bought.push(project);
        self.cost += cost;
    }

    /// Notes that a purchase empties a group's account.
    pub(super) fn empty(&mut self, group: u32, purchase: u32) {
        self.marks[self.projects + group as usize] = purchase;
    }

    /// Whether a project was bought.
    pub(super) fn has(&self, project: u32) -> bool {
        self.marks[project as usize] != NEVER
    }

    /// The exact prices per unit of satisfaction, in the order of purchase.
    pub(crate) fn prices(
        &self,
        instance: &BudgetInstance,
        profile: &Profile,
        per_cost: bool,
    ) -> Vec<num_rational::BigRational> {
        let state = state(profile, &instance.costs, self);
        let mut ledger = Ledger::new(self.share_numerator, instance.voters.max(1));
        ledger.complete(&state);
        let price = |(index, &project): (usize, &u32)| {
            let by = if per_cost { instance.cost(project) } else { 1 };
            ledger.price_fraction(index) / num_bigint::BigInt::from(by)
        };
        self.bought.iter().enumerate().map(price).collect()
    }
}
