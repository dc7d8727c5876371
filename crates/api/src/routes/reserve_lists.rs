//! Reserve lists: who waits in a round, and who is proposed when a grant is declined.

use actix_web::get;
use serde::Serialize;
use tildel_usecases::domain::id::RoundId;
use tildel_usecases::domain::reserve as domain;
use tildel_usecases::reserve as usecase;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::Resource;
use crate::call::{Call, Id, Reply};

/// A place on the reserve list of one forum.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForumPlace {
    /// The forum.
    pub forum_id: Uuid,
    /// The place, from 1.
    pub place: u32,
}

/// An application that waits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingApplication {
    /// The application.
    pub application_id: Uuid,
    /// Its human reference, such as `RO-2020-0003`.
    pub reference: String,
    /// Its place on the list of each forum that put it there.
    pub places: Vec<ForumPlace>,
}

/// A grant that was declined.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vacancy {
    /// The grant.
    pub grant_id: Uuid,
    /// The application that is proposed in its place; null where nobody waits.
    #[schema(required)]
    pub proposed_application_id: Option<Uuid>,
}

/// The reserve list of a round.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReserveList {
    /// The round.
    pub round_id: Uuid,
    /// Who waits: by the best place in any forum, then by reference.
    pub waiting: Vec<WaitingApplication>,
    /// The grants that were declined and not filled from the list, the oldest answer first, each with who is proposed.
    pub vacancies: Vec<Vacancy>,
}

impl Resource for usecase::RoundReserve {
    type Body = ReserveList;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.round.id.into()
    }

    fn version(&self) -> i64 {
        self.round.version
    }
}

impl From<usecase::RoundReserve> for ReserveList {
    fn from(reserve: usecase::RoundReserve) -> Self {
        let waiting = |waiting: domain::Waiting| WaitingApplication {
            application_id: waiting.application_id.into(),
            reference: waiting.reference,
            places: waiting
                .places
                .into_iter()
                .map(|(forum_id, place)| ForumPlace { forum_id: forum_id.into(), place })
                .collect(),
        };
        let vacancy = |vacancy: domain::Vacancy| Vacancy {
            grant_id: vacancy.grant_id.into(),
            proposed_application_id: vacancy.proposed_id.map(Into::into),
        };
        Self {
            round_id: reserve.round.id.into(),
            waiting: reserve.list.waiting.into_iter().map(waiting).collect(),
            vacancies: reserve.list.vacancies.into_iter().map(vacancy).collect(),
        }
    }
}

/// Read the reserve list of a round.
///
/// Who waits, and who is proposed to the case officer in the place of each recipient who did not take a grant. A proposal grants
/// nothing.
#[utoipa::path(operation_id = "reserveListRead", tag = "Rounds",
    responses((status = 200, description = "The reserve list.", body = ReserveList)))]
#[get("/v1/rounds/{id}/reserve-list")]
async fn read(call: Call, id: Id<RoundId>) -> Reply {
    call.read(move |cx| usecase::read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
