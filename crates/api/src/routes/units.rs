//! Units: the schools and kindergartens whose people organisations are counted by.

use actix_web::get;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::UnitId;
use tildel_usecases::domain::unit as domain;
use tildel_usecases::registry::{self, UnitFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{Ownership, UnitKind};
use crate::body::{PageBody, resource};
use crate::call::{Call, Id, Query, Reply};

/// A school or a kindergarten of an organisation that plans may rest on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    /// Id.
    pub id: Uuid,
    /// The organisation number of the unit itself.
    pub number: String,
    /// The organisation that it is of.
    pub organisation_id: Uuid,
    /// The name.
    pub name: String,
    /// The kind.
    pub unit_kind: UnitKind,
    /// Whether its owner is private or public, where a register says so.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// The municipality number as of today.
    #[schema(required)]
    pub municipality_number: Option<String>,
    /// The day since when it is of the organisation, as far as known.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The day it closed.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
    /// Version.
    pub version: i64,
}

resource!(domain::Unit => Unit at "/v1/units");

impl From<domain::Unit> for Unit {
    fn from(unit: domain::Unit) -> Self {
        Self {
            id: unit.id.into(),
            number: unit.number,
            organisation_id: unit.organisation_id.into(),
            name: unit.name,
            unit_kind: unit.unit_kind.into(),
            ownership: unit.ownership.map(Into::into),
            municipality_number: unit.municipality_number,
            since: unit.since,
            ended_on: unit.ended_on,
            version: unit.version,
        }
    }
}

/// Which units to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct UnitQuery {
    /// Of this organisation only.
    pub organisation_id: Option<Uuid>,
    /// With this organisation number only.
    #[param(min_length = 1, max_length = 20)]
    pub number: Option<String>,
}

/// List units.
///
/// The schools and kindergartens that are followed, those that closed too.
#[utoipa::path(operation_id = "unitList", tag = "Units", params(UnitQuery),
    responses((status = 200, description = "A page of units.", body = PageBody<Unit>)))]
#[get("/v1/units")]
async fn list(call: Call, query: Query<UnitQuery>) -> Reply {
    let filter =
        UnitFilter { organisation_id: query.0.organisation_id.map(Into::into), number: query.0.number };
    call.list(move |cx, page| registry::unit_list(cx, &filter, page)).await
}

/// Read a unit.
///
/// One school or kindergarten as it stands.
#[utoipa::path(operation_id = "unitRead", tag = "Units",
    responses((status = 200, description = "The unit.", body = Unit)))]
#[get("/v1/units/{id}")]
async fn read(call: Call, id: Id<UnitId>) -> Reply {
    call.read(move |cx| registry::unit_read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read);
}
