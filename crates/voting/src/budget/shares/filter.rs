//! Accounts in floating point, each number with a bound on its error: a filter that says «surely» or «not sure».
//!
//! # Why nothing here decides wrongly
//! Let `ε = 2⁻⁵³`. Weights, points, costs and their sums are whole numbers below 2⁵³, so they are exact as `f64`. An
//! account `b̃` of a group that has money left differs from the true `b` by at most `error`; a group without money has
//! exactly 0, in both.
//!
//! **A price per unit of satisfaction.** With supporters' accounts `bᵢ` and points `uᵢ` the true price `r` solves
//! `f(r) = Σ wᵢ min(bᵢ, r uᵢ) = cost`. For any set `S` of supporters with `U = Σ_S wᵢuᵢ > 0` the number
//! `r_S = (cost − Σ_{∉S} wᵢbᵢ) / U` is at most `r`, since `Σ_{∉S} wᵢbᵢ + r U ≥ f(r) = cost`. So every step below gives a
//! lower bound, whatever floating point did to the choice of `S`. It is also an upper bound, up to `δ`, if every member
//! of `S` can pay `(r_S + δ) uᵢ`, and no other had more than that when it was left out. With `n` supporters, a sum of `n` products of non-negative numbers has a relative
//! error below `(n + 1) ε / (1 − (n + 1) ε)`; the code takes `2 (n + 8) ε`, and
//! `δ = (W · error + 2 (n + 8) ε (cost + Σ_{∉S} wᵢb̃ᵢ)) / U + 16 ε r`, where `W` is the weight of those outside `S` with
//! money: one `error` for each account in the sum, the rounding of the sum and the difference, and that of the last operations.
//! Where the test «every member of `S` can pay» is closer than its own error, the answer is [`Look::Unsure`] and whole
//! numbers decide.
//!
//! **Purchases.** An account whose remainder is closer to 0 than the error of the difference is not touched here; the
//! caller asks the exact ledger whether it is empty. The error of all accounts grows by that of the price, and is made
//! small again from exact prices before it is of any size ([`Accounts::is_worn`]).
#![expect(
    clippy::float_arithmetic,
    reason = "a filter: what is closer than its error is decided by whole numbers"
)]
#![allow(
    clippy::cast_precision_loss,
    reason = "whole numbers below 2^53 are exact, others are covered by the bounds"
)]

use crate::budget::profile::Profile;

/// 2⁻⁵³, the largest relative error of one rounding.
const EPSILON: f64 = f64::EPSILON / 2.0;

/// The relative error of a price that comes from the ledger.
const EXACT_ERROR: f64 = 8.0 * EPSILON;

/// A group's money per ballot and its number of ballots.
#[derive(Clone, Copy)]
pub(super) struct Account {
    left: f64,
    weight: f64,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    left: f64,
    weight: f64,
    points: f64,
}

/// The supporters of a project with their points, which are empty where all are 1.
#[derive(Clone, Copy)]
pub(super) struct Support<'a> {
    pub(super) groups: &'a [u32],
    pub(super) points: &'a [u32],
    /// The supporters' ballots.
    pub(super) votes: f64,
    pub(super) cost: f64,
}

impl Support<'_> {
    pub(super) fn points_at(&self, index: usize) -> f64 {
        self.points.get(index).map_or(1.0, |&points| f64::from(points))
    }
}

/// A price with a bound on its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Price {
    pub(super) value: f64,
    pub(super) error: f64,
    /// Where surely every supporter with money can pay in full, the points of them all: the price is exactly the cost over
    /// this whole number.
    pub(super) units: Option<f64>,
}

/// What a look at a project shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Look {
    /// Its supporters surely cannot pay it.
    Unaffordable,
    /// Only whole numbers can tell.
    Unsure,
    /// The price is surely above this, which is above the ceiling.
    Above(f64),
    /// The price.
    At(Price),
}

/// How a supporter fares when a price is taken.
pub(super) enum Paying {
    /// Has surely money left.
    Rich,
    /// Surely pays all it has, or had nothing.
    Poor,
    /// Only whole numbers can tell.
    Near,
}

#[derive(Default)]
pub(super) struct Accounts {
    groups: Vec<Account>,
    error: f64,
    share: f64,
    scratch: Vec<Entry>,
}

impl Accounts {
    /// Gives every ballot the share `numerator / denominator`; `weights` are the groups' ballots.
    pub(super) fn fill(&mut self, weights: &[u32], numerator: u128, denominator: u64) {
        self.share = numerator as f64 / denominator as f64;
        self.error = 4.0 * EPSILON * self.share;
        if self.groups.is_empty() {
            let account = |&weight: &u32| Account { left: self.share, weight: f64::from(weight) };
            self.groups = weights.iter().map(account).collect();
        } else {
            for account in &mut self.groups {
                account.left = self.share;
            }
        }
    }

    /// What a group has left per ballot, up to [`Self::error`], and its ballots.
    pub(super) fn of(&self, group: u32) -> (f64, f64) {
        let Account { left, weight } = self.groups[group as usize];
        (left, weight)
    }

    /// The bound on the errors of accounts.
    pub(super) const fn error(&self) -> f64 {
        self.error
    }

    /// Whether the bound on the errors has become so large that hardly anything is sure any more.
    pub(super) fn is_worn(&self) -> bool {
        self.error > 1e-4 * self.share
    }

    /// Whether what is not sure might be with accounts taken anew.
    pub(super) fn is_dull(&self) -> bool {
        self.error > 1e-11 * self.share
    }

    /// Takes the accounts of groups with money anew from the prices paid for each project, which are right up to
    /// [`EXACT_ERROR`] and 0 for what was not bought.
    pub(super) fn renew(&mut self, profile: &Profile, purchases: usize, paid: &[f64]) {
        for (group, account) in (0..).zip(&mut self.groups) {
            if account.left > 0.0 {
                let points = profile.ballot_points(group);
                let price = |(index, &project): (usize, &u32)| {
                    paid[project as usize] * points.get(index).map_or(1.0, |&points| f64::from(points))
                };
                let sum: f64 = profile.ballot(group).iter().enumerate().map(price).sum();
                account.left = (self.share - sum).max(f64::MIN_POSITIVE);
            }
        }
        // Every term is at most the share; each has a price's error, a product's and a sum's.
        self.error = (purchases as f64 + 2.0) * 4.0 * EXACT_ERROR * self.share;
    }

    /// Solves for the price of a project, from a lower bound `from` above 0, and gives up above `ceiling`.
    pub(super) fn look<const POINTS: bool>(&mut self, support: Support<'_>, from: f64, ceiling: f64) -> Look {
        let Support { groups, points, votes, cost } = support;
        if self.scratch.len() < groups.len() {
            self.scratch.resize(groups.len(), Entry::default());
        }
        let sum_error = 2.0 * (groups.len() as f64 + 8.0) * EPSILON;
        let (mut poor, mut rich, mut units, mut poorest) = (0.0, 0.0, 0.0, f64::INFINITY);
        // The ballots with an account in `poor`.
        let mut in_poor = 0.0;
        let (mut length, mut reached) = (0, from);
        for (index, &group) in groups.iter().enumerate() {
            let Account { left, weight } = self.groups[group as usize];
            let points = if POINTS { f64::from(points[index]) } else { 1.0 };
            let money = weight * left;
            let can_pay = left >= from * points;
            self.scratch[length] = Entry { left, weight, points };
            length += usize::from(can_pay);
            poor += if can_pay { 0.0 } else { money };
            in_poor += if !can_pay && left > 0.0 { weight } else { 0.0 };
            rich += if can_pay { money } else { 0.0 };
            units += if can_pay { weight * points } else { 0.0 };
            let each = if POINTS { left / points } else { left };
            poorest = if can_pay && each < poorest { each } else { poorest };
        }
        let money = poor + rich;
        let money_error = votes * self.error + sum_error * money;
        if (money + money_error) * (1.0 + 4.0 * EPSILON) < cost {
            return Look::Unaffordable;
        }
        if (money - money_error) * (1.0 - 4.0 * EPSILON) < cost {
            return Look::Unsure;
        }
        loop {
            if units <= 0.0 {
                return Look::Unsure;
            }
            let value = (cost - poor) / units;
            let error = ((in_poor * self.error + sum_error * (cost + poor)) / units + 16.0 * EPSILON * value)
                .max(reached - value)
                * (1.0 + 16.0 * EPSILON);
            if value - error > ceiling {
                return Look::Above(value - error);
            }
            if poorest * (1.0 - 4.0 * EPSILON) - self.error > value + error {
                let is_simple = in_poor <= 0.0;
                let error = if is_simple { 4.0 * EPSILON * value } else { error };
                return Look::At(Price { value, error, units: is_simple.then_some(units) });
            }
            if poorest >= value {
                return Look::Unsure;
            }
            let before = length;
            reached = reached.max(value);
            (length, units, poorest) = (0, 0.0, f64::INFINITY);
            for index in 0..before {
                let entry = self.scratch[index];
                let can_pay = entry.left >= value * entry.points;
                self.scratch[length] = entry;
                length += usize::from(can_pay);
                poor += if can_pay { 0.0 } else { entry.weight * entry.left };
                in_poor += if can_pay { 0.0 } else { entry.weight };
                units += if can_pay { entry.weight * entry.points } else { 0.0 };
                let each = if POINTS { entry.left / entry.points } else { entry.left };
                poorest = if can_pay && each < poorest { each } else { poorest };
            }
            if length == before {
                return Look::Unsure;
            }
        }
    }

    /// How a group with these points fares at a price.
    pub(super) fn paying(&self, group: u32, points: u32, price: Price) -> Paying {
        let left = self.groups[group as usize].left;
        let points = f64::from(points);
        let remainder = left - price.value * points;
        let error = (self.error + price.error * points + 8.0 * EPSILON * (self.share + price.value * points))
            * (1.0 + 8.0 * EPSILON);
        if left <= 0.0 || remainder < -error {
            Paying::Poor
        } else if remainder > error {
            Paying::Rich
        } else {
            Paying::Near
        }
    }

    /// Whether a group has money left.
    pub(super) fn has_money(&self, group: u32) -> bool {
        self.groups[group as usize].left > 0.0
    }

    /// Takes what a rich group pays.
    pub(super) fn pay(&mut self, group: u32, points: u32, price: Price) {
        self.groups[group as usize].left -= price.value * f64::from(points);
    }

    /// Sets what a group has left: 0, or what the ledger says.
    pub(super) fn set(&mut self, group: u32, left: f64) {
        self.groups[group as usize].left = left;
    }

    /// Lets the error of a price that was paid into that of the accounts.
    pub(super) fn wear(&mut self, price: Price, most_points: u32) {
        let paid = price.error * f64::from(most_points) + 4.0 * EPSILON * self.share;
        self.error = (self.error + paid) * (1.0 + 4.0 * EPSILON);
    }

    /// A guess at a price, for the ledger to start from; 0 where nobody has money.
    pub(super) fn guess(&self, support: Support<'_>) -> f64 {
        let mut value = 0.0;
        for _ in 0..64 {
            let (mut poor, mut units) = (0.0, 0.0);
            for (index, &group) in support.groups.iter().enumerate() {
                let Account { left, weight } = self.groups[group as usize];
                let points = support.points.get(index).map_or(1.0, |&points| f64::from(points));
                if left > 0.0 && left >= value * points {
                    units += weight * points;
                } else {
                    poor += weight * left;
                }
            }
            let next = (support.cost - poor) / units;
            if units <= 0.0 || next <= value {
                break;
            }
            value = next;
        }
        value
    }

    /// Whether a group's account is within a thousandth of a millionth of what it would pay at a guessed price, and so
    /// has to be looked at exactly.
    pub(super) fn is_close(&self, group: u32, points: u32, guess: f64) -> bool {
        let pays = guess * f64::from(points);
        (self.groups[group as usize].left - pays).abs() <= 1e-9 * pays + 4.0 * self.error
    }

    /// Whether a group has less than it would pay at a guessed price.
    pub(super) fn is_below(&self, group: u32, points: u32, guess: f64) -> bool {
        self.groups[group as usize].left < guess * f64::from(points)
    }

    /// Whether a group is surely on the same side of the exact price, rounded, as of the guess.
    pub(super) fn agrees(&self, group: u32, points: u32, guess: f64, exact: f64) -> bool {
        let left = self.groups[group as usize].left;
        let points = f64::from(points);
        let error = self.error + 2.0 * EXACT_ERROR * exact * points + 4.0 * EPSILON * self.share;
        if left < guess * points { left + error < exact * points } else { left - error > exact * points }
    }
}

/// The price where all supporters can pay and none has paid before.
pub(super) fn simple_price(support: Support<'_>) -> Price {
    let value = support.cost / support.votes;
    Price { value, error: 4.0 * EPSILON * value, units: Some(support.votes) }
}

/// A fraction, right up to a few roundings.
pub(super) fn fraction(numerator: u128, denominator: u128) -> f64 {
    numerator as f64 / denominator as f64
}

/// A lower bound on a price.
pub(super) fn least_of(price: Price) -> f64 {
    price.value - price.error
}

/// A price that comes from the ledger, rounded.
pub(super) fn exact_price(value: f64) -> Price {
    Price { value, error: EXACT_ERROR * value, units: None }
}

/// Bounds on `price / cost`, or on the price where `cost` is `None`: what projects are compared by.
pub(super) fn bounds(price: Price, cost: Option<f64>) -> (f64, f64) {
    let (low, high) = (price.value - price.error, price.value + price.error);
    let cost = cost.unwrap_or(1.0);
    (low / cost * (1.0 - 4.0 * EPSILON), high / cost * (1.0 + 4.0 * EPSILON))
}

/// A lower bound on what projects are compared by, made into one on the price.
pub(super) fn price_from(bound: f64, cost: Option<f64>) -> f64 {
    bound * cost.unwrap_or(1.0) * (1.0 - 4.0 * EPSILON)
}

/// An upper bound on what projects are compared by, made into one on the price.
pub(super) fn ceiling_from(bound: f64, cost: Option<f64>) -> f64 {
    bound * cost.unwrap_or(1.0) * (1.0 + 4.0 * EPSILON)
}

/// What a project surely costs per unit while all its supporters can pay.
pub(super) fn least(cost: f64, units: f64, compared_by: Option<f64>) -> f64 {
    bounds(Price { value: cost / units * (1.0 - 4.0 * EPSILON), error: 0.0, units: None }, compared_by).0
}

/// A whole number below 2⁵³ that was added up exactly.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
pub(super) fn whole(units: f64) -> u64 {
    units as u64
}
