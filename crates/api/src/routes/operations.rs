//! Operations: long work, as the one who asked for it sees it.

use actix_web::{get, post};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tildel_usecases::operations;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::jobs::JobState;
use crate::body::resource;
use crate::call::{Call, Id, Reply};

/// Long work.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Id.
    pub id: Uuid,
    /// What is done, such as `plan.recompute`.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Steps done.
    pub steps_done: u32,
    /// Steps in all, where known.
    #[schema(required)]
    pub steps_total: Option<u32>,
    /// What came out, once done.
    #[schema(required, value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Whether it failed for good; the operator sees why.
    pub failed: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

resource!(operations::Operation => Operation at "/v1/operations", unversioned);

impl From<operations::Operation> for Operation {
    fn from(operation: operations::Operation) -> Self {
        Self {
            id: operation.id,
            kind: operation.kind,
            state: operation.state.into(),
            steps_done: operation.progress.done,
            steps_total: operation.progress.total,
            result: operation.result,
            failed: operation.failed,
            created_at: operation.created_at,
            updated_at: operation.updated_at,
        }
    }
}

/// Read an operation.
///
/// How the work goes that an answer with status 202 promised.
#[utoipa::path(operation_id = "operationRead", tag = "Operations",
    responses((status = 200, description = "The operation.", body = Operation)))]
#[get("/v1/operations/{id}")]
async fn read(call: Call, id: Id<Uuid>) -> Reply {
    call.read(move |cx| operations::read(cx, id.0)).await
}

/// Cancel an operation.
///
/// Possible as long as the work has not begun.
#[utoipa::path(operation_id = "operationCancel", tag = "Operations",
    responses((status = 200, description = "The cancelled operation.", body = Operation)))]
#[post("/v1/operations/{id}/cancellation")]
async fn cancel(call: Call, id: Id<Uuid>) -> Reply {
    call.act(move |cx, _| operations::cancel(cx, id.0)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read).service(cancel);
}
