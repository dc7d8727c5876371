//! The rules of a ballot: matter, roster, quorum, ties and end.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::wire_enum;
use crate::routes::forums::{Disclosure, KindQuorum};

/// Says that something is of a motion.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MotionTag {
    /// Of a motion.
    Motion,
}

/// Says that something is of a ranking.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankingTag {
    /// Of a ranking.
    Ranking,
}

/// Says that ties are broken by lot.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotTag {
    /// By lot.
    Lot,
}

/// Says that ties are broken by the order of texts.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LexicographicTag {
    /// By the order of texts.
    Lexicographic,
}

wire_enum! {
    /// What it takes to carry a motion (Robert's Rules of Order Newly Revised, 12th edition, § 44).
    Majority = voting::Majority {
        /// More for than against; abstentions do not count.
        Simple,
        /// More than half of all seats on the roster that are not recused, whether they vote or not.
        Absolute,
        /// At least two thirds of the votes for and against; abstentions do not count.
        TwoThirds,
    }
}

wire_enum! {
    /// How rankings are counted.
    RankingMethod = voting::RankingMethod {
        /// Borda's count: points for each option ranked below, as a mean over the seats that compared.
        Borda,
        /// Schulze's method with winning votes.
        Schulze,
    }
}

/// For or against one motion.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MotionMatter {
    /// `motion`.
    pub kind: MotionTag,
    /// What is moved.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The application that it concerns, if it is one, so that recusals apply.
    pub application_id: Option<Uuid>,
    /// What carries it.
    pub majority: Majority,
}

/// An order of applications.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankingMatter {
    /// `ranking`.
    pub kind: RankingTag,
    /// The applications to rank, each once.
    #[schema(min_items = 2, max_items = 200)]
    pub options: Vec<Uuid>,
    /// How rankings are counted.
    pub method: RankingMethod,
}

/// What is voted on, and how it is counted.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("motion" = "#/components/schemas/MotionMatter"),
    ("ranking" = "#/components/schemas/RankingMatter"),
)))]
pub enum BallotMatter {
    /// For or against one motion.
    Motion(MotionMatter),
    /// An order of applications.
    Ranking(RankingMatter),
}

impl From<domain::BallotMatter> for BallotMatter {
    fn from(matter: domain::BallotMatter) -> Self {
        match matter {
            domain::BallotMatter::Motion { text, application_id, majority } => Self::Motion(MotionMatter {
                kind: MotionTag::Motion,
                text,
                application_id: application_id.map(Into::into),
                majority: majority.into(),
            }),
            domain::BallotMatter::Ranking { options, method } => Self::Ranking(RankingMatter {
                kind: RankingTag::Ranking,
                options: options.into_iter().map(Into::into).collect(),
                method: method.into(),
            }),
        }
    }
}

impl From<BallotMatter> for domain::BallotMatter {
    fn from(matter: BallotMatter) -> Self {
        match matter {
            BallotMatter::Motion(motion) => Self::Motion {
                text: motion.text,
                application_id: motion.application_id.map(Into::into),
                majority: motion.majority.into(),
            },
            BallotMatter::Ranking(ranking) => Self::Ranking {
                options: ranking.options.into_iter().map(Into::into).collect(),
                method: ranking.method.into(),
            },
        }
    }
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

/// The rules of a ballot. They stand from the first vote on.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BallotRules {
    /// What is voted on, and how it is counted.
    pub matter: BallotMatter,
    /// The seats that vote, each with one vote; at least one when the ballot opens.
    #[schema(max_items = 200)]
    pub roster: BTreeSet<Uuid>,
    /// Seats that must vote for the ballot to bind; an abstention is a vote.
    #[schema(minimum = 0, maximum = 200, example = 3)]
    pub quorum_seats: u32,
    /// Seats of kinds of organisation that must vote, too: always what the forum says; what is sent is not looked at.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted: always what the forum says; what is sent is not looked at.
    #[serde(default)]
    pub disclosure: Option<Disclosure>,
    /// How ties of a ranking are broken, in the order in which the links are tried; ties stay where it is empty.
    #[schema(max_items = 4)]
    pub tie_chain: Vec<TieLink>,
    /// When voting ends by itself; null where the chair ends it.
    pub closes_at: Option<Timestamp>,
}

impl From<domain::BallotRules> for BallotRules {
    fn from(rules: domain::BallotRules) -> Self {
        Self {
            matter: rules.matter.into(),
            roster: rules.roster.into_iter().map(Into::into).collect(),
            quorum_seats: rules.quorum_seats,
            quorum_by_kind: rules.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: Some(rules.disclosure.into()),
            tie_chain: rules.tie_chain.0.into_iter().map(Into::into).collect(),
            closes_at: rules.closes_at,
        }
    }
}

impl From<BallotRules> for domain::BallotRules {
    fn from(rules: BallotRules) -> Self {
        Self {
            matter: rules.matter.into(),
            roster: rules.roster.into_iter().map(Into::into).collect(),
            quorum_seats: rules.quorum_seats,
            quorum_by_kind: rules.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: rules.disclosure.map(Into::into).unwrap_or_default(),
            tie_chain: voting::TieChain(rules.tie_chain.into_iter().map(Into::into).collect()),
            closes_at: rules.closes_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document;
    use crate::problem::{ApiCode, Place};

    fn errors(schema: &str, value: &Value) -> Vec<(Place, ApiCode)> {
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        let errors = document::contracts().schemas.check(&schema, value);
        errors.into_iter().map(|error| (error.place, error.code)).collect()
    }

    fn at(pointer: &str, code: ApiCode) -> (Place, ApiCode) {
        (Place::Pointer(pointer.to_owned()), code)
    }

    /// The branches are told apart by `kind` alone, so both the document and the reader have to hold each to its fields.
    #[test]
    fn a_matter_has_the_fields_of_its_kind_and_no_others() {
        let first = "01890a5d-ac96-774b-bcce-b302099a8057";
        let second = "01890a5d-ac96-774b-bcce-b302099a8058";
        let motion = json!({ "kind": "motion", "text": "To prosjekter startes.", "applicationId": first, "majority": "two_thirds" });
        let ranking = json!({ "kind": "ranking", "options": [first, second], "method": "schulze" });
        for matter in [&motion, &ranking] {
            assert_eq!(errors("BallotMatter", matter), []);
            let read: BallotMatter = serde_json::from_value(matter.clone()).unwrap();
            let back = BallotMatter::from(domain::BallotMatter::from(read));
            assert_eq!(&serde_json::to_value(back).unwrap(), matter);
        }
        let mut mixed = motion.clone();
        mixed["method"] = "borda".into();
        assert_eq!(errors("BallotMatter", &mixed), [at("/method", ApiCode::UnknownField)]);
        assert!(serde_json::from_value::<BallotMatter>(mixed).is_err());
        let mut other = motion;
        other["kind"] = "approval".into();
        assert_eq!(errors("BallotMatter", &other), [at("/kind", ApiCode::UnacceptableValue)]);
        assert!(serde_json::from_value::<BallotMatter>(other).is_err());
    }

    /// A seed that can not be read would be found only when the votes are counted, which is too late.
    #[test]
    fn a_lot_needs_a_seed_that_can_be_read() {
        assert_eq!(errors("TieLink", &json!({ "link": "lot", "seedHex": "00ff" })), []);
        assert_eq!(errors("TieLink", &json!({ "link": "lexicographic" })), []);
        for seed in ["", "0", "0g", "FF"] {
            let link = json!({ "link": "lot", "seedHex": seed });
            assert_eq!(errors("TieLink", &link), [at("/seedHex", ApiCode::UnacceptableValue)], "{seed}");
        }
    }
}
