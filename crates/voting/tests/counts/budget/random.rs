//! The counts against the plain ones of `plain`, on thousands of small votes full of ties.

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_voting::{
    Add1Until, BudgetBallot, BudgetInstance, BudgetRule, Completion, Project, Satisfaction, TieChain,
    TieLink, tally_budget,
};

use super::plain::{Gain, Plain};

/// Votes with equal, free, oversized and unsupported projects, equal and empty ballots.
fn votes(projects: usize, voters: usize, most_cost: u64, most_points: u32) -> impl Strategy<Value = Plain> {
    (1..=projects).prop_flat_map(move |count| {
        let cost = prop_oneof![1 => Just(0), 8 => 1..=most_cost, 1 => most_cost..=most_cost * 20];
        let ballot = vec((0..count, 0..=most_points), 0..=count.min(5)).prop_map(|mut named| {
            named.sort_unstable();
            named.dedup_by_key(|(project, _)| *project);
            named
        });
        (0..=most_cost * 3, vec(cost, count), vec(ballot, 0..=voters))
            .prop_map(|(budget, costs, ballots)| Plain { budget, costs, ballots })
    })
}

fn projects(plain: &Plain) -> Vec<Project> {
    // Two digits, so that the order of texts is that of the indices.
    plain.costs.iter().enumerate().map(|(index, &cost)| Project { id: format!("{index:02}"), cost }).collect()
}

pub(super) fn approvals(plain: &Plain) -> BudgetInstance {
    let named = |ballot: &Vec<(usize, u32)>| {
        let projects =
            ballot.iter().filter(|(_, points)| *points > 0).map(|&(project, _)| project.try_into().unwrap());
        BudgetBallot::Approval(projects.collect())
    };
    BudgetInstance::new(plain.budget, 0, projects(plain), plain.ballots.iter().map(named)).unwrap()
}

fn allotments(plain: &Plain) -> BudgetInstance {
    let given = |ballot: &Vec<(usize, u32)>| {
        BudgetBallot::Allotment(
            ballot.iter().map(|&(project, points)| (project.try_into().unwrap(), points)).collect(),
        )
    };
    BudgetInstance::new(plain.budget, 0, projects(plain), plain.ballots.iter().map(given)).unwrap()
}

pub(super) fn winners(instance: &BudgetInstance, rule: BudgetRule) -> Vec<usize> {
    let chain = TieChain(vec![TieLink::Lexicographic]);
    let tally = tally_budget(instance, &rule, &chain).unwrap();
    let report = tally.report();
    assert_eq!(report.rounds.len(), report.winners.len());
    tally.winners().map(|id| id.parse().unwrap()).collect()
}

const GAINS: [(Satisfaction, Gain); 3] = [
    (Satisfaction::Cost, |cost, _| cost),
    (Satisfaction::Cardinality, |_, _| 1),
    (Satisfaction::Points, |_, points| points.into()),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn greedy_is_that_of_the_definition(plain in votes(8, 10, 12, 3)) {
        let instance = allotments(&plain);
        for (satisfaction, gain) in GAINS {
            let counted = winners(&instance, BudgetRule::Greedy { satisfaction });
            prop_assert_eq!(counted, plain.greedy(gain), "{:?}", satisfaction);
        }
    }

    #[test]
    fn equal_shares_are_those_of_the_definition(plain in votes(9, 14, 30, 4)) {
        let instance = allotments(&plain);
        for (satisfaction, gain) in GAINS {
            let rule = BudgetRule::EqualShares { satisfaction, completion: Completion::None };
            let share = super::plain::fraction(plain.budget) / super::plain::fraction(plain.ballots.len().max(1) as u64);
            prop_assert_eq!(winners(&instance, rule), plain.shares(&share, gain), "{:?}", satisfaction);
        }
    }

    #[test]
    fn phragmen_is_that_of_the_definition(plain in votes(9, 12, 12, 1)) {
        prop_assert_eq!(winners(&approvals(&plain), BudgetRule::Phragmen), plain.phragmen());
    }

    #[test]
    fn maximin_support_is_that_of_the_definition(plain in votes(6, 8, 12, 1)) {
        prop_assert_eq!(winners(&approvals(&plain), BudgetRule::MaximinSupport), plain.maximin());
    }

    #[test]
    fn the_order_of_ballots_never_matters(
        (plain, ballots) in votes(7, 9, 30, 3)
            .prop_flat_map(|plain| (Just(plain.clone()), Just(plain.ballots).prop_shuffle())),
    ) {
        let shuffled = Plain { ballots, ..plain.clone() };
        let completion = Completion::Add1Utilitarian { until: Add1Until::Exhaustive };
        let rules = [
            BudgetRule::EqualShares { satisfaction: Satisfaction::Points, completion },
            BudgetRule::Phragmen,
            BudgetRule::MaximinSupport,
        ];
        for rule in rules {
            let chain = TieChain(vec![TieLink::Lot { seed_hex: "5eed".to_owned() }]);
            let count = |plain| tally_budget(&allotments(plain), &rule, &chain).unwrap().report();
            prop_assert_eq!(count(&plain), count(&shuffled));
        }
    }
}

// The plain count of Add1 is slow.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn add1_is_that_of_the_definition(plain in votes(7, 8, 40, 3)) {
        let instance = allotments(&plain);
        for (satisfaction, gain) in GAINS {
            for (until, until_exhaustive) in [(Add1Until::Exhaustive, true), (Add1Until::Budget, false)] {
                let rule = BudgetRule::EqualShares { satisfaction, completion: Completion::Add1 { until } };
                let counted = winners(&instance, rule);
                let completion = Completion::Add1Utilitarian { until };
                let filled = winners(&instance, BudgetRule::EqualShares { satisfaction, completion });
                if plain.ballots.is_empty() {
                    prop_assert!(counted.is_empty() && filled.is_empty());
                } else {
                    let expected = plain.add1(gain, 1, until_exhaustive);
                    prop_assert_eq!(&counted, &expected, "{:?} {:?}", satisfaction, until);
                    let expected = plain.utilitarian(expected, gain);
                    prop_assert_eq!(&filled, &expected, "{:?} {:?} utilitarian", satisfaction, until);
                }
            }
        }
    }

    #[test]
    fn add1_with_many_rounds_is_that_of_the_definition(plain in votes(5, 6, 300, 3)) {
        let instance = allotments(&plain);
        for (satisfaction, gain) in GAINS {
            let completion = Completion::Add1 { until: Add1Until::Budget };
            let rule = BudgetRule::EqualShares { satisfaction, completion };
            if !plain.ballots.is_empty() {
                let chain = TieChain(vec![TieLink::Lexicographic]);
                let tally = tally_budget(&instance, &rule, &chain).unwrap();
                let (expected, rounds) = plain.add1_rounds(gain, 1, false);
                let counted: Vec<usize> = tally.winners().map(|id| id.parse().unwrap()).collect();
                prop_assert_eq!(counted, expected, "{:?}", satisfaction);
                prop_assert_eq!(tally.share_rounds(), rounds, "{:?}", satisfaction);
            }
        }
    }
}
