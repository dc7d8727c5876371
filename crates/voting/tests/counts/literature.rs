//! Examples with published results.

use tildel_voting::{RankingMethod, RankingRound};

use crate::fixture::{count, electorate, order};

/// The example with 45 voters from Schulze's paper, as in Wikipedia's article “Schulze method”.
const SCHULZE_45: [(usize, &str); 8] = [
    (5, "ACBED"),
    (5, "ADECB"),
    (8, "BEDAC"),
    (3, "CABED"),
    (7, "CAEBD"),
    (2, "CBADE"),
    (7, "DCEBA"),
    (8, "EBADC"),
];

/// The capital of Tennessee: Memphis, Nashville, Chattanooga, Knoxville, in per cent of the voters.
const TENNESSEE: [(usize, &str); 4] = [(42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM")];

#[test]
fn schulze_with_45_voters() {
    let count = count("ABCDE", &electorate(&SCHULZE_45), RankingMethod::Schulze);
    assert_eq!(order(&count), "EACBD");
    assert!(count.ties.is_empty());
    let [RankingRound::Pairwise { counts }, RankingRound::StrongestPaths { paths }] = count.rounds.as_slice()
    else {
        panic!("other rounds than expected: {:?}", count.rounds);
    };
    // The published matrices, row by row without the diagonal.
    let seats: Vec<u32> = counts.iter().map(|pair| pair.seats).collect();
    assert_eq!(seats, [20, 26, 30, 22, 25, 16, 33, 18, 19, 29, 17, 24, 15, 12, 28, 14, 23, 27, 21, 31]);
    let strengths: Vec<u32> = paths.iter().map(|path| path.strength).collect();
    assert_eq!(strengths, [28, 28, 30, 24, 25, 28, 33, 24, 25, 29, 29, 24, 25, 28, 28, 24, 25, 28, 28, 31]);
    // E beats four options, A three, and so on.
    let scores: Vec<_> = count.order.iter().map(|place| place.score.as_deref().unwrap()).collect();
    assert_eq!(scores, ["4", "3", "2", "1", "0"]);
}

#[test]
fn borda_on_the_capital_of_tennessee() {
    let count = count("MNCK", &electorate(&TENNESSEE), RankingMethod::Borda);
    let [RankingRound::BordaPoints { scores }] = count.rounds.as_slice() else {
        panic!("other rounds than expected: {:?}", count.rounds);
    };
    let points: Vec<_> = scores.iter().map(|score| (score.option.as_str(), score.points.as_str())).collect();
    assert_eq!(points, [("C", "173"), ("K", "107"), ("M", "126"), ("N", "194")]);
    assert_eq!(order(&count), "NCMK");
    // 194 / 100 in lowest terms.
    assert_eq!(count.order[0].score.as_deref(), Some("97/50"));
}

#[test]
fn schulze_on_the_capital_of_tennessee() {
    // Nashville wins every pair, Chattanooga all but that, and Knoxville wins 58 to 42 against Memphis.
    assert_eq!(order(&count("MNCK", &electorate(&TENNESSEE), RankingMethod::Schulze)), "NCKM");
}

#[test]
fn borda_may_pass_over_the_winner_of_every_pair() {
    // 3 voters A B C, 2 voters B C A: A wins both pairs 3 to 2; Borda gives A 6, B 7, C 2.
    let ballots = electorate(&[(3, "ABC"), (2, "BCA")]);
    assert_eq!(order(&count("ABC", &ballots, RankingMethod::Borda)), "BAC");
    assert_eq!(order(&count("ABC", &ballots, RankingMethod::Schulze)), "ABC");
}
