//! Shares before rounding, under bounds: water-filling.
//!
//! The level is the μ for which the shares `clamp(w·μ, lower, upper)` add up to the total. The sum grows with μ in
//! straight pieces, so the level is found exactly by walking the points where a claim leaves its lower bound or
//! meets its upper one, in order; each is a fraction of whole numbers.

use super::claim::Entry;
use super::number::Number;

/// Where a claim stands at the level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Lower,
    Free,
    Upper,
}

/// The level: claims between their bounds have the share `w·units/weight`.
pub(super) struct Level<N> {
    places: Vec<Place>,
    /// What the free claims have together, in units.
    units: N,
    /// The sum of their weights; positive where there are any.
    weight: N,
}

/// A point where a claim leaves its lower bound or meets its upper one: the level `bound/weight`.
struct Turn {
    bound: u64,
    weight: u128,
    meets_upper: bool,
    entry: usize,
}

impl<N: Number> Level<N> {
    /// Finds the level of claims whose bounds meet the total.
    pub(super) fn find(total: u64, entries: &[Entry]) -> Self {
        let mut level =
            Self { places: vec![Place::Lower; entries.len()], units: N::from(total), weight: N::from(0_u64) };
        if entries.iter().all(|entry| entry.lower == 0 && entry.upper == total) {
            level.places.fill(Place::Free);
            for entry in entries {
                level.weight = level.weight + N::from(entry.weight);
            }
            return level;
        }
        for entry in entries {
            level.units = level.units - N::from(entry.lower);
        }
        for turn in turns(entries) {
            // The turn lies at or above the level as soon as the free claims would there have all that is left.
            let there = level.weight.clone() * N::from(turn.bound);
            if there >= level.units.clone() * N::from(turn.weight) {
                break;
            }
            let (bound, weight) = (N::from(turn.bound), N::from(turn.weight));
            if turn.meets_upper {
                level.places[turn.entry] = Place::Upper;
                level.units = level.units - bound;
                level.weight = level.weight - weight;
            } else {
                level.places[turn.entry] = Place::Free;
                level.units = level.units + bound;
                level.weight = level.weight + weight;
            }
        }
        level
    }

    /// A claim's share: whole units, and the rest as a numerator that all claims have over the same denominator.
    pub(super) fn share(&self, place: usize, entry: &Entry) -> (u64, N) {
        match self.places[place] {
            Place::Lower => (entry.lower, N::from(0_u64)),
            Place::Upper => (entry.upper, N::from(0_u64)),
            Place::Free => {
                let product = N::from(entry.weight) * self.units.clone();
                // The share lies within the bounds, so it fits.
                let whole = (product.clone() / self.weight.clone()).try_into().unwrap_or(entry.upper);
                (whole, product % self.weight.clone())
            }
        }
    }
}

/// All turns in the order of their levels. A claim leaves its lower bound before it meets its upper one, also where
/// the bounds are equal.
fn turns(entries: &[Entry]) -> Vec<Turn> {
    let mut turns = Vec::with_capacity(entries.len() * 2);
    for (place, entry) in entries.iter().enumerate() {
        for (bound, meets_upper) in [(entry.lower, false), (entry.upper, true)] {
            turns.push(Turn { bound, weight: entry.weight, meets_upper, entry: place });
        }
    }
    turns.sort_unstable_by(|one, other| {
        u128::from(one.bound)
            .cmp_fractions(one.weight, &u128::from(other.bound), other.weight)
            .then(one.meets_upper.cmp(&other.meets_upper))
    });
    turns
}
