//! Tie orders of named recipients.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_allocation::apportionment::{TieBreak, TieBreakError, tie_ranks};

use crate::support::config;

#[test]
fn the_first_link_that_tells_two_apart_decides() {
    let keys = ["c", "a", "b"];
    assert_eq!(tie_ranks(&keys, &[5, 5, 9], &[TieBreak::LargerWeight]), Ok(vec![2, 1, 0]));
    assert_eq!(tie_ranks(&keys, &[5, 5, 9], &[TieBreak::SmallerWeight]), Ok(vec![1, 0, 2]));
    assert_eq!(tie_ranks(&keys, &[5, 5, 9], &[TieBreak::Key, TieBreak::LargerWeight]), Ok(vec![2, 0, 1]));
    assert_eq!(tie_ranks(&keys, &[5, 5, 9], &[]), Ok(vec![2, 0, 1]));
    assert_eq!(tie_ranks(&[], &[], &[]), Ok(vec![]));
}

#[test]
fn keys_of_digits_are_numbers() {
    let keys = ["10", "9", "1a", "", "007", "7", "1103", "å", "z"];
    // Numbers: 007, 7, 9, 10, 1103; then texts: (nothing), 1a, z, å.
    assert_eq!(tie_ranks(&keys, &[0; 9], &[TieBreak::Key]), Ok(vec![3, 2, 6, 5, 0, 1, 4, 8, 7]));
    // Digits of other scripts are texts.
    assert_eq!(tie_ranks(&["١", "2"], &[0; 2], &[]), Ok(vec![1, 0]));
}

#[test]
fn a_lot_can_be_drawn_again_by_anybody() {
    let seed = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let keys = ["1103", "1108", "1120", "Jæren"];
    // printf of the 32 bytes 00 01 … 1f and the key, through sha256sum:
    // 1103: 044c49ea…
    // 1108: ff1e98cf…
    // 1120: 61262d03…
    // Jæren: 0ea5a8fd…
    assert_eq!(tie_ranks(&keys, &[1, 2, 3, 4], &[TieBreak::Lot { seed }]), Ok(vec![0, 3, 2, 1]));
    let weights_first = [TieBreak::LargerWeight, TieBreak::Lot { seed }];
    assert_eq!(tie_ranks(&keys, &[1, 2, 3, 4], &weights_first), Ok(vec![3, 2, 1, 0]));
}

#[test]
fn what_cannot_be_ordered_is_refused() {
    assert_eq!(tie_ranks(&["a", "b"], &[1], &[]), Err(TieBreakError::UnlikeLengths { keys: 2, weights: 1 }));
    assert_eq!(
        tie_ranks(&["a", "b", "a"], &[1, 2, 3], &[TieBreak::LargerWeight]),
        Err(TieBreakError::KeyTwice { key: "a".to_owned() })
    );
}

#[test]
fn a_chain_has_one_wire_form() {
    let chain =
        [TieBreak::LargerWeight, TieBreak::SmallerWeight, TieBreak::Key, TieBreak::Lot { seed: [0xab; 32] }];
    let wire =
        format!(r#"["larger-weight","smaller-weight","key",{{"lot":{{"seed":"{}"}}}}]"#, "ab".repeat(32));
    assert_eq!(serde_json::to_string(&chain).unwrap(), wire);
    assert_eq!(serde_json::from_str::<Vec<TieBreak>>(&wire).unwrap(), chain);
    for seed in ["", "ab", &"zz".repeat(32), &"ab".repeat(33)] {
        assert!(
            serde_json::from_str::<TieBreak>(&format!(r#"{{"lot":{{"seed":"{seed}"}}}}"#)).is_err(),
            "{seed}"
        );
    }
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn ranks_are_places_and_belong_to_the_recipient(
        recipients in vec(("[0-9a-b]{0,3}", 0_u128..3), 0..8),
        chain in vec(
            prop_oneof![
                Just(TieBreak::LargerWeight),
                Just(TieBreak::SmallerWeight),
                Just(TieBreak::Key),
                any::<[u8; 32]>().prop_map(|seed| TieBreak::Lot { seed }),
            ],
            0..3,
        ),
    ) {
        let ranks = |recipients: &[(String, u128)]| {
            let keys: Vec<&str> = recipients.iter().map(|(key, _)| key.as_str()).collect();
            let weights: Vec<u128> = recipients.iter().map(|(_, weight)| *weight).collect();
            tie_ranks(&keys, &weights, &chain)
        };
        let reversed: Vec<_> = recipients.iter().rev().cloned().collect();
        let (Ok(given), Ok(mut mirrored)) = (ranks(&recipients), ranks(&reversed)) else {
            prop_assert!(ranks(&reversed).is_err());
            return Ok(());
        };
        mirrored.reverse();
        prop_assert_eq!(&given, &mirrored);
        let mut sorted = given;
        sorted.sort_unstable();
        prop_assert!(sorted.into_iter().eq(0..u32::try_from(recipients.len()).unwrap()));
    }
}
