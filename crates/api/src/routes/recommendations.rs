//! Recommendations: what a forum advises on a round, or on grants that run.

mod content;
mod lines;

use actix_web::{delete, get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::{RecommendationId, SeatId};
use tildel_usecases::domain::recommendation as domain;
use tildel_usecases::recommendations::{self, NewAdvice, RecommendationFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use content::{
    Dissent, NewDissent, NewRecommendation, RecommendationContent, RecommendationCorrection, RenewalLines,
    RenewalsContent,
};
pub use lines::{
    ActorShare, CriterionAssessment, RecommendationLine, RecommendedOutcome, RenewalAdvice,
    RenewalAdviceContent,
};

use crate::body::{PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, PartId, Query, Reply};

wire_enum! {
    /// Where a recommendation is in its life.
    RecommendationState = domain::RecommendationState {
        /// Being written; only the forum and its office see it.
        Draft,
        /// Adopted by the forum: what it says stands; members may still dissent.
        Adopted,
        /// Signed off by the chair: what decisions rest on. It changes no more.
        SignedOff,
        /// A later version was signed off.
        Superseded,
    }
}

/// A line of the reserve list, by its place there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReservePlace {
    /// The place on the reserve list, from 1.
    pub place: u32,
    /// The application.
    pub application_id: Uuid,
}

/// What a recommendation on renewals is on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Renewals {
    /// The scheme whose grants are judged.
    pub scheme_id: Uuid,
    /// The year that they are judged for.
    pub year: i16,
    /// The lines, one for each grant.
    pub lines: Vec<RenewalAdvice>,
}

/// What a forum advises on a round, or on the renewal of grants.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    /// Id.
    pub id: Uuid,
    /// The round; null where it is on renewals.
    #[schema(required)]
    pub round_id: Option<Uuid>,
    /// The renewals; null where it is on a round.
    #[schema(required)]
    pub renewals: Option<Renewals>,
    /// The forum.
    pub forum_id: Uuid,
    /// The meeting where it was treated.
    pub meeting_id: Uuid,
    /// The ballot it rests on; null after agreement.
    #[schema(required)]
    pub ballot_id: Option<Uuid>,
    /// The lines on a round, one for each application that the forum treated.
    pub lines: Vec<RecommendationLine>,
    /// The reserve list, in its own order.
    pub reserve_list: Vec<ReservePlace>,
    /// Views of members who dissent.
    pub dissent: Vec<Dissent>,
    /// Where it is in its life.
    pub state: RecommendationState,
    /// Who recorded that the forum adopted it.
    #[schema(required)]
    pub adopted_by: Option<Uuid>,
    /// When it was adopted.
    #[schema(required)]
    pub adopted_at: Option<Timestamp>,
    /// Who signed it off: the chair, or who acts in the chair's place.
    #[schema(required)]
    pub signed_by: Option<Uuid>,
    /// When it was signed off.
    #[schema(required)]
    pub signed_at: Option<Timestamp>,
    /// Which version of the advice it is, from 1.
    pub number: u32,
    /// The version that it corrects.
    #[schema(required)]
    pub supersedes_id: Option<Uuid>,
    /// Why.
    #[schema(required)]
    pub correction_reason: Option<String>,
    /// Version.
    pub version: i64,
}

resource!(domain::Recommendation => Recommendation at "/v1/recommendations");

impl From<domain::Recommendation> for Recommendation {
    fn from(recommendation: domain::Recommendation) -> Self {
        let places = domain::reserve_places(&recommendation.lines);
        let on_reserve = recommendation.lines.iter().zip(places).filter_map(|(line, place)| {
            Some(ReservePlace { place: place?, application_id: line.application_id.into() })
        });
        let mut reserve_list: Vec<_> = on_reserve.collect();
        reserve_list.sort_by_key(|reserve| reserve.place);
        let judged = recommendation.renewals.into_iter().map(Into::into).collect();
        let renewals = recommendation.scheme_id.zip(recommendation.year);
        Self {
            id: recommendation.id.into(),
            round_id: recommendation.round_id.map(Into::into),
            renewals: renewals.map(|(scheme_id, year)| Renewals {
                scheme_id: scheme_id.into(),
                year,
                lines: judged,
            }),
            forum_id: recommendation.forum_id.into(),
            meeting_id: recommendation.meeting_id.into(),
            ballot_id: recommendation.ballot_id.map(Into::into),
            lines: recommendation.lines.into_iter().map(Into::into).collect(),
            reserve_list,
            dissent: recommendation.dissent.into_iter().map(Into::into).collect(),
            state: recommendation.state.into(),
            adopted_by: recommendation.adopted_by.map(Into::into),
            adopted_at: recommendation.adopted_at,
            signed_by: recommendation.signed_by.map(Into::into),
            signed_at: recommendation.signed_at,
            number: recommendation.number,
            supersedes_id: recommendation.supersedes_id.map(Into::into),
            correction_reason: recommendation.correction_reason,
            version: recommendation.version,
        }
    }
}

/// Which recommendations to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RecommendationQuery {
    /// On this round only.
    pub round_id: Option<Uuid>,
    /// On renewals of this scheme only.
    pub scheme_id: Option<Uuid>,
    /// On renewals for this year only.
    #[param(minimum = 1990, maximum = 2100)]
    pub year: Option<i16>,
    /// Of this forum only.
    pub forum_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<RecommendationState>,
}

/// List recommendations.
///
/// All that were adopted, with those that later versions have taken the place of, and the drafts of the caller's forums.
#[utoipa::path(operation_id = "recommendationList", tag = "Recommendations", params(RecommendationQuery),
    responses((status = 200, description = "A page of recommendations.", body = PageBody<Recommendation>)))]
#[get("/v1/recommendations")]
async fn list(call: Call, query: Query<RecommendationQuery>) -> Reply {
    let filter = RecommendationFilter {
        round_id: query.0.round_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        year: query.0.year,
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
/// On a round: a line for each application that the forum treated, of those that passed the formal control, assessed by each
/// criterion of the round. On renewals: a line for each grant that waits for a word on the year.
#[utoipa::path(operation_id = "recommendationCreate", tag = "Recommendations", request_body = NewRecommendation,
    responses((status = 201, description = "The new draft.", body = Recommendation)))]
#[post("/v1/recommendations")]
async fn create(call: Call, new: Json<NewRecommendation>) -> Reply {
    let new: recommendations::NewRecommendation = new.0.try_into()?;
    call.create(move |cx| recommendations::create(cx, &new)).await
}

/// Rewrite a recommendation.
///
/// Replaces the lines of a draft; dissent stays.
#[utoipa::path(operation_id = "recommendationUpdate", tag = "Recommendations", request_body = RecommendationContent,
    responses((status = 200, description = "The rewritten draft.", body = Recommendation)))]
#[put("/v1/recommendations/{id}")]
async fn update(call: Call, id: Id<RecommendationId>, content: Json<RecommendationContent>) -> Reply {
    let advice: NewAdvice = content.0.try_into()?;
    call.act(move |cx, expected| recommendations::update(cx, id.0, expected, &advice)).await
}

/// Record an adoption.
///
/// The forum has adopted the draft: by agreement on the matter, or by a counted ballot that binds. What it says changes no more.
#[utoipa::path(operation_id = "recommendationAdopt", tag = "Recommendations",
    responses((status = 200, description = "The adopted recommendation.", body = Recommendation)))]
#[post("/v1/recommendations/{id}/adoption")]
async fn adopt(call: Call, id: Id<RecommendationId>) -> Reply {
    call.act(move |cx, expected| recommendations::adopt(cx, id.0, expected)).await
}

/// Sign a recommendation off.
///
/// The chair does, or the deputy chair where the chair is recused on one of its lines. The applications show it, decisions can
/// rest on it, and the version that it corrects gives way.
#[utoipa::path(operation_id = "recommendationSignOff", tag = "Recommendations",
    responses((status = 200, description = "The signed recommendation.", body = Recommendation)))]
#[post("/v1/recommendations/{id}/sign-off")]
async fn sign_off(call: Call, id: Id<RecommendationId>) -> Reply {
    call.act(move |cx, expected| recommendations::sign_off(cx, id.0, expected)).await
}

/// Record dissent.
///
/// A member's own view, by name only where the member wants, until the recommendation is signed off. A seat has one view of each
/// application and one of the whole; another one takes its place.
#[utoipa::path(operation_id = "dissentRecord", tag = "Recommendations", request_body = NewDissent,
    responses((status = 200, description = "The recommendation with the dissent.", body = Recommendation)))]
#[post("/v1/recommendations/{id}/dissents")]
async fn dissent_record(call: Call, id: Id<RecommendationId>, new: Json<NewDissent>) -> Reply {
    let seat_id: SeatId = new.0.seat_id.into();
    let new: domain::NewDissent = new.0.into();
    call.act(move |cx, expected| recommendations::dissent_record(cx, id.0, expected, seat_id, &new)).await
}

/// Take dissent back.
///
/// All that the caller's own seat has recorded, until the recommendation is signed off.
#[utoipa::path(operation_id = "dissentWithdraw", tag = "Recommendations",
    responses((status = 200, description = "The recommendation without the dissent.", body = Recommendation)))]
#[delete("/v1/recommendations/{id}/dissents/{seatId}")]
async fn dissent_withdraw(call: Call, id: Id<RecommendationId>, seat: PartId<SeatId>) -> Reply {
    call.act(move |cx, expected| recommendations::dissent_withdraw(cx, id.0, expected, seat.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(update)
        .service(adopt)
        .service(sign_off)
        .service(dissent_record)
        .service(dissent_withdraw);
}
