//! Small cases against all splits there are.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_allocation::apportionment::{Claim, Method, apportion};

use crate::support::{config, divisor_methods};

/// All ways to split a total within the bounds.
fn compositions(total: u64, claims: &[Claim]) -> Vec<Vec<u64>> {
    let Some((claim, rest)) = claims.split_first() else {
        return if total == 0 { vec![vec![]] } else { vec![] };
    };
    (claim.lower..=claim.upper.unwrap_or(total).min(total))
        .flat_map(|part| {
            compositions(total - part, rest).into_iter().map(move |mut parts| {
                parts.insert(0, part);
                parts
            })
        })
        .collect()
}

/// Twice the signpost after `held` units, as a fraction; squared for Huntington and Hill.
fn signpost(method: Method, held: u64) -> (u64, u64) {
    match method {
        Method::LargestRemainder => unreachable!("not a divisor method"),
        Method::SainteLague => (2 * held + 1, 1),
        Method::ModifiedSainteLague => {
            if held == 0 {
                (14, 10)
            } else {
                (2 * held + 1, 1)
            }
        }
        Method::DHondt => (2 * (held + 1), 1),
        Method::Adams => (2 * held, 1),
        Method::HuntingtonHill => (4 * held * (held + 1), 1),
        Method::Dean => (4 * held * (held + 1), 2 * held + 1),
    }
}

/// Compares the priorities of the units after those held; a signpost of zero comes before all, by weight.
fn cmp_priority(method: Method, one: (u128, u64), other: (u128, u64)) -> Ordering {
    let parts = |(weight, held): (u128, u64)| {
        let (above, below) = signpost(method, held);
        let weight = if method == Method::HuntingtonHill { weight * weight } else { weight };
        (weight * u128::from(below), u128::from(above))
    };
    let ((one, first), (other, second)) = (parts(one), parts(other));
    match (first, second) {
        (0, 0) => one.cmp(&other),
        _ => (one * second).cmp(&(other * first)),
    }
}

/// The inequality of Balinski and Young under requirements: no unit that is missing has a higher priority than one
/// that is given.
fn is_divisor_split(method: Method, claims: &[Claim], parts: &[u64]) -> bool {
    claims.iter().zip(parts).filter(|(claim, part)| claim.upper.is_none_or(|upper| **part < upper)).all(
        |(gains, next)| {
            claims.iter().zip(parts).filter(|(claim, part)| **part > claim.lower).all(|(loses, last)| {
                cmp_priority(method, (gains.weight, *next), (loses.weight, last - 1)).is_le()
            })
        },
    )
}

/// Up to four claims of small weight with narrow bounds, and a total within them.
fn small() -> impl Strategy<Value = (u64, Vec<Claim>)> {
    let claim = (1_u128..13, prop_oneof![3 => Just(0_u64), 2 => 0_u64..3], proptest::option::of(0_u64..5));
    (vec(claim, 1..5), 0_u64..9).prop_flat_map(|(rows, more)| {
        let ranks = Just((0..u32::try_from(rows.len()).unwrap()).collect::<Vec<_>>()).prop_shuffle();
        (Just(rows), Just(more), ranks).prop_map(|(rows, more, ranks)| {
            let claims: Vec<Claim> = rows
                .into_iter()
                .zip(ranks)
                .map(|((weight, lower, slack), rank)| Claim {
                    weight,
                    lower,
                    upper: slack.map(|slack| lower + slack),
                    rank,
                })
                .collect();
            let least: u64 = claims.iter().map(|claim| claim.lower).sum();
            let most: u64 = claims.iter().map(|claim| claim.upper.unwrap_or(20)).sum();
            ((least + more).min(most), claims)
        })
    })
}

/// The ways to choose so many of so many.
fn choices(from: usize, chosen: usize) -> usize {
    (0..chosen).fold(1, |ways, place| ways * (from - place) / (place + 1))
}

/// Exact shares by trying who is at which bound; numerators over one denominator.
fn shares(total: i128, claims: &[Claim]) -> (Vec<i128>, i128) {
    let count = u32::try_from(claims.len()).unwrap();
    let bounds = |claim: &Claim| (i128::from(claim.lower), claim.upper.map_or(total, i128::from));
    let weight = |claim: &Claim| i128::try_from(claim.weight).unwrap();
    for code in 0..3_usize.pow(count) {
        let states: Vec<usize> = (0..count).map(|place| code / 3_usize.pow(place) % 3).collect();
        let with = |wanted: usize| claims.iter().zip(&states).filter(move |(_, state)| **state == wanted);
        let free: i128 = with(2).map(|(claim, _)| weight(claim)).sum();
        let units = total
            - with(0).map(|(claim, _)| bounds(claim).0).sum::<i128>()
            - with(1).map(|(claim, _)| bounds(claim).1).sum::<i128>();
        // The level is units/free; without free claims any level between the bounds does.
        if units < 0 || (free == 0 && units > 0) {
            continue;
        }
        let is_level = if free == 0 {
            let at_lower = with(0).map(|(claim, _)| (bounds(claim).0, weight(claim)));
            let at_upper: Vec<_> = with(1).map(|(claim, _)| (bounds(claim).1, weight(claim))).collect();
            at_lower
                .into_iter()
                .all(|(lower, light)| at_upper.iter().all(|(upper, heavy)| upper * light <= lower * heavy))
        } else {
            claims.iter().zip(&states).all(|(claim, state)| {
                let ((lower, upper), share) = (bounds(claim), weight(claim) * units);
                match state {
                    0 => share <= lower * free,
                    1 => share >= upper * free,
                    _ => share >= lower * free && share <= upper * free,
                }
            })
        };
        if is_level {
            let denominator = free.max(1);
            let numerators = claims
                .iter()
                .zip(&states)
                .map(|(claim, state)| match state {
                    0 => bounds(claim).0 * denominator,
                    1 => bounds(claim).1 * denominator,
                    _ => weight(claim) * units,
                })
                .collect();
            return (numerators, denominator);
        }
    }
    panic!("no level for {total} over {claims:?}");
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn a_divisor_split_is_the_valid_one_that_ranks_ask_for((total, claims) in small(), method in divisor_methods()) {
        let split = apportion(i64::try_from(total).unwrap(), &claims, method).unwrap();
        let ours: Vec<u64> = split.parts.iter().map(|part| u64::try_from(*part).unwrap()).collect();
        let valid: Vec<Vec<u64>> = compositions(total, &claims)
            .into_iter()
            .filter(|parts| is_divisor_split(method, &claims, parts))
            .collect();
        prop_assert!(valid.contains(&ours), "{ours:?} is not among {valid:?}");
        prop_assert_eq!(split.ties.is_empty(), valid.len() == 1, "{:?}", &valid);
        if let Some(tie) = split.ties.first() {
            let units = usize::try_from(tie.units).unwrap();
            prop_assert_eq!(valid.len(), choices(tie.claims.len(), units), "{:?}", &valid);
            let mut ranks = tie.claims.iter().map(|claim| claims[*claim].rank);
            prop_assert!(ranks.clone().is_sorted());
            prop_assert!(ranks.next().is_some());
            for (place, claim) in tie.claims.iter().enumerate() {
                let best = valid.iter().map(|parts| parts[*claim]).max().unwrap();
                let got = if place < units { best } else { best - 1 };
                prop_assert_eq!(ours[*claim], got);
            }
        }
    }

    #[test]
    fn largest_remainder_gives_units_to_the_largest_fractions((total, claims) in small()) {
        let split = apportion(i64::try_from(total).unwrap(), &claims, Method::LargestRemainder).unwrap();
        let (numerators, denominator) = shares(i128::from(total), &claims);
        let mut order: Vec<usize> = (0..claims.len()).collect();
        let rest = |claim: usize| numerators[claim] % denominator;
        order.sort_by_key(|claim| (-rest(*claim), claims[*claim].rank));
        let floors: Vec<i128> = numerators.iter().map(|numerator| numerator / denominator).collect();
        let left = usize::try_from(i128::from(total) - floors.iter().sum::<i128>()).unwrap();
        let mut expected = floors;
        for claim in &order[..left] {
            expected[*claim] += 1;
        }
        let ours: Vec<i128> = split.parts.iter().copied().map(i128::from).collect();
        prop_assert_eq!(ours, expected);
        let tied = left > 0 && rest(order[left - 1]) == rest(order[left]);
        prop_assert_eq!(!split.ties.is_empty(), tied);
        if let Some(tie) = split.ties.first() {
            let threshold = rest(order[left - 1]);
            let expected: Vec<usize> = order.iter().copied().filter(|claim| rest(*claim) == threshold).collect();
            prop_assert_eq!(&tie.claims, &expected);
            let units = order[..left].iter().filter(|claim| rest(**claim) == threshold).count();
            prop_assert_eq!(tie.units, units as u64);
        }
    }
}
