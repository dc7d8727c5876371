//! Decisions on renewals: which running grants go on in a year.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::renewal_decision as domain;
use utoipa::ToSchema;
use uuid::Uuid;

use super::matter::DepartureReason;
use crate::routes::renewals::RenewalOutcome;

/// The decision on one grant.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalLine {
    /// The grant.
    pub grant_id: Uuid,
    /// Whether it goes on.
    pub outcome: RenewalOutcome,
    /// What is asked for in return, if something is; none where the grant ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub conditions: Option<String>,
    /// The kind of reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded where the line departs from a recommendation in outcome or conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub reason: Option<String>,
    /// The legal basis; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false)]
    pub legal_basis: Option<String>,
}

impl From<domain::RenewalLine> for RenewalLine {
    fn from(line: domain::RenewalLine) -> Self {
        Self {
            grant_id: line.grant_id.into(),
            outcome: line.outcome.into(),
            conditions: line.conditions,
            reason_code: line.reason_code.map(Into::into),
            reason: line.reason,
            legal_basis: line.legal_basis,
        }
    }
}

impl From<RenewalLine> for domain::RenewalLine {
    fn from(line: RenewalLine) -> Self {
        Self {
            grant_id: line.grant_id.into(),
            outcome: line.outcome.into(),
            conditions: line.conditions,
            reason_code: line.reason_code.map(Into::into),
            reason: line.reason,
            legal_basis: line.legal_basis,
        }
    }
}

/// The kind of a decision on renewals.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RenewalsTag {
    /// Which running grants go on in a year.
    Renewals,
}

/// Which running grants go on in a year.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalsMatter {
    /// The kind.
    pub kind: RenewalsTag,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The year: a later year of the grants, whose amounts are not decided.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// One line for each grant of the caller's office that waits for a word on the year.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<RenewalLine>,
}
