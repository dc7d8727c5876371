//! Runs: computations of a plan, each with its whole input and the reasons of each amount.

mod plan;
mod trace;
mod year;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation::PlanInput;
use tildel_usecases::domain::id::RunId;
use tildel_usecases::domain::run as domain;
use tildel_usecases::plans::{self, RunFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use plan::{Plan, PlanFlag, PlanFlagCode, PlanInstalment, PlanLine, PlanLineState, PlanRecipient};
pub use trace::{
    Explanation, HeadcountSubject, TraceFit, TraceInput, TraceRounding, TraceStep, TraceStepKind,
};
pub use year::{PlanAccount, PlanTie, PlanWaiting, PlanWaitingReason, YearTotal};

use crate::body::{Begun, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};
use crate::etag::ETag;

/// One computation of the plan of an office and scheme.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Id.
    pub id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// SHA-256, in hexadecimal, of `input` in the canonical form of RFC 8785: equal inputs have equal hashes.
    pub input_hash: String,
    /// SHA-256, in hexadecimal, of the result as the bundle writes it.
    pub result_hash: String,
    /// Everything that the result rests on: the same input gives the same plan on any machine.
    #[schema(value_type = Object)]
    pub input: PlanInput,
    /// The result.
    pub plan: Plan,
    /// When it was computed.
    pub created_at: Timestamp,
}

resource!(domain::Run => Run at "/v1/runs", unversioned);

impl From<domain::Run> for Run {
    fn from(run: domain::Run) -> Self {
        Self {
            id: run.id.into(),
            office_id: run.office_id.into(),
            scheme_id: run.scheme_id.into(),
            input_hash: run.input_hash,
            result_hash: run.result_hash,
            input: run.input,
            plan: run.plan.into(),
            created_at: run.created_at,
        }
    }
}

/// A run without its input and its lines.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    /// Id.
    pub id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// SHA-256, in hexadecimal, of the input: equal inputs have equal hashes.
    pub input_hash: String,
    /// SHA-256, in hexadecimal, of the result.
    pub result_hash: String,
    /// One total per year.
    pub years: Vec<YearTotal>,
    /// When it was computed.
    pub created_at: Timestamp,
}

impl From<domain::Run> for RunSummary {
    fn from(run: domain::Run) -> Self {
        Self {
            id: run.id.into(),
            office_id: run.office_id.into(),
            scheme_id: run.scheme_id.into(),
            input_hash: run.input_hash,
            result_hash: run.result_hash,
            years: run.plan.years.into_iter().map(Into::into).collect(),
            created_at: run.created_at,
        }
    }
}

/// Which plan to compute again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRecomputation {
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
}

/// Which runs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RunQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
}

/// List runs.
///
/// All runs with their totals. With the newest first, the first run of an office and scheme is the one that stands.
#[utoipa::path(operation_id = "runList", tag = "Plans", params(RunQuery),
    responses((status = 200, description = "A page of runs.", body = PageBody<RunSummary>)))]
#[get("/v1/runs")]
async fn list(call: Call, query: Query<RunQuery>) -> Reply {
    let filter = RunFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
    };
    let page = call.fetch(move |cx, page| plans::run_list(cx, &filter, page)).await?;
    let page: PageBody<RunSummary> = PageBody::of(page);
    Ok(HttpResponse::Ok().json(page))
}

/// Read a run.
///
/// One run with its input, its amounts, and the reasons of each amount.
#[utoipa::path(operation_id = "runRead", tag = "Plans",
    responses((status = 200, description = "The run.", body = Run)))]
#[get("/v1/runs/{id}")]
async fn read(call: Call, id: Id<RunId>) -> Reply {
    call.read(move |cx| plans::run_read(cx, id.0)).await
}

/// A run as one file in the canonical form of RFC 8785.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunBundle {
    /// The format and the rules that it is computed by: `tildel-bundle/1`.
    pub format: String,
    /// Everything that the result rests on.
    #[schema(value_type = Object)]
    pub input: PlanInput,
    /// SHA-256, in hexadecimal, of the input.
    pub input_hash: String,
    /// The result.
    #[schema(value_type = Object)]
    pub result: tildel_usecases::domain::allocation::Plan,
    /// SHA-256, in hexadecimal, of the result.
    pub result_hash: String,
}

/// Read a run's bundle.
///
/// One file from which anybody can compute the run again and compare byte for byte: `tildel verify`, or the independent
/// verifier in `verify/`. The bytes are the same each time.
#[utoipa::path(operation_id = "runBundleRead", tag = "Plans",
    responses((status = 200, description = "The bundle, as a file.", body = RunBundle)))]
#[get("/v1/runs/{id}/bundle")]
async fn bundle(call: Call, id: Id<RunId>, request: HttpRequest) -> Reply {
    let (name, bundle) = call.fetch(move |cx, _| plans::run_bundle(cx, id.0)).await?;
    let tag = ETag::of_body(1, &bundle).to_string();
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| ETag::is_listed(&tag, known)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((ETAG, tag))
        .body(bundle))
}

/// Compute a plan again.
///
/// Plans follow by themselves what they rest on; this asks for it by hand. No new run is stored where nothing has changed.
#[utoipa::path(operation_id = "planRecompute", tag = "Plans", request_body = PlanRecomputation,
    responses((status = 202, description = "The work is in the queue.", body = Begun)))]
#[post("/v1/plans/recomputations")]
async fn recompute(call: Call, plan: Json<PlanRecomputation>) -> Reply {
    let PlanRecomputation { office_id, scheme_id } = plan.0;
    call.begin(move |cx, _| plans::recompute_request(cx, office_id.into(), scheme_id.into())).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(bundle).service(recompute);
}
