//! The rules of a ballot: matter, roster, quorum, ties and end.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{Refusal, ballot as domain, voting};
use utoipa::ToSchema;
use uuid::Uuid;

use super::matter::BallotMatter;
use super::ties::TieLink;
use crate::routes::forums::{Disclosure, KindQuorum};

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
    /// How ties are broken, in the order in which the links are tried. Where it is empty ties stay, which a budget can not have.
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

impl TryFrom<BallotRules> for domain::BallotRules {
    type Error = Refusal;

    fn try_from(rules: BallotRules) -> Result<Self, Refusal> {
        Ok(Self {
            matter: rules.matter.try_into()?,
            roster: rules.roster.into_iter().map(Into::into).collect(),
            quorum_seats: rules.quorum_seats,
            quorum_by_kind: rules.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: rules.disclosure.map(Into::into).unwrap_or_default(),
            tie_chain: voting::TieChain(rules.tie_chain.into_iter().map(Into::into).collect()),
            closes_at: rules.closes_at,
        })
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
        let ranking =
            json!({ "kind": "ranking", "options": [first, second], "method": "schulze", "budget": null });
        let criteria = json!([{ "name": "Forankring", "weight": 2 }]);
        let cost =
            |id: &str| json!({ "applicationId": id, "cost": { "amount": "100000.00", "currency": "NOK" } });
        let budget = json!({
            "rule": { "rule": "equal_shares", "satisfaction": "cost", "completion": "add1", "until": "budget" },
            "amount": { "amount": "150000.00", "currency": "NOK" }, "add1Step": 1000, "frame": null, "costs": [cost(first), cost(second)],
        });
        let approval =
            json!({ "kind": "approval", "options": [first, second], "method": "budget", "budget": budget });
        let score = json!({
            "kind": "score", "options": [first, second], "criteria": criteria, "most": 5, "method": "mean", "budget": null,
        });
        let allotment = json!({ "kind": "allotment", "options": [first, second], "points": 100, "method": "mean", "budget": null });
        for matter in [&motion, &ranking, &approval, &score, &allotment] {
            assert_eq!(errors("BallotMatter", matter), []);
            let read: BallotMatter = serde_json::from_value(matter.clone()).unwrap();
            let back = BallotMatter::from(domain::BallotMatter::try_from(read).unwrap());
            assert_eq!(&serde_json::to_value(back).unwrap(), matter);
        }
        // Money goes with the method `budget`, and with no other.
        for (matter, method) in [(&ranking, "budget"), (&approval, "count"), (&score, "budget")] {
            let mut unfit = matter.clone();
            unfit["method"] = method.into();
            let read: BallotMatter = serde_json::from_value(unfit).unwrap();
            let refusal = domain::BallotMatter::try_from(read).unwrap_err();
            assert_eq!(refusal.pointer.as_deref(), Some("/rules/matter/budget"));
        }
        let mut mixed = motion.clone();
        mixed["method"] = "borda".into();
        assert_eq!(errors("BallotMatter", &mixed), [at("/method", ApiCode::UnknownField)]);
        assert!(serde_json::from_value::<BallotMatter>(mixed).is_err());
        let mut other = motion;
        other["kind"] = "lottery".into();
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
