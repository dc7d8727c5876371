//! Forums: the standing bodies that advise an office.

use actix_web::{get, post, put};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::forum as domain;
use tildel_usecases::domain::id::ForumId;
use tildel_usecases::domain::standing;
use tildel_usecases::forums::{self, ForumFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::organisations::OrganisationKind;
use crate::body::{LocalText, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Who sees what a seat voted, apart from who cast the vote.
    Disclosure = domain::Disclosure {
        /// Nobody, ever.
        Secret,
        /// The forum, once the ballot is counted.
        Sealed,
        /// The forum, as soon as the vote is cast.
        Open,
    }
}

/// Seats of one kind of organisation that must take part.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindQuorum {
    /// The kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// Seats of this kind that must take part.
    #[schema(minimum = 1, maximum = 200)]
    pub seats: u32,
}

impl From<standing::KindQuorum> for KindQuorum {
    fn from(asked: standing::KindQuorum) -> Self {
        Self { organisation_kind: asked.organisation_kind.into(), seats: asked.seats }
    }
}

impl From<KindQuorum> for standing::KindQuorum {
    fn from(asked: KindQuorum) -> Self {
        Self { organisation_kind: asked.organisation_kind.into(), seats: asked.seats }
    }
}

/// A standing body that advises an office (samarbeidsforum).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forum {
    /// Id.
    pub id: Uuid,
    /// The office that it advises.
    pub office_id: Uuid,
    /// Its name.
    pub name: LocalText,
    /// The scheme it was set up for, as letters name it.
    pub short_name: LocalText,
    /// Voting seats that must take part for a ballot to bind.
    pub quorum_seats: u32,
    /// Voting seats of kinds of organisation that must take part, too, each kind once.
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted.
    pub disclosure: Disclosure,
    /// How many hours before the end of a ballot the seats that have not voted are reminded; null where they are not.
    #[schema(required)]
    pub reminder_hours: Option<u32>,
    /// The person who chairs it.
    pub chair_id: Uuid,
    /// The person who chairs it in the chair's place, above all where the chair is recused.
    #[schema(required)]
    pub deputy_chair_id: Option<Uuid>,
    /// Version.
    pub version: i64,
}

resource!(domain::Forum => Forum at "/v1/forums");

impl From<domain::Forum> for Forum {
    fn from(forum: domain::Forum) -> Self {
        Self {
            id: forum.id.into(),
            office_id: forum.office_id.into(),
            name: forum.name.into(),
            short_name: forum.short_name.into(),
            quorum_seats: forum.quorum_seats,
            quorum_by_kind: forum.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: forum.disclosure.into(),
            reminder_hours: forum.reminder_hours,
            chair_id: forum.chair_id.into(),
            deputy_chair_id: forum.deputy_chair_id.map(Into::into),
            version: forum.version,
        }
    }
}

/// What a new forum is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewForum {
    /// The office that it advises: the caller's own.
    pub office_id: Uuid,
    /// Its name, such as «Samarbeidsforum for regional ordning».
    pub name: LocalText,
    /// The scheme it is set up for, as letters name it: «regional ordning».
    pub short_name: LocalText,
    /// Voting seats that must take part for a ballot to bind.
    #[schema(minimum = 1, maximum = 200, example = 3)]
    pub quorum_seats: u32,
    /// Voting seats of kinds of organisation that must take part, too, each kind once.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted: nobody where it is left out.
    pub disclosure: Option<Disclosure>,
    /// How many hours before the end of a ballot the seats that have not voted are reminded.
    #[schema(minimum = 1, maximum = 672)]
    pub reminder_hours: Option<u32>,
    /// The person who chairs it.
    pub chair_id: Uuid,
    /// The person who chairs it in the chair's place.
    pub deputy_chair_id: Option<Uuid>,
}

impl From<NewForum> for forums::NewForum {
    fn from(new: NewForum) -> Self {
        Self {
            office_id: new.office_id.into(),
            name: new.name.into(),
            short_name: new.short_name.into(),
            quorum_seats: new.quorum_seats,
            quorum_by_kind: new.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: new.disclosure.map(Into::into).unwrap_or_default(),
            reminder_hours: new.reminder_hours,
            chair_id: new.chair_id.into(),
            deputy_chair_id: new.deputy_chair_id.map(Into::into),
        }
    }
}

/// Which forums to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ForumQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Chaired by this person only.
    pub chair_id: Option<Uuid>,
}

/// List forums.
///
/// All forums of all offices.
#[utoipa::path(operation_id = "forumList", tag = "Forums", params(ForumQuery),
    responses((status = 200, description = "A page of forums.", body = PageBody<Forum>)))]
#[get("/v1/forums")]
async fn list(call: Call, query: Query<ForumQuery>) -> Reply {
    let filter = ForumFilter {
        office_id: query.0.office_id.map(Into::into),
        chair_id: query.0.chair_id.map(Into::into),
    };
    call.list(move |cx, page| forums::forum_list(cx, &filter, page)).await
}

/// Read a forum.
///
/// One forum as it stands.
#[utoipa::path(operation_id = "forumRead", tag = "Forums",
    responses((status = 200, description = "The forum.", body = Forum)))]
#[get("/v1/forums/{id}")]
async fn read(call: Call, id: Id<ForumId>) -> Reply {
    call.read(move |cx| forums::forum_read(cx, id.0)).await
}

/// Set up a forum.
///
/// The forum has no seats yet. The office's case officers are its secretariat.
#[utoipa::path(operation_id = "forumCreate", tag = "Forums", request_body = NewForum,
    responses((status = 201, description = "The new forum.", body = Forum)))]
#[post("/v1/forums")]
async fn create(call: Call, new: Json<NewForum>) -> Reply {
    let new: forums::NewForum = new.0.into();
    call.create(move |cx| forums::forum_create(cx, &new)).await
}

/// What an office says of its forum.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForumContent {
    /// Its name.
    pub name: LocalText,
    /// The scheme it is set up for, as letters name it.
    pub short_name: LocalText,
    /// Voting seats that must take part for a ballot to bind.
    #[schema(minimum = 1, maximum = 200, example = 3)]
    pub quorum_seats: u32,
    /// Voting seats of kinds of organisation that must take part, too, each kind once.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted: nobody where it is left out.
    pub disclosure: Option<Disclosure>,
    /// How many hours before the end of a ballot the seats that have not voted are reminded.
    #[schema(minimum = 1, maximum = 672)]
    pub reminder_hours: Option<u32>,
    /// The person who chairs it.
    pub chair_id: Uuid,
    /// The person who chairs it in the chair's place.
    pub deputy_chair_id: Option<Uuid>,
}

impl From<ForumContent> for forums::ForumContent {
    fn from(content: ForumContent) -> Self {
        Self {
            name: content.name.into(),
            short_name: content.short_name.into(),
            quorum_seats: content.quorum_seats,
            quorum_by_kind: content.quorum_by_kind.into_iter().map(Into::into).collect(),
            disclosure: content.disclosure.map(Into::into).unwrap_or_default(),
            reminder_hours: content.reminder_hours,
            chair_id: content.chair_id.into(),
            deputy_chair_id: content.deputy_chair_id.map(Into::into),
        }
    }
}

/// Change a forum.
///
/// Ballots keep the quorum and the disclosure that they were prepared with.
#[utoipa::path(operation_id = "forumUpdate", tag = "Forums", request_body = ForumContent,
    responses((status = 200, description = "The changed forum.", body = Forum)))]
#[put("/v1/forums/{id}")]
async fn update(call: Call, id: Id<ForumId>, content: Json<ForumContent>) -> Reply {
    let content: forums::ForumContent = content.0.into();
    call.act(move |cx, expected| forums::forum_update(cx, id.0, expected, &content)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(update);
}
