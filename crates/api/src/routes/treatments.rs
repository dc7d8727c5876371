//! Treatments: what the forums of a round made of it, side by side.

use actix_web::get;
use serde::Serialize;
use tildel_usecases::domain::id::RoundId;
use tildel_usecases::treatments as usecase;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::ballots::{BallotCount, BallotState};
use super::meetings::{AgreementTest, MeetingState};
use super::recommendations::Recommendation;
use crate::body::{LocalText, Resource};
use crate::call::{Call, Id, Reply};

/// A ballot on an item.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TreatmentBallot {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// State.
    pub state: BallotState,
    /// The count, once there is one and unless it is withheld.
    #[schema(required)]
    pub count: Option<BallotCount>,
    /// Whether the count is kept from the caller, who is recused on an application of the ballot.
    pub withheld: bool,
}

/// An item of a meeting on the round.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TreatmentItem {
    /// The meeting.
    pub meeting_id: Uuid,
    /// Its state.
    pub meeting_state: MeetingState,
    /// The item of its agenda.
    pub agenda_item_id: Uuid,
    /// Title.
    pub title: String,
    /// The application that the item is about, if it is about one.
    #[schema(required)]
    pub application_id: Option<Uuid>,
    /// The agreement test, where the caller may see it.
    #[schema(required)]
    pub agreement: Option<AgreementTest>,
    /// The ballots that the caller may know of.
    pub ballots: Vec<TreatmentBallot>,
}

/// What a forum made of the round.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Treatment {
    /// The forum.
    pub forum_id: Uuid,
    /// Its name.
    pub forum_name: LocalText,
    /// Its meetings' items on the round, the oldest meeting first.
    pub items: Vec<TreatmentItem>,
    /// What it recommends, where the caller may know of it.
    #[schema(required)]
    pub recommendation: Option<Recommendation>,
}

/// What the forums of a round made of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Treatments {
    /// The round.
    pub round_id: Uuid,
    /// By forum, in the order of the round.
    pub treatments: Vec<Treatment>,
}

impl Resource for usecase::Treatments {
    type Body = Treatments;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.round.id.into()
    }

    fn version(&self) -> i64 {
        self.round.version
    }
}

impl From<usecase::TreatmentBallot> for TreatmentBallot {
    fn from(seen: usecase::TreatmentBallot) -> Self {
        Self {
            id: seen.ballot.id.into(),
            title: seen.ballot.title,
            state: seen.ballot.state.into(),
            count: seen.ballot.count.map(Into::into),
            withheld: seen.withheld,
        }
    }
}

impl From<usecase::TreatmentItem> for TreatmentItem {
    fn from(treated: usecase::TreatmentItem) -> Self {
        Self {
            meeting_id: treated.meeting.id.into(),
            meeting_state: treated.meeting.state.into(),
            agenda_item_id: treated.item.id.into(),
            title: treated.item.title,
            application_id: treated.item.application_id.map(Into::into),
            agreement: treated.item.agreement.map(Into::into),
            ballots: treated.ballots.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<usecase::Treatment> for Treatment {
    fn from(treatment: usecase::Treatment) -> Self {
        Self {
            forum_id: treatment.forum.id.into(),
            forum_name: treatment.forum.name.into(),
            items: treatment.items.into_iter().map(Into::into).collect(),
            recommendation: treatment.recommendation.map(Into::into),
        }
    }
}

impl From<usecase::Treatments> for Treatments {
    fn from(all: usecase::Treatments) -> Self {
        Self { round_id: all.round.id.into(), treatments: all.forums.into_iter().map(Into::into).collect() }
    }
}

/// Compare the treatments of a round.
///
/// For each forum its meetings, agreement tests, ballots and recommendation, side by side, as the caller may see them.
#[utoipa::path(operation_id = "treatmentsRead", tag = "Rounds",
    responses((status = 200, description = "The treatments.", body = Treatments)))]
#[get("/v1/rounds/{id}/treatments")]
async fn read(call: Call, id: Id<RoundId>) -> Reply {
    call.read(move |cx| usecase::read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
