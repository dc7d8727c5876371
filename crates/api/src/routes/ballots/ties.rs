//! How ties are broken.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::voting;
use utoipa::ToSchema;

use crate::body::tag;

tag! {
    /// Says that ties are broken by lot.
    LotTag = Lot
}

tag! {
    /// Says that ties are broken by the order of texts.
    LexicographicTag = Lexicographic
}

/// A lot that anyone can repeat: tied options by ascending SHA-256 of the seed's bytes followed by the option's id.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LotTieLink {
    /// `lot`.
    pub link: LotTag,
    /// The seed as hexadecimal text: fixed by something that nobody could choose after the options were known.
    #[schema(pattern = "^([0-9a-f]{2}){1,64}$")]
    pub seed_hex: String,
}

/// Tied options in the order of their ids.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LexicographicTieLink {
    /// `lexicographic`.
    pub link: LexicographicTag,
}

/// One way to order tied options.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "link", mapping(
    ("lot" = "#/components/schemas/LotTieLink"),
    ("lexicographic" = "#/components/schemas/LexicographicTieLink"),
)))]
pub enum TieLink {
    /// By lot.
    Lot(LotTieLink),
    /// In the order of their ids.
    Lexicographic(LexicographicTieLink),
}

impl From<voting::TieLink> for TieLink {
    fn from(link: voting::TieLink) -> Self {
        match link {
            voting::TieLink::Lot { seed_hex } => Self::Lot(LotTieLink { link: LotTag::Lot, seed_hex }),
            voting::TieLink::Lexicographic => {
                Self::Lexicographic(LexicographicTieLink { link: LexicographicTag::Lexicographic })
            }
        }
    }
}

impl From<TieLink> for voting::TieLink {
    fn from(link: TieLink) -> Self {
        match link {
            TieLink::Lot(lot) => Self::Lot { seed_hex: lot.seed_hex },
            TieLink::Lexicographic(_) => Self::Lexicographic,
        }
    }
}
