//! Funding models: versioned rules that turn headcounts into amounts.

use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::{FundingModel as Model, Quantity};
use tildel_usecases::domain::id::FundingModelId;
use tildel_usecases::domain::scheme::SchemeFundingModel;
use tildel_usecases::registry::{self, FundingModelFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{Measure, UnitKind};
use crate::body::{Money, PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// Which headcounts a model counts.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counted {
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted there.
    pub measure: Measure,
}

/// A published version of a funding model.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FundingModel {
    /// Id.
    pub id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The stable name of the model.
    pub key: String,
    /// The version of the model; where several hold in a year, the highest one rules.
    pub model_version: u32,
    /// The first year in which it holds.
    pub valid_from_year: i16,
    /// The last year in which it holds.
    pub valid_to_year: i16,
    /// The legal basis (hjemmel) that letters cite.
    pub legal_basis: String,
    /// The amount per project and year.
    pub base: Money,
    /// The amount per unit of headcount and year.
    pub rate: Money,
    /// Which headcounts count.
    pub counted: Vec<Counted>,
    /// What is assumed where a register withholds a count of one to four.
    pub withheld_assumed: String,
    /// Version of the record.
    pub version: i64,
}

resource!(SchemeFundingModel => FundingModel at "/v1/funding-models");

impl From<SchemeFundingModel> for FundingModel {
    fn from(published: SchemeFundingModel) -> Self {
        let model = published.model;
        let counted = |(unit_kind, measure): (_, _)| Counted {
            unit_kind: UnitKind::from(unit_kind),
            measure: Measure::from(measure),
        };
        Self {
            id: published.id.into(),
            scheme_id: published.scheme_id.into(),
            key: model.key,
            model_version: model.version,
            valid_from_year: model.valid_from_year,
            valid_to_year: model.valid_to_year,
            legal_basis: model.legal_basis,
            base: model.base.into(),
            rate: model.rate.into(),
            counted: model.counted.into_iter().map(counted).collect(),
            withheld_assumed: model.withheld_assumed.to_string(),
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
    /// The stable name of the model, such as `kompetanseloftet-2020`.
    #[schema(pattern = "^[a-z0-9-]{1,64}$")]
    pub key: String,
    /// The version of the model.
    #[schema(minimum = 1, maximum = 10000)]
    pub model_version: u32,
    /// The first year in which it holds, within the period of the scheme.
    #[schema(minimum = 1990, maximum = 2100)]
    pub valid_from_year: i16,
    /// The last year in which it holds, within the period of the scheme.
    #[schema(minimum = 1990, maximum = 2100)]
    pub valid_to_year: i16,
    /// The legal basis (hjemmel) that letters cite.
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: String,
    /// The amount per project and year.
    pub base: Money,
    /// The amount per unit of headcount and year.
    pub rate: Money,
    /// Which headcounts count, each pair once.
    #[schema(max_items = 9)]
    pub counted: Vec<Counted>,
    /// What is assumed where a register withholds a count of one to four: between 1 and 4.
    #[schema(pattern = r"^([1-3](\.[0-9]{1,3})?|4(\.0{1,3})?)$")]
    pub withheld_assumed: String,
}

impl TryFrom<NewFundingModel> for Model {
    type Error = Refusal;

    fn try_from(new: NewFundingModel) -> Result<Self, Refusal> {
        let withheld_assumed: Quantity =
            new.withheld_assumed.parse().map_err(|error| Refusal::invalid("/withheldAssumed", error))?;
        Ok(Self {
            key: new.key,
            version: new.model_version,
            valid_from_year: new.valid_from_year,
            valid_to_year: new.valid_to_year,
            legal_basis: new.legal_basis,
            base: new.base.read("/base")?,
            rate: new.rate.read("/rate")?,
            counted: new.counted.iter().map(|pair| (pair.unit_kind.into(), pair.measure.into())).collect(),
            withheld_assumed,
        })
    }
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
    let model: Model = new.0.try_into()?;
    call.create(move |cx| registry::funding_model_publish(cx, scheme_id, &model)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(publish);
}
