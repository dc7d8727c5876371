//! Long lists: where the fraction that wins is found by counting, round after round.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_allocation::apportionment::{Claim, Method, apportion, apportion_weights};

use crate::support::{any_method, claims, config};

/// Thousands of weights that crowd: few values, values close together, or the whole range.
fn crowds() -> impl Strategy<Value = Vec<u64>> {
    (
        1_u64..=u64::MAX / 2,
        prop_oneof![1_u64..4, 1_u64..2_000, 1_u64..1 << 40, Just(u64::MAX / 2)],
        2_000_usize..6_000,
    )
        .prop_flat_map(|(base, spread, count)| {
            prop_oneof![vec(base..=base + spread, count), vec(0..=spread, count), vec(1..=spread, count)]
        })
        .prop_filter("some weight is positive", |weights| weights.iter().any(|weight| *weight > 0))
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn counting_agrees_with_comparing(total in any::<i64>(), weights in crowds()) {
        let wide: Vec<u128> = weights.iter().copied().map(u128::from).collect();
        prop_assert_eq!(
            apportion_weights(total, &weights, Method::LargestRemainder),
            apportion(total, &claims(&wide), Method::LargestRemainder)
        );
    }

    #[test]
    fn long_lists_add_up(total in any::<i64>(), weights in crowds(), method in any_method()) {
        let split = apportion_weights(total, &weights, method).unwrap();
        prop_assert_eq!(split.parts.iter().copied().map(i128::from).sum::<i128>(), i128::from(total));
    }
}

#[test]
fn the_cost_does_not_grow_with_the_total() {
    // One step per unit would not end: 10^18 units over a giant, a cap and a floor.
    let claims = [
        Claim { weight: 1 << 100, lower: 0, upper: Some(900_000_000_000_000_000), rank: 0 },
        Claim::new(3, 1),
        Claim::new(1, 2),
        Claim { weight: 1, lower: 50_000_000_000_000_000, upper: None, rank: 3 },
    ];
    for method in Method::ALL {
        let split = apportion(1_000_000_000_000_000_000, &claims, method).unwrap();
        // The giant is capped; 50·10^15 are the last one's floor, and its share as 3 to 1 to 1 of 10^17 is below that.
        assert_eq!(
            split.parts,
            [900_000_000_000_000_000, 37_500_000_000_000_000, 12_500_000_000_000_000, 50_000_000_000_000_000],
            "{method}"
        );
    }
}
