//! How to sign in to the practice data.

use serde::{Deserialize, Serialize};

/// A token of a person of the practice case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeToken {
    /// What it lets its bearer act as.
    pub role: String,
    /// The person's key in the case.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// The token.
    pub secret: String,
}

/// What a newcomer needs to try things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeAccess {
    /// The tokens, one for each person and role.
    pub tokens: Vec<PracticeToken>,
    /// The round of the case.
    pub round_id: String,
    /// The round that is open for practice.
    pub practice_round_id: String,
    /// The grant of the joint project.
    pub grant_id: String,
    /// The letter with the amounts.
    pub letter_id: String,
}
