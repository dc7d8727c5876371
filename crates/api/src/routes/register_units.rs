//! Taking in the schools and kindergartens that the registers know of an organisation.

use actix_web::post;
use serde::Serialize;
use tildel_usecases::domain::id::OrganisationId;
use tildel_usecases::registry;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{Headcount, UnitKind};
use super::units::Unit;
use crate::body::Resource;
use crate::call::{Call, Id, Reply};

/// What was taken in from the registers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterUnits {
    /// The organisation.
    pub organisation_id: Uuid,
    /// The schools and kindergartens that are followed from now on.
    pub units: Vec<Unit>,
    /// What was recorded of their people, register by register.
    pub headcounts: Vec<Headcount>,
    /// The kinds of which nothing was taken in, as the organisation is counted as a whole there.
    pub counted_as_whole: Vec<UnitKind>,
}

impl Resource for registry::RegisterUnits {
    type Body = RegisterUnits;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.organisation.id.into()
    }

    fn version(&self) -> i64 {
        self.organisation.version
    }
}

impl From<registry::RegisterUnits> for RegisterUnits {
    fn from(taken: registry::RegisterUnits) -> Self {
        Self {
            organisation_id: taken.organisation.id.into(),
            units: taken.units.into_iter().map(Into::into).collect(),
            headcounts: taken.headcounts.into_iter().map(Into::into).collect(),
            counted_as_whole: taken.counted_as_whole.into_iter().map(Into::into).collect(),
        }
    }
}

/// Take in the units of an organisation.
///
/// Follows all schools and kindergartens that the registers know of the organisation, and records what each register says of their people, so
/// that no plan rests on one of many. Units that are counted already stay as they are, so doing it twice does nothing more. All counts of a kind
/// bear one day, since when all that is told of the kind is so; where no register answers, the count is unknown, not none. Plans are computed
/// again. Refused where the organisation is counted as a whole. `GET /v1/prefills/{number}` shows beforehand what is taken in.
#[utoipa::path(operation_id = "registerUnitsTakeIn", tag = "Units",
    responses((status = 200, description = "What was taken in.", body = RegisterUnits)))]
#[post("/v1/organisations/{id}/register-units")]
async fn take_in(call: Call, id: Id<OrganisationId>) -> Reply {
    call.act(move |cx, expected| registry::register_units_take_in(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(take_in);
}
