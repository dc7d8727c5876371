//! Appeals against decisions.

mod ruling;

use actix_web::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::appeals::{self, AppealFilter};
use tildel_usecases::domain::appeal as domain;
use tildel_usecases::domain::id::AppealId;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use ruling::{AppealOutcome, AppealRuling, NewAppealRuling};

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where an appeal is in its life.
    AppealState = domain::AppealState {
        /// Came in.
        Received,
        /// A case officer looks into it.
        UnderReview,
        /// A ruling is prepared and waits for the second person.
        Proposed,
        /// The office did not uphold it; the appeal body has it.
        SentOn,
        /// Medhold: a new decision follows.
        Upheld,
        /// The appeal body did not uphold it.
        NotUpheld,
        /// Avvist: not treated, as it came late or without a right to appeal.
        Dismissed,
        /// Taken back by the appellant.
        Withdrawn,
    }
}

wire_enum! {
    /// How an appeal came.
    AppealChannel = domain::AppealChannel {
        /// The applicant lodged it here.
        Electronic,
        /// By letter; a case officer registered it.
        Letter,
    }
}

/// An appeal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Appeal {
    /// Id.
    pub id: Uuid,
    /// Human reference.
    pub reference: String,
    /// The office that decided.
    pub office_id: Uuid,
    /// The decision.
    pub decision_id: Uuid,
    /// The application that was decided.
    pub application_id: Uuid,
    /// The appellant: the lead of the application.
    pub organisation_id: Uuid,
    /// What is wrong in the appellant's eyes, and what should be decided instead.
    pub grounds: String,
    /// How it came.
    pub channel: AppealChannel,
    /// The day on which it came in.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// The day on which the letter was posted.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub posted_on: Option<Date>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Who lodged or registered it.
    pub registered_by: Uuid,
    /// Whether it came after the appeal period.
    pub late: bool,
    /// Whether the appellant has no right to appeal.
    pub without_right: bool,
    /// Where it is in its life.
    pub state: AppealState,
    /// The case officer who looks into it.
    #[schema(required)]
    pub handled_by: Option<Uuid>,
    /// The rulings, the last one last.
    pub rulings: Vec<AppealRuling>,
    /// The new decision that follows, where it was upheld.
    #[schema(required)]
    pub followed_by: Option<Uuid>,
    /// Version.
    pub version: i64,
}

resource!(domain::Appeal => Appeal at "/v1/appeals");

impl From<domain::Appeal> for Appeal {
    fn from(appeal: domain::Appeal) -> Self {
        Self {
            id: appeal.id.into(),
            reference: appeal.reference,
            office_id: appeal.office_id.into(),
            decision_id: appeal.decision_id.into(),
            application_id: appeal.application_id.into(),
            organisation_id: appeal.organisation_id.into(),
            grounds: appeal.grounds,
            channel: appeal.channel.into(),
            received_on: appeal.received_on,
            posted_on: appeal.posted_on,
            registered_at: appeal.registered_at,
            registered_by: appeal.registered_by.into(),
            late: appeal.late,
            without_right: appeal.without_right,
            state: appeal.state.into(),
            handled_by: appeal.handled_by.map(Into::into),
            rulings: appeal.rulings.into_iter().map(Into::into).collect(),
            followed_by: appeal.followed_by.map(Into::into),
            version: appeal.version,
        }
    }
}

/// What an appeal is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAppeal {
    /// The decision.
    pub decision_id: Uuid,
    /// The application that was decided.
    pub application_id: Uuid,
    /// What is wrong, and what should be decided instead.
    #[schema(min_length = 1, max_length = 20000)]
    pub grounds: String,
    /// The day on which a letter came in; for case officers, who register it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub received_on: Option<Date>,
    /// The day on which the letter was posted: one that is posted in time is in time (forvaltningsloven § 30).
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub posted_on: Option<Date>,
}

impl From<NewAppeal> for appeals::NewAppeal {
    fn from(new: NewAppeal) -> Self {
        Self {
            decision_id: new.decision_id.into(),
            application_id: new.application_id.into(),
            grounds: new.grounds,
            received_on: new.received_on,
            posted_on: new.posted_on,
        }
    }
}

/// Why a prepared ruling is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealReturn {
    /// What is to be changed.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Which appeals to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AppealQuery {
    /// Against this decision only.
    pub decision_id: Option<Uuid>,
    /// On this application only.
    pub application_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<AppealState>,
}

/// List appeals.
///
/// An applicant's own, or those to the caller's office.
#[utoipa::path(operation_id = "appealList", tag = "Appeals", params(AppealQuery),
    responses((status = 200, description = "A page of appeals.", body = PageBody<Appeal>)))]
#[get("/v1/appeals")]
async fn list(call: Call, query: Query<AppealQuery>) -> Reply {
    let filter = AppealFilter {
        decision_id: query.0.decision_id.map(Into::into),
        application_id: query.0.application_id.map(Into::into),
        state: query.0.state.map(Into::into),
        ..AppealFilter::default()
    };
    call.list(move |cx, page| appeals::list(cx, &filter, page)).await
}

/// Read an appeal.
///
/// It exists for the appellant and the office.
#[utoipa::path(operation_id = "appealRead", tag = "Appeals",
    responses((status = 200, description = "The appeal.", body = Appeal)))]
#[get("/v1/appeals/{id}")]
async fn read(call: Call, id: Id<AppealId>) -> Reply {
    call.read(move |cx| appeals::read(cx, id.0)).await
}

/// Lodge an appeal.
///
/// The lead of the application lodges it, or a case officer registers one that came by letter. One that is late or without a right to
/// appeal is registered all the same, and a person rules on it.
#[utoipa::path(operation_id = "appealCreate", tag = "Appeals", request_body = NewAppeal,
    responses((status = 201, description = "The new appeal.", body = Appeal)))]
#[post("/v1/appeals")]
async fn create(call: Call, new: Json<NewAppeal>) -> Reply {
    let new: appeals::NewAppeal = new.0.into();
    call.create(move |cx| appeals::create(cx, &new)).await
}

/// Take an appeal up.
///
/// The case officer looks into it from now on, and the appellant is told.
#[utoipa::path(operation_id = "appealReview", tag = "Appeals",
    responses((status = 200, description = "The appeal under review.", body = Appeal)))]
#[post("/v1/appeals/{id}/review")]
async fn review(call: Call, id: Id<AppealId>) -> Reply {
    call.act(move |cx, expected| appeals::review(cx, id.0, expected)).await
}

/// Propose a ruling on an appeal.
///
/// Of the office while it is under review, of the appeal body once it was sent on. Another person approves it.
#[utoipa::path(operation_id = "appealPropose", tag = "Appeals", request_body = NewAppealRuling,
    responses((status = 200, description = "The appeal with its proposed ruling.", body = Appeal)))]
#[post("/v1/appeals/{id}/ruling")]
async fn propose(call: Call, id: Id<AppealId>, ruling: Json<NewAppealRuling>) -> Reply {
    let ruling: domain::NewRuling = ruling.0.into();
    call.act(move |cx, expected| appeals::propose(cx, id.0, expected, &ruling)).await
}

/// Send a proposed ruling back.
///
/// The journal holds the reason.
#[utoipa::path(operation_id = "appealSendBack", tag = "Appeals", request_body = AppealReturn,
    responses((status = 200, description = "The appeal without the ruling.", body = Appeal)))]
#[post("/v1/appeals/{id}/return")]
async fn send_back(call: Call, id: Id<AppealId>, back: Json<AppealReturn>) -> Reply {
    let reason = back.0.reason;
    call.act(move |cx, expected| appeals::send_back(cx, id.0, expected, &reason)).await
}

/// Approve a ruling on an appeal.
///
/// By another person than its preparer, without an interest. The decision follows, and the appellant is told. An upheld appeal is answered by
/// a new decision with its `appealId`.
#[utoipa::path(operation_id = "appealApprove", tag = "Appeals",
    responses((status = 200, description = "The appeal, ruled on.", body = Appeal)))]
#[post("/v1/appeals/{id}/approval")]
async fn approve(call: Call, id: Id<AppealId>) -> Reply {
    call.act(move |cx, expected| appeals::approve(cx, id.0, expected)).await
}

/// Withdraw an appeal.
///
/// The appellant's right, until it is ruled on for good.
#[utoipa::path(operation_id = "appealWithdraw", tag = "Appeals",
    responses((status = 200, description = "The withdrawn appeal.", body = Appeal)))]
#[post("/v1/appeals/{id}/withdrawal")]
async fn withdraw(call: Call, id: Id<AppealId>) -> Reply {
    call.act(move |cx, expected| appeals::withdraw(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(review)
        .service(propose)
        .service(send_back)
        .service(approve)
        .service(withdraw);
}
