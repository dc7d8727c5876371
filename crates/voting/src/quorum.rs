//! How many votes make a count valid.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The least number of seats that must have cast a vote; an abstention is a vote cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quorum {
    /// The number of seats.
    pub minimum_seats: u32,
}

impl Quorum {
    /// Whether enough seats have cast a vote.
    pub const fn is_met_by(self, votes_cast: u32) -> bool {
        votes_cast >= self.minimum_seats
    }

    /// The check of this many votes.
    pub fn check(self, votes_cast: u32) -> QuorumCheck {
        let round = QuorumRound::new(None, votes_cast, self.minimum_seats);
        QuorumCheck { met: round.met, rounds: vec![round] }
    }
}

/// A quorum by type of seat: so many in total, and so many of certain types, such as one of each school owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeatQuorum {
    /// The number of seats of any type.
    pub minimum_seats: u32,
    /// The number of seats of a type; types that are not named have no minimum of their own.
    #[serde(default)]
    pub minimum_by_type: BTreeMap<String, u32>,
}

impl SeatQuorum {
    /// Checks the types of the seats that have cast a vote, one item for each vote.
    pub fn check<'a>(&self, cast: impl IntoIterator<Item = &'a str>) -> QuorumCheck {
        let (mut total, mut by_type) = (0_u32, BTreeMap::new());
        for seat_type in cast {
            total = total.saturating_add(1);
            let votes: &mut u32 = by_type.entry(seat_type).or_default();
            *votes = votes.saturating_add(1);
        }
        let of_types = self.minimum_by_type.iter().map(|(seat_type, &needed)| {
            let votes = by_type.get(seat_type.as_str()).copied().unwrap_or(0);
            QuorumRound::new(Some(seat_type.clone()), votes, needed)
        });
        let total = QuorumRound::new(None, total, self.minimum_seats);
        let rounds: Vec<_> = [total].into_iter().chain(of_types).collect();
        QuorumCheck { met: rounds.iter().all(|round| round.met), rounds }
    }
}

/// Whether a quorum is met, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuorumCheck {
    /// Whether every minimum is met.
    pub met: bool,
    /// The total first, then the types in the order of their texts.
    pub rounds: Vec<QuorumRound>,
}

/// One minimum of a quorum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuorumRound {
    /// The type of seat; `None` for all together.
    pub seat_type: Option<String>,
    /// The votes that there are.
    pub votes: u32,
    /// The votes that it takes.
    pub needed: u32,
    /// Whether there are enough.
    pub met: bool,
}

impl QuorumRound {
    const fn new(seat_type: Option<String>, votes: u32, needed: u32) -> Self {
        Self { seat_type, votes, needed, met: votes >= needed }
    }
}
