//! Accounts in whole numbers, worked out only where the filter is not sure.
//!
//! No account is ever stored. A group that has money left has paid the full price of everything bought that it names,
//! and a group without has nothing; so an account follows from the ballot, the prices, and when the group ran out. All
//! prices share one denominator, so that a sum of accounts is a sum of whole numbers times small counts.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_traits::Zero;

use crate::budget::profile::Profile;
use crate::budget::whole::{quotient, reduce_by};

/// No purchase yet, or not run out yet.
pub(super) const NEVER: u32 = u32::MAX;

/// What has been bought, and when groups ran out of money.
pub(super) struct State<'a> {
    pub(super) profile: &'a Profile,
    pub(super) costs: &'a [u64],
    pub(super) bought: &'a [u32],
    /// The purchase by project.
    pub(super) purchases: &'a [u32],
    /// The purchase that emptied each group's account.
    pub(super) emptied: &'a [u32],
}

impl State<'_> {
    /// The earlier purchases that a group took part in, with its points.
    fn paid(&self, group: u32, before: u32) -> impl Iterator<Item = (u32, u32)> {
        let points = self.profile.ballot_points(group);
        self.profile.ballot(group).iter().enumerate().filter_map(move |(index, &project)| {
            let purchase = self.purchases[project as usize];
            (purchase < before).then(|| (purchase, points.get(index).copied().unwrap_or(1)))
        })
    }

    pub(super) fn supporters(&self, project: u32) -> impl Iterator<Item = (u32, u32)> {
        let points = self.profile.supporter_points(project);
        let groups = self.profile.supporters(project).iter().enumerate();
        groups.map(move |(index, &group)| (group, points.get(index).copied().unwrap_or(1)))
    }

    fn weight(&self, group: u32) -> u64 {
        u64::from(self.profile.weights[group as usize])
    }
}

/// A price: `numerator / (units × the ledger's denominator)`.
#[derive(Clone, Debug)]
pub(super) struct ExactPrice {
    numerator: BigUint,
    units: u64,
}

/// How the filter sorted a supporter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Poor,
    Rich,
    Near,
}

pub(super) struct Ledger {
    denominator: BigUint,
    share: BigUint,
    /// By purchase, over the denominator; those of the last purchases may be missing.
    prices: Vec<BigUint>,
    counts: Vec<u64>,
}

impl Ledger {
    /// A ledger in which every ballot has `numerator / denominator`.
    pub(super) fn new(numerator: u128, denominator: u64) -> Self {
        Self {
            denominator: BigUint::from(denominator),
            share: BigUint::from(numerator),
            prices: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// Works out the prices of all purchases.
    pub(super) fn complete(&mut self, state: &State<'_>) {
        while self.prices.len() < state.bought.len() {
            let at = self.prices.len();
            // The number of purchases is one of projects, which fits.
            let purchase = u32::try_from(at).unwrap_or(NEVER);
            let project = state.bought[at];
            let with_money =
                || state.supporters(project).filter(|&(group, _)| state.emptied[group as usize] >= purchase);
            let emptied = with_money()
                .filter(|&(group, _)| state.emptied[group as usize] == purchase)
                .map(|(group, _)| group);
            let emptied_sum = self.sum(state, emptied, purchase);
            let units = with_money()
                .filter(|&(group, _)| state.emptied[group as usize] > purchase)
                .map(|(group, points)| state.weight(group) * u64::from(points))
                .sum();
            let price = if units > 0 {
                let cost = &self.denominator * state.costs[project as usize];
                // The emptied accounts never exceed the cost.
                ExactPrice { numerator: cost - emptied_sum.min(cost_of(self, state, project)), units }
            } else {
                self.highest(state, with_money(), purchase)
            };
            self.push(price);
        }
    }

    /// The price at which the last of these groups runs out, where a purchase empties all.
    fn highest(
        &mut self,
        state: &State<'_>,
        groups: impl Iterator<Item = (u32, u32)>,
        before: u32,
    ) -> ExactPrice {
        let mut highest = ExactPrice { numerator: BigUint::zero(), units: 1 };
        for (group, points) in groups {
            let (numerator, units) = (self.account(state, group, before), u64::from(points));
            if &numerator * highest.units > &highest.numerator * units {
                highest = ExactPrice { numerator, units };
            }
        }
        highest
    }

    fn push(&mut self, price: ExactPrice) {
        let (numerator, units) = reduce_by(price.numerator, price.units);
        if units != 1 {
            self.denominator *= units;
            self.share *= units;
            for price in &mut self.prices {
                *price *= units;
            }
        }
        self.prices.push(numerator);
    }

    /// One account over the denominator; the group has money before that purchase.
    fn account(&self, state: &State<'_>, group: u32, before: u32) -> BigUint {
        let paid = state.paid(group, before);
        let paid: BigUint = paid.map(|(purchase, points)| &self.prices[purchase as usize] * points).sum();
        // An account never falls below 0.
        if paid > self.share { BigUint::zero() } else { &self.share - paid }
    }

    /// The sum of the accounts of groups that have money before that purchase.
    fn sum(&mut self, state: &State<'_>, groups: impl Iterator<Item = u32>, before: u32) -> BigUint {
        self.counts.clear();
        // What was not bought before is counted too, beyond the prices, to spare a branch.
        self.counts.resize(before as usize + 1, 0);
        let mut ballots = 0_u64;
        for group in groups {
            let weight = state.weight(group);
            ballots += weight;
            let (projects, points) = (state.profile.ballot(group), state.profile.ballot_points(group));
            if points.is_empty() {
                for &project in projects {
                    self.counts[state.purchases[project as usize].min(before) as usize] += weight;
                }
            } else {
                for (&project, &points) in projects.iter().zip(points) {
                    self.counts[state.purchases[project as usize].min(before) as usize] +=
                        weight * u64::from(points);
                }
            }
        }
        let counted =
            self.counts[..before as usize].iter().zip(&self.prices).filter(|(count, _)| **count > 0);
        let paid: BigUint = counted.map(|(&count, price)| price * count).sum();
        let given = &self.share * ballots;
        if paid > given { BigUint::zero() } else { given - paid }
    }

    /// Whether the supporters can pay a project.
    pub(super) fn is_affordable(&mut self, state: &State<'_>, project: u32) -> bool {
        self.complete(state);
        let now = u32::try_from(state.bought.len()).unwrap_or(NEVER);
        let with_money = state
            .supporters(project)
            .map(|(group, _)| group)
            .filter(|&group| state.emptied[group as usize] == NEVER);
        let money = self.sum(state, with_money, now);
        money >= cost_of(self, state, project)
    }

    /// The price of a project that is affordable. `side` says which supporters with money are surely poor or surely rich;
    /// the others are looked at one by one. `None` where the sides contradict each other.
    pub(super) fn price(
        &mut self,
        state: &State<'_>,
        project: u32,
        side: impl Fn(u32, u32) -> Side,
    ) -> Option<ExactPrice> {
        self.complete(state);
        let now = u32::try_from(state.bought.len()).unwrap_or(NEVER);
        let cost = cost_of(self, state, project);
        let (mut poor, mut units, mut near) = (Vec::new(), 0, BTreeMap::<_, (u64, u32)>::new());
        for (group, points) in state.supporters(project) {
            if state.emptied[group as usize] != NEVER {
                continue;
            }
            match side(group, points) {
                Side::Poor => poor.push(group),
                Side::Rich => units += state.weight(group) * u64::from(points),
                Side::Near => {
                    let mut history: Vec<_> = state.paid(group, now).collect();
                    history.sort_unstable();
                    near.entry((points, history)).or_insert((0, group)).0 += state.weight(group);
                }
            }
        }
        let mut poor_sum = self.sum(state, poor.into_iter(), now);
        let mut open: Vec<_> = near
            .into_iter()
            .map(|((points, _), (weight, group))| (points, weight, self.account(state, group, now)))
            .collect();
        units += open.iter().map(|(points, weight, _)| u64::from(*points) * weight).sum::<u64>();
        loop {
            if poor_sum > cost || units == 0 {
                return None;
            }
            let numerator = &cost - &poor_sum;
            let before = open.len();
            let mut freed = 0;
            open.retain(|(points, weight, account)| {
                let is_rich = account * units >= &numerator * *points;
                if !is_rich {
                    poor_sum += account * *weight;
                    freed += u64::from(*points) * weight;
                }
                is_rich
            });
            if open.len() == before {
                return Some(ExactPrice { numerator, units });
            }
            units -= freed;
        }
    }

    /// What a group with money has left after paying a price; `None` for nothing.
    pub(super) fn remainder(
        &self,
        state: &State<'_>,
        group: u32,
        points: u32,
        price: &ExactPrice,
    ) -> Option<f64> {
        let now = u32::try_from(state.bought.len()).unwrap_or(NEVER);
        let account = self.account(state, group, now) * price.units;
        let pays = &price.numerator * points;
        (account > pays).then(|| quotient(&(account - pays), &(&self.denominator * price.units)))
    }

    /// A price, rounded.
    pub(super) fn rounded(&self, price: &ExactPrice) -> f64 {
        quotient(&price.numerator, &(&self.denominator * price.units))
    }

    /// The prices of all purchases, rounded, by project; 0 for what was not bought.
    pub(super) fn rounded_prices(&mut self, state: &State<'_>) -> Vec<f64> {
        self.complete(state);
        let mut prices = vec![0.0; state.purchases.len()];
        for (&project, price) in state.bought.iter().zip(&self.prices) {
            prices[project as usize] = quotient(price, &self.denominator);
        }
        prices
    }

    /// The price of a purchase as a fraction in lowest terms.
    pub(super) fn price_fraction(&self, purchase: usize) -> num_rational::BigRational {
        num_rational::BigRational::new(self.prices[purchase].clone().into(), self.denominator.clone().into())
    }

    /// Compares two prices, each divided by a whole number above 0.
    pub(super) fn compare(left: (&ExactPrice, u64), right: (&ExactPrice, u64)) -> std::cmp::Ordering {
        let ((left, left_by), (right, right_by)) = (left, right);
        let of_left = &left.numerator * right.units * right_by;
        let of_right = &right.numerator * left.units * left_by;
        of_left.cmp(&of_right)
    }
}

fn cost_of(ledger: &Ledger, state: &State<'_>, project: u32) -> BigUint {
    &ledger.denominator * state.costs[project as usize]
}
