//! Largest remainder: every share rounded down, and a unit more to the largest fractions.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::claim::{Entry, Tie};
use super::fill::Level;
use super::number::{Number, fits};

/// Splits the total; the parts are in the order of the entries, whose bounds meet the total.
pub(super) fn split(total: u64, entries: &[Entry]) -> (Vec<u64>, Option<Tie>) {
    if fits(entries.iter().map(|entry| entry.weight), u128::from(total)) {
        exactly::<u128>(total, entries)
    } else {
        exactly::<BigUint>(total, entries)
    }
}

fn exactly<N: Number>(total: u64, entries: &[Entry]) -> (Vec<u64>, Option<Tie>) {
    let level = Level::<N>::find(total, entries);
    let (mut parts, mut rests) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    let mut left = total;
    for (place, entry) in entries.iter().enumerate() {
        let (whole, rest) = level.share(place, entry);
        left -= whole;
        parts.push(whole);
        rests.push(rest);
    }
    // The fractions add up to what is left and each is less than one unit: more claims than units have one, and a
    // claim that has one is below its upper bound.
    let Some(last) = usize::try_from(left).ok().and_then(|left| left.checked_sub(1)) else {
        return (parts, None);
    };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let by_entitlement = |one: &usize, other: &usize| -> Ordering {
        rests[*other].cmp(&rests[*one]).then(entries[*one].rank.cmp(&entries[*other].rank))
    };
    let (first, marginal, _) = order.select_nth_unstable_by(last, by_entitlement);
    let threshold = &rests[*marginal];
    for place in first.iter().chain([&*marginal]) {
        parts[*place] += 1;
    }
    let units = 1 + first.iter().filter(|place| rests[**place] == *threshold).count();
    let mut tied: Vec<&Entry> =
        entries.iter().zip(&rests).filter(|(_, rest)| *rest == threshold).map(|(entry, _)| entry).collect();
    if tied.len() == units {
        return (parts, None);
    }
    tied.sort_unstable_by_key(|entry| entry.rank);
    let claims = tied.iter().map(|entry| entry.index).collect();
    (parts, Some(Tie { claims, units: units as u64 }))
}
