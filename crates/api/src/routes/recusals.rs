//! Recusals: recorded interests of persons in applications.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::RecusalId;
use tildel_usecases::domain::recusal as domain;
use tildel_usecases::recusals::{self, RecusalFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

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

wire_enum! {
    /// How far a recusal has come. In every state but `not_upheld` the person is kept out.
    RecusalState = domain::RecusalState {
        /// Found, as the person belongs to a party; no ballot opens before it is ruled on.
        Suggested,
        /// Declared by the person, or recorded by the chair or the secretariat.
        Declared,
        /// Ruled to hold.
        Upheld,
        /// Ruled not to hold: the person takes part.
        NotUpheld,
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
    /// Who recorded it: the person, or the chair or a case officer for another one; of a found one, whoever brought the
    /// application before the forum.
    pub recorded_by: Uuid,
    /// Whether it was found: the person belongs to the lead, a partner or the provider.
    pub found: bool,
    /// State.
    pub state: RecusalState,
    /// The reason of the ruling.
    #[schema(required)]
    pub ruling_reason: Option<String>,
    /// Who ruled.
    #[schema(required)]
    pub ruled_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub ruled_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::Recusal => Recusal at "/v1/recusals");

impl From<domain::Recusal> for Recusal {
    fn from(recusal: domain::Recusal) -> Self {
        Self {
            id: recusal.id.into(),
            person_id: recusal.person_id.into(),
            application_id: recusal.application_id.into(),
            ground: recusal.ground.into(),
            explanation: recusal.explanation,
            recorded_by: recusal.recorded_by.into(),
            found: recusal.found,
            state: recusal.state.into(),
            ruling_reason: recusal.ruling_reason,
            ruled_by: recusal.ruled_by.map(Into::into),
            ruled_at: recusal.ruled_at,
            version: recusal.version,
        }
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

/// A ruling on a recusal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRuling {
    /// Whether the person is recused.
    pub upheld: bool,
    /// The reason.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
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
    call.list(move |cx, page| recusals::list(cx, &filter, page)).await
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
        recusals::declare(cx, person_id, application_id.into(), ground.into(), &explanation)
    })
    .await
}

/// Read a recusal.
///
/// The caller's own, or one of an application whose treatment the caller prepares, rules on or leads.
#[utoipa::path(operation_id = "recusalRead", tag = "Recusals",
    responses((status = 200, description = "The recusal.", body = Recusal)))]
#[get("/v1/recusals/{id}")]
async fn read(call: Call, id: Id<RecusalId>) -> Reply {
    call.read(move |cx| recusals::read(cx, id.0)).await
}

/// Rule on a recusal.
///
/// The chair rules on those who sit in the forum, the office on the chair and on its own people, nobody on themselves. A
/// later ruling takes the place of an earlier one.
#[utoipa::path(operation_id = "recusalRule", tag = "Recusals", request_body = NewRuling,
    responses((status = 200, description = "The recusal with the ruling.", body = Recusal)))]
#[post("/v1/recusals/{id}/ruling")]
async fn rule(call: Call, id: Id<RecusalId>, ruling: Json<NewRuling>) -> Reply {
    let NewRuling { upheld, reason } = ruling.0;
    call.act(move |cx, expected| recusals::rule(cx, id.0, expected, upheld, &reason)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(declare).service(rule);
}
