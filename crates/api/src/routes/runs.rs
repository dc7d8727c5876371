//! Runs: computations of a plan, each with its whole input and the reasons of each amount.

mod plan;
mod trace;

use actix_web::{HttpResponse, get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation::PlanInput;
use tildel_usecases::domain::id::RunId;
use tildel_usecases::domain::run as domain;
use tildel_usecases::plans::{self, RunFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use plan::{Plan, PlanFlag, PlanFlagCode, PlanLine, YearTotal};
pub use trace::{
    Explanation, HeadcountSubject, Rounding, RoundingMethod, TraceComponent, TraceInput, TraceStep,
    TraceValue,
};

use crate::body::{Begun, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};

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
    /// SHA-256, in hexadecimal, of `input` as JSON with sorted keys and without spaces.
    pub input_hash: String,
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
    config.service(list).service(read).service(recompute);
}
