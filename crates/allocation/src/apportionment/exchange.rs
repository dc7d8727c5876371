//! From a split near the right one to the right one: give what is left, then move units while that is more just.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Method;
use super::claim::{Entry, Tie};
use super::divisor::Unit;
use super::number::Number;

/// The split by a divisor method, from a start within the bounds that gives away no more than the total.
///
/// Units form one strict order, by priority and then by rank, and the result holds the first of them. A claim that
/// has gained a unit never loses one again, so there are no more moves than the start is units away.
pub(super) fn exchange<N: Number>(
    method: Method,
    total: u64,
    entries: &[Entry],
    start: Vec<u64>,
) -> (Vec<u64>, Option<Tie>) {
    let left = start.iter().fold(total, |left, part| left - part);
    let mut table =
        Table::<N> { method, entries, parts: start, gains: BinaryHeap::new(), losses: BinaryHeap::new() };
    table.give(left);
    table.order();
    while table.move_one_unit() {}
    let tie = table.tie();
    (table.parts, tie)
}

/// The parts so far, with the next unit of each claim and its last one in order. Units in the heaps that have been
/// given or taken since are stale, and are dropped when they come up.
struct Table<'a, N: Number> {
    method: Method,
    entries: &'a [Entry],
    parts: Vec<u64>,
    gains: BinaryHeap<Unit<N>>,
    losses: BinaryHeap<Reverse<Unit<N>>>,
}

impl<N: Number> Table<'_, N> {
    /// Gives a unit each to the most entitled claims; shares rounded down leave fewer units than claims.
    fn give(&mut self, left: u64) {
        let mut units: Vec<_> = (0..self.parts.len()).filter_map(|place| self.next(place)).collect();
        let left = usize::try_from(left).unwrap_or(usize::MAX).min(units.len());
        if left > 0 {
            units.select_nth_unstable_by(left - 1, |one, other| other.cmp(one));
        }
        for unit in &units[..left] {
            self.parts[unit.entry] += 1;
        }
    }

    /// Fills the heaps.
    fn order(&mut self) {
        let places = 0..self.parts.len();
        self.gains = places.clone().filter_map(|place| self.next(place)).collect::<Vec<_>>().into();
        self.losses = places.filter_map(|place| self.last(place)).map(Reverse).collect::<Vec<_>>().into();
    }

    /// The unit that a claim would get next, unless it has all it may have.
    fn next(&self, place: usize) -> Option<Unit<N>> {
        let (entry, held) = (&self.entries[place], self.parts[place]);
        (held < entry.upper).then(|| Unit::new(self.method, place, entry, held))
    }

    /// The unit that a claim got last, unless it has only what it must have.
    fn last(&self, place: usize) -> Option<Unit<N>> {
        let (entry, held) = (&self.entries[place], self.parts[place]);
        (held > entry.lower).then(|| Unit::new(self.method, place, entry, held - 1))
    }

    fn drop_stale(&mut self) {
        while self.gains.peek().is_some_and(|unit| unit.held != self.parts[unit.entry]) {
            self.gains.pop();
        }
        while self.losses.peek().is_some_and(|Reverse(unit)| unit.held + 1 != self.parts[unit.entry]) {
            self.losses.pop();
        }
    }

    /// Moves the least entitled unit given to where a more entitled one is missing.
    fn move_one_unit(&mut self) -> bool {
        self.drop_stale();
        if !matches!((self.gains.peek(), self.losses.peek()), (Some(gain), Some(Reverse(loss))) if gain > loss)
        {
            return false;
        }
        let (Some(gain), Some(Reverse(loss))) = (self.gains.pop(), self.losses.pop()) else { return false };
        self.parts[gain.entry] += 1;
        self.parts[loss.entry] -= 1;
        self.gains.extend(self.next(gain.entry));
        self.losses.extend(self.last(loss.entry).map(Reverse));
        self.losses.push(Reverse(gain));
        self.gains.push(loss);
        true
    }

    /// The claims whose last unit is as entitled as the next one of some other.
    fn tie(&mut self) -> Option<Tie> {
        self.drop_stale();
        let (gain, Reverse(loss)) = (self.gains.peek()?, self.losses.peek()?);
        if gain.cmp_priority(loss).is_ne() {
            return None;
        }
        let is_tied = |unit: Option<Unit<N>>| unit.is_some_and(|unit| unit.cmp_priority(loss).is_eq());
        let (mut tied, mut units) = (Vec::new(), 0);
        for (place, entry) in self.entries.iter().enumerate() {
            let has_one = is_tied(self.last(place));
            units += u64::from(has_one);
            if has_one || is_tied(self.next(place)) {
                tied.push(entry);
            }
        }
        tied.sort_unstable_by_key(|entry| entry.rank);
        Some(Tie { claims: tied.iter().map(|entry| entry.index).collect(), units })
    }
}
