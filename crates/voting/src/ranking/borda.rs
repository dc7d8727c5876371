//! Borda's count, exact under recusal.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::ballots::{Ballot, Table};
use super::{BordaScore, Outcome, RankingRound};
use crate::place::groups_of_equal;

pub(super) fn count(table: &Table<'_>) -> Outcome {
    let option_count = table.options.len();
    let mut points = vec![BigRational::zero(); option_count];
    let mut seats = vec![0_u32; option_count];
    for ballot in &table.ballots {
        for (index, given) in points_of(ballot, option_count) {
            points[index] += given;
            seats[index] += 1;
        }
    }
    let means: Vec<Option<BigRational>> =
        points.iter().zip(&seats).map(|(points, &seats)| mean(points, seats)).collect();
    let scores: Vec<Option<String>> =
        means.iter().map(|mean| mean.as_ref().map(ToString::to_string)).collect();
    let listed = (0..option_count)
        .map(|index| BordaScore {
            option: table.options[index].to_owned(),
            points: points[index].to_string(),
            seats: seats[index],
            score: scores[index].clone(),
        })
        .collect();
    Outcome {
        groups: groups_of_equal(&means),
        scores,
        rounds: vec![RankingRound::BordaPoints { scores: listed }],
    }
}

/// The points that a ballot gives, scaled so that a full ranking spans 0 to n − 1 however many options the seat is
/// recused on. A seat that may rank only one option compares nothing and gives none.
fn points_of(ballot: &Ballot, option_count: usize) -> Vec<(usize, BigRational)> {
    let entitled = ballot.ranked.len() + ballot.unranked.len();
    if entitled < 2 {
        return Vec::new();
    }
    let scale = BigRational::new(BigInt::from(option_count - 1), BigInt::from(entitled - 1));
    let below = |position: usize| BigRational::from(BigInt::from(entitled - 1 - position));
    let ranked = ballot.ranked.iter().enumerate().map(|(position, &index)| (index, below(position)));
    // The unranked share the points of the lowest places: the mean of 0, 1, …, k − 1 is (k − 1) / 2.
    let shared = BigRational::new(BigInt::from(ballot.unranked.len().saturating_sub(1)), BigInt::from(2));
    let unranked = ballot.unranked.iter().map(|&index| (index, shared.clone()));
    ranked.chain(unranked).map(|(index, points)| (index, points * &scale)).collect()
}

fn mean(points: &BigRational, seats: u32) -> Option<BigRational> {
    (seats > 0).then(|| points / BigInt::from(seats))
}
