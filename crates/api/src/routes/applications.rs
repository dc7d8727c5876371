//! Applications: what applicants write and hand in, with the formal control.

mod content;
mod lifecycle;

use std::collections::BTreeMap;

use actix_web::{get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::applications::{self, ApplicationFilter};
use tildel_usecases::domain::application as domain;
use tildel_usecases::domain::id::ApplicationId;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use content::{AnswerText, ApplicationContent, QuestionKey};

use super::headcounts::UnitKind;
use super::parties::Party;
use crate::body::{Money, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where an application is in its life.
    ApplicationState = domain::ApplicationState {
        /// Being written; only its parties see it.
        Draft,
        /// Handed in.
        Submitted,
        /// Sent back for completion.
        Returned,
        /// Formal control passed.
        Eligible,
        /// Formal control failed.
        Ineligible,
        /// Put off to a later round.
        Deferred,
        /// Recommended with a rank.
        Ranked,
        /// Recommended for the reserve list.
        Reserve,
        /// Not recommended.
        NotRecommended,
        /// Decided: granted.
        Granted,
        /// Decided: declined.
        Declined,
        /// Taken back by the applicant.
        Withdrawn,
    }
}

wire_enum! {
    /// Outcome of the formal control.
    ScreeningOutcome = domain::ScreeningOutcome {
        /// May be treated.
        Eligible,
        /// May not be treated.
        Ineligible,
        /// Is treated in a later round.
        Deferred,
    }
}

/// The formal control.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Screening {
    /// Outcome.
    pub outcome: ScreeningOutcome,
    /// Reason.
    pub reason: String,
    /// The year it is put off to, for a deferral.
    #[schema(required)]
    pub deferred_to_year: Option<i16>,
    /// Who screened.
    #[schema(required)]
    pub screened_by: Option<Uuid>,
    /// When.
    pub screened_at: Timestamp,
}

impl From<domain::Screening> for Screening {
    fn from(screening: domain::Screening) -> Self {
        Self {
            outcome: screening.outcome.into(),
            reason: screening.reason,
            deferred_to_year: screening.deferred_to_year,
            screened_by: screening.screened_by.map(Into::into),
            screened_at: screening.screened_at,
        }
    }
}

/// An application.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Id.
    pub id: Uuid,
    /// Human reference, such as `RO-2020-0007`.
    pub reference: String,
    /// The round.
    pub round_id: Uuid,
    /// The office of the round.
    pub office_id: Uuid,
    /// Title of the project.
    pub title: String,
    /// Name of the joint project, such as «Jærbarnehagene»; else the lead's name is used.
    #[schema(required)]
    pub project_name: Option<String>,
    /// The kinds of unit that take part.
    pub unit_kinds: Vec<UnitKind>,
    /// The answers by question.
    pub answers: BTreeMap<String, String>,
    /// The amount applied for, where the scheme asks for one.
    #[schema(required)]
    pub requested: Option<Money>,
    /// The parties, the lead first.
    pub parties: Vec<Party>,
    /// Where it is in its life.
    pub state: ApplicationState,
    /// When it was handed in, last time.
    #[schema(required)]
    pub submitted_at: Option<Timestamp>,
    /// Why it was sent back or withdrawn.
    #[schema(required)]
    pub state_reason: Option<String>,
    /// The formal control.
    #[schema(required)]
    pub screening: Option<Screening>,
    /// Version.
    pub version: i64,
}

resource!(domain::Application => Application at "/v1/applications");

impl From<domain::Application> for Application {
    fn from(application: domain::Application) -> Self {
        let content = application.content;
        Self {
            id: application.id.into(),
            reference: application.reference,
            round_id: application.round_id.into(),
            office_id: application.office_id.into(),
            title: content.title,
            project_name: content.project_name,
            unit_kinds: content.unit_kinds.into_iter().map(Into::into).collect(),
            answers: content.answers,
            requested: content.requested.map(Into::into),
            parties: application.parties.into_iter().map(Into::into).collect(),
            state: application.state.into(),
            submitted_at: application.submitted_at,
            state_reason: application.state_reason,
            screening: application.screening.map(Into::into),
            version: application.version,
        }
    }
}

/// What a new application is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApplication {
    /// The round, which is open.
    pub round_id: Uuid,
    /// Title of the project.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Name of the joint project; else the lead's name is used.
    #[schema(min_length = 1, max_length = 200)]
    pub project_name: Option<String>,
    /// The kinds of unit that take part.
    #[schema(max_items = 3)]
    pub unit_kinds: Vec<UnitKind>,
    /// The answers by question, at most 30; those that are missing can be written later.
    pub answers: BTreeMap<QuestionKey, AnswerText>,
    /// The amount applied for, where the scheme asks for one.
    pub requested: Option<Money>,
}

/// Which applications to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationQuery {
    /// In this round only.
    pub round_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<ApplicationState>,
    /// With this organisation as a party only.
    pub organisation_id: Option<Uuid>,
}

/// List applications.
///
/// All that were handed in, and the drafts of the caller's organisation.
#[utoipa::path(operation_id = "applicationList", tag = "Applications", params(ApplicationQuery),
    responses((status = 200, description = "A page of applications.", body = PageBody<Application>)))]
#[get("/v1/applications")]
async fn list(call: Call, query: Query<ApplicationQuery>) -> Reply {
    let filter = ApplicationFilter {
        round_id: query.0.round_id.map(Into::into),
        state: query.0.state.map(Into::into),
        party_id: query.0.organisation_id.map(Into::into),
        ..ApplicationFilter::default()
    };
    call.list(move |cx, page| applications::list(cx, &filter, page)).await
}

/// Read an application.
///
/// One application as it stands. A draft exists for its parties alone.
#[utoipa::path(operation_id = "applicationRead", tag = "Applications",
    responses((status = 200, description = "The application.", body = Application)))]
#[get("/v1/applications/{id}")]
async fn read(call: Call, id: Id<ApplicationId>) -> Reply {
    call.read(move |cx| applications::read(cx, id.0)).await
}

/// Begin an application.
///
/// A draft with the caller's organisation as its lead, in a round that takes applications.
#[utoipa::path(operation_id = "applicationCreate", tag = "Applications", request_body = NewApplication,
    responses((status = 201, description = "The new draft.", body = Application)))]
#[post("/v1/applications")]
async fn create(call: Call, new: Json<NewApplication>) -> Reply {
    let NewApplication { round_id, title, project_name, unit_kinds, answers, requested } = new.0;
    let content = ApplicationContent { title, project_name, unit_kinds, answers, requested };
    let content: domain::ApplicationContent = content.try_into()?;
    call.create(move |cx| applications::create(cx, round_id.into(), &content)).await
}

/// Rewrite an application.
///
/// Replaces the whole content of a draft, or of an application that was sent back for completion.
#[utoipa::path(operation_id = "applicationUpdate", tag = "Applications", request_body = ApplicationContent,
    responses((status = 200, description = "The rewritten application.", body = Application)))]
#[put("/v1/applications/{id}")]
async fn update(call: Call, id: Id<ApplicationId>, content: Json<ApplicationContent>) -> Reply {
    let content: domain::ApplicationContent = content.0.try_into()?;
    call.act(move |cx, expected| applications::update(cx, id.0, expected, &content)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(update).configure(lifecycle::configure);
}
