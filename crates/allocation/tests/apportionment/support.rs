//! What the tests share.

use std::hash::{BuildHasher, Hasher, RandomState};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tildel_allocation::apportionment::{Apportionment, Claim, Method, apportion};

/// The divisor methods.
pub(crate) fn divisor_methods() -> impl Strategy<Value = Method> {
    proptest::sample::select(&Method::ALL[1..])
}

pub(crate) fn any_method() -> impl Strategy<Value = Method> {
    proptest::sample::select(&Method::ALL[..])
}

/// So many cases, from a seed that is printed; `TILDEL_TEST_SEED` repeats it.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let seed = match std::env::var_os("TILDEL_TEST_SEED") {
        Some(text) => text.to_str().unwrap().parse().expect("TILDEL_TEST_SEED is a whole number"),
        None => RandomState::new().build_hasher().finish(),
    };
    println!("random seed {seed} (set TILDEL_TEST_SEED={seed} to repeat)");
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Claims without bounds, the list being the tie order.
pub(crate) fn claims(weights: &[u128]) -> Vec<Claim> {
    (0..).zip(weights).map(|(rank, weight)| Claim::new(*weight, rank)).collect()
}

pub(crate) fn parts(total: i64, weights: &[u128], method: Method) -> Vec<i64> {
    apportion(total, &claims(weights), method).unwrap().parts
}

/// What tells two splits apart: parts, and the tie.
pub(crate) fn outcome(split: &Apportionment) -> (Vec<i64>, Vec<(Vec<usize>, u64)>) {
    let ties = split.ties.iter().map(|tie| (tie.claims.clone(), tie.units)).collect();
    (split.parts.clone(), ties)
}

/// Weights of any kind, with equal ones, zeros, and at least one that is positive.
pub(crate) fn weights() -> impl Strategy<Value = Vec<u128>> {
    let weight = prop_oneof![
        4 => 0_u128..8,
        2 => (0_u128..8).prop_map(|weight| weight * 1_000_000_007),
        2 => 0_u128..1 << 37,
    ];
    vec(weight, 1..12)
        .prop_filter("some weight is positive", |weights| weights.iter().any(|weight| *weight > 0))
}

/// Totals: few units, money, and anything.
pub(crate) fn totals() -> impl Strategy<Value = i64> {
    prop_oneof![2 => 0_i64..30, 1 => 0..1_000_000_000_000_000_000_i64, 1 => any::<i64>()]
}

/// Claims whose bounds meet the total, with ranks in any order, where the total is of moderate size.
pub(crate) fn bounded() -> impl Strategy<Value = (i64, Vec<Claim>)> {
    let slack = prop_oneof![Just(0_u64), 0_u64..6, 0_u64..1_000_000];
    let lower = prop_oneof![3 => Just(0_u64), 2 => 0_u64..5, 1 => 0_u64..1_000_000];
    let bounds = (lower, proptest::option::of(slack));
    (weights(), any::<bool>(), 0_u64..=1_000)
        .prop_flat_map(move |(weights, negative, permille)| {
            let count = weights.len();
            let ranks = Just((0_u32..u32::try_from(count).unwrap()).collect::<Vec<_>>()).prop_shuffle();
            (Just(weights), vec(bounds.clone(), count), ranks, Just(negative), Just(permille))
        })
        .prop_map(|(weights, bounds, ranks, negative, permille)| {
            let claims: Vec<Claim> = weights
                .into_iter()
                .zip(bounds)
                .zip(ranks)
                .map(|((weight, (lower, slack)), rank)| Claim {
                    weight,
                    lower,
                    upper: slack.map(|slack| lower + slack),
                    rank,
                })
                .collect();
            let least: u64 = claims.iter().map(|claim| claim.lower).sum();
            let room: u64 =
                claims.iter().map(|claim| claim.upper.map_or(50, |upper| upper - claim.lower)).sum();
            let total = i64::try_from(least + room * permille / 1_000).unwrap();
            (if negative { -total } else { total }, claims)
        })
}
