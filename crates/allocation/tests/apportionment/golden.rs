//! Published numbers about splitting: acceptance cases of funding services and threads of money libraries.

use tildel_allocation::apportionment::{
    AlabamaLoss, ApportionError, Claim, Method, Tie, alabama_losers, apportion, apportion_weights,
    nearest_with_remainder, parse_weight, to_common_weights,
};

use crate::support::{claims, parts};

const LARGEST: Method = Method::LargestRemainder;

#[test]
fn two_instalments_of_seven_and_five_twelfths() {
    for (total, first, second) in [
        (22_284, 12_999, 9_285),
        (7_514, 4_383, 3_131),
        (9_468, 5_523, 3_945),
        (10_000, 5_833, 4_167),
        (0, 0, 0),
    ] {
        assert_eq!(nearest_with_remainder(total, &[7, 5], 1), Ok(vec![first, second]), "{total}");
        assert_eq!(nearest_with_remainder(-total, &[7, 5], 1), Ok(vec![-first, -second]), "-{total}");
    }
    // As the percentage 58.33333 and the rest: 22284 × 0.5833333 = 12998.99926 → 12999.
    let written = ["58.33333%", "41.66667%"].map(|text| parse_weight(text).unwrap());
    let weights = to_common_weights(&written).unwrap();
    assert_eq!(nearest_with_remainder(22_284, &weights, 1), Ok(vec![12_999, 9_285]));
}

#[test]
fn a_half_goes_away_from_zero_and_rounding_happens_once() {
    // 1 over 495 and 505 of 1000: 0.495 is 0.
    assert_eq!(nearest_with_remainder(1, &[495, 505], 1), Ok(vec![0, 1]));
    assert_eq!(nearest_with_remainder(1, &[1, 1], 1), Ok(vec![1, 0]));
    assert_eq!(nearest_with_remainder(-1, &[1, 1], 1), Ok(vec![-1, 0]));
    assert_eq!(nearest_with_remainder(1, &[1, 1], 0), Ok(vec![0, 1]));
    // 3 over six equal lines: five halves round up to one each, so the last line pays two.
    assert_eq!(nearest_with_remainder(3, &[1; 6], 5), Ok(vec![1, 1, 1, 1, 1, -2]));
}

#[test]
fn what_has_no_nearest_split_is_refused() {
    assert_eq!(nearest_with_remainder(1, &[], 0), Err(ApportionError::NoClaims));
    assert_eq!(nearest_with_remainder(1, &[0, 0], 0), Err(ApportionError::ZeroWeights));
    assert_eq!(nearest_with_remainder(1, &[1, 1], 2), Err(ApportionError::NoSuchLine { line: 2, lines: 2 }));
    // Products beyond 128 bits are exact too.
    let heavy = [u128::MAX, u128::MAX, 0];
    assert_eq!(nearest_with_remainder(i64::MAX, &heavy, 1), Ok(vec![1 << 62, (1 << 62) - 1, 0]));
    assert_eq!(nearest_with_remainder(i64::MIN, &heavy, 2), Ok(vec![-(1 << 62), -(1 << 62), 0]));
}

#[test]
fn the_order_of_the_list_does_not_matter() {
    // 613 over 605 in all; quotas 99.296, 93.217, 99.296, 124.627, 103.349, 93.217 leave two units, which go to
    // .627 and .349.
    assert_eq!(parts(613, &[98, 92, 98, 123, 102, 92], LARGEST), [99, 93, 99, 125, 104, 93]);
    assert_eq!(parts(613, &[92, 102, 123, 98, 92, 98], LARGEST), [93, 104, 125, 99, 93, 99]);
}

#[test]
fn the_remainder_goes_to_the_largest_fraction() {
    assert_eq!(parts(5, &[100, 101, 100, 100], LARGEST), [1, 2, 1, 1]);
    assert_eq!(parts(1, &[33, 66], LARGEST), [0, 1]);
    // 7499.25 and 2499.75.
    assert_eq!(parts(9_999, &[75, 25], LARGEST), [7_499, 2_500]);
}

#[test]
fn a_negative_total_is_the_mirror_image() {
    let split = apportion(-99, &claims(&[1; 10]), LARGEST).unwrap();
    assert_eq!(split.parts, [-10, -10, -10, -10, -10, -10, -10, -10, -10, -9]);
    assert_eq!(split.ties, [Tie { claims: (0..10).collect(), units: 9 }]);
    let all = apportion_weights(i64::MIN, &[1], LARGEST).unwrap();
    assert_eq!(all.parts, [i64::MIN]);
    assert_eq!(apportion(i64::MIN, &claims(&[1]), Method::Dean).unwrap().parts, [i64::MIN]);
}

#[test]
fn fewer_units_than_recipients_are_no_error() {
    for method in Method::ALL {
        assert_eq!(parts(1, &[1, 1], method), [1, 0], "{method}");
    }
}

#[test]
fn nobody_to_give_to_is_refused() {
    for method in Method::ALL {
        for total in [0, 1] {
            assert_eq!(apportion(total, &[], method), Err(ApportionError::NoClaims), "{method}");
            assert_eq!(
                apportion(total, &claims(&[0, 0]), method),
                Err(ApportionError::ZeroWeights),
                "{method}"
            );
            assert_eq!(apportion_weights(total, &[], method), Err(ApportionError::NoClaims), "{method}");
            assert_eq!(
                apportion_weights(total, &[0, 0], method),
                Err(ApportionError::ZeroWeights),
                "{method}"
            );
        }
        assert_eq!(parts(0, &[0, 3], method), [0, 0], "{method}");
    }
    let twins = [Claim::new(1, 7), Claim::new(1, 7)];
    assert_eq!(apportion(1, &twins, LARGEST), Err(ApportionError::RankTwice { rank: 7 }));
}

#[test]
fn five_million_over_five() {
    let weights = [412, 87, 133, 951, 12];
    for method in [LARGEST, Method::SainteLague, Method::HuntingtonHill, Method::Adams] {
        let split = parts(5_300_001, &weights, method);
        assert_eq!(split, [1_369_028, 289_091, 441_944, 3_160_063, 39_875], "{method}");
    }
    let split = parts(5_300_001, &weights, Method::DHondt);
    assert_eq!(split, [1_369_029, 289_091, 441_943, 3_160_064, 39_874]);
}

#[test]
fn a_tie_goes_to_the_first_of_the_published_order() {
    let claims = [Claim::new(1, 2), Claim::new(1, 0), Claim::new(1, 1)];
    let split = apportion(100, &claims, LARGEST).unwrap();
    assert_eq!(split.parts, [33, 34, 33]);
    assert_eq!(split.ties, [Tie { claims: vec![1, 2, 0], units: 1 }]);
}

#[test]
fn one_more_unit_takes_one_from_the_smallest() {
    // Of 10: 4.29, 4.29, 1.43 → 4, 4, 2. Of 11: 4.71, 4.71, 1.57 → 5, 5, 1.
    let weights = [6, 6, 2];
    assert_eq!(parts(10, &weights, LARGEST), [4, 4, 2]);
    assert_eq!(parts(11, &weights, LARGEST), [5, 5, 1]);
    let loss = AlabamaLoss { claim: 2, part: 2, part_with_one_more: 1 };
    assert_eq!(alabama_losers(10, &claims(&weights)), Ok(vec![loss]));
    let mirrored = AlabamaLoss { claim: 2, part: -2, part_with_one_more: -1 };
    assert_eq!(alabama_losers(-10, &claims(&weights)), Ok(vec![mirrored]));
    // The negative controls.
    assert_eq!(alabama_losers(11, &claims(&weights)), Ok(vec![]));
    assert_eq!(alabama_losers(10, &claims(&[1])), Ok(vec![]));
    assert_eq!(alabama_losers(i64::MAX, &claims(&[1])), Err(ApportionError::TotalTooLarge));
    assert_eq!(alabama_losers(i64::MIN, &claims(&[1])), Err(ApportionError::TotalTooLarge));
}
