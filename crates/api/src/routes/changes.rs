//! Changes: what registers say otherwise than before, and what it would do to plans.

mod content;

use actix_web::{get, post};
use serde::Deserialize;
use tildel_usecases::changes::{self, ChangeFilter};
use tildel_usecases::domain::id::ChangeId;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use content::{Change, ChangeState};

use crate::body::PageBody;
use crate::call::{Call, Id, Json, Query, Reply};

/// Why a change is held back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeHold {
    /// The reason.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Which changes to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ChangeQuery {
    /// In this state only.
    #[param(inline)]
    pub state: Option<ChangeState>,
    /// Of this organisation, or of a unit that goes to it, only.
    pub organisation_id: Option<Uuid>,
    /// Those only that touch a grant or an open round of this office.
    pub office_id: Option<Uuid>,
    /// Of the unit or the organisation with this number only.
    #[param(min_length = 1, max_length = 20)]
    pub unit_number: Option<String>,
}

/// List changes.
///
/// What registers say otherwise than before of organisations, schools and kindergartens that are followed, by the instant since when
/// they say so. What touches no running grant and no open round was applied at once; the rest waits for an office.
#[utoipa::path(operation_id = "changeList", tag = "Changes", params(ChangeQuery),
    responses((status = 200, description = "A page of changes.", body = PageBody<Change>)))]
#[get("/v1/changes")]
async fn list(call: Call, query: Query<ChangeQuery>) -> Reply {
    let filter = ChangeFilter {
        state: query.0.state.map(Into::into),
        organisation_id: query.0.organisation_id.map(Into::into),
        office_id: query.0.office_id.map(Into::into),
        unit_number: query.0.unit_number,
    };
    call.list(move |cx, page| changes::list(cx, &filter, page)).await
}

/// Read a change.
///
/// What happened, what it touches, and what it would do to each amount.
#[utoipa::path(operation_id = "changeRead", tag = "Changes",
    responses((status = 200, description = "The change.", body = Change)))]
#[get("/v1/changes/{id}")]
async fn read(call: Call, id: Id<ChangeId>) -> Reply {
    call.read(move |cx| changes::read(cx, id.0)).await
}

/// Accept a change.
///
/// What the register says is stored with its date, and the plans that rest on it are computed again. Nothing that was decided moves by
/// that, and what was pre-notified moves when the impact report of the new run is accepted. Refused where the effect does not tell what
/// acceptance would do as things stand: it is computed again then, to be read first. Refused, too, where somebody set the headcount with a
/// reason: then the value is set by hand.
#[utoipa::path(operation_id = "changeAccept", tag = "Changes",
    responses((status = 200, description = "The accepted change.", body = Change)))]
#[post("/v1/changes/{id}/acceptance")]
async fn accept(call: Call, id: Id<ChangeId>) -> Reply {
    call.act(move |cx, expected| changes::accept(cx, id.0, expected)).await
}

/// Hold a change.
///
/// Nothing moves; it can still be accepted.
#[utoipa::path(operation_id = "changeHold", tag = "Changes", request_body = ChangeHold,
    responses((status = 200, description = "The change that is held.", body = Change)))]
#[post("/v1/changes/{id}/hold")]
async fn hold(call: Call, id: Id<ChangeId>, body: Json<ChangeHold>) -> Reply {
    call.act(move |cx, expected| changes::hold(cx, id.0, expected, &body.0.reason)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(accept).service(hold);
}
