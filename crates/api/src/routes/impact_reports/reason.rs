//! Why an amount moves.

use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation::impact::Reason;
use utoipa::ToSchema;

use crate::body::{Money, SignedMoney};
use crate::routes::headcounts::{CountedUnit, HeadcountValue, Measure, Ownership, UnitKind};

/// Why an amount moves.
#[derive(Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ImpactReason {
    /// The project is new in the plan.
    ProjectAdded,
    /// The project is not in the plan any more.
    ProjectRemoved,
    /// The project was let in, or is no longer.
    AdmissionChanged,
    /// The parties, years, list place or purposes of the project changed.
    ProjectChanged,
    /// The forum renewed or stopped it.
    RenewalChanged,
    /// Something was decided, pre-notified or paid.
    PromiseChanged {
        /// The year that it is about.
        year: i16,
    },
    /// A headcount changed.
    #[serde(rename_all = "camelCase")]
    HeadcountChanged {
        /// The organisation number.
        organisation_number: String,
        /// The kind of unit.
        unit_kind: UnitKind,
        /// What is counted.
        measure: Measure,
        /// Of which units.
        #[schema(required)]
        ownership: Option<Ownership>,
        /// The unit, where the organisation's units are counted one by one.
        #[schema(required)]
        unit: Option<CountedUnit>,
        /// The date of the record.
        #[schema(value_type = String, format = Date)]
        date: Date,
        /// The records before.
        from: Vec<HeadcountValue>,
        /// The records now.
        to: Vec<HeadcountValue>,
    },
    /// An organisation ceased, or its successors changed.
    #[serde(rename_all = "camelCase")]
    SuccessorsChanged {
        /// The organisation number.
        organisation_number: String,
    },
    /// Another version of the funding model holds.
    ModelChanged {
        /// The one before, `key@version`.
        #[schema(required)]
        from: Option<String>,
        /// The one now.
        #[schema(required)]
        to: Option<String>,
    },
    /// The money or the places of a year changed.
    FrameChanged {
        /// The year.
        year: i16,
        /// The money before.
        #[schema(required)]
        from: Option<Money>,
        /// The money now.
        #[schema(required)]
        to: Option<Money>,
    },
    /// A difference of earlier years is settled otherwise.
    SettlementChanged {
        /// The part of the amount before.
        #[schema(required)]
        from: Option<SignedMoney>,
        /// The part now.
        #[schema(required)]
        to: Option<SignedMoney>,
    },
    /// Nothing of its own changed: others take more or less of what is shared.
    OthersChanged,
}

impl From<Reason> for ImpactReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::ProjectAdded => Self::ProjectAdded,
            Reason::ProjectRemoved => Self::ProjectRemoved,
            Reason::AdmissionChanged => Self::AdmissionChanged,
            Reason::ProjectChanged => Self::ProjectChanged,
            Reason::RenewalChanged => Self::RenewalChanged,
            Reason::PromiseChanged { year } => Self::PromiseChanged { year },
            Reason::HeadcountChanged {
                organisation,
                unit_kind,
                measure,
                ownership,
                unit,
                date,
                from,
                to,
            } => Self::HeadcountChanged {
                organisation_number: organisation,
                unit_kind: unit_kind.into(),
                measure: measure.into(),
                ownership: ownership.map(Into::into),
                unit: unit.map(Into::into),
                date,
                from: from.into_iter().map(Into::into).collect(),
                to: to.into_iter().map(Into::into).collect(),
            },
            Reason::SuccessorsChanged { organisation } => {
                Self::SuccessorsChanged { organisation_number: organisation }
            }
            Reason::ModelChanged { from, to } => Self::ModelChanged { from, to },
            Reason::FrameChanged { year, from, to } => {
                Self::FrameChanged { year, from: from.map(Into::into), to: to.map(Into::into) }
            }
            Reason::SettlementChanged { from, to } => {
                Self::SettlementChanged { from: from.map(Into::into), to: to.map(Into::into) }
            }
            Reason::OthersChanged => Self::OthersChanged,
        }
    }
}
