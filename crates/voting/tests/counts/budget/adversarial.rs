//! Votes in which floating point would decide wrongly.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_voting::{BudgetRule, Completion, Satisfaction};

use super::plain::{Plain, fraction};
use super::random::{approvals, winners};

fn shares(satisfaction: Satisfaction) -> BudgetRule {
    BudgetRule::EqualShares { satisfaction, completion: Completion::None }
}

fn named(ballots: &[&[usize]]) -> Vec<Vec<(usize, u32)>> {
    ballots.iter().map(|ballot| ballot.iter().map(|&project| (project, 1)).collect()).collect()
}

#[test]
fn prices_a_hair_apart_are_told_apart() {
    // Costs per vote of 1 000 000 000 000 001 / 3 and 1 000 000 000 000 000 / 3 differ by 10⁻¹⁵; the dearer comes first
    // in the order of texts, and would win a tie. Only one is affordable.
    let plain = Plain {
        budget: 1_500_000_000_000_000,
        costs: vec![1_000_000_000_000_001, 1_000_000_000_000_000],
        ballots: named(&[&[0, 1], &[0, 1], &[0, 1]]),
    };
    assert_eq!(winners(&approvals(&plain), shares(Satisfaction::Cardinality)), [1]);
    assert_eq!(winners(&approvals(&plain), BudgetRule::Phragmen), [1]);
    // Per cost they are tied, and the text decides.
    assert_eq!(winners(&approvals(&plain), shares(Satisfaction::Cost)), [0]);
}

#[test]
fn money_that_suffices_to_the_last_fraction_suffices() {
    // Seven ballots have 10/7 each, which is no floating-point number; project 1 has the lowest price, 3/4 each, and the
    // others then ask whether thirds of a seventh suffice.
    let plain = Plain {
        budget: 10,
        costs: vec![3, 3, 2],
        ballots: named(&[&[0, 1, 2], &[0, 1, 2], &[0, 1, 2], &[1, 2], &[], &[], &[]]),
    };
    let share = fraction(10) / fraction(7);
    let expected = plain.shares(&share, |cost, _| cost);
    assert_eq!(winners(&approvals(&plain), shares(Satisfaction::Cost)), expected);
    // Exactly all the money of three ballots, a third of the budget each: 1/3 is no floating-point number.
    let exact = Plain { budget: 7, costs: vec![4, 3], ballots: named(&[&[0, 1], &[0, 1], &[0, 1]]) };
    assert_eq!(winners(&approvals(&exact), shares(Satisfaction::Cost)), [0, 1]);
    assert_eq!(winners(&approvals(&exact), shares(Satisfaction::Cardinality)), [1, 0]);
}

/// Votes whose costs are so close and so large that floating point sees ties where there are none.
fn close_votes() -> impl Strategy<Value = Plain> {
    (2_usize..10, 3_usize..14, 1_u64 << 30..1 << 44).prop_flat_map(|(count, voters, base)| {
        let costs =
            vec(0_u64..3, count).prop_map(move |more| more.into_iter().map(|more| base + more).collect());
        let ballots = vec(vec(any::<bool>(), count), voters).prop_map(|ballots| {
            let named = |ballot: Vec<bool>| {
                (0..).zip(ballot).filter(|(_, is_named)| *is_named).map(|(at, _)| (at, 1))
            };
            ballots.into_iter().map(|ballot| named(ballot).collect()).collect::<Vec<Vec<(usize, u32)>>>()
        });
        (costs, ballots, 1_u64..6, 0_u64..5).prop_map(move |(costs, ballots, times, more)| Plain {
            budget: base * times + more,
            costs,
            ballots,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn close_votes_are_counted_as_defined(plain in close_votes()) {
        let instance = approvals(&plain);
        let share = fraction(plain.budget) / fraction(plain.ballots.len() as u64);
        prop_assert_eq!(winners(&instance, shares(Satisfaction::Cost)), plain.shares(&share, |cost, _| cost));
        prop_assert_eq!(winners(&instance, shares(Satisfaction::Cardinality)), plain.shares(&share, |_, _| 1));
        prop_assert_eq!(winners(&instance, BudgetRule::Phragmen), plain.phragmen());
        if plain.costs.len() < 7 {
            prop_assert_eq!(winners(&instance, BudgetRule::MaximinSupport), plain.maximin());
        }
    }
}
