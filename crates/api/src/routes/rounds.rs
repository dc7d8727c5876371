//! Rounds: one call of a scheme in an office for a budget year, from its making to its end.

mod content;

use actix_web::{get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::RoundId;
use tildel_usecases::domain::{Refusal, round as domain};
use tildel_usecases::rounds::{self, RoundFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use content::{AwardCriterion, DeferredGroup};

use crate::body::{LocalText, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a round is in its life.
    RoundState = domain::RoundState {
        /// Being prepared; only the office sees it.
        Draft,
        /// Made known, not yet taking applications.
        Announced,
        /// Takes applications.
        Open,
        /// The deadline is over; applications are screened.
        Closed,
        /// The forums treat it.
        InForum,
        /// The recommendation of a forum is signed off.
        Recommended,
        /// The office has decided.
        Decided,
        /// Finished.
        Completed,
        /// Called off.
        Cancelled,
    }
}

/// A deadline as people write it: a local date and time, a zone, and a grace rule.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deadline {
    /// Local date and time: the first moment that is too late, before grace. An hour that the clock skips counts as the
    /// later instant, one that it repeats as the earlier one (RFC 5545).
    #[schema(
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
        example = "2020-05-08T23:59:00"
    )]
    pub local: String,
    /// IANA time zone.
    #[schema(pattern = r"^[A-Za-z0-9_/\+-]{1,64}$", example = "Europe/Oslo")]
    pub zone: String,
    /// Minutes for which late submissions are still taken; at most a day.
    #[schema(minimum = 0, maximum = 1440, example = 15)]
    pub grace_minutes: u32,
}

impl From<domain::Deadline> for Deadline {
    fn from(deadline: domain::Deadline) -> Self {
        Self { local: deadline.local.to_string(), zone: deadline.zone, grace_minutes: deadline.grace_minutes }
    }
}

impl TryFrom<Deadline> for domain::Deadline {
    type Error = Refusal;

    fn try_from(deadline: Deadline) -> Result<Self, Refusal> {
        let local = deadline.local.parse();
        Ok(Self {
            local: local
                .map_err(|_| Refusal::invalid("/deadline/local", "a date and time of the calendar"))?,
            zone: deadline.zone,
            grace_minutes: deadline.grace_minutes,
        })
    }
}

/// A call of a scheme in an office for a budget year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    /// Id.
    pub id: Uuid,
    /// The office that calls.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The budget year.
    pub budget_year: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it, such as «høsten 2020».
    pub label: LocalText,
    /// When applications have to be in, as it was announced.
    pub deadline: Deadline,
    /// The instant from which submissions are refused: the deadline with its grace. Null should the zone have gone from
    /// the IANA database.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// The forums that treat it.
    pub forum_ids: Vec<Uuid>,
    /// Groups that are not assessed in this round.
    pub deferred_groups: Vec<DeferredGroup>,
    /// What applications are assessed by; empty where the round states no criteria.
    pub criteria: Vec<AwardCriterion>,
    /// State.
    pub state: RoundState,
    /// Why it was called off, where it was.
    #[schema(required)]
    pub cancellation_reason: Option<String>,
    /// Version.
    pub version: i64,
}

resource!(domain::Round => Round at "/v1/rounds");

impl From<domain::Round> for Round {
    fn from(round: domain::Round) -> Self {
        Self {
            id: round.id.into(),
            office_id: round.office_id.into(),
            scheme_id: round.scheme_id.into(),
            budget_year: round.budget_year,
            title: round.title.into(),
            label: round.label.into(),
            closes_at: round.deadline.closes_at().ok(),
            deadline: round.deadline.into(),
            forum_ids: round.forum_ids.into_iter().map(Into::into).collect(),
            deferred_groups: round.deferred_groups.into_iter().map(Into::into).collect(),
            criteria: round.criteria.into_iter().map(Into::into).collect(),
            state: round.state.into(),
            cancellation_reason: round.cancellation_reason,
            version: round.version,
        }
    }
}

/// What a round holds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundContent {
    /// The budget year, within the period of the scheme.
    #[schema(minimum = 1990, maximum = 2100, example = 2020)]
    pub budget_year: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it, such as «høsten 2020».
    pub label: LocalText,
    /// When applications have to be in.
    pub deadline: Deadline,
    /// The forums that treat it, of the same office, each once.
    #[schema(max_items = 20)]
    pub forum_ids: Vec<Uuid>,
    /// Groups that are not assessed in this round.
    #[schema(max_items = 20)]
    pub deferred_groups: Vec<DeferredGroup>,
    /// What applications are assessed by, each key once; none where the round states no criteria.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub criteria: Vec<AwardCriterion>,
}

impl TryFrom<RoundContent> for rounds::RoundContent {
    type Error = Refusal;

    fn try_from(content: RoundContent) -> Result<Self, Refusal> {
        Ok(Self {
            budget_year: content.budget_year,
            title: content.title.into(),
            label: content.label.into(),
            deadline: content.deadline.try_into()?,
            forum_ids: content.forum_ids.into_iter().map(Into::into).collect(),
            deferred_groups: content.deferred_groups.into_iter().map(Into::into).collect(),
            criteria: content.criteria.into_iter().map(Into::into).collect(),
        })
    }
}

/// What a new round is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRound {
    /// The office that calls: the caller's own.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The budget year, within the period of the scheme.
    #[schema(minimum = 1990, maximum = 2100, example = 2020)]
    pub budget_year: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it, such as «høsten 2020».
    pub label: LocalText,
    /// When applications have to be in.
    pub deadline: Deadline,
    /// The forums that treat it, of the same office, each once.
    #[schema(max_items = 20)]
    pub forum_ids: Vec<Uuid>,
    /// Groups that are not assessed in this round.
    #[schema(max_items = 20)]
    pub deferred_groups: Vec<DeferredGroup>,
    /// What applications are assessed by, each key once; none where the round states no criteria.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub criteria: Vec<AwardCriterion>,
}

/// Why a round is called off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundCancellation {
    /// The reason, for all to read.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Which rounds to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RoundQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
    /// For this budget year only.
    #[param(minimum = 1990, maximum = 2100)]
    pub budget_year: Option<i16>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<RoundState>,
}

/// List rounds.
///
/// All rounds that were announced; for the office also those that it prepares.
#[utoipa::path(operation_id = "roundList", tag = "Rounds", params(RoundQuery),
    responses((status = 200, description = "A page of rounds.", body = PageBody<Round>)))]
#[get("/v1/rounds")]
async fn list(call: Call, query: Query<RoundQuery>) -> Reply {
    let filter = RoundFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        budget_year: query.0.budget_year,
        state: query.0.state.map(Into::into),
        ..RoundFilter::default()
    };
    call.list(move |cx, page| rounds::list(cx, &filter, page)).await
}

/// Read a round.
///
/// One round as it stands; one that is being prepared exists for its office only.
#[utoipa::path(operation_id = "roundRead", tag = "Rounds",
    responses((status = 200, description = "The round.", body = Round)))]
#[get("/v1/rounds/{id}")]
async fn read(call: Call, id: Id<RoundId>) -> Reply {
    call.read(move |cx| rounds::read(cx, id.0)).await
}

/// Prepare a round.
///
/// The round is a draft, which only its office sees, until it is announced.
#[utoipa::path(operation_id = "roundCreate", tag = "Rounds", request_body = NewRound,
    responses((status = 201, description = "The new round.", body = Round)))]
#[post("/v1/rounds")]
async fn create(call: Call, new: Json<NewRound>) -> Reply {
    let new = new.0;
    let (office_id, scheme_id) = (new.office_id, new.scheme_id);
    let content = RoundContent {
        budget_year: new.budget_year,
        title: new.title,
        label: new.label,
        deadline: new.deadline,
        forum_ids: new.forum_ids,
        deferred_groups: new.deferred_groups,
        criteria: new.criteria,
    };
    let content: rounds::RoundContent = content.try_into()?;
    call.create(move |cx| rounds::create(cx, office_id.into(), scheme_id.into(), &content)).await
}

/// Change a round.
///
/// The whole content, as long as the round has not opened.
#[utoipa::path(operation_id = "roundUpdate", tag = "Rounds", request_body = RoundContent,
    responses((status = 200, description = "The changed round.", body = Round)))]
#[put("/v1/rounds/{id}")]
async fn update(call: Call, id: Id<RoundId>, content: Json<RoundContent>) -> Reply {
    let content: rounds::RoundContent = content.0.try_into()?;
    call.act(move |cx, expected| rounds::update(cx, id.0, expected, &content)).await
}

/// Announce a round.
///
/// From then on everybody sees it.
#[utoipa::path(operation_id = "roundAnnounce", tag = "Rounds",
    responses((status = 200, description = "The announced round.", body = Round)))]
#[post("/v1/rounds/{id}/announcement")]
async fn announce(call: Call, id: Id<RoundId>) -> Reply {
    call.act(move |cx, expected| rounds::announce(cx, id.0, expected)).await
}

/// Open a round.
///
/// It takes applications until its deadline, at which it closes by itself.
#[utoipa::path(operation_id = "roundOpen", tag = "Rounds",
    responses((status = 200, description = "The open round.", body = Round)))]
#[post("/v1/rounds/{id}/opening")]
async fn open(call: Call, id: Id<RoundId>) -> Reply {
    call.act(move |cx, expected| rounds::open(cx, id.0, expected)).await
}

/// Close a round.
///
/// By hand, should the clock be late. Before the deadline with its grace nobody may: applicants rely on it.
#[utoipa::path(operation_id = "roundClose", tag = "Rounds",
    responses((status = 200, description = "The closed round.", body = Round)))]
#[post("/v1/rounds/{id}/closing")]
async fn close(call: Call, id: Id<RoundId>) -> Reply {
    call.act(move |cx, expected| rounds::close(cx, id.0, expected)).await
}

/// Hand a round to its forums.
///
/// Every application has to be screened first, and the round needs at least one forum.
#[utoipa::path(operation_id = "roundSendToForum", tag = "Rounds",
    responses((status = 200, description = "The round, in its forums.", body = Round)))]
#[post("/v1/rounds/{id}/forum-treatment")]
async fn send_to_forum(call: Call, id: Id<RoundId>) -> Reply {
    call.act(move |cx, expected| rounds::send_to_forum(cx, id.0, expected)).await
}

/// Complete a round.
///
/// Ends a round that is decided.
#[utoipa::path(operation_id = "roundComplete", tag = "Rounds",
    responses((status = 200, description = "The completed round.", body = Round)))]
#[post("/v1/rounds/{id}/completion")]
async fn complete(call: Call, id: Id<RoundId>) -> Reply {
    call.act(move |cx, expected| rounds::complete(cx, id.0, expected)).await
}

/// Cancel a round.
///
/// Calls the round off for good, as long as it is not decided.
#[utoipa::path(operation_id = "roundCancel", tag = "Rounds", request_body = RoundCancellation,
    responses((status = 200, description = "The cancelled round.", body = Round)))]
#[post("/v1/rounds/{id}/cancellation")]
async fn cancel(call: Call, id: Id<RoundId>, cancellation: Json<RoundCancellation>) -> Reply {
    let reason = cancellation.0.reason;
    call.act(move |cx, expected| rounds::cancel(cx, id.0, expected, &reason)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(update)
        .service(announce)
        .service(open)
        .service(close)
        .service(send_to_forum)
        .service(complete)
        .service(cancel);
}
