//! Scenarios: what would be, without touching the plan.

mod change;
mod comparison;
mod project;

use actix_web::{delete, get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation::PlanInput;
use tildel_usecases::domain::id::ScenarioId;
use tildel_usecases::domain::scenario as domain;
use tildel_usecases::scenarios::{self, ScenarioFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use change::ScenarioChange;
pub use comparison::{
    ComparedCounts, ComparedLine, ComparedRatios, ComparedRecipient, ComparedYear, Comparison,
};
pub use project::{ScenarioHeadcount, ScenarioOrganisation, ScenarioProject, ScenarioSuccessor};

use super::runs::Plan;
use crate::body::{PageBody, resource};
use crate::call::{Call, Id, Json, Query, Reply};
use crate::problem::Problem;

/// What a scenario came to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioOutcome {
    /// The run whose input was changed.
    pub run_id: Uuid,
    /// When it was computed.
    pub computed_at: Timestamp,
    /// SHA-256, in hexadecimal, of the changed input; that of the run where nothing differs.
    pub input_hash: String,
    /// SHA-256, in hexadecimal, of the result.
    pub result_hash: String,
    /// The changed input.
    #[schema(value_type = Object)]
    pub input: PlanInput,
    /// The result.
    pub plan: Plan,
}

impl From<domain::ScenarioOutcome> for ScenarioOutcome {
    fn from(outcome: domain::ScenarioOutcome) -> Self {
        Self {
            run_id: outcome.run_id.into(),
            computed_at: outcome.computed_at,
            input_hash: outcome.input_hash,
            result_hash: outcome.result_hash,
            input: outcome.input,
            plan: outcome.plan.into(),
        }
    }
}

/// A plan with changes, which nobody follows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scenario {
    /// Id.
    pub id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// What it is called.
    pub name: String,
    /// What is different from the plan, in order.
    pub changes: Vec<ScenarioChange>,
    /// Who made it.
    pub created_by: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it came to; null until it is computed, and again when it is changed.
    #[schema(required)]
    pub outcome: Option<ScenarioOutcome>,
    /// Version.
    pub version: i64,
}

resource!(domain::Scenario => Scenario at "/v1/scenarios");

impl From<domain::Scenario> for Scenario {
    fn from(scenario: domain::Scenario) -> Self {
        Self {
            id: scenario.id.into(),
            office_id: scenario.office_id.into(),
            scheme_id: scenario.scheme_id.into(),
            name: scenario.name,
            changes: scenario.changes.into_iter().map(Into::into).collect(),
            created_by: scenario.created_by.into(),
            created_at: scenario.created_at,
            outcome: scenario.outcome.map(Into::into),
            version: scenario.version,
        }
    }
}

/// A scenario to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewScenario {
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What is different from the plan, in order; a later change counts on top of an earlier one.
    #[schema(max_items = 100)]
    pub changes: Vec<ScenarioChange>,
}

/// What a scenario holds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioContent {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What is different from the plan, in order; a later change counts on top of an earlier one.
    #[schema(max_items = 100)]
    pub changes: Vec<ScenarioChange>,
}

impl TryFrom<ScenarioContent> for scenarios::ScenarioContent {
    type Error = Problem;

    fn try_from(content: ScenarioContent) -> Result<Self, Problem> {
        let changes = content.changes.into_iter().enumerate();
        let changes = changes.map(|(index, change)| change.read(&format!("/changes/{index}")));
        Ok(Self { name: content.name, changes: changes.collect::<Result<_, _>>()? })
    }
}

/// Which scenarios to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
}

/// What to compare with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonQuery {
    /// This scenario of the same office and scheme; without it, the plan in force.
    pub with: Option<Uuid>,
}

/// List scenarios.
///
/// Those of the caller's office, or all for the directorate.
#[utoipa::path(operation_id = "scenarioList", tag = "Scenarios", params(ScenarioQuery),
    responses((status = 200, description = "A page of scenarios.", body = PageBody<Scenario>)))]
#[get("/v1/scenarios")]
async fn list(call: Call, query: Query<ScenarioQuery>) -> Reply {
    let filter = ScenarioFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        visible_office: None,
    };
    call.list(move |cx, page| scenarios::list(cx, &filter, page)).await
}

/// Read a scenario.
///
/// Its changes, and what it came to when it was computed last.
#[utoipa::path(operation_id = "scenarioRead", tag = "Scenarios",
    responses((status = 200, description = "The scenario.", body = Scenario)))]
#[get("/v1/scenarios/{id}")]
async fn read(call: Call, id: Id<ScenarioId>) -> Reply {
    call.read(move |cx| scenarios::read(cx, id.0)).await
}

/// Make a scenario.
///
/// On the plan of an office and scheme. Nothing of it ever touches the plan.
#[utoipa::path(operation_id = "scenarioCreate", tag = "Scenarios", request_body = NewScenario,
    responses((status = 201, description = "The new scenario.", body = Scenario)))]
#[post("/v1/scenarios")]
async fn create(call: Call, new: Json<NewScenario>) -> Reply {
    let NewScenario { office_id, scheme_id, name, changes } = new.0;
    let content: scenarios::ScenarioContent = ScenarioContent { name, changes }.try_into()?;
    call.create(move |cx| scenarios::create(cx, office_id.into(), scheme_id.into(), &content)).await
}

/// Change a scenario.
///
/// What it came to is out of date then, and is taken away until it is computed again.
#[utoipa::path(operation_id = "scenarioUpdate", tag = "Scenarios", request_body = ScenarioContent,
    responses((status = 200, description = "The changed scenario.", body = Scenario)))]
#[put("/v1/scenarios/{id}")]
async fn update(call: Call, id: Id<ScenarioId>, content: Json<ScenarioContent>) -> Reply {
    let content: scenarios::ScenarioContent = content.0.try_into()?;
    call.act(move |cx, expected| scenarios::update(cx, id.0, expected, &content)).await
}

/// Take a scenario away.
///
/// It leaves no trace, as it never was anything but a thought.
#[utoipa::path(operation_id = "scenarioDelete", tag = "Scenarios",
    responses((status = 200, description = "The scenario as it was.", body = Scenario)))]
#[delete("/v1/scenarios/{id}")]
async fn remove(call: Call, id: Id<ScenarioId>) -> Reply {
    call.act(move |cx, expected| scenarios::delete(cx, id.0, expected)).await
}

/// Compute a scenario.
///
/// From the input of the newest run with the changes. The result stands in the scenario and nowhere else.
#[utoipa::path(operation_id = "scenarioRun", tag = "Scenarios",
    responses((status = 200, description = "The scenario with what it came to.", body = Scenario)))]
#[post("/v1/scenarios/{id}/runs")]
async fn run(call: Call, id: Id<ScenarioId>) -> Reply {
    call.act(move |cx, expected| scenarios::run(cx, id.0, expected)).await
}

/// Compare a scenario.
///
/// With the plan in force, or with another scenario: who gets more or less in which year, the totals, the part of those served
/// for the first time, and how evenly the money is spread.
#[utoipa::path(operation_id = "scenarioCompare", tag = "Scenarios", params(ComparisonQuery),
    responses((status = 200, description = "The differences.", body = Comparison)))]
#[get("/v1/scenarios/{id}/comparison")]
async fn compare(call: Call, id: Id<ScenarioId>, query: Query<ComparisonQuery>) -> Reply {
    let with = query.0.with.map(Into::into);
    call.read(move |cx| scenarios::comparison(cx, id.0, with)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(read)
        .service(create)
        .service(update)
        .service(remove)
        .service(run)
        .service(compare);
}
