//! From groups of equal options to places.

use serde::{Deserialize, Serialize};

use crate::tie::{Resolver, Tie};

/// An option's place in the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The option.
    pub option: String,
    /// Its place, from 1. Options share a place only where the tie chain is empty.
    pub place: u32,
    /// The exact score: under Borda the mean points as a fraction such as `97/50`, under Schulze the number of options
    /// that it beats, under the methods of means the mean; `None` where no seat compared the option.
    pub score: Option<String>,
}

/// Gives places to groups of equal options, from the best down and by index into the sorted options, and asks the tie
/// chain where a group has several.
pub(crate) fn place(
    options: &[&str],
    groups: &[Vec<usize>],
    scores: &[Option<String>],
    resolver: &Resolver,
) -> (Vec<Place>, Vec<Tie>) {
    let (mut order, mut ties) = (Vec::new(), Vec::new());
    let mut next_place = 1_u32;
    for group in groups {
        let mut equal: Vec<&str> = group.iter().map(|&index| options[index]).collect();
        let first_place = next_place;
        let resolved_by = if equal.len() > 1 { resolver.order(&mut equal) } else { None };
        let shares_place = equal.len() > 1 && resolved_by.is_none();
        for &option in &equal {
            let score = options.binary_search(&option).ok().and_then(|index| scores[index].clone());
            let place = if shares_place { first_place } else { next_place };
            order.push(Place { option: option.to_owned(), place, score });
            next_place += 1;
        }
        if equal.len() > 1 {
            let options = equal.into_iter().map(str::to_owned).collect();
            ties.push(Tie { options, first_place, resolved_by });
        }
    }
    (order, ties)
}

/// Groups of equal values, the highest first and those without a value last.
pub(crate) fn groups_of_equal<T: Ord>(values: &[Option<T>]) -> Vec<Vec<usize>> {
    let mut indices: Vec<usize> = (0..values.len()).collect();
    indices.sort_by(|&left, &right| values[right].cmp(&values[left]));
    indices.chunk_by(|&left, &right| values[left] == values[right]).map(<[usize]>::to_vec).collect()
}
