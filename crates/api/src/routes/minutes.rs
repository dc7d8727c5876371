//! Minutes: made from what was recorded, so that they can not differ from it.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::application::Application;
use tildel_usecases::domain::ballot::Ballot;
use tildel_usecases::domain::id::MeetingId;
use tildel_usecases::minutes as usecase;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::ballots::{BallotCount, BallotRules, BallotState};
use super::forums::Forum;
use super::meetings::{AgendaItem, Meeting};
use super::recommendations::Recommendation;
use super::seats::Seat;
use crate::body::Resource;
use crate::call::{Call, Id, Json, Query, Reply};

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
    /// Whether what came of it is kept from the caller, who is recused on it, until the minutes are approved.
    pub withheld: bool,
}

impl From<usecase::MinutesItem> for MinutesItem {
    fn from(item: usecase::MinutesItem) -> Self {
        Self {
            item: item.item.into(),
            ballots: item.ballots.into_iter().map(Into::into).collect(),
            recommendation: item.recommendation.map(Into::into),
            applications: item.applications.into_iter().map(Into::into).collect(),
            withheld: item.withheld,
        }
    }
}

/// An approval of minutes, or of a correction of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesApproval {
    /// The number of the version, from 1.
    pub number: u32,
    /// What it corrects in the one before; null for the first one.
    #[schema(required)]
    pub correction: Option<String>,
    /// The chair who approved it.
    pub approved_by: Uuid,
    /// When.
    pub approved_at: Timestamp,
}

/// The minutes of a meeting (protokoll).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// Which version it is and who approved it; null for a draft.
    #[schema(required)]
    pub approval: Option<MinutesApproval>,
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
        self.content.meeting.id.into()
    }

    fn version(&self) -> i64 {
        self.content.meeting.version
    }
}

impl From<usecase::Minutes> for Minutes {
    fn from(minutes: usecase::Minutes) -> Self {
        let content = minutes.content;
        Self {
            approval: minutes.approval.map(|approval| MinutesApproval {
                number: approval.number,
                correction: approval.correction,
                approved_by: approval.approved_by.into(),
                approved_at: approval.approved_at,
            }),
            forum: content.forum.into(),
            meeting: content.meeting.into(),
            present: content.present.into_iter().map(Into::into).collect(),
            items: content.items.into_iter().map(Into::into).collect(),
        }
    }
}

/// What is corrected in approved minutes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesCorrection {
    /// What was wrong and is right now, in words.
    #[schema(min_length = 1, max_length = 2000)]
    pub correction: String,
}

/// Which version of the minutes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MinutesQuery {
    /// The number of an approved version; the last one where it is left out.
    #[param(minimum = 1, maximum = 10000)]
    pub number: Option<u32>,
}

/// Read the minutes of a meeting.
///
/// Made from what was recorded once the meeting is held: a draft for the forum and its office, and open to all once the chair
/// has approved them (offentleglova § 3).
#[utoipa::path(operation_id = "minutesRead", tag = "Meetings", params(MinutesQuery),
    responses((status = 200, description = "The minutes.", body = Minutes)))]
#[get("/v1/meetings/{id}/minutes")]
async fn read(call: Call, id: Id<MeetingId>, query: Query<MinutesQuery>) -> Reply {
    let number = query.0.number;
    call.read(move |cx| usecase::read(cx, id.0, number)).await
}

/// Approve the minutes of a meeting.
///
/// The chair signs the minutes as they are; they stand from then on, and everybody can read them.
#[utoipa::path(operation_id = "minutesApprove", tag = "Meetings",
    responses((status = 200, description = "The approved minutes.", body = Minutes)))]
#[post("/v1/meetings/{id}/minutes/approval")]
async fn approve(call: Call, id: Id<MeetingId>) -> Reply {
    call.act(move |cx, expected| usecase::approve(cx, id.0, expected, None)).await
}

/// Correct the minutes of a meeting.
///
/// A new version, made from what is recorded now and signed by the chair; the earlier versions are kept.
#[utoipa::path(operation_id = "minutesCorrect", tag = "Meetings", request_body = MinutesCorrection,
    responses((status = 200, description = "The corrected minutes.", body = Minutes)))]
#[post("/v1/meetings/{id}/minutes/corrections")]
async fn correct(call: Call, id: Id<MeetingId>, correction: Json<MinutesCorrection>) -> Reply {
    let correction = correction.0.correction;
    call.act(move |cx, expected| usecase::approve(cx, id.0, expected, Some(&correction))).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read).service(approve).service(correct);
}
