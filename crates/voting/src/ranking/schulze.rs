//! Schulze's method: strongest paths of winning votes.

use super::ballots::Table;
use super::{Outcome, PairCount, PathStrength, RankingRound};

/// A square of seats by ordered pair of options.
type Matrix = Vec<Vec<u32>>;

pub(super) fn count(table: &Table<'_>) -> Outcome {
    let preferences = preferences(table);
    let strengths = strongest_paths(&preferences);
    let (groups, scores) = levels(&strengths);
    let name = |index: usize| table.options[index].to_owned();
    let counts = pairs(table.options.len())
        .map(|(a, b)| PairCount { option: name(a), over: name(b), seats: preferences[a][b] })
        .collect();
    let paths = pairs(table.options.len())
        .map(|(a, b)| PathStrength { from: name(a), to: name(b), strength: strengths[a][b] })
        .collect();
    let rounds = vec![RankingRound::Pairwise { counts }, RankingRound::StrongestPaths { paths }];
    Outcome { groups, scores, rounds }
}

fn pairs(option_count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..option_count).flat_map(move |a| (0..option_count).filter(move |&b| a != b).map(move |b| (a, b)))
}

/// How many ballots prefer one option to another.
fn preferences(table: &Table<'_>) -> Matrix {
    let option_count = table.options.len();
    let mut preferences = vec![vec![0; option_count]; option_count];
    for ballot in &table.ballots {
        for (position, &preferred) in ballot.ranked.iter().enumerate() {
            for &other in ballot.ranked[position + 1..].iter().chain(&ballot.unranked) {
                preferences[preferred][other] += 1;
            }
        }
    }
    preferences
}

/// The widest paths by Floyd and Warshall, over the pairs that are won, each as strong as its winning votes.
fn strongest_paths(preferences: &Matrix) -> Matrix {
    let option_count = preferences.len();
    let mut strengths = vec![vec![0; option_count]; option_count];
    for (a, b) in pairs(option_count) {
        if preferences[a][b] > preferences[b][a] {
            strengths[a][b] = preferences[a][b];
        }
    }
    for through in 0..option_count {
        for (from, to) in pairs(option_count) {
            let around = strengths[from][through].min(strengths[through][to]);
            strengths[from][to] = strengths[from][to].max(around);
        }
    }
    strengths
}

/// The levels of Schulze's order, and the number of options that each one beats. The order is transitive, so that
/// each level has at least one option.
fn levels(strengths: &Matrix) -> (Vec<Vec<usize>>, Vec<Option<String>>) {
    let beats = |a: usize, b: usize| strengths[a][b] > strengths[b][a];
    let option_count = strengths.len();
    let scores = (0..option_count)
        .map(|a| Some((0..option_count).filter(|&b| beats(a, b)).count().to_string()))
        .collect();
    let mut remaining: Vec<usize> = (0..option_count).collect();
    let mut groups = Vec::new();
    while !remaining.is_empty() {
        let is_undefeated = |&a: &usize| !remaining.iter().any(|&b| beats(b, a));
        let (undefeated, rest): (Vec<_>, Vec<_>) = remaining.iter().copied().partition(is_undefeated);
        groups.push(undefeated);
        remaining = rest;
    }
    (groups, scores)
}
