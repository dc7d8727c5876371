//! Ties and the published chain that resolves them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One way to order tied options.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "link", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum TieLink {
    /// A lot that anyone can repeat: the options by ascending SHA-256 of the seed's bytes followed by the option's
    /// UTF-8 bytes. The seed must be fixed by something that nobody could choose after the options were known.
    Lot {
        /// The seed as hexadecimal text, at least one byte.
        seed_hex: String,
    },
    /// The options in the order of their text, byte by byte.
    Lexicographic,
}

/// The links in the order in which they are tried. Both kinds of links always resolve, so that the first one
/// decides; under an empty chain ties stay.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TieChain(pub Vec<TieLink>);

/// A tie that was met, and how it was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tie {
    /// The tied options, in the order that they were given.
    pub options: Vec<String>,
    /// The first of the places that they share.
    pub first_place: u32,
    /// The link that resolved it; `None` where the tie stays.
    pub resolved_by: Option<TieLink>,
}

/// The seed of a lot is not hexadecimal text of at least one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the seed of the lot is not hexadecimal text of at least one byte")]
pub struct SeedError;

/// A tie chain whose seeds are read.
pub(crate) enum Resolver {
    Stays,
    Lot { seed: Vec<u8>, link: TieLink },
    Lexicographic,
}

impl Resolver {
    /// Reads every seed of the chain, also of links that will not be reached.
    pub(crate) fn new(chain: &TieChain) -> Result<Self, SeedError> {
        let mut first = None;
        for link in &chain.0 {
            let resolver = Self::of_link(link)?;
            first.get_or_insert(resolver);
        }
        Ok(first.unwrap_or(Self::Stays))
    }

    /// The link that resolves.
    pub(crate) fn link(&self) -> Option<TieLink> {
        match self {
            Self::Stays => None,
            Self::Lot { link, .. } => Some(link.clone()),
            Self::Lexicographic => Some(TieLink::Lexicographic),
        }
    }

    fn of_link(link: &TieLink) -> Result<Self, SeedError> {
        match link {
            TieLink::Lot { seed_hex } => {
                let seed = hex::decode(seed_hex).ok().filter(|seed| !seed.is_empty()).ok_or(SeedError)?;
                Ok(Self::Lot { seed, link: link.clone() })
            }
            TieLink::Lexicographic => Ok(Self::Lexicographic),
        }
    }

    /// Orders tied options, and tells the link that did it. They come in the order of their texts, which is that of
    /// the table, so that nothing ever depends on the input's order.
    pub(crate) fn order(&self, options: &mut [&str]) -> Option<TieLink> {
        match self {
            Self::Stays => None,
            Self::Lexicographic => Some(TieLink::Lexicographic),
            Self::Lot { seed, link } => {
                options.sort_by_cached_key(|option| {
                    Sha256::new().chain_update(seed).chain_update(option.as_bytes()).finalize().to_vec()
                });
                Some(link.clone())
            }
        }
    }
}
