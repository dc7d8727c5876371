//! Prefills: what the registers say of an organisation and its schools and kindergartens.

use actix_web::get;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::prefill as usecase;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{HeadcountStatus, HeadcountValue, Ownership, Register, UnitKind};
use super::organisations::OrganisationKind;
use crate::body::Resource;
use crate::call::{Call, Name, Reply};

/// What an organisation can be entered with, from the registers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Prefill {
    /// The organisation number.
    pub number: String,
    /// The name as the register has it.
    pub name: String,
    /// The form of organisation, such as `KOMM`.
    #[schema(required)]
    pub form: Option<String>,
    /// The kind that the form suggests; null where it does not tell.
    #[schema(required)]
    pub kind: Option<OrganisationKind>,
    /// The number of the municipality where it is.
    #[schema(required)]
    pub municipality_number: Option<String>,
    /// The name of that municipality today.
    #[schema(required)]
    pub municipality_name: Option<String>,
    /// The owner of a school or kindergarten, or the unit above a part of a body.
    #[schema(required)]
    pub owner: Option<PrefillOwner>,
    /// The organisation, where it is entered already.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// The day it closed, where it has.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// Its schools and kindergartens that are open, by number.
    pub units: Vec<PrefillUnit>,
    /// Since when the oldest of what is told here is so.
    pub as_of: Timestamp,
}

/// Who a unit belongs to.
#[derive(Serialize, ToSchema)]
pub struct PrefillOwner {
    /// The organisation number.
    pub number: String,
    /// The name, where it is known.
    #[schema(required)]
    pub name: Option<String>,
}

/// A school or kindergarten.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrefillUnit {
    /// The organisation number.
    pub number: String,
    /// The name.
    pub name: String,
    /// What it is.
    pub unit_kind: UnitKind,
    /// Who owns it, where a register says so.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// The municipality where it is.
    #[schema(required)]
    pub municipality_number: Option<String>,
    /// What each register says of its employees, side by side.
    pub headcounts: Vec<PrefillHeadcount>,
}

/// What a register says of employees.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrefillHeadcount {
    /// Which register.
    pub register: Register,
    /// What kind of answer it is.
    pub status: HeadcountStatus,
    /// The count, where the status is `known`.
    #[schema(required)]
    pub count: Option<String>,
    /// The day of the count, where the register says so.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub counted_on: Option<Date>,
    /// Since when the register says so.
    pub since: Timestamp,
}

impl Resource for usecase::Prefill {
    type Body = Prefill;
    const COLLECTION: Option<&'static str> = Some("/v1/prefills");

    fn id(&self) -> Uuid {
        Uuid::from_u128(self.number.parse().unwrap_or_default())
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<usecase::Prefill> for Prefill {
    fn from(prefill: usecase::Prefill) -> Self {
        Self {
            number: prefill.number,
            name: prefill.name,
            form: prefill.form,
            kind: prefill.kind.map(Into::into),
            municipality_number: prefill.municipality_number,
            municipality_name: prefill.municipality_name,
            owner: prefill.owner.map(|owner| PrefillOwner { number: owner.number, name: owner.name }),
            organisation_id: prefill.organisation_id.map(Into::into),
            ended_on: prefill.ended_on,
            units: prefill.units.into_iter().map(Into::into).collect(),
            as_of: prefill.as_of,
        }
    }
}

impl From<usecase::PrefillUnit> for PrefillUnit {
    fn from(unit: usecase::PrefillUnit) -> Self {
        let headcount = |headcount: usecase::PrefillHeadcount| {
            let HeadcountValue { status, count } = headcount.value.into();
            PrefillHeadcount {
                register: headcount.register.into(),
                status,
                count,
                counted_on: headcount.counted_on,
                since: headcount.since,
            }
        };
        Self {
            number: unit.number,
            name: unit.name,
            unit_kind: unit.unit_kind.into(),
            ownership: unit.ownership.map(Into::into),
            municipality_number: unit.municipality_number,
            headcounts: unit.headcounts.into_iter().map(headcount).collect(),
        }
    }
}

/// Read a prefill.
///
/// What the registers say of an organisation number: name, municipality, owner, and its schools and kindergartens with what each register says of
/// their employees. Nothing is stored by this.
#[utoipa::path(operation_id = "prefillRead", tag = "Registers",
    params(("number" = String, Path, description = "The organisation number.", pattern = "^[0-9]{9}$")),
    responses((status = 200, description = "What the registers say.", body = Prefill)))]
#[get("/v1/prefills/{number}")]
async fn read(call: Call, number: Name<String>) -> Reply {
    call.read(move |cx| usecase::read(cx, &number.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
