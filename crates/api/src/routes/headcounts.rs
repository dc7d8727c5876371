//! Headcounts: how many work where, by source and date.

use actix_web::{get, post};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::{self, HeadcountRecord, Quantity};
use tildel_usecases::domain::organisation::OrganisationHeadcount;
use tildel_usecases::registry::{self, HeadcountFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Json, Query, Reply};

wire_enum! {
    /// The kind of unit where the counted people are.
    UnitKind = allocation::UnitKind {
        /// Barnehage.
        Kindergarten,
        /// Grunnskole.
        PrimarySchool,
        /// Videregående skole.
        UpperSecondary,
    }
}

wire_enum! {
    /// What is counted.
    Measure = allocation::Measure {
        /// People employed, whole.
        Employees,
        /// Man-years, with decimals.
        ManYears,
        /// Children enrolled.
        Children,
    }
}

wire_enum! {
    /// Who owns the unit where the counted people are.
    Ownership = allocation::Ownership {
        /// A private owner.
        Private,
        /// A municipality, a county municipality or the state.
        Public,
    }
}

/// What a register says; three of the four answers are not a number.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeadcountStatus {
    /// The register gives the count.
    Known,
    /// The register hides a count of one to four for the sake of privacy.
    Withheld,
    /// The register says that none are registered.
    NoneRegistered,
    /// The register has no answer.
    Unknown,
}

/// What a register says of a count.
#[derive(Clone, Serialize, ToSchema)]
pub struct HeadcountValue {
    /// What kind of answer it is.
    pub status: HeadcountStatus,
    /// The count, where the status is `known`; with at most three decimals.
    #[schema(required)]
    pub count: Option<String>,
}

impl From<allocation::Headcount> for HeadcountValue {
    fn from(value: allocation::Headcount) -> Self {
        let (status, count) = match value {
            allocation::Headcount::Known(count) => (HeadcountStatus::Known, Some(count.to_string())),
            allocation::Headcount::Withheld => (HeadcountStatus::Withheld, None),
            allocation::Headcount::NoneRegistered => (HeadcountStatus::NoneRegistered, None),
            allocation::Headcount::Unknown => (HeadcountStatus::Unknown, None),
        };
        Self { status, count }
    }
}

/// A headcount of an organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Headcount {
    /// Id.
    pub id: Uuid,
    /// Whose employees.
    pub organisation_id: Uuid,
    /// The kind of unit where they work.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Who owns the units, where the source tells public and private ones apart.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// The date at which the count held.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What the source says.
    pub status: HeadcountStatus,
    /// The count, where the status is `known`; with at most three decimals.
    #[schema(required)]
    pub count: Option<String>,
    /// Where the count comes from.
    pub source: String,
    /// Whether it is an invented value for practice.
    pub practice: bool,
}

resource!(OrganisationHeadcount => Headcount at "/v1/headcounts", unversioned);

impl From<OrganisationHeadcount> for Headcount {
    fn from(headcount: OrganisationHeadcount) -> Self {
        let record = headcount.record;
        let HeadcountValue { status, count } = record.value.into();
        Self {
            id: headcount.id.into(),
            organisation_id: headcount.organisation_id.into(),
            unit_kind: record.unit_kind.into(),
            measure: record.measure.into(),
            ownership: record.ownership.map(Into::into),
            date: record.date,
            status,
            count,
            source: record.source,
            practice: record.practice,
        }
    }
}

/// A headcount to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHeadcount {
    /// Whose employees.
    pub organisation_id: Uuid,
    /// The kind of unit where they work.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Who owns the units, where the source tells public and private ones apart; absent for all of them together.
    pub ownership: Option<Ownership>,
    /// The date at which the count held.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What the source says.
    pub status: HeadcountStatus,
    /// The count: given when, and only when, the status is `known`.
    #[schema(pattern = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
    pub count: Option<String>,
    /// The register or document that the number is from.
    #[schema(min_length = 1, max_length = 500)]
    pub source: String,
    /// Whether it is an invented value for practice.
    #[serde(default)]
    pub practice: bool,
}

impl TryFrom<NewHeadcount> for HeadcountRecord {
    type Error = Refusal;

    fn try_from(new: NewHeadcount) -> Result<Self, Refusal> {
        let value = match (new.status, &new.count) {
            (HeadcountStatus::Known, Some(count)) => {
                let count: Quantity = count.parse().map_err(|error| Refusal::invalid("/count", error))?;
                allocation::Headcount::Known(count)
            }
            (HeadcountStatus::Withheld, None) => allocation::Headcount::Withheld,
            (HeadcountStatus::NoneRegistered, None) => allocation::Headcount::NoneRegistered,
            (HeadcountStatus::Unknown, None) => allocation::Headcount::Unknown,
            _ => return Err(Refusal::invalid("/count", "a count when, and only when, the status is known")),
        };
        Ok(Self {
            unit_kind: new.unit_kind.into(),
            measure: new.measure.into(),
            ownership: new.ownership.map(Into::into),
            date: new.date,
            value,
            source: new.source,
            practice: new.practice,
        })
    }
}

/// Which headcounts to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct HeadcountQuery {
    /// Of this organisation only.
    pub organisation_id: Option<Uuid>,
}

/// List headcounts.
///
/// All headcounts from all sources; plans rest on the newest one of each kind.
#[utoipa::path(operation_id = "headcountList", tag = "Headcounts", params(HeadcountQuery),
    responses((status = 200, description = "A page of headcounts.", body = PageBody<Headcount>)))]
#[get("/v1/headcounts")]
async fn list(call: Call, query: Query<HeadcountQuery>) -> Reply {
    let filter = HeadcountFilter { organisation_id: query.0.organisation_id.map(Into::into) };
    call.list(move |cx, page| registry::headcount_list(cx, &filter, page)).await
}

/// Record a headcount.
///
/// Plans that rest on the organisation's employees are computed again.
#[utoipa::path(operation_id = "headcountCreate", tag = "Headcounts", request_body = NewHeadcount,
    responses((status = 201, description = "The new headcount.", body = Headcount)))]
#[post("/v1/headcounts")]
async fn create(call: Call, new: Json<NewHeadcount>) -> Reply {
    let organisation_id = new.0.organisation_id.into();
    let record: HeadcountRecord = new.0.try_into()?;
    call.create(move |cx| registry::headcount_create(cx, organisation_id, &record)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create);
}
