//! Divisor methods: the highest priorities get the units.
//!
//! The unit that takes a claim from `k` to `k + 1` units has the priority `w/d(k)`, where `d` are the signposts of
//! the method. Giving the units in the order of their priorities, from the lower bounds on and never above the upper
//! ones, is the method of rounding `w/λ` under requirements (Balinski and Young 1982). A signpost of zero makes the
//! first unit free: such units go before all others, the heaviest claims first.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::Method;
use super::claim::{Entry, Tie};
use super::exchange::exchange;
use super::fill::Level;
use super::number::{Number, fits};

/// Splits the total; the parts are in the order of the entries, whose bounds meet the total.
pub(super) fn split(method: Method, total: u64, entries: &[Entry]) -> (Vec<u64>, Option<Tie>) {
    let heaviest = entries.iter().map(|entry| entry.weight).max().unwrap_or(0);
    let start = near(total, entries);
    if heaviest.checked_mul(factor(method, heaviest, total)).is_some() {
        exchange::<u128>(method, total, entries, start)
    } else {
        exchange::<BigUint>(method, total, entries, start)
    }
}

/// Shares rounded down: from here the result is at most some units per claim away, however large the total.
fn near(total: u64, entries: &[Entry]) -> Vec<u64> {
    fn floors<N: Number>(total: u64, entries: &[Entry]) -> Vec<u64> {
        let level = Level::<N>::find(total, entries);
        entries.iter().enumerate().map(|(place, entry)| level.share(place, entry).0).collect()
    }
    if fits(entries.iter().map(|entry| entry.weight), u128::from(total)) {
        floors::<u128>(total, entries)
    } else {
        floors::<BigUint>(total, entries)
    }
}

/// What a weight is multiplied by in the numerator of its priority for the unit after `held`.
fn factor(method: Method, weight: u128, held: u64) -> u128 {
    match method {
        Method::HuntingtonHill => weight,
        Method::Dean => 2 * u128::from(held) + 1,
        _ => 1,
    }
}

/// The denominator of the priority for the unit after `held`; with [`factor`] it orders as `w/d(held)` does.
fn denominator(method: Method, held: u64) -> u128 {
    let held = u128::from(held);
    match method {
        // Not a divisor method; its signposts are those of the method it comes nearest to.
        Method::LargestRemainder | Method::SainteLague => 2 * held + 1,
        // 1.4, 3, 5, … five times over.
        Method::ModifiedSainteLague => {
            if held == 0 {
                7
            } else {
                5 * (2 * held + 1)
            }
        }
        Method::DHondt => held + 1,
        Method::Adams => held,
        // Squared for the one, as is the numerator; without the constant factor 2 for the other.
        Method::HuntingtonHill | Method::Dean => held * (held + 1),
    }
}

/// One unit of a claim: the one that takes it from `held` to one more.
#[derive(Clone)]
pub(super) struct Unit<N> {
    numerator: N,
    denominator: u128,
    rank: u32,
    /// The place of the claim among the entries.
    pub(super) entry: usize,
    /// How many units the claim has before this one.
    pub(super) held: u64,
}

impl<N: Number> Unit<N> {
    pub(super) fn new(method: Method, place: usize, entry: &Entry, held: u64) -> Self {
        Self {
            numerator: N::from(entry.weight) * N::from(factor(method, entry.weight, held)),
            denominator: denominator(method, held),
            rank: entry.rank,
            entry: place,
            held,
        }
    }

    /// Compares how entitled two units are, ties apart.
    pub(super) fn cmp_priority(&self, other: &Self) -> Ordering {
        match (self.denominator, other.denominator) {
            (0, 0) => self.numerator.cmp(&other.numerator),
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            (own, others) => self.numerator.cmp_fractions(own, &other.numerator, others),
        }
    }
}

impl<N: Number> Ord for Unit<N> {
    /// The more entitled unit is the greater; of equally entitled ones, that of lower rank.
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_priority(other).then_with(|| other.rank.cmp(&self.rank))
    }
}

impl<N: Number> PartialOrd for Unit<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<N: Number> PartialEq for Unit<N> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<N: Number> Eq for Unit<N> {}
