//! How much larger the share could be without another outcome, so that Add1 can skip rounds.
//!
//! # Why skipped rounds have the same outcome
//! Let every share be larger by `x ≥ 0`, and let the same projects be bought in the same order as in this run. By induction
//! every account is at least what it was, and at most `rise · x` more: a price `r_S` falls by at most
//! `x · Σ_{∉S} w rise / Σ_S w u` (its *slope* times `x`), since accounts outside `S` rise and the sum over `S` does not
//! depend on accounts; so whoever paid in full still can, and has at most `slope · u · x` more left on top of its own rise.
//! The order is in fact the same as long as, in every round,
//! - no supporter that paid all it had would have something left: `(r u − b) / (rise + slope u)` bounds `x`;
//! - no project that lost would win: its price is at least its lower bound less its own slope times `x`, and the winner's
//!   does not rise, so `(bound − winner's price) / slope` bounds `x`; where both prices are a cost over the points of all
//!   supporters with money, neither changes, and ties stay ties;
//! - no project that was unaffordable becomes affordable: `(cost − money) / Σ w rise` bounds `x`.
//!
//! All bounds are taken with the errors of the accounts on the safe side, and a thousandth is kept back for the rounding of
//! the slopes, whose relative error is below `(n + 8) 2⁻⁵²` each. What whole numbers had to decide bounds `x` by 0.
#![expect(clippy::float_arithmetic, reason = "bounds are taken on the safe side")]

use super::filter::{Accounts, Price, Support};

/// What a run keeps track of where rounds may be skipped.
#[derive(Default)]
pub(super) struct Watch {
    is_on: bool,
    /// How much each group's account rises at most.
    rises: Vec<f64>,
    /// A lower bound on each project's price and how fast it falls at most, as projects are compared.
    bounds: Vec<(f64, f64)>,
    /// How much larger the share may be.
    room: f64,
}

impl Watch {
    /// Starts with whole accounts, where nobody is poor and so no price falls.
    pub(super) fn start(&mut self, is_on: bool, groups: usize, first_bounds: impl Iterator<Item = f64>) {
        self.is_on = is_on;
        self.room = if is_on { f64::INFINITY } else { 0.0 };
        if is_on {
            self.rises.clear();
            self.rises.resize(groups, 1.0);
            self.bounds.clear();
            self.bounds.extend(first_bounds.map(|bound| (bound, 0.0)));
        }
    }

    /// How many steps the share may surely take.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 2^40")]
    #[expect(clippy::cast_precision_loss, reason = "amounts are exact as f64")]
    pub(super) fn steps(&self, step: u64) -> u64 {
        (self.room * 0.999 / step as f64).clamp(0.0, 2.0_f64.powi(40)) as u64
    }

    pub(super) const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whole numbers had to decide: nothing is known about larger shares.
    pub(super) fn give_up(&mut self) {
        self.room = 0.0;
        self.is_on = false;
    }

    fn limit(&mut self, gap: f64, speed: f64) {
        if speed > 0.0 {
            self.room = self.room.min(gap.max(0.0) / speed);
        }
    }

    /// Notes a lower bound on a project's price that was just found.
    pub(super) fn looked(
        &mut self,
        (project, support): (u32, Support<'_>),
        accounts: &Accounts,
        low: f64,
        by: Option<f64>,
    ) {
        if !self.is_on {
            return;
        }
        let (slope, units) = self.slope(support, accounts, low);
        let by = by.unwrap_or(1.0);
        let pad = support.votes * accounts.error() / units + low * 1e-12;
        let bound = if units > 0.0 { ((low - pad) / by, slope / by) } else { (0.0, f64::INFINITY) };
        self.bounds[project as usize] = bound;
    }

    /// How fast a price falls at most, and the points of those who pay it in full.
    fn slope(&self, support: Support<'_>, accounts: &Accounts, price: f64) -> (f64, f64) {
        let (mut rise, mut units) = (0.0, 0.0);
        for (index, &group) in support.groups.iter().enumerate() {
            let points = support.points_at(index);
            let (left, weight) = accounts.of(group);
            if left >= price * points {
                units += weight * points;
            } else if left > 0.0 {
                rise += weight * self.rises[group as usize];
            }
        }
        (rise / units, units)
    }

    /// Notes that a project is unaffordable, and will be from here on.
    pub(super) fn dropped(&mut self, support: Support<'_>, accounts: &Accounts) {
        if !self.is_on {
            return;
        }
        let (mut money, mut rise) = (0.0, 0.0);
        for &group in support.groups {
            let (left, weight) = accounts.of(group);
            money += weight * left;
            rise += if left > 0.0 { weight * self.rises[group as usize] } else { 0.0 };
        }
        let gap = support.cost - money - support.votes * accounts.error() - support.cost * 1e-9;
        self.limit(gap, rise);
    }

    /// Notes that a project with a price up to `high` is chosen over these.
    pub(super) fn chosen(&mut self, high: f64, losers: impl Iterator<Item = u32>) {
        if !self.is_on {
            return;
        }
        for loser in losers {
            let (bound, slope) = self.bounds[loser as usize];
            if bound <= high {
                return self.give_up();
            }
            self.limit(bound - high, slope);
        }
    }

    /// Notes a purchase, before anybody pays.
    pub(super) fn bought(&mut self, support: Support<'_>, accounts: &Accounts, price: Price) {
        if !self.is_on {
            return;
        }
        let (slope, units) = self.slope(support, accounts, price.value);
        if units <= 0.0 {
            return self.give_up();
        }
        for (index, &group) in support.groups.iter().enumerate() {
            let points = support.points_at(index);
            let (left, _) = accounts.of(group);
            let rise = self.rises[group as usize] + slope * points;
            if left >= price.value * points {
                self.rises[group as usize] = rise;
            } else if left > 0.0 {
                let error = accounts.error() + price.error * points + left * 1e-12;
                self.limit(price.value * points - left - error, rise);
                self.rises[group as usize] = 0.0;
            }
        }
    }
}
