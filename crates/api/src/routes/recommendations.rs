//! Recommendations: what a forum advises on a round.

use actix_web::{get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::RecommendationId;
use tildel_usecases::domain::{Refusal, recommendation as domain};
use tildel_usecases::recommendations::{self, RecommendationFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{Money, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a recommendation is in its life.
    RecommendationState = domain::RecommendationState {
        /// Being written; only the forum and its office see it.
        Draft,
        /// Adopted by the forum; unchangeable.
        Adopted,
    }
}

wire_enum! {
    /// What is advised for one application.
    RecommendedOutcome = domain::RecommendedOutcome {
        /// To be granted, at this rank.
        Ranked,
        /// On the reserve list.
        Reserve,
        /// Not to be granted.
        Not,
    }
}

/// The advice on one application.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendationLine {
    /// The application.
    pub application_id: Uuid,
    /// What is advised for it.
    pub outcome: RecommendedOutcome,
    /// The place in the order, from 1; none where it is not recommended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000, nullable = false)]
    pub rank: Option<u32>,
    /// First year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub first_year: Option<i16>,
    /// Last year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub last_year: Option<i16>,
    /// Amount of the first year, if the forum advises one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub amount: Option<Money>,
    /// The forum's assessment.
    #[schema(min_length = 1, max_length = 5000)]
    pub assessment: String,
}

impl From<domain::RecommendationLine> for RecommendationLine {
    fn from(line: domain::RecommendationLine) -> Self {
        Self {
            application_id: line.application_id.into(),
            outcome: line.outcome.into(),
            rank: line.rank,
            first_year: line.first_year,
            last_year: line.last_year,
            amount: line.amount.map(Into::into),
            assessment: line.assessment,
        }
    }
}

/// A member's own view, recorded at the member's wish.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dissent {
    /// The seat.
    pub seat_id: Uuid,
    /// The view.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
}

impl From<domain::Dissent> for Dissent {
    fn from(dissent: domain::Dissent) -> Self {
        Self { seat_id: dissent.seat_id.into(), text: dissent.text }
    }
}

/// What a forum advises on a round.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    /// Id.
    pub id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// The meeting where it was treated.
    pub meeting_id: Uuid,
    /// The ballot it rests on; null after agreement.
    #[schema(required)]
    pub ballot_id: Option<Uuid>,
    /// The lines, one for each application that the forum treated.
    pub lines: Vec<RecommendationLine>,
    /// Views of members who dissent.
    pub dissent: Vec<Dissent>,
    /// Where it is in its life.
    pub state: RecommendationState,
    /// Who signed it off.
    #[schema(required)]
    pub adopted_by: Option<Uuid>,
    /// When it was adopted.
    #[schema(required)]
    pub adopted_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::Recommendation => Recommendation at "/v1/recommendations");

impl From<domain::Recommendation> for Recommendation {
    fn from(recommendation: domain::Recommendation) -> Self {
        Self {
            id: recommendation.id.into(),
            round_id: recommendation.round_id.into(),
            forum_id: recommendation.forum_id.into(),
            meeting_id: recommendation.meeting_id.into(),
            ballot_id: recommendation.ballot_id.map(Into::into),
            lines: recommendation.lines.into_iter().map(Into::into).collect(),
            dissent: recommendation.dissent.into_iter().map(Into::into).collect(),
            state: recommendation.state.into(),
            adopted_by: recommendation.adopted_by.map(Into::into),
            adopted_at: recommendation.adopted_at,
            version: recommendation.version,
        }
    }
}

/// What a recommendation says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecommendationContent {
    /// The lines, one for each application that the forum treated.
    #[schema(max_items = 500)]
    pub lines: Vec<RecommendationLine>,
    /// Views of members who dissent.
    #[schema(max_items = 50)]
    pub dissent: Vec<Dissent>,
}

impl TryFrom<RecommendationContent> for (Vec<domain::RecommendationLine>, Vec<domain::Dissent>) {
    type Error = Refusal;

    fn try_from(content: RecommendationContent) -> Result<Self, Refusal> {
        let line = |(index, line): (usize, RecommendationLine)| {
            let amount =
                line.amount.map(|amount| amount.read(&format!("/lines/{index}/amount"))).transpose()?;
            Ok(domain::RecommendationLine {
                application_id: line.application_id.into(),
                outcome: line.outcome.into(),
                rank: line.rank,
                first_year: line.first_year,
                last_year: line.last_year,
                amount,
                assessment: line.assessment,
            })
        };
        let dissent = |view: Dissent| domain::Dissent { seat_id: view.seat_id.into(), text: view.text };
        let lines = content.lines.into_iter().enumerate().map(line).collect::<Result<_, Refusal>>()?;
        Ok((lines, content.dissent.into_iter().map(dissent).collect()))
    }
}

/// What a new recommendation is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecommendation {
    /// The round, which is in its forums.
    pub round_id: Uuid,
    /// The forum, one of the round's.
    pub forum_id: Uuid,
    /// The meeting of the forum where it was treated.
    pub meeting_id: Uuid,
    /// The counted ballot of the meeting that it rests on; none after agreement.
    pub ballot_id: Option<Uuid>,
    /// The lines, one for each application that the forum treated.
    #[schema(max_items = 500)]
    pub lines: Vec<RecommendationLine>,
    /// Views of members who dissent.
    #[schema(max_items = 50)]
    pub dissent: Vec<Dissent>,
}

impl TryFrom<NewRecommendation> for recommendations::NewRecommendation {
    type Error = Refusal;

    fn try_from(new: NewRecommendation) -> Result<Self, Refusal> {
        let (lines, dissent) = RecommendationContent { lines: new.lines, dissent: new.dissent }.try_into()?;
        Ok(Self {
            round_id: new.round_id.into(),
            forum_id: new.forum_id.into(),
            meeting_id: new.meeting_id.into(),
            ballot_id: new.ballot_id.map(Into::into),
            lines,
            dissent,
        })
    }
}

/// Which recommendations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RecommendationQuery {
    /// On this round only.
    pub round_id: Option<Uuid>,
    /// Of this forum only.
    pub forum_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<RecommendationState>,
}

/// List recommendations.
///
/// All that are adopted, and the drafts of the caller's forums.
#[utoipa::path(operation_id = "recommendationList", tag = "Recommendations", params(RecommendationQuery),
    responses((status = 200, description = "A page of recommendations.", body = PageBody<Recommendation>)))]
#[get("/v1/recommendations")]
async fn list(call: Call, query: Query<RecommendationQuery>) -> Reply {
    let filter = RecommendationFilter {
        round_id: query.0.round_id.map(Into::into),
        forum_id: query.0.forum_id.map(Into::into),
        state: query.0.state.map(Into::into),
        ..RecommendationFilter::default()
    };
    call.list(move |cx, page| recommendations::list(cx, &filter, page)).await
}

/// Read a recommendation.
///
/// One recommendation as it stands. A draft exists for the forum and its office alone.
#[utoipa::path(operation_id = "recommendationRead", tag = "Recommendations",
    responses((status = 200, description = "The recommendation.", body = Recommendation)))]
#[get("/v1/recommendations/{id}")]
async fn read(call: Call, id: Id<RecommendationId>) -> Reply {
    call.read(move |cx| recommendations::read(cx, id.0)).await
}

/// Draft a recommendation.
///
/// A line for each application that the forum treated, of those that passed the formal control; each rank once.
#[utoipa::path(operation_id = "recommendationCreate", tag = "Recommendations", request_body = NewRecommendation,
    responses((status = 201, description = "The new draft.", body = Recommendation)))]
#[post("/v1/recommendations")]
async fn create(call: Call, new: Json<NewRecommendation>) -> Reply {
    let new: recommendations::NewRecommendation = new.0.try_into()?;
    call.create(move |cx| recommendations::create(cx, &new)).await
}

/// Rewrite a recommendation.
///
/// Replaces the lines and the dissent of a draft.
#[utoipa::path(operation_id = "recommendationUpdate", tag = "Recommendations", request_body = RecommendationContent,
    responses((status = 200, description = "The rewritten draft.", body = Recommendation)))]
#[put("/v1/recommendations/{id}")]
async fn update(call: Call, id: Id<RecommendationId>, content: Json<RecommendationContent>) -> Reply {
    let (lines, dissent) = content.0.try_into()?;
    call.act(move |cx, expected| recommendations::update(cx, id.0, expected, &lines, &dissent)).await
}

/// Adopt a recommendation.
///
/// The chair signs it off; the applications show it, and it changes no more.
#[utoipa::path(operation_id = "recommendationAdopt", tag = "Recommendations",
    responses((status = 200, description = "The adopted recommendation.", body = Recommendation)))]
#[post("/v1/recommendations/{id}/adoption")]
async fn adopt(call: Call, id: Id<RecommendationId>) -> Reply {
    call.act(move |cx, expected| recommendations::adopt(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(update).service(adopt);
}
