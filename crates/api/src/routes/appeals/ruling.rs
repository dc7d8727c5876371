//! Rulings on appeals.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::appeal as domain;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::wire_enum;

wire_enum! {
    /// What is ruled on an appeal.
    AppealOutcome = domain::AppealOutcome {
        /// Medhold: upheld, by the office or by the appeal body. A new decision follows.
        Upheld,
        /// Not upheld by the office, and so sent on to the appeal body.
        SentOn,
        /// Not upheld by the appeal body.
        NotUpheld,
        /// Avvist: not treated.
        Dismissed,
    }
}

/// A ruling: of the office, or of the appeal body as the office records it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealRuling {
    /// What is ruled.
    pub outcome: AppealOutcome,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub legal_basis: String,
    /// Why an appeal that came late or without a right is treated all the same.
    #[schema(required)]
    pub admission: Option<String>,
    /// The day on which the appeal body ruled; null for a ruling of the office.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub ruled_on: Option<Date>,
    /// Who prepared it.
    pub prepared_by: Uuid,
    /// Who approved it: never who prepared it.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<Timestamp>,
}

impl From<domain::AppealRuling> for AppealRuling {
    fn from(ruling: domain::AppealRuling) -> Self {
        Self {
            outcome: ruling.outcome.into(),
            reason: ruling.reason,
            legal_basis: ruling.legal_basis,
            admission: ruling.admission,
            ruled_on: ruling.ruled_on,
            prepared_by: ruling.prepared_by.into(),
            approved_by: ruling.approved_by.map(Into::into),
            approved_at: ruling.approved_at,
        }
    }
}

/// A ruling to prepare.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAppealRuling {
    /// What is ruled: the office upholds, sends on or dismisses; the appeal body upholds, does not uphold or dismisses.
    pub outcome: AppealOutcome,
    /// Why.
    #[schema(min_length = 1, max_length = 5000)]
    pub reason: String,
    /// What it rests on.
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: String,
    /// Why an appeal that came late or without a right is treated all the same (forvaltningsloven § 31).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub admission: Option<String>,
    /// The day on which the appeal body ruled; demanded once the appeal was sent on.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub ruled_on: Option<Date>,
}

impl From<NewAppealRuling> for domain::NewRuling {
    fn from(ruling: NewAppealRuling) -> Self {
        Self {
            outcome: ruling.outcome.into(),
            reason: ruling.reason,
            legal_basis: ruling.legal_basis,
            admission: ruling.admission,
            ruled_on: ruling.ruled_on,
        }
    }
}
