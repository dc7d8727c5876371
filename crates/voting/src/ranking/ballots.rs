//! Checked ballots, by option index.

use super::{CountError, MAX_OPTIONS, Ranking};

/// The options in the order of their texts, and the ballots in their terms.
pub(super) struct Table<'input> {
    pub(super) options: Vec<&'input str>,
    pub(super) ballots: Vec<Ballot>,
    pub(super) ballot_count: u32,
}

/// A ballot by option indices; an option is in exactly one of the lists unless the seat is recused on it.
pub(super) struct Ballot {
    /// From the best down.
    pub(super) ranked: Vec<usize>,
    /// Equal, below all that are ranked.
    pub(super) unranked: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Unranked,
    Ranked,
    Recused,
}

impl<'input> Table<'input> {
    pub(super) fn new(options: &'input [String], ballots: &[Ranking]) -> Result<Self, CountError> {
        if options.len() > MAX_OPTIONS {
            return Err(CountError::TooManyOptions(options.len()));
        }
        let ballot_count =
            u32::try_from(ballots.len()).map_err(|_| CountError::TooManyBallots(ballots.len()))?;
        let mut sorted: Vec<&str> = options.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CountError::DuplicateOption(pair[0].to_owned()));
        }
        let mut table = Self { options: sorted, ballots: Vec::with_capacity(ballots.len()), ballot_count };
        for (index, ranking) in ballots.iter().enumerate() {
            let ballot = table.read(index, ranking)?;
            table.ballots.push(ballot);
        }
        Ok(table)
    }

    pub(super) fn index_of(&self, option: &str) -> Option<usize> {
        self.options.binary_search(&option).ok()
    }

    fn read(&self, ballot: usize, ranking: &Ranking) -> Result<Ballot, CountError> {
        let mut standings = vec![Standing::Unranked; self.options.len()];
        let mut name = |option: &String, standing| {
            let index = self
                .index_of(option)
                .ok_or_else(|| CountError::UnknownOption { ballot, option: option.clone() })?;
            if standings[index] != Standing::Unranked {
                return Err(CountError::NamedTwice { ballot, option: option.clone() });
            }
            standings[index] = standing;
            Ok(index)
        };
        let ranked = ranking
            .ranked
            .iter()
            .map(|option| name(option, Standing::Ranked))
            .collect::<Result<Vec<_>, _>>()?;
        for option in &ranking.not_ranked_recused {
            name(option, Standing::Recused)?;
        }
        let is_unranked = |index: &usize| standings[*index] == Standing::Unranked;
        let unranked = (0..self.options.len()).filter(is_unranked).collect();
        Ok(Ballot { ranked, unranked })
    }
}
