//! Recusal, ties, quorum and refusals, by hand.

use tildel_voting::{
    CountError, Quorum, Ranking, RankingCount, RankingMethod, SeedError, Tie, TieChain, TieLink,
    count_ranking,
};

use crate::fixture::{ANY, count, electorate, letters, order, ranking};

fn lot(seed_hex: &str) -> TieLink {
    TieLink::Lot { seed_hex: seed_hex.to_owned() }
}

fn borda(options: &str, ballots: &[Ranking], links: Vec<TieLink>) -> Result<RankingCount, CountError> {
    count_ranking(&letters(options), ballots, RankingMethod::Borda, ANY, &TieChain(links))
}

fn scores(count: &RankingCount) -> Vec<(&str, Option<&str>)> {
    count.order.iter().map(|place| (place.option.as_str(), place.score.as_deref())).collect()
}

#[test]
fn borda_takes_the_mean_over_the_seats_that_may_rank() {
    // A B C gives 2, 1, 0. The seat that is recused on A spans the same range with B C: 2, 0.
    // A: 2 / 1 seat. B: (1 + 2) / 2 seats = 3/2. C: 0 / 2 seats.
    let recused = count("ABC", &[ranking("ABC", ""), ranking("BC", "A")], RankingMethod::Borda);
    assert_eq!(scores(&recused), [("A", Some("2")), ("B", Some("3/2")), ("C", Some("0"))]);
    // The negative control: a seat that may rank A and leaves it out puts it last. A: (2 + 0) / 2.
    let left_out = count("ABC", &[ranking("ABC", ""), ranking("BC", "")], RankingMethod::Borda);
    assert_eq!(scores(&left_out), [("B", Some("3/2")), ("A", Some("1")), ("C", Some("1/2"))]);
}

#[test]
fn schulze_counts_a_pair_by_the_seats_that_compared_it() {
    // One seat prefers A to B and C; the two that are recused on A say nothing of it.
    let recused = [ranking("ABC", ""), ranking("BC", "A"), ranking("BC", "A")];
    assert_eq!(order(&count("ABC", &recused, RankingMethod::Schulze)), "ABC");
    // Were they not recused, A would lose both pairs by 1 to 2.
    let left_out = [ranking("ABC", ""), ranking("BC", ""), ranking("BC", "")];
    assert_eq!(order(&count("ABC", &left_out, RankingMethod::Schulze)), "BCA");
}

#[test]
fn an_option_that_no_seat_compared_has_no_score_and_comes_last() {
    let count = count("ABC", &[ranking("CB", "A"), ranking("BC", "A")], RankingMethod::Borda);
    // B and C: (2 + 0) / 2 each.
    assert_eq!(scores(&count), [("B", Some("1")), ("C", Some("1")), ("A", None)]);
    // A seat that may rank only one option compares nothing.
    let alone = borda("AB", &[ranking("A", "B")], vec![]).unwrap();
    assert_eq!(scores(&alone), [("A", None), ("B", None)]);
}

#[test]
fn left_out_options_share_the_last_places() {
    // A gets 3; B, C and D share 0 + 1 + 2, one each.
    let count = borda("ABCD", &[ranking("A", "")], vec![]).unwrap();
    assert_eq!(scores(&count), [("A", Some("3")), ("B", Some("1")), ("C", Some("1")), ("D", Some("1"))]);
    let places: Vec<_> = count.order.iter().map(|place| place.place).collect();
    assert_eq!(places, [1, 2, 2, 2]);
    assert_eq!(count.ties, [Tie { options: letters("BCD"), first_place: 2, resolved_by: None }]);
}

#[test]
fn the_first_link_of_the_chain_resolves_a_tie_and_is_told() {
    // Opposite rankings: every option has 3 points of two seats.
    let opposite = electorate(&[(1, "ABCD"), (1, "DCBA")]);
    // `printf '\x5e\xedA' | sha256sum` and so on: A 10d00f8c…, B 0b2c423e…, C e821f129…, D 0d994280….
    let by_lot = borda("ABCD", &opposite, vec![lot("5eed"), TieLink::Lexicographic]).unwrap();
    assert_eq!(order(&by_lot), "BDAC");
    let tie = Tie { options: letters("BDAC"), first_place: 1, resolved_by: Some(lot("5eed")) };
    assert_eq!(by_lot.ties, [tie]);
    assert_eq!(by_lot.order.iter().map(|place| place.place).collect::<Vec<_>>(), [1, 2, 3, 4]);

    let by_text = borda("DCBA", &opposite, vec![TieLink::Lexicographic, lot("5eed")]).unwrap();
    assert_eq!(order(&by_text), "ABCD");
    assert_eq!(by_text.ties[0].resolved_by, Some(TieLink::Lexicographic));
}

#[test]
fn schulze_reports_a_tie_between_undefeated_options() {
    let count = count("ABC", &electorate(&[(2, "ABC"), (2, "BAC")]), RankingMethod::Schulze);
    assert_eq!(order(&count), "ABC");
    let tie = Tie { options: letters("AB"), first_place: 1, resolved_by: Some(TieLink::Lexicographic) };
    assert_eq!(count.ties, [tie]);
}

#[test]
fn without_quorum_there_is_no_order() {
    let ballots = electorate(&[(2, "AB")]);
    let count_with = |minimum_seats| {
        let quorum = Quorum { minimum_seats };
        count_ranking(&letters("AB"), &ballots, RankingMethod::Schulze, quorum, &TieChain::default()).unwrap()
    };
    let missed = count_with(3);
    assert_eq!((missed.quorum_met, missed.order.len(), missed.ballots), (false, 0, 2));
    assert_eq!(order(&count_with(2)), "AB");
}

#[test]
fn unusable_input_is_refused() {
    let option = || "A".to_owned();
    let cases = [
        (borda("AA", &[], vec![]), CountError::DuplicateOption(option())),
        (borda("B", &[ranking("A", "")], vec![]), CountError::UnknownOption { ballot: 0, option: option() }),
        (borda("B", &[ranking("", "A")], vec![]), CountError::UnknownOption { ballot: 0, option: option() }),
        (
            borda("AB", &[ranking("AB", ""), ranking("ABA", "")], vec![]),
            CountError::NamedTwice { ballot: 1, option: option() },
        ),
        (borda("AB", &[ranking("AB", "A")], vec![]), CountError::NamedTwice { ballot: 0, option: option() }),
        (borda("AB", &[], vec![lot("")]), CountError::Seed(SeedError)),
        (borda("AB", &[], vec![TieLink::Lexicographic, lot("5eex")]), CountError::Seed(SeedError)),
    ];
    for (result, expected) in cases {
        assert_eq!(result, Err(expected));
    }
    let many: Vec<String> = (0..257).map(|index| index.to_string()).collect();
    let refused = count_ranking(&many, &[], RankingMethod::Borda, ANY, &TieChain::default());
    assert_eq!(refused, Err(CountError::TooManyOptions(257)));
}

#[test]
fn a_count_has_a_stable_wire_form() {
    let count = borda("AB", &[ranking("A", "B"), ranking("BA", "")], vec![lot("5eed")]).unwrap();
    let expected = serde_json::json!({
        "order": [
            {"option": "B", "place": 1, "score": "1"},
            {"option": "A", "place": 2, "score": "0"},
        ],
        "ties": [],
        "rounds": [{"step": "borda_points", "scores": [
            {"option": "A", "points": "0", "seats": 1, "score": "0"},
            {"option": "B", "points": "1", "seats": 1, "score": "1"},
        ]}],
        "ballots": 2,
        "quorumMet": true,
    });
    assert_eq!(serde_json::to_value(count).unwrap(), expected);
    let link = serde_json::json!({"link": "lot", "seedHex": "5eed"});
    assert_eq!(serde_json::to_value(lot("5eed")).unwrap(), link);
    let ballot: Ranking = serde_json::from_str(r#"{"ranked":["A"],"notRankedRecused":["B"]}"#).unwrap();
    assert_eq!(ballot, ranking("A", "B"));
}
