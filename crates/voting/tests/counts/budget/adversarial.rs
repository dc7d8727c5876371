//! Votes in which floating point would decide wrongly.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_voting::{
    BudgetBallot, BudgetInstance, BudgetRule, Completion, Project, Satisfaction, TieChain, TieLink,
    tally_budget,
};

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

#[test]
fn prices_that_differ_in_the_twentieth_digit_are_no_tie() {
    // 999 999 999 933 358 for 100 003 ballots and 999 970 000 833 333 for 100 000 other ones: multiplied crosswise they
    // differ by 1 in 10²⁰. Not even long double (64 bits) tells the quotients apart. The dearer one comes first in the
    // order of texts, so that it would win a tie.
    let (dear, dear_votes, cheap, cheap_votes) =
        (999_999_999_933_358_u64, 100_003_u32, 999_970_000_833_333_u64, 100_000_u32);
    let crosswise = |cost: u64, votes: u32| u128::from(cost) * u128::from(votes);
    assert_eq!(crosswise(dear, cheap_votes) - crosswise(cheap, dear_votes), 1);
    // The negative control: floating point sees a tie.
    #[allow(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "what this test is about")]
    let price = |cost: u64, votes: u32| cost as f64 / f64::from(votes);
    assert_eq!(price(dear, dear_votes).to_bits(), price(cheap, cheap_votes).to_bits());

    let vote = |budget| {
        let project = |id: &str, cost| Project { id: id.to_owned(), cost };
        let ballots = |project, votes: u32| (0..votes).map(move |_| BudgetBallot::Approval(vec![project]));
        let ballots = ballots(0, dear_votes).chain(ballots(1, cheap_votes));
        BudgetInstance::new(budget, 0, vec![project("0", dear), project("1", cheap)], ballots).unwrap()
    };
    let chain = TieChain(vec![TieLink::Lexicographic]);
    // One of them fits into 10¹⁵.
    let one = vote(1_000_000_000_000_000);
    for rule in [BudgetRule::Greedy { satisfaction: Satisfaction::Cardinality }, BudgetRule::Phragmen] {
        let tally = tally_budget(&one, &rule, &chain).unwrap();
        assert_eq!((tally.winners().collect::<Vec<_>>(), tally.tie_count()), (vec!["1"], 0), "{rule:?}");
    }
    // Both are affordable with 4 · 10¹⁵, and the cheaper one is bought first.
    let both = vote(4_000_000_000_000_000);
    let tally = tally_budget(&both, &shares(Satisfaction::Cardinality), &chain).unwrap();
    assert_eq!((tally.winners().collect::<Vec<_>>(), tally.tie_count()), (vec!["1", "0"], 0));
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
