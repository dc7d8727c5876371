//! Funding models: versioned rules that turn headcounts into amounts.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tildel_usecases::domain::allocation::FundingModel as Model;
use tildel_usecases::domain::allocation::model::DocumentFormat;
use tildel_usecases::domain::id::FundingModelId;
use tildel_usecases::domain::scheme::SchemeFundingModel;
use tildel_usecases::registry::{self, FundingModelFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::body::{PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};
use crate::problem::{ApiCode, InputError, Place, Problem};

/// Stands for the schema of the document, which the library writes and `document::model_schema` puts in its place.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes a part of bodies")]
pub struct FundingModelDocument(Value);

/// A published version of a funding model.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundingModel {
    /// Id.
    pub id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The model.
    #[schema(value_type = FundingModelDocument)]
    pub document: Model,
    /// Version of the record.
    pub version: i64,
}

resource!(SchemeFundingModel => FundingModel at "/v1/funding-models");

impl From<SchemeFundingModel> for FundingModel {
    fn from(published: SchemeFundingModel) -> Self {
        Self {
            id: published.id.into(),
            scheme_id: published.scheme_id.into(),
            document: published.model,
            version: published.version,
        }
    }
}

/// A version of a funding model to publish.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFundingModel {
    /// The scheme.
    pub scheme_id: Uuid,
    /// The model; its years lie within the period of the scheme.
    #[schema(value_type = FundingModelDocument)]
    pub document: Value,
}

/// Reads a model at a place of a body; tells all that is wrong with it, each with its pointer.
pub(crate) fn model_of(document: &Value, pointer: &str) -> Result<Model, Problem> {
    Model::from_document(&document.to_string(), DocumentFormat::Json).map_err(|error| {
        let input_error = |problem: tildel_usecases::domain::allocation::model::DocumentProblem| {
            // `components[1].rates[0].rate` is `/components/1/rates/0/rate`.
            let field = problem.field.replace('[', ".").replace(']', "").replace('.', "/");
            let separator = if field.is_empty() { "" } else { "/" };
            InputError {
                place: Place::Pointer(format!("{pointer}{separator}{field}")),
                code: ApiCode::UnacceptableValue,
                expected: problem.message,
            }
        };
        Problem::new(ApiCode::InvalidBody).errors(error.problems.into_iter().map(input_error).collect())
    })
}

/// Which models to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FundingModelQuery {
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
}

/// List funding models.
///
/// All published versions.
#[utoipa::path(operation_id = "fundingModelList", tag = "Funding models", params(FundingModelQuery),
    responses((status = 200, description = "A page of models.", body = PageBody<FundingModel>)))]
#[get("/v1/funding-models")]
async fn list(call: Call, query: Query<FundingModelQuery>) -> Reply {
    let filter = FundingModelFilter { scheme_id: query.0.scheme_id.map(Into::into) };
    call.list(move |cx, page| registry::funding_model_list(cx, &filter, page)).await
}

/// Read a funding model.
///
/// One published version.
#[utoipa::path(operation_id = "fundingModelRead", tag = "Funding models",
    responses((status = 200, description = "The model.", body = FundingModel)))]
#[get("/v1/funding-models/{id}")]
async fn read(call: Call, id: Id<FundingModelId>) -> Reply {
    call.read(move |cx| registry::funding_model_read(cx, id.0)).await
}

/// Publish a version of a funding model.
///
/// What is published stays as it is; a change is a new version. The scheme's plans are computed again.
#[utoipa::path(operation_id = "fundingModelPublish", tag = "Funding models", request_body = NewFundingModel,
    responses((status = 201, description = "The published version.", body = FundingModel)))]
#[post("/v1/funding-models")]
async fn publish(call: Call, new: Json<NewFundingModel>) -> Reply {
    let scheme_id = new.0.scheme_id.into();
    let model = model_of(&new.0.document, "/document")?;
    call.create(move |cx| registry::funding_model_publish(cx, scheme_id, &model)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(publish);
}
