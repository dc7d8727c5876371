//! Letters: prepared from what is stored, approved by a second person, sent.

mod content;
mod documents;

use actix_web::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::id::LetterId;
use tildel_usecases::domain::letter as domain;
use tildel_usecases::letters::{self, LetterFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use content::{
    ApplicantCount, ComingEvent, LetterAmounts, LetterContact, LetterDeferredGroup, LetterFacts,
    LetterMeeting, LetterProjectAmounts, LetterSender, LetterSignatory, LetterYearAmount, PendingItem,
    PrioritisedProject,
};

use super::letter_texts::{LetterKind, LetterTexts};
use crate::body::{Language, Line, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a letter is in its life.
    LetterState = domain::LetterState {
        /// Being prepared; only its office sees it.
        Draft,
        /// Waits for the second person.
        Proposed,
        /// Approved.
        Approved,
        /// Sent.
        Dispatched,
    }
}

/// A letter. Its facts and texts are frozen in it, so that it stays true when the data change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// Id.
    pub id: Uuid,
    /// Human reference, such as `RO-2020-0014`.
    pub reference: String,
    /// The office that writes.
    pub office_id: Uuid,
    /// The round it tells of.
    pub round_id: Uuid,
    /// The decision it makes known.
    pub decision_id: Uuid,
    /// Which letter it is.
    pub kind: LetterKind,
    /// Its language.
    pub language: Language,
    /// The date that it bears.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The case number that it bears.
    #[schema(required)]
    pub case_number: Option<String>,
    /// The letter head.
    pub sender: LetterSender,
    /// The addressees, one line each.
    pub recipients: Vec<String>,
    /// Who answers questions.
    pub contact: LetterContact,
    /// Who signs, in order.
    pub signatories: Vec<LetterSignatory>,
    /// What it tells.
    pub facts: LetterFacts,
    /// Its texts, as the scheme had them.
    pub texts: LetterTexts,
    /// Where it is in its life.
    pub state: LetterState,
    /// Who prepared it.
    pub prepared_by: Uuid,
    /// Who approved it: never who prepared it.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<Timestamp>,
    /// When it was sent.
    #[schema(required)]
    pub dispatched_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::Letter => Letter at "/v1/letters");

impl From<domain::Letter> for Letter {
    fn from(letter: domain::Letter) -> Self {
        let content = letter.content;
        Self {
            id: letter.id.into(),
            reference: letter.reference,
            office_id: letter.office_id.into(),
            round_id: letter.round_id.into(),
            decision_id: letter.decision_id.into(),
            kind: content.kind.into(),
            language: content.language.into(),
            date: content.date,
            case_number: content.case_number,
            sender: content.sender.into(),
            recipients: content.recipients,
            contact: content.contact.into(),
            signatories: content.signatories.into_iter().map(Into::into).collect(),
            facts: content.facts.into(),
            texts: letter.texts.into(),
            state: letter.state.into(),
            prepared_by: letter.prepared_by.into(),
            approved_by: letter.approved_by.map(Into::into),
            approved_at: letter.approved_at,
            dispatched_at: letter.dispatched_at,
            version: letter.version,
        }
    }
}

/// What a case officer gives for a letter; the rest is gathered from what is stored.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewLetter {
    /// The award that it makes known, in force.
    pub decision_id: Uuid,
    /// Its language, one that the scheme has texts in.
    pub language: Language,
    /// The addressees, one line each.
    #[schema(min_items = 1, max_items = 100)]
    pub recipients: Vec<Line>,
    /// The archive's case number; the letter's own reference where it is missing.
    #[schema(min_length = 1, max_length = 100)]
    pub case_number: Option<String>,
    /// Who answers questions: a person with a title and a telephone number.
    pub contact_id: Uuid,
    /// Who signs, in order: persons with a title.
    #[schema(min_items = 1, max_items = 5)]
    pub signatory_ids: Vec<Uuid>,
    /// Events to come.
    #[schema(max_items = 20)]
    pub events: Vec<ComingEvent>,
    /// What waits for a clarification.
    #[schema(max_items = 20)]
    pub pending: Vec<PendingItem>,
    /// The closing wish, such as «en riktig god sommer».
    #[schema(min_length = 1, max_length = 200)]
    pub greeting: Option<String>,
}

impl From<NewLetter> for letters::NewLetter {
    fn from(new: NewLetter) -> Self {
        Self {
            decision_id: new.decision_id.into(),
            language: new.language.into(),
            recipients: new.recipients.into_iter().map(|line| line.0).collect(),
            case_number: new.case_number,
            contact_id: new.contact_id.into(),
            signatory_ids: new.signatory_ids.into_iter().map(Into::into).collect(),
            events: new.events.into_iter().map(Into::into).collect(),
            pending: new.pending.into_iter().map(Into::into).collect(),
            greeting: new.greeting,
        }
    }
}

/// Which letters to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct LetterQuery {
    /// On this round only.
    pub round_id: Option<Uuid>,
    /// Of this office only.
    pub office_id: Option<Uuid>,
}

/// List letters.
///
/// All that are sent, and those that the caller's office prepares.
#[utoipa::path(operation_id = "letterList", tag = "Letters", params(LetterQuery),
    responses((status = 200, description = "A page of letters.", body = PageBody<Letter>)))]
#[get("/v1/letters")]
async fn list(call: Call, query: Query<LetterQuery>) -> Reply {
    let filter = LetterFilter {
        round_id: query.0.round_id.map(Into::into),
        office_id: query.0.office_id.map(Into::into),
        ..LetterFilter::default()
    };
    call.list(move |cx, page| letters::list(cx, &filter, page)).await
}

/// Read a letter.
///
/// One letter as data. Until it is sent it exists for its office alone.
#[utoipa::path(operation_id = "letterRead", tag = "Letters",
    responses((status = 200, description = "The letter.", body = Letter)))]
#[get("/v1/letters/{id}")]
async fn read(call: Call, id: Id<LetterId>) -> Reply {
    call.read(move |cx| letters::read(cx, id.0)).await
}

/// Prepare a letter.
///
/// Its facts are gathered from what is stored, and the worker writes it as a document.
#[utoipa::path(operation_id = "letterCreate", tag = "Letters", request_body = NewLetter,
    responses((status = 201, description = "The new draft.", body = Letter)))]
#[post("/v1/letters")]
async fn create(call: Call, new: Json<NewLetter>) -> Reply {
    let new: letters::NewLetter = new.0.into();
    call.create(move |cx| letters::create(cx, &new)).await
}

/// Propose a letter.
///
/// Hands a draft to the second person. Whoever proposes it counts as its preparer.
#[utoipa::path(operation_id = "letterPropose", tag = "Letters",
    responses((status = 200, description = "The proposed letter.", body = Letter)))]
#[post("/v1/letters/{id}/proposal")]
async fn propose(call: Call, id: Id<LetterId>) -> Reply {
    call.act(move |cx, expected| letters::propose(cx, id.0, expected)).await
}

/// Approve a letter.
///
/// By another person than its preparer. The worker writes it with the line that says so.
#[utoipa::path(operation_id = "letterApprove", tag = "Letters",
    responses((status = 200, description = "The approved letter.", body = Letter)))]
#[post("/v1/letters/{id}/approval")]
async fn approve(call: Call, id: Id<LetterId>) -> Reply {
    call.act(move |cx, expected| letters::approve(cx, id.0, expected)).await
}

/// Send a letter.
///
/// Possible once it is written. All can read it from then on, and its decision counts as notified.
#[utoipa::path(operation_id = "letterDispatch", tag = "Letters",
    responses((status = 200, description = "The sent letter.", body = Letter)))]
#[post("/v1/letters/{id}/dispatch")]
async fn dispatch(call: Call, id: Id<LetterId>) -> Reply {
    call.act(move |cx, expected| letters::dispatch(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(propose)
        .service(approve)
        .service(dispatch)
        .configure(documents::configure);
}
