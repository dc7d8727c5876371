//! Short ways to write ballots: an option is one letter.

use tildel_voting::{Quorum, Ranking, RankingCount, RankingMethod, TieChain, TieLink, count_ranking};

/// No quorum at all.
pub(crate) const ANY: Quorum = Quorum { minimum_seats: 0 };

/// The letters of a text as options.
pub(crate) fn letters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

/// A ranking such as `ACB`, by a seat that is recused on the second text's options.
pub(crate) fn ranking(ranked: &str, recused: &str) -> Ranking {
    Ranking { ranked: letters(ranked), not_ranked_recused: letters(recused).into_iter().collect() }
}

/// So many ballots of each ranking.
pub(crate) fn electorate(groups: &[(usize, &str)]) -> Vec<Ranking> {
    groups.iter().flat_map(|&(number, ranked)| std::iter::repeat_n(ranking(ranked, ""), number)).collect()
}

/// A count without quorum whose ties are resolved by text.
pub(crate) fn count(options: &str, ballots: &[Ranking], method: RankingMethod) -> RankingCount {
    let chain = TieChain(vec![TieLink::Lexicographic]);
    count_ranking(&letters(options), ballots, method, ANY, &chain).unwrap()
}

/// The options from the first place down.
pub(crate) fn order(count: &RankingCount) -> String {
    count.order.iter().map(|place| place.option.as_str()).collect()
}
