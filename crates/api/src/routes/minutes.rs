//! Minutes: made from what was recorded, so that they can not differ from it.

use actix_web::get;
use serde::Serialize;
use tildel_usecases::domain::application::Application;
use tildel_usecases::domain::ballot::Ballot;
use tildel_usecases::domain::id::MeetingId;
use tildel_usecases::minutes as usecase;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::ballots::{BallotCount, BallotRules, BallotState};
use super::forums::Forum;
use super::meetings::{AgendaItem, Meeting};
use super::recommendations::Recommendation;
use super::seats::Seat;
use crate::body::Resource;
use crate::call::{Call, Id, Reply};

/// Somebody who was present.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Present {
    /// The seat.
    pub seat: Seat,
    /// The name of the one who sat there.
    pub name: String,
    /// Whether it was the deputy.
    pub as_deputy: bool,
}

impl From<usecase::Present> for Present {
    fn from(present: usecase::Present) -> Self {
        Self { seat: present.seat.into(), name: present.name, as_deputy: present.as_deputy }
    }
}

/// A ballot that was counted or annulled. Who voted what is not told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesBallot {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// What was voted on, by whom, and how it was counted.
    pub rules: BallotRules,
    /// Whether it was counted or annulled.
    pub state: BallotState,
    /// The count, if it was counted.
    #[schema(required)]
    pub count: Option<BallotCount>,
    /// Why it was annulled, where it was.
    #[schema(required)]
    pub annulment_reason: Option<String>,
}

impl From<Ballot> for MinutesBallot {
    fn from(ballot: Ballot) -> Self {
        Self {
            id: ballot.id.into(),
            title: ballot.title,
            rules: ballot.rules.into(),
            state: ballot.state.into(),
            count: ballot.count.map(Into::into),
            annulment_reason: ballot.annulment_reason,
        }
    }
}

/// An application that ballots and recommendation name by its id.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesApplication {
    /// Id.
    pub id: Uuid,
    /// Its reference, such as `RO-2020-0007`.
    pub reference: String,
    /// Title.
    pub title: String,
}

impl From<Application> for MinutesApplication {
    fn from(application: Application) -> Self {
        Self { id: application.id.into(), reference: application.reference, title: application.content.title }
    }
}

/// What came of an agenda item.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesItem {
    /// The item, with its agreement test.
    pub item: AgendaItem,
    /// Its ballots that were counted or annulled.
    pub ballots: Vec<MinutesBallot>,
    /// The recommendation that the forum adopted on the round of the item, if it did.
    #[schema(required)]
    pub recommendation: Option<Recommendation>,
    /// The applications of the round.
    pub applications: Vec<MinutesApplication>,
}

impl From<usecase::MinutesItem> for MinutesItem {
    fn from(item: usecase::MinutesItem) -> Self {
        Self {
            item: item.item.into(),
            ballots: item.ballots.into_iter().map(Into::into).collect(),
            recommendation: item.recommendation.map(Into::into),
            applications: item.applications.into_iter().map(Into::into).collect(),
        }
    }
}

/// The minutes of a meeting (protokoll).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// The forum.
    pub forum: Forum,
    /// The meeting.
    pub meeting: Meeting,
    /// Who was present.
    pub present: Vec<Present>,
    /// What came of the items, by number.
    pub items: Vec<MinutesItem>,
}

/// Minutes have no version of their own: they are those of the meeting as it stands.
impl Resource for usecase::Minutes {
    type Body = Minutes;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.meeting.id.into()
    }

    fn version(&self) -> i64 {
        self.meeting.version
    }
}

impl From<usecase::Minutes> for Minutes {
    fn from(minutes: usecase::Minutes) -> Self {
        Self {
            forum: minutes.forum.into(),
            meeting: minutes.meeting.into(),
            present: minutes.present.into_iter().map(Into::into).collect(),
            items: minutes.items.into_iter().map(Into::into).collect(),
        }
    }
}

/// Read the minutes of a meeting.
///
/// Made from what was recorded once the meeting is held, and open to all (offentleglova § 3).
#[utoipa::path(operation_id = "minutesRead", tag = "Meetings",
    responses((status = 200, description = "The minutes.", body = Minutes)))]
#[get("/v1/meetings/{id}/minutes")]
async fn read(call: Call, id: Id<MeetingId>) -> Reply {
    call.read(move |cx| usecase::read(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
