//! What a run leaves, and what follows from it.

use super::ledger::{Ledger, NEVER, State};
use crate::budget::BudgetInstance;
use crate::budget::outcome::TieLog;
use crate::budget::profile::Profile;

/// What a run leaves: enough to work out everything about it later.
#[derive(Clone, Default)]
pub(crate) struct Trace {
    pub(crate) bought: Vec<u32>,
    /// The purchase by project.
    pub(super) purchases: Vec<u32>,
    /// The purchase that emptied each group's account.
    pub(super) emptied: Vec<u32>,
    pub(crate) ties: TieLog,
    pub(crate) cost: u64,
    /// The share is this over the number of ballots.
    pub(crate) share_numerator: u128,
}

pub(super) fn state<'s>(profile: &'s Profile, costs: &'s [u64], trace: &'s Trace) -> State<'s> {
    State { profile, costs, bought: &trace.bought, purchases: &trace.purchases, emptied: &trace.emptied }
}

impl Trace {
    pub(super) fn start(&mut self, projects: usize, groups: usize, share_numerator: u128) {
        self.bought.clear();
        self.ties.clear();
        for (list, length) in [(&mut self.purchases, projects), (&mut self.emptied, groups)] {
            list.clear();
            list.resize(length, NEVER);
        }
        self.cost = 0;
        self.share_numerator = share_numerator;
    }

    /// Whether a project was bought.
    pub(super) fn has(&self, project: u32) -> bool {
        self.purchases[project as usize] != NEVER
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
