//! Seats: who sits in a forum, for whom, for how long, and with which right to vote.

use actix_web::{get, post, put};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::forum as domain;
use tildel_usecases::domain::id::SeatId;
use tildel_usecases::forums::{self, SeatFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::organisations::OrganisationKind;
use crate::body::{LocalText, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// What a seat may do in a vote.
    VoteRight = domain::VoteRight {
        /// Votes.
        Voting,
        /// Takes part without a vote.
        Observer,
        /// Is called in for certain matters and then speaks without a vote.
        Conditional,
    }
}

/// A seat of a forum. It names people by their ids only.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// Id.
    pub id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// What it represents.
    pub label: LocalText,
    /// The kind of organisation that holds it.
    pub organisation_kind: OrganisationKind,
    /// The organisation that holds it, if it is one.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// Its right to vote.
    pub vote_right: VoteRight,
    /// The member.
    pub member_id: Uuid,
    /// The deputy, if there is one.
    #[schema(required)]
    pub deputy_id: Option<Uuid>,
    /// First day of the term.
    #[schema(value_type = String, format = Date)]
    pub term_from: Date,
    /// Last day of the term.
    #[schema(value_type = String, format = Date)]
    pub term_to: Date,
    /// Version.
    pub version: i64,
}

resource!(domain::Seat => Seat at "/v1/seats");

impl From<domain::Seat> for Seat {
    fn from(seat: domain::Seat) -> Self {
        Self {
            id: seat.id.into(),
            forum_id: seat.forum_id.into(),
            label: seat.label.into(),
            organisation_kind: seat.organisation_kind.into(),
            organisation_id: seat.organisation_id.map(Into::into),
            vote_right: seat.vote_right.into(),
            member_id: seat.member_id.into(),
            deputy_id: seat.deputy_id.map(Into::into),
            term_from: seat.term_from,
            term_to: seat.term_to,
            version: seat.version,
        }
    }
}

/// What a new seat is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSeat {
    /// The forum.
    pub forum_id: Uuid,
    /// What it represents, such as «Kommunale eiere».
    pub label: LocalText,
    /// The kind of organisation that holds it.
    pub organisation_kind: OrganisationKind,
    /// The organisation that holds it, if it is one.
    pub organisation_id: Option<Uuid>,
    /// Its right to vote. The state (county governor, directorate) has none.
    pub vote_right: VoteRight,
    /// The member.
    pub member_id: Uuid,
    /// The deputy, if there is one: another person than the member.
    pub deputy_id: Option<Uuid>,
    /// First day of the term.
    #[schema(value_type = String, format = Date, example = "2020-01-01")]
    pub term_from: Date,
    /// Last day of the term; not before the first.
    #[schema(value_type = String, format = Date, example = "2025-12-31")]
    pub term_to: Date,
}

impl From<NewSeat> for forums::NewSeat {
    fn from(new: NewSeat) -> Self {
        Self {
            forum_id: new.forum_id.into(),
            label: new.label.into(),
            organisation_kind: new.organisation_kind.into(),
            organisation_id: new.organisation_id.map(Into::into),
            vote_right: new.vote_right.into(),
            member_id: new.member_id.into(),
            deputy_id: new.deputy_id.map(Into::into),
            term_from: new.term_from,
            term_to: new.term_to,
        }
    }
}

/// Which seats to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct SeatQuery {
    /// Of this forum only.
    pub forum_id: Option<Uuid>,
    /// Held by this person only, as member or deputy.
    pub person_id: Option<Uuid>,
}

/// List seats.
///
/// All seats of all forums, also those whose term is over.
#[utoipa::path(operation_id = "seatList", tag = "Seats", params(SeatQuery),
    responses((status = 200, description = "A page of seats.", body = PageBody<Seat>)))]
#[get("/v1/seats")]
async fn list(call: Call, query: Query<SeatQuery>) -> Reply {
    let filter = SeatFilter {
        forum_id: query.0.forum_id.map(Into::into),
        person_id: query.0.person_id.map(Into::into),
    };
    call.list(move |cx, page| forums::seat_list(cx, &filter, page)).await
}

/// Read a seat.
///
/// One seat as it stands.
#[utoipa::path(operation_id = "seatRead", tag = "Seats",
    responses((status = 200, description = "The seat.", body = Seat)))]
#[get("/v1/seats/{id}")]
async fn read(call: Call, id: Id<SeatId>) -> Reply {
    call.read(move |cx| forums::seat_read(cx, id.0)).await
}

/// Fill a seat.
///
/// A new term is a new seat, so that earlier minutes and ballots keep theirs.
#[utoipa::path(operation_id = "seatCreate", tag = "Seats", request_body = NewSeat,
    responses((status = 201, description = "The new seat.", body = Seat)))]
#[post("/v1/seats")]
async fn create(call: Call, new: Json<NewSeat>) -> Reply {
    let new: forums::NewSeat = new.0.into();
    call.create(move |cx| forums::seat_create(cx, &new)).await
}

/// What changes of a seat within its term.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeatContent {
    /// The member.
    pub member_id: Uuid,
    /// The deputy, if there is one: another person than the member.
    pub deputy_id: Option<Uuid>,
    /// Last day of the term; not before the first.
    #[schema(value_type = String, format = Date, example = "2025-12-31")]
    pub term_to: Date,
}

impl From<SeatContent> for forums::SeatContent {
    fn from(content: SeatContent) -> Self {
        Self {
            member_id: content.member_id.into(),
            deputy_id: content.deputy_id.map(Into::into),
            term_to: content.term_to,
        }
    }
}

/// Change a seat.
///
/// Gives the seat another member, deputy or end of its term, when no ballot is open that it votes in. What it represents and
/// its right to vote stay: that is another seat. Votes that were cast stay.
#[utoipa::path(operation_id = "seatUpdate", tag = "Seats", request_body = SeatContent,
    responses((status = 200, description = "The changed seat.", body = Seat)))]
#[put("/v1/seats/{id}")]
async fn update(call: Call, id: Id<SeatId>, content: Json<SeatContent>) -> Reply {
    let content: forums::SeatContent = content.0.into();
    call.act(move |cx, expected| forums::seat_update(cx, id.0, expected, content)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(update);
}
