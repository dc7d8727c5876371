//! What holds of every ranking count.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use tildel_voting::{Ranking, RankingMethod, RankingRound, TieChain, TieLink, count_ranking};

use crate::fixture::{ANY, count, letters, order};

const OPTIONS: &str = "ABCDEF";
const METHODS: [RankingMethod; 2] = [RankingMethod::Borda, RankingMethod::Schulze];

/// A ranking of some of the options; the seat is recused on some of the others where `recusals` is set.
fn rankings(recusals: bool) -> impl Strategy<Value = Ranking> {
    let shuffled = Just(letters(OPTIONS)).prop_shuffle();
    (shuffled, 0..=OPTIONS.len(), 0..=OPTIONS.len()).prop_map(move |(mut options, ranked, recused)| {
        let mut rest = options.split_off(ranked);
        rest.truncate(if recusals { recused } else { 0 });
        Ranking { ranked: options, not_ranked_recused: rest.into_iter().collect() }
    })
}

fn elections(recusals: bool) -> impl Strategy<Value = Vec<Ranking>> {
    vec(rankings(recusals), 0..12)
}

fn chains() -> impl Strategy<Value = TieChain> {
    prop_oneof![
        Just(TieChain::default()),
        Just(TieChain(vec![TieLink::Lexicographic])),
        "([0-9a-f]{2}){1,4}".prop_map(|seed_hex| TieChain(vec![TieLink::Lot { seed_hex }])),
    ]
}

/// How many ballots of full electorate rank one option above another, read off the ballots themselves.
fn prefer(ballots: &[Ranking], one: &str, other: &str) -> usize {
    let place = |ballot: &Ranking, option: &str| {
        ballot.ranked.iter().position(|ranked| ranked == option).unwrap_or(usize::MAX)
    };
    ballots.iter().filter(|ballot| place(ballot, one) < place(ballot, other)).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_order_of_the_input_never_matters(
        (ballots, shuffled) in elections(true)
            .prop_flat_map(|ballots| (Just(ballots.clone()), Just(ballots).prop_shuffle())),
        options in Just(letters(OPTIONS)).prop_shuffle(),
        chain in chains(),
    ) {
        for method in METHODS {
            let one = count_ranking(&letters(OPTIONS), &ballots, method, ANY, &chain);
            let other = count_ranking(&options, &shuffled, method, ANY, &chain);
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn every_option_gets_one_place(ballots in elections(true), chain in chains()) {
        for method in METHODS {
            let count = count_ranking(&letters(OPTIONS), &ballots, method, ANY, &chain).unwrap();
            let placed: BTreeSet<_> = count.order.iter().map(|place| place.option.clone()).collect();
            prop_assert_eq!(placed.len(), OPTIONS.len());
            prop_assert_eq!(count.order.len(), OPTIONS.len());
            for (index, place) in (1_u32..).zip(&count.order) {
                let in_open_tie = count
                    .ties
                    .iter()
                    .any(|tie| tie.resolved_by.is_none() && tie.options.contains(&place.option));
                prop_assert!(place.place == index || in_open_tie);
            }
        }
    }

    #[test]
    fn a_unanimous_order_is_the_outcome(ranking in Just(letters(OPTIONS)).prop_shuffle(), seats in 1_usize..6) {
        let ballot = Ranking { ranked: ranking.clone(), not_ranked_recused: BTreeSet::new() };
        let ballots = vec![ballot; seats];
        for method in METHODS {
            let count = count(OPTIONS, &ballots, method);
            prop_assert_eq!(order(&count), ranking.concat());
            prop_assert!(count.ties.is_empty());
        }
    }

    #[test]
    fn schulze_puts_the_winner_of_every_pair_first(ballots in elections(false)) {
        let options = letters(OPTIONS);
        let wins_all = |one: &&String| {
            options.iter().filter(|other| other != one).all(|other| {
                prefer(&ballots, one, other) > prefer(&ballots, other, one)
            })
        };
        if let Some(winner) = options.iter().find(wins_all) {
            let count = count(OPTIONS, &ballots, RankingMethod::Schulze);
            prop_assert_eq!(&count.order[0].option, winner);
            prop_assert!(count.ties.iter().all(|tie| tie.first_place > 1));
        }
    }

    #[test]
    fn borda_hands_out_all_points_and_no_more(ballots in elections(false)) {
        let count = count(OPTIONS, &ballots, RankingMethod::Borda);
        let RankingRound::BordaPoints { scores } = &count.rounds[0] else { panic!("no points") };
        // Twice the points, since equal options share halves: each ballot gives 0 + 1 + … + 5 = 15.
        let doubled: usize = scores
            .iter()
            .map(|score| match score.points.split_once('/') {
                Some((halves, "2")) => halves.parse::<usize>().unwrap(),
                _ => 2 * score.points.parse::<usize>().unwrap(),
            })
            .sum();
        prop_assert_eq!(doubled, 30 * ballots.len());
    }

    #[test]
    fn a_recused_seat_has_no_part_in_the_score(ballots in elections(false), other in rankings(false)) {
        // A seat that is recused on A ranks the rest; whatever it says, the score of A is the same.
        let mut ranked = other.ranked;
        ranked.retain(|option| option != "A");
        let recused = BTreeSet::from(["A".to_owned()]);
        let mut with_seat = ballots.clone();
        with_seat.push(Ranking { ranked, not_ranked_recused: recused });
        let score_of_a = |ballots: &[Ranking]| {
            let count = count(OPTIONS, ballots, RankingMethod::Borda);
            count.order.into_iter().find(|place| place.option == "A").unwrap().score
        };
        prop_assert_eq!(score_of_a(&with_seat), score_of_a(&ballots));
    }

    #[test]
    fn no_input_stops_the_count(
        options in vec("[A-C]{0,2}", 0..5),
        ballots in vec((vec("[A-C]{0,2}", 0..5), vec("[A-C]{0,2}", 0..3)), 0..5),
        seed_hex in ".{0,4}",
    ) {
        let ballots: Vec<Ranking> = ballots
            .into_iter()
            .map(|(ranked, recused)| Ranking { ranked, not_ranked_recused: recused.into_iter().collect() })
            .collect();
        let chain = TieChain(vec![TieLink::Lot { seed_hex }]);
        for method in METHODS {
            let _: Result<_, _> = count_ranking(&options, &ballots, method, ANY, &chain);
        }
    }
}
