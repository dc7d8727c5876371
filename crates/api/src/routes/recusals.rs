//! Recusals: recorded interests of persons in applications.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::forum as domain;
use tildel_usecases::forums::{self, RecusalFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Json, Query, Reply};

wire_enum! {
    /// Why a person has an interest (forvaltningsloven § 6).
    RecusalGround = domain::RecusalGround {
        /// Works for a party of the application.
        Party,
        /// Family of a party, or closely related otherwise.
        Relation,
        /// Another circumstance that can weaken trust.
        Circumstance,
    }
}

/// A recorded interest of a person in an application (inhabilitet).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recusal {
    /// Id.
    pub id: Uuid,
    /// Whose interest.
    pub person_id: Uuid,
    /// In which application.
    pub application_id: Uuid,
    /// The ground.
    pub ground: RecusalGround,
    /// The circumstances, in words.
    pub explanation: String,
    /// Who recorded it: the person, or the chair or a case officer for another one.
    pub recorded_by: Uuid,
}

impl From<domain::Recusal> for Recusal {
    fn from(recusal: domain::Recusal) -> Self {
        Self {
            id: recusal.id.into(),
            person_id: recusal.person_id.into(),
            application_id: recusal.application_id.into(),
            ground: recusal.ground.into(),
            explanation: recusal.explanation,
            recorded_by: recusal.recorded_by.into(),
        }
    }
}

/// A recusal never changes, and is read from the list only.
impl Resource for domain::Recusal {
    type Body = Recusal;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.id.into()
    }

    fn version(&self) -> i64 {
        1
    }
}

/// An interest to record.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecusal {
    /// Whose interest: the caller's own where it is left out. Chairs and case officers record those of others too.
    pub person_id: Option<Uuid>,
    /// In which application.
    pub application_id: Uuid,
    /// The ground.
    pub ground: RecusalGround,
    /// The circumstances, in words.
    #[schema(min_length = 1, max_length = 2000, example = "Leder barnehagen som deltar i prosjektet.")]
    pub explanation: String,
}

/// Which recusals to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RecusalQuery {
    /// Of this person only.
    pub person_id: Option<Uuid>,
    /// In this application only.
    pub application_id: Option<Uuid>,
}

/// List recusals.
///
/// The caller's own; for chairs and case officers those of others too.
#[utoipa::path(operation_id = "recusalList", tag = "Recusals", params(RecusalQuery),
    responses((status = 200, description = "A page of recusals.", body = PageBody<Recusal>)))]
#[get("/v1/recusals")]
async fn list(call: Call, query: Query<RecusalQuery>) -> Reply {
    let filter = RecusalFilter {
        person_id: query.0.person_id.map(Into::into),
        application_id: query.0.application_id.map(Into::into),
    };
    call.list(move |cx, page| forums::recusal_list(cx, &filter, page)).await
}

/// Record a recusal.
///
/// From then on the person has no vote on the application, sees no count of it, and can not approve its decision.
#[utoipa::path(operation_id = "recusalDeclare", tag = "Recusals", request_body = NewRecusal,
    responses((status = 201, description = "The new recusal.", body = Recusal)))]
#[post("/v1/recusals")]
async fn declare(call: Call, new: Json<NewRecusal>) -> Reply {
    let NewRecusal { person_id, application_id, ground, explanation } = new.0;
    let person_id = person_id.map(Into::into);
    call.create(move |cx| {
        forums::recusal_declare(cx, person_id, application_id.into(), ground.into(), &explanation)
    })
    .await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(declare);
}
