//! Renewals: what forums said of later years of grants.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation;
use tildel_usecases::domain::grant::GrantRenewal;
use tildel_usecases::domain::id::GrantRenewalId;
use tildel_usecases::grants::{self, NewRenewal as New};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Whether a grant goes on in a year.
    RenewalOutcome = allocation::RenewalOutcome {
        /// It goes on.
        Renewed,
        /// It ends before the year.
        Stopped,
    }
}

/// What a forum said of a later year of a grant.
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
    /// Why.
    pub reason: String,
    /// Who recorded it.
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
            reason: renewal.reason,
            recorded_by: renewal.recorded_by.into(),
            recorded_at: renewal.recorded_at,
        }
    }
}

/// A renewal to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRenewal {
    /// The grant.
    pub grant_id: Uuid,
    /// A year of the grant after its first, whose amount is not decided.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// Whether the grant goes on.
    pub outcome: RenewalOutcome,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

impl From<NewRenewal> for New {
    fn from(new: NewRenewal) -> Self {
        Self {
            grant_id: new.grant_id.into(),
            year: new.year,
            outcome: new.outcome.into(),
            reason: new.reason,
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
/// What forums said of later years of grants. The newest one of a year counts.
#[utoipa::path(operation_id = "renewalList", tag = "Grants", params(RenewalQuery),
    responses((status = 200, description = "A page of renewals.", body = PageBody<Renewal>)))]
#[get("/v1/renewals")]
async fn list(call: Call, query: Query<RenewalQuery>) -> Reply {
    let grant_id = query.0.grant_id.map(Into::into);
    call.list(move |cx, page| grants::renewal_list(cx, grant_id, page)).await
}

/// Read a renewal.
///
/// One renewal, with its reason.
#[utoipa::path(operation_id = "renewalRead", tag = "Grants",
    responses((status = 200, description = "The renewal.", body = Renewal)))]
#[get("/v1/renewals/{id}")]
async fn read(call: Call, id: Id<GrantRenewalId>) -> Reply {
    call.read(move |cx| grants::renewal_read(cx, id.0)).await
}

/// Record a renewal.
///
/// A recorded renewal stays; another one of the same year counts in its place. The plan is computed again.
#[utoipa::path(operation_id = "renewalCreate", tag = "Grants", request_body = NewRenewal,
    responses((status = 201, description = "The new renewal.", body = Renewal)))]
#[post("/v1/renewals")]
async fn create(call: Call, new: Json<NewRenewal>) -> Reply {
    let new: New = new.0.into();
    call.create(move |cx| grants::renewal_create(cx, &new)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
