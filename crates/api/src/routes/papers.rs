//! Papers of meetings.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::{MeetingId, PaperId};
use tildel_usecases::domain::paper as domain;
use tildel_usecases::papers;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Reply};

wire_enum! {
    /// What kind of paper.
    PaperKind = domain::PaperKind {
        /// What the secretariat writes on the item (saksframlegg).
        CaseNote,
        /// Something attached to it.
        Attachment,
        /// What a member wants the others to know.
        Remark,
    }
}

/// A paper on an item of an agenda (saksdokument): a text, or where to find one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paper {
    /// Id.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The item.
    pub agenda_item_id: Uuid,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: PaperKind,
    /// Where to find it.
    #[schema(required)]
    pub link: Option<String>,
    /// What it says.
    #[schema(required)]
    pub text: Option<String>,
    /// Who added it.
    pub added_by: Uuid,
    /// When.
    pub added_at: Timestamp,
}

resource!(domain::Paper => Paper at "/v1/papers", unversioned);

impl From<domain::Paper> for Paper {
    fn from(paper: domain::Paper) -> Self {
        Self {
            id: paper.id.into(),
            meeting_id: paper.meeting_id.into(),
            agenda_item_id: paper.agenda_item_id.into(),
            title: paper.title,
            kind: paper.kind.into(),
            link: paper.link,
            text: paper.text,
            added_by: paper.added_by.into(),
            added_at: paper.added_at,
        }
    }
}

/// What a new paper is made of: either a link or a text.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPaper {
    /// The item, of this meeting.
    pub agenda_item_id: Uuid,
    /// Title.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// Kind.
    pub kind: PaperKind,
    /// Where to find it.
    #[schema(pattern = "^https://[!-~]{1,500}$")]
    pub link: Option<String>,
    /// What it says.
    #[schema(min_length = 1, max_length = 20000)]
    pub text: Option<String>,
}

impl From<NewPaper> for papers::NewPaper {
    fn from(new: NewPaper) -> Self {
        Self {
            agenda_item_id: new.agenda_item_id.into(),
            title: new.title,
            kind: new.kind.into(),
            link: new.link,
            text: new.text,
        }
    }
}

/// List the papers of a meeting.
///
/// For the forum and its office, without those of items that the caller is recused on; for everybody once the minutes are
/// approved.
#[utoipa::path(operation_id = "paperList", tag = "Meetings",
    responses((status = 200, description = "A page of papers.", body = PageBody<Paper>)))]
#[get("/v1/meetings/{id}/papers")]
async fn list(call: Call, id: Id<MeetingId>) -> Reply {
    call.list(move |cx, page| papers::list(cx, id.0, page)).await
}

/// Read a paper.
///
/// One paper.
#[utoipa::path(operation_id = "paperRead", tag = "Meetings",
    responses((status = 200, description = "The paper.", body = Paper)))]
#[get("/v1/papers/{id}")]
async fn read(call: Call, id: Id<PaperId>) -> Reply {
    call.read(move |cx| papers::read(cx, id.0)).await
}

/// Add a paper.
///
/// To an item of a meeting that has not ended.
#[utoipa::path(operation_id = "paperCreate", tag = "Meetings", request_body = NewPaper,
    responses((status = 201, description = "The new paper.", body = Paper)))]
#[post("/v1/meetings/{id}/papers")]
async fn create(call: Call, id: Id<MeetingId>, new: Json<NewPaper>) -> Reply {
    let new: papers::NewPaper = new.0.into();
    call.create(move |cx| papers::create(cx, id.0, &new)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
