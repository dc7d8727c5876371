//! A tie order from what is known of the recipients, to be published before anything is split.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One link of a chain that orders recipients where a method leaves a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieBreak {
    /// The heavier goes first.
    LargerWeight,
    /// The lighter goes first.
    SmallerWeight,
    /// By key: keys of digits alone come first, as numbers (`9` before `10`; `7` and `007` as texts); then all others as
    /// Unicode text, by code point.
    Key,
    /// By lot that anybody can draw again: the smaller SHA-256 of the seed followed by the key in UTF-8 goes first.
    Lot {
        /// What was drawn and published, 32 bytes; 64 hexadecimal digits on the wire.
        #[serde(with = "hex_seed")]
        seed: [u8; 32],
    },
}

/// Recipients cannot be put in a tie order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TieBreakError {
    /// Keys and weights do not belong together.
    #[error("{keys} keys but {weights} weights; give one weight for each key")]
    UnlikeLengths {
        /// How many keys.
        keys: usize,
        /// How many weights.
        weights: usize,
    },
    /// Two recipients have the same key, so nothing tells them apart.
    #[error("the key `{key}` is there twice; give each recipient its own key")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// More recipients than there are ranks.
    #[error("more recipients than there are ranks (4294967296); split the list")]
    TooMany,
}

/// The rank of each recipient by the chain, from 0, in the order of the keys: the first link that tells two apart
/// decides, and [`TieBreak::Key`] where none does. Fit for [`Claim::rank`](super::Claim::rank).
///
/// # Errors
/// Where keys and weights are not equally many, or a key is there twice.
pub fn tie_ranks(keys: &[&str], weights: &[u128], chain: &[TieBreak]) -> Result<Vec<u32>, TieBreakError> {
    if keys.len() != weights.len() {
        return Err(TieBreakError::UnlikeLengths { keys: keys.len(), weights: weights.len() });
    }
    let mut seen = HashSet::with_capacity(keys.len());
    if let Some(key) = keys.iter().find(|key| !seen.insert(**key)) {
        return Err(TieBreakError::KeyTwice { key: (*key).to_owned() });
    }
    let lots: Vec<Vec<[u8; 32]>> = chain.iter().map(|link| draw(*link, keys)).collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by(|&one, &other| {
        chain
            .iter()
            .zip(&lots)
            .map(|(link, lots)| match link {
                TieBreak::LargerWeight => weights[other].cmp(&weights[one]),
                TieBreak::SmallerWeight => weights[one].cmp(&weights[other]),
                TieBreak::Key => cmp_keys(keys[one], keys[other]),
                TieBreak::Lot { .. } => lots[one].cmp(&lots[other]),
            })
            .find(|order| order.is_ne())
            .unwrap_or_else(|| cmp_keys(keys[one], keys[other]))
    });
    let mut ranks = vec![0; keys.len()];
    for (place, index) in order.into_iter().enumerate() {
        ranks[index] = u32::try_from(place).map_err(|_| TieBreakError::TooMany)?;
    }
    Ok(ranks)
}

/// The lots of a link by lot; none of any other.
fn draw(link: TieBreak, keys: &[&str]) -> Vec<[u8; 32]> {
    let TieBreak::Lot { seed } = link else { return Vec::new() };
    keys.iter().map(|key| Sha256::new().chain_update(seed).chain_update(key).finalize().into()).collect()
}

/// Numbers before texts; were both compared as texts too, `9` < `10` < `1a` < `9` would go in a circle.
fn cmp_keys(one: &str, other: &str) -> Ordering {
    let digits = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let by_value = |key: &str| {
        let significant = key.trim_start_matches('0').to_owned();
        (significant.len(), significant)
    };
    match (digits(one), digits(other)) {
        (true, true) => by_value(one).cmp(&by_value(other)).then_with(|| one.cmp(other)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => one.cmp(other),
    }
}

/// A seed as 64 hexadecimal digits.
mod hex_seed {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(seed: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(seed))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut seed = [0; 32];
        hex::decode_to_slice(&text, &mut seed)
            .map_err(|_| D::Error::custom("a seed is 64 hexadecimal digits"))?;
        Ok(seed)
    }
}
