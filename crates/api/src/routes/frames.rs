//! Frames: the money and places that an office has for a scheme and a year.

use actix_web::{get, post, put};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::FrameId;
use tildel_usecases::domain::{Refusal, allocation, scheme as domain};
use tildel_usecases::registry::{self, FrameFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Money, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Whether a frame is decided.
    FrameStatus = allocation::FrameStatus {
        /// Counted on, not decided.
        Expected,
        /// Decided by the budget.
        Decided,
    }
}

/// The money and places that an office has for a scheme and a year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// Id.
    pub id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The budget year.
    pub year: i16,
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money, if it is known.
    #[schema(required)]
    pub amount: Option<Money>,
    /// The number of projects, if it is limited.
    #[schema(required)]
    pub places: Option<u32>,
    /// What decisions have promised so far.
    pub committed: Money,
    /// The places that decisions have filled so far.
    pub places_used: u32,
    /// Version.
    pub version: i64,
}

resource!(domain::Frame => Frame at "/v1/frames");

impl From<domain::Frame> for Frame {
    fn from(frame: domain::Frame) -> Self {
        Self {
            id: frame.id.into(),
            office_id: frame.office_id.into(),
            scheme_id: frame.scheme_id.into(),
            year: frame.year,
            status: frame.status.into(),
            amount: frame.amount.map(Into::into),
            places: frame.places,
            committed: frame.committed.into(),
            places_used: frame.places_used,
            version: frame.version,
        }
    }
}

/// What a frame holds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrameContent {
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money, if it is known; never less than what is promised.
    pub amount: Option<Money>,
    /// The number of projects, if it is limited; never fewer than there are.
    #[schema(minimum = 0, maximum = 10000)]
    pub places: Option<u32>,
}

impl TryFrom<FrameContent> for registry::FrameContent {
    type Error = Refusal;

    fn try_from(content: FrameContent) -> Result<Self, Refusal> {
        let amount = content.amount.map(|amount| amount.read("/amount")).transpose()?;
        Ok(Self { status: content.status.into(), amount, places: content.places })
    }
}

/// What a new frame is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFrame {
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The budget year, within the period of the scheme.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money, if it is known.
    pub amount: Option<Money>,
    /// The number of projects, if it is limited.
    #[schema(minimum = 0, maximum = 10000)]
    pub places: Option<u32>,
}

/// Which frames to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FrameQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
    /// Of this budget year only.
    #[param(minimum = 1990, maximum = 2100)]
    pub year: Option<i16>,
}

/// List frames.
///
/// All frames, with what decisions have promised so far.
#[utoipa::path(operation_id = "frameList", tag = "Frames", params(FrameQuery),
    responses((status = 200, description = "A page of frames.", body = PageBody<Frame>)))]
#[get("/v1/frames")]
async fn list(call: Call, query: Query<FrameQuery>) -> Reply {
    let filter = FrameFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        year: query.0.year,
    };
    call.list(move |cx, page| registry::frame_list(cx, &filter, page)).await
}

/// Read a frame.
///
/// One frame, with what decisions have promised so far.
#[utoipa::path(operation_id = "frameRead", tag = "Frames",
    responses((status = 200, description = "The frame.", body = Frame)))]
#[get("/v1/frames/{id}")]
async fn read(call: Call, id: Id<FrameId>) -> Reply {
    call.read(move |cx| registry::frame_read(cx, id.0)).await
}

/// Set a frame.
///
/// An office has one frame for a scheme and year. The plan is computed again.
#[utoipa::path(operation_id = "frameCreate", tag = "Frames", request_body = NewFrame,
    responses((status = 201, description = "The new frame.", body = Frame)))]
#[post("/v1/frames")]
async fn create(call: Call, new: Json<NewFrame>) -> Reply {
    let NewFrame { office_id, scheme_id, year, status, amount, places } = new.0;
    let content: registry::FrameContent = FrameContent { status, amount, places }.try_into()?;
    call.create(move |cx| registry::frame_create(cx, office_id.into(), scheme_id.into(), year, content)).await
}

/// Change a frame.
///
/// A frame is never set below what is promised. The plan is computed again.
#[utoipa::path(operation_id = "frameUpdate", tag = "Frames", request_body = FrameContent,
    responses((status = 200, description = "The changed frame.", body = Frame)))]
#[put("/v1/frames/{id}")]
async fn update(call: Call, id: Id<FrameId>, content: Json<FrameContent>) -> Reply {
    let content: registry::FrameContent = content.0.try_into()?;
    call.act(move |cx, expected| registry::frame_update(cx, id.0, expected, content)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(update);
}
