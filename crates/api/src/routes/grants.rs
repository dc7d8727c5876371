//! Grants: granted projects over years.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::grant as domain;
use tildel_usecases::domain::id::GrantId;
use tildel_usecases::grants::{self, GrantFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::renewals::RenewalOutcome;
use crate::body::{Money, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Query, Reply};

wire_enum! {
    /// Where a grant is in its life.
    GrantState = domain::GrantState {
        /// Decided; the recipient has not answered.
        Offered,
        /// Accepted by the recipient.
        Accepted,
        /// Declined by the recipient.
        Declined,
    }
}

wire_enum! {
    /// How firm a year's amount is.
    GrantYearState = domain::GrantYearState {
        /// Computed, promised to nobody.
        Planned,
        /// Told to the recipient, on condition of the budget.
        PreNotified,
        /// Decided within a frame that the Storting has decided.
        Decided,
    }
}

/// One budget year of a grant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantYear {
    /// The budget year.
    pub year: i16,
    /// How firm the amount is.
    pub state: GrantYearState,
    /// The amount of the newest run; null while it is pending.
    #[schema(required)]
    pub planned: Option<Money>,
    /// The run that the planned amount is from.
    #[schema(required)]
    pub planned_run_id: Option<Uuid>,
    /// The amount that a decision promised.
    #[schema(required)]
    pub promised: Option<Money>,
    /// The run that the promised amount is from.
    #[schema(required)]
    pub promised_run_id: Option<Uuid>,
    /// The decision that promised it.
    #[schema(required)]
    pub decision_id: Option<Uuid>,
    /// The accepted impact report that moved the promise since, if one has.
    #[schema(required)]
    pub impact_report_id: Option<Uuid>,
    /// Whether it depends on a budget that is not decided.
    pub conditional: bool,
    /// Whether the grant goes on in this year, as it was decided on the forum's advice. Null where nobody has judged: in the
    /// first year, which needs no judgement, and in later years until a decision on renewals.
    #[schema(required)]
    pub judgement: Option<RenewalOutcome>,
}

impl From<domain::GrantYear> for GrantYear {
    fn from(year: domain::GrantYear) -> Self {
        Self {
            year: year.year,
            state: year.state.into(),
            planned: year.planned.map(Into::into),
            planned_run_id: year.planned_run_id.map(Into::into),
            promised: year.promised.map(Into::into),
            promised_run_id: year.promised_run_id.map(Into::into),
            decision_id: year.decision_id.map(Into::into),
            impact_report_id: year.impact_report_id.map(Into::into),
            conditional: year.conditional,
            judgement: year.judgement.map(Into::into),
        }
    }
}

/// A granted project.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Id.
    pub id: Uuid,
    /// Human reference, such as `RO-2020-0013`.
    pub reference: String,
    /// The application it answers.
    pub application_id: Uuid,
    /// The round it is from.
    pub round_id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The decision that made it.
    pub decision_id: Uuid,
    /// The recipient who answers for it.
    pub lead_id: Uuid,
    /// Name of the project, such as «Jærbarnehagene».
    pub name: String,
    /// Title of the project.
    pub title: String,
    /// Where it is in its life.
    pub state: GrantState,
    /// The years, first to last.
    pub years: Vec<GrantYear>,
    /// The year before which it ends, where it was stopped.
    #[schema(required)]
    pub stopped_from: Option<i16>,
    /// When the recipient answered.
    #[schema(required)]
    pub answered_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::Grant => Grant at "/v1/grants");

impl From<domain::Grant> for Grant {
    fn from(grant: domain::Grant) -> Self {
        Self {
            id: grant.id.into(),
            reference: grant.reference,
            application_id: grant.application_id.into(),
            round_id: grant.round_id.into(),
            office_id: grant.office_id.into(),
            scheme_id: grant.scheme_id.into(),
            decision_id: grant.decision_id.into(),
            lead_id: grant.lead_id.into(),
            name: grant.name,
            title: grant.title,
            state: grant.state.into(),
            years: grant.years.into_iter().map(Into::into).collect(),
            stopped_from: grant.stopped_from,
            answered_at: grant.answered_at,
            version: grant.version,
        }
    }
}

/// Which grants to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct GrantQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
    /// From this round only.
    pub round_id: Option<Uuid>,
    /// With this recipient only.
    pub lead_id: Option<Uuid>,
}

/// List grants.
///
/// All grants, with the amounts of each year.
#[utoipa::path(operation_id = "grantList", tag = "Grants", params(GrantQuery),
    responses((status = 200, description = "A page of grants.", body = PageBody<Grant>)))]
#[get("/v1/grants")]
async fn list(call: Call, query: Query<GrantQuery>) -> Reply {
    let filter = GrantFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        round_id: query.0.round_id.map(Into::into),
        lead_id: query.0.lead_id.map(Into::into),
    };
    call.list(move |cx, page| grants::list(cx, &filter, page)).await
}

/// Read a grant.
///
/// One grant, with what is planned and promised for each year.
#[utoipa::path(operation_id = "grantRead", tag = "Grants",
    responses((status = 200, description = "The grant.", body = Grant)))]
#[get("/v1/grants/{id}")]
async fn read(call: Call, id: Id<GrantId>) -> Reply {
    call.read(move |cx| grants::read(cx, id.0)).await
}

/// Accept a grant.
///
/// The recipient takes it.
#[utoipa::path(operation_id = "grantAccept", tag = "Grants",
    responses((status = 200, description = "The accepted grant.", body = Grant)))]
#[post("/v1/grants/{id}/acceptance")]
async fn accept(call: Call, id: Id<GrantId>) -> Reply {
    call.act(move |cx, expected| grants::accept(cx, id.0, expected)).await
}

/// Refuse a grant.
///
/// The recipient does not take it; the plan is computed again without it, and the reserve list of the round says who is proposed.
#[utoipa::path(operation_id = "grantDecline", tag = "Grants",
    responses((status = 200, description = "The declined grant.", body = Grant)))]
#[post("/v1/grants/{id}/refusal")]
async fn decline(call: Call, id: Id<GrantId>) -> Reply {
    call.act(move |cx, expected| grants::decline(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(accept).service(decline);
}
