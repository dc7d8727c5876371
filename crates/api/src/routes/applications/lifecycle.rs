//! What happens to an application: it is handed in, taken back, sent back and screened.

use actix_web::post;
use serde::Deserialize;
use tildel_usecases::applications::{self, NewScreening};
use tildel_usecases::domain::id::ApplicationId;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Application, ScreeningOutcome};
use crate::call::{Call, Id, Json, Reply};

/// Why an application is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationWithdrawal {
    /// The reason, if the applicant gives one.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

/// Why an application is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationReturn {
    /// What is to be completed.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// The outcome of a formal control.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApplicationScreening {
    /// Outcome.
    pub outcome: ScreeningOutcome,
    /// Reason.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
    /// The year it is put off to, after the round's: given when, and only when, the outcome is `deferred`.
    #[schema(minimum = 1990, maximum = 2100)]
    pub deferred_to_year: Option<i16>,
}

/// Hand an application in.
///
/// It has to be complete and confirmed by all parties, and the round has to take applications.
#[utoipa::path(operation_id = "applicationSubmit", tag = "Applications",
    responses((status = 200, description = "The application, handed in.", body = Application)))]
#[post("/v1/applications/{id}/submission")]
async fn submit(call: Call, id: Id<ApplicationId>) -> Reply {
    call.act(move |cx, expected| applications::submit(cx, id.0, expected)).await
}

/// Take an application back.
///
/// The lead can do so until the application is decided.
#[utoipa::path(operation_id = "applicationWithdraw", tag = "Applications", request_body = ApplicationWithdrawal,
    responses((status = 200, description = "The application, taken back.", body = Application)))]
#[post("/v1/applications/{id}/withdrawal")]
async fn withdraw(call: Call, id: Id<ApplicationId>, withdrawal: Json<ApplicationWithdrawal>) -> Reply {
    let reason = withdrawal.0.reason;
    call.act(move |cx, expected| applications::withdraw(cx, id.0, expected, reason.as_deref())).await
}

/// Send an application back for completion.
///
/// The applicant can complete it until the round is handed to the forums, even after the deadline.
#[utoipa::path(operation_id = "applicationReturn", tag = "Applications", request_body = ApplicationReturn,
    responses((status = 200, description = "The application, sent back.", body = Application)))]
#[post("/v1/applications/{id}/return")]
async fn return_for_completion(call: Call, id: Id<ApplicationId>, back: Json<ApplicationReturn>) -> Reply {
    let reason = back.0.reason;
    call.act(move |cx, expected| applications::return_for_completion(cx, id.0, expected, &reason)).await
}

/// Record the formal control.
///
/// Possible once the round is closed, and again until it is handed to the forums.
#[utoipa::path(operation_id = "applicationScreen", tag = "Applications", request_body = ApplicationScreening,
    responses((status = 200, description = "The screened application.", body = Application)))]
#[post("/v1/applications/{id}/screening")]
async fn screen(call: Call, id: Id<ApplicationId>, screening: Json<ApplicationScreening>) -> Reply {
    let ApplicationScreening { outcome, reason, deferred_to_year } = screening.0;
    let new = NewScreening { outcome: outcome.into(), reason, deferred_to_year };
    call.act(move |cx, expected| applications::screen(cx, id.0, expected, &new)).await
}

/// Adds the routes.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(submit).service(withdraw).service(return_for_completion).service(screen);
}
