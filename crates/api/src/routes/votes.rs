//! Votes: one for each seat and ballot. A vote is told to those who hold the seat, and to others as the forum says.

mod content;

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::ballot as domain;
use tildel_usecases::domain::id::{BallotId, SeatId};
use tildel_usecases::votes::{self, VoteView};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, Resource};
use crate::call::{Call, Id, Json, PartId, Reply};
pub use content::VoteContent;

/// The vote of a seat that stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vote {
    /// The ballot.
    pub ballot_id: Uuid,
    /// The seat.
    pub seat_id: Uuid,
    /// 1 for the first vote of the seat, counted up by each change.
    pub revision: i64,
    /// The member or the deputy who cast it.
    pub person_id: Uuid,
    /// What it says.
    pub content: VoteContent,
    /// The applications of the ballot that the voter was recused on.
    pub recused_on: Vec<Uuid>,
    /// When it was cast.
    pub cast_at: Timestamp,
    /// What makes the receipt one that nobody can guess; null in the vote of another person.
    #[schema(required)]
    pub nonce: Option<String>,
    /// The receipt, by which the voter finds the vote in the list that is made known with the count: the SHA-256, as
    /// hexadecimal text, of ballot id, seat id, revision, content and nonce, with line feeds between them. The content is
    /// `for`, `against` or `abstain`; or the ids of the applications as they stand in the vote with commas between them,
    /// each with a colon and its points behind it where the vote gives points, or its scores with slashes between them.
    #[schema(required)]
    pub receipt: Option<String>,
}

/// A ballot has one vote for each seat, so the seat is the name of the vote, and the revision its version.
impl Resource for VoteView {
    type Body = Vote;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.vote.seat_id.into()
    }

    fn version(&self) -> i64 {
        self.vote.revision
    }
}

impl From<VoteView> for Vote {
    fn from(VoteView { vote, is_own }: VoteView) -> Self {
        Self {
            ballot_id: vote.ballot_id.into(),
            seat_id: vote.seat_id.into(),
            revision: vote.revision,
            person_id: vote.person_id.into(),
            content: vote.content.into(),
            recused_on: vote.recused_on.into_iter().map(Into::into).collect(),
            cast_at: vote.cast_at,
            nonce: is_own.then_some(vote.nonce),
            receipt: is_own.then_some(vote.receipt),
        }
    }
}

/// A vote to cast.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewVote {
    /// The seat: one that the caller holds and that is on the roster.
    pub seat_id: Uuid,
    /// What the vote says.
    pub content: VoteContent,
}

/// Cast a vote.
///
/// Or change it: the last one counts. The first vote of a ballot freezes its rules.
#[utoipa::path(operation_id = "voteCast", tag = "Votes", request_body = NewVote,
    responses((status = 200, description = "The vote that stands.", body = Vote)))]
#[post("/v1/ballots/{id}/votes")]
async fn cast(call: Call, id: Id<BallotId>, new: Json<NewVote>) -> Reply {
    let seat_id: SeatId = new.0.seat_id.into();
    let content: domain::VoteContent = new.0.content.into();
    call.act(move |cx, _| votes::cast(cx, id.0, seat_id, &content)).await
}

/// Read a vote.
///
/// The vote of a seat that the caller holds; with its receipt where the caller cast it.
#[utoipa::path(operation_id = "voteRead", tag = "Votes",
    responses((status = 200, description = "The vote that stands.", body = Vote)))]
#[get("/v1/ballots/{id}/votes/{seatId}")]
async fn read(call: Call, id: Id<BallotId>, seat_id: PartId<SeatId>) -> Reply {
    call.read(move |cx| votes::read(cx, id.0, seat_id.0)).await
}

/// List votes.
///
/// The caller's own, and those of others as the forum says: as soon as they are cast, once the ballot is counted, or never.
#[utoipa::path(operation_id = "voteList", tag = "Votes",
    responses((status = 200, description = "A page of votes.", body = PageBody<Vote>)))]
#[get("/v1/ballots/{id}/votes")]
async fn list(call: Call, id: Id<BallotId>) -> Reply {
    call.list(move |cx, page| votes::list(cx, id.0, page)).await
}

/// The receipts of a counted ballot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipts {
    /// The ballot.
    pub ballot_id: Uuid,
    /// A receipt for each vote that was counted, in their own order.
    pub receipts: Vec<String>,
}

impl Resource for votes::Receipts {
    type Body = Receipts;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.ballot.id.into()
    }

    fn version(&self) -> i64 {
        self.ballot.version
    }
}

impl From<votes::Receipts> for Receipts {
    fn from(published: votes::Receipts) -> Self {
        Self { ballot_id: published.ballot.id.into(), receipts: published.receipts }
    }
}

/// Read the receipts of a ballot.
///
/// Once it is counted: a voter who finds the own receipt knows that the vote was counted as it was cast.
#[utoipa::path(operation_id = "receiptsRead", tag = "Votes",
    responses((status = 200, description = "The receipts.", body = Receipts)))]
#[get("/v1/ballots/{id}/receipts")]
async fn receipts(call: Call, id: Id<BallotId>) -> Reply {
    call.read(move |cx| votes::receipts(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(cast).service(list).service(read).service(receipts);
}
