//! How many votes make a count valid.

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
}
