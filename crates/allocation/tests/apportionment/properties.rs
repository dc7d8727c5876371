//! What holds of every split.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_allocation::apportionment::{
    Apportionment, Claim, Method, alabama_losers, apportion, apportion_weights, nearest_with_remainder,
};

use crate::support::{any_method, bounded, claims, config, divisor_methods, outcome, totals, weights};

fn sum(split: &Apportionment) -> i128 {
    split.parts.iter().copied().map(i128::from).sum()
}

/// A place for each claim.
fn shuffled((total, claims): (i64, Vec<Claim>)) -> impl Strategy<Value = (i64, Vec<Claim>, Vec<usize>)> {
    let places = Just((0..claims.len()).collect::<Vec<_>>()).prop_shuffle();
    (Just(total), Just(claims), places)
}

/// Claims of anything at all.
fn anything() -> impl Strategy<Value = Vec<Claim>> {
    let number = || prop_oneof![Just(0_u64), 0_u64..10, any::<u64>(), Just(u64::MAX)];
    let weight = prop_oneof![
        Just(0_u128),
        0_u128..10,
        any::<u128>(),
        Just(u128::MAX),
        any::<u64>().prop_map(u128::from)
    ];
    let claim = (
        weight,
        prop_oneof![3 => Just(0), 1 => number()],
        proptest::option::weighted(0.3, number()),
        any::<u32>(),
    )
        .prop_map(|(weight, lower, upper, rank)| Claim { weight, lower, upper, rank });
    vec(claim, 0..8)
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn parts_add_up_within_their_bounds((total, claims) in bounded(), method in any_method()) {
        let split = apportion(total, &claims, method).unwrap();
        prop_assert_eq!(sum(&split), i128::from(total));
        for (claim, part) in claims.iter().zip(&split.parts) {
            prop_assert!(part.signum() * total.signum() >= 0);
            prop_assert!(part.unsigned_abs() >= claim.lower);
            prop_assert!(claim.upper.is_none_or(|upper| part.unsigned_abs() <= upper));
        }
    }

    #[test]
    fn the_order_of_the_claims_is_never_seen(
        (total, claims, places) in bounded().prop_flat_map(shuffled),
        method in any_method(),
    ) {
        let moved: Vec<Claim> = places.iter().map(|place| claims[*place]).collect();
        let (before, after) = (apportion(total, &claims, method).unwrap(), apportion(total, &moved, method).unwrap());
        let expected: Vec<i64> = places.iter().map(|place| before.parts[*place]).collect();
        prop_assert_eq!(&after.parts, &expected);
        let named: Vec<Vec<usize>> =
            after.ties.iter().map(|tie| tie.claims.iter().map(|claim| places[*claim]).collect()).collect();
        let expected: Vec<Vec<usize>> = before.ties.iter().map(|tie| tie.claims.clone()).collect();
        prop_assert_eq!(named, expected);
    }

    #[test]
    fn a_negative_total_mirrors_the_positive((total, claims) in bounded(), method in any_method()) {
        let (one, other) = (apportion(total, &claims, method).unwrap(), apportion(-total, &claims, method).unwrap());
        prop_assert_eq!(one.parts, other.parts.iter().map(|part| -part).collect::<Vec<_>>());
        prop_assert_eq!(one.ties, other.ties);
    }

    #[test]
    fn one_more_unit_takes_none_from_anybody_under_a_divisor_method(
        (total, claims) in bounded(),
        method in divisor_methods(),
    ) {
        let total = total.abs();
        if let Ok(after) = apportion(total + 1, &claims, method) {
            let before = apportion(total, &claims, method).unwrap();
            prop_assert!(before.parts.iter().zip(&after.parts).all(|(before, after)| before <= after));
        }
    }

    #[test]
    fn more_weight_is_never_punished_by_a_divisor_method(
        (total, mut claims) in bounded(),
        method in divisor_methods(),
        place in any::<prop::sample::Index>(),
        more in prop_oneof![1_u128..4, 1_u128..1 << 60],
    ) {
        let place = place.index(claims.len());
        let before = apportion(total, &claims, method).unwrap().parts[place];
        claims[place].weight += more;
        let after = apportion(total, &claims, method).unwrap().parts[place];
        prop_assert!(before.abs() <= after.abs(), "{before} became {after}");
    }

    #[test]
    fn largest_remainder_rounds_each_share_down_or_up(total in totals(), weights in weights()) {
        let split = apportion(total, &claims(&weights), Method::LargestRemainder).unwrap();
        prop_assert_eq!(sum(&split), i128::from(total));
        let all: u128 = weights.iter().sum();
        for (weight, part) in weights.iter().zip(&split.parts) {
            let (floor, rest) = {
                let product = weight * u128::from(total.unsigned_abs());
                (product / all, product % all)
            };
            let part = u128::from(part.unsigned_abs());
            prop_assert!(part == floor || (part == floor + 1 && rest > 0), "{part} of {floor} and a rest of {rest}");
        }
    }

    #[test]
    fn big_integers_agree_with_small_ones((total, claims) in bounded(), method in any_method()) {
        // Only ratios matter; with 90 bits more, the products no longer fit.
        let heavy: Vec<Claim> = claims.iter().map(|claim| Claim { weight: claim.weight << 90, ..*claim }).collect();
        prop_assert_eq!(
            outcome(&apportion(total, &claims, method).unwrap()),
            outcome(&apportion(total, &heavy, method).unwrap())
        );
    }

    #[test]
    fn big_integers_agree_on_money(total in totals(), weights in weights(), method in any_method()) {
        let heavy: Vec<u128> = weights.iter().map(|weight| weight << 90).collect();
        let (small, big) = (apportion(total, &claims(&weights), method), apportion(total, &claims(&heavy), method));
        prop_assert_eq!(sum(&small.clone().unwrap()), i128::from(total));
        prop_assert_eq!(outcome(&small.unwrap()), outcome(&big.unwrap()));
    }

    #[test]
    fn bare_weights_agree_with_claims(
        total in totals(),
        weights in prop_oneof![vec(0_u64..6, 1..40), vec(any::<u64>(), 1..40), vec((1_u64 << 57)..1 << 58, 1..40), vec((1_u64 << 61)..1 << 62, 3..8)],
        method in any_method(),
    ) {
        let wide: Vec<u128> = weights.iter().copied().map(u128::from).collect();
        prop_assert_eq!(apportion_weights(total, &weights, method), apportion(total, &claims(&wide), method));
    }

    #[test]
    fn no_input_stops_a_split(
        total in prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), 0_i64..20],
        mut claims in anything(),
        method in any_method(),
        distinct in any::<bool>(),
    ) {
        if distinct {
            for (rank, claim) in (0..).zip(&mut claims) {
                claim.rank = rank;
            }
        }
        if let Ok(split) = apportion(total, &claims, method) {
            prop_assert_eq!(sum(&split), i128::from(total));
        }
        let _: Result<_, _> = alabama_losers(total, &claims);
        let weights: Vec<u128> = claims.iter().map(|claim| claim.weight).collect();
        if let Ok(parts) = nearest_with_remainder(total, &weights, 0) {
            prop_assert_eq!(parts.into_iter().map(i128::from).sum::<i128>(), i128::from(total));
        }
    }

    #[test]
    fn the_nearest_split_is_nearest(total in totals(), weights in weights(), line in any::<prop::sample::Index>()) {
        let line = line.index(weights.len());
        let parts = nearest_with_remainder(total, &weights, line).unwrap();
        prop_assert_eq!(parts.iter().copied().map(i128::from).sum::<i128>(), i128::from(total));
        let all = i128::try_from(weights.iter().sum::<u128>()).unwrap();
        for (place, (weight, part)) in weights.iter().zip(&parts).enumerate() {
            // Twice the distance from the share, over the sum of the weights, seen from zero.
            let share = i128::from(total.unsigned_abs()) * i128::try_from(*weight).unwrap();
            let twice = 2 * (i128::from(part.unsigned_abs()) * all - share);
            prop_assert!(place == line || (-all < twice && twice <= all), "{part} of {share} over {all}");
        }
        let heavy: Vec<u128> = weights.iter().map(|weight| weight << 90).collect();
        prop_assert_eq!(nearest_with_remainder(total, &heavy, line), Ok(parts));
    }

    #[test]
    fn who_loses_by_one_more_is_found(total in 0_i64..60, weights in vec(1_u128..30, 2..6)) {
        let claims = claims(&weights);
        let losers = alabama_losers(total, &claims).unwrap();
        let before = apportion(total, &claims, Method::LargestRemainder).unwrap().parts;
        let after = apportion(total + 1, &claims, Method::LargestRemainder).unwrap().parts;
        let expected: Vec<usize> = (0..weights.len()).filter(|claim| after[*claim] < before[*claim]).collect();
        prop_assert_eq!(losers.iter().map(|loss| loss.claim).collect::<Vec<_>>(), expected);
    }
}
