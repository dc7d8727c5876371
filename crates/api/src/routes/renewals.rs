//! Renewals: what was decided of later years of grants, on the advice of forums.

use actix_web::get;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation;
use tildel_usecases::domain::grant::GrantRenewal;
use tildel_usecases::domain::id::GrantRenewalId;
use tildel_usecases::renewals;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Query, Reply};

wire_enum! {
    /// Whether a grant goes on in a year.
    RenewalOutcome = allocation::RenewalOutcome {
        /// It goes on.
        Renewed,
        /// It ends before the year.
        Stopped,
    }
}

/// What was decided of a later year of a grant, on the advice of a forum.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Renewal {
    /// Id.
    pub id: Uuid,
    /// The grant.
    pub grant_id: Uuid,
    /// The budget year.
    pub year: i16,
    /// Whether the grant goes on.
    pub outcome: RenewalOutcome,
    /// What is asked for in return, if something is.
    #[schema(required)]
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
    /// The decision; null for what one person recorded before renewals were decided.
    #[schema(required)]
    pub decision_id: Option<Uuid>,
    /// The recommendation that the decision rests on.
    #[schema(required)]
    pub recommendation_id: Option<Uuid>,
    /// Who recorded it: who approved the decision.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

resource!(GrantRenewal => Renewal at "/v1/renewals", unversioned);

impl From<GrantRenewal> for Renewal {
    fn from(renewal: GrantRenewal) -> Self {
        Self {
            id: renewal.id.into(),
            grant_id: renewal.grant_id.into(),
            year: renewal.year,
            outcome: renewal.outcome.into(),
            conditions: renewal.conditions,
            reason: renewal.reason,
            decision_id: renewal.decision_id.map(Into::into),
            recommendation_id: renewal.recommendation_id.map(Into::into),
            recorded_by: renewal.recorded_by.into(),
            recorded_at: renewal.recorded_at,
        }
    }
}

/// Which renewals to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RenewalQuery {
    /// Of this grant only.
    pub grant_id: Option<Uuid>,
}

/// List renewals.
///
/// What was decided of later years of grants, on the advice of forums. The newest one of a year counts.
#[utoipa::path(operation_id = "renewalList", tag = "Grants", params(RenewalQuery),
    responses((status = 200, description = "A page of renewals.", body = PageBody<Renewal>)))]
#[get("/v1/renewals")]
async fn list(call: Call, query: Query<RenewalQuery>) -> Reply {
    let grant_id = query.0.grant_id.map(Into::into);
    call.list(move |cx, page| renewals::list(cx, grant_id, page)).await
}

/// Read a renewal.
///
/// One renewal, with its reason.
#[utoipa::path(operation_id = "renewalRead", tag = "Grants",
    responses((status = 200, description = "The renewal.", body = Renewal)))]
#[get("/v1/renewals/{id}")]
async fn read(call: Call, id: Id<GrantRenewalId>) -> Reply {
    call.read(move |cx| renewals::read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read);
}
