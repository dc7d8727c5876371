//! What appellants would have got: runs of appealed decisions, computed again as things were then.

use actix_web::{get, post};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::appeal_reruns::{self, AppealRerunFilter, ComparedRerun};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::PlanInput;
use tildel_usecases::domain::allocation::scenario::Change;
use tildel_usecases::domain::appeal_rerun as domain;
use tildel_usecases::domain::id::AppealRerunId;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::headcounts::{Measure, Ownership, UnitKind};
use super::runs::Plan;
use super::scenarios::{ComparedLine, ComparedRecipient, ComparedYear};
use crate::body::{PageBody, Resource};
use crate::call::{Call, Id, Json, Query, Reply};

/// The years for which the application is taken to be granted.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssumedYears {
    /// The first year.
    #[schema(minimum = 1990, maximum = 2100)]
    pub first_year: i16,
    /// The last year.
    #[schema(minimum = 1990, maximum = 2100)]
    pub last_year: i16,
}

/// A headcount as the appeal states it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssumedHeadcount {
    /// The organisation number.
    #[schema(pattern = "^[0-9]{9}$")]
    pub organisation_number: String,
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Of which units, where that is told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// The date from which it holds.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The count, with at most three decimals.
    #[schema(pattern = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
    pub count: String,
}

impl AssumedHeadcount {
    fn read(self, index: usize) -> Result<Change, Refusal> {
        let at = format!("/headcounts/{index}/count");
        Ok(Change::SetHeadcount {
            organisation: self.organisation_number,
            unit_kind: self.unit_kind.into(),
            measure: self.measure.into(),
            ownership: self.ownership.map(Into::into),
            date: self.date,
            value: self.count.parse().map_err(|error| Refusal::invalid(&at, error))?,
        })
    }

    fn of(change: Change) -> Option<Self> {
        match change {
            Change::SetHeadcount { organisation, unit_kind, measure, ownership, date, value } => Some(Self {
                organisation_number: organisation,
                unit_kind: unit_kind.into(),
                measure: measure.into(),
                ownership: ownership.map(Into::into),
                date,
                count: value.to_string(),
            }),
            _ => None,
        }
    }
}

/// What is to be taken as otherwise than it was decided; at least one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAppealRerun {
    /// The appeal.
    pub appeal_id: Uuid,
    /// The application is granted instead of declined.
    #[serde(default)]
    pub granted: Option<AssumedYears>,
    /// Headcounts as the appeal states them.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub headcounts: Vec<AssumedHeadcount>,
}

/// A run computed again for an appeal, beside the run of the decision. Information: nothing follows from it by itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealRerun {
    /// Id.
    pub id: Uuid,
    /// The appeal.
    pub appeal_id: Uuid,
    /// The run of the decision, whose stored input was changed: models, frames, advice and headcounts as they were then.
    pub run_id: Uuid,
    /// SHA-256, in hexadecimal, of the input of that run.
    pub run_input_hash: String,
    /// The years for which the application is taken to be granted.
    #[schema(required)]
    pub granted: Option<AssumedYears>,
    /// Headcounts as the appeal states them.
    pub headcounts: Vec<AssumedHeadcount>,
    /// Who asked.
    pub computed_by: Uuid,
    /// When.
    pub computed_at: Timestamp,
    /// SHA-256, in hexadecimal, of the changed input.
    pub input_hash: String,
    /// SHA-256, in hexadecimal, of the result.
    pub result_hash: String,
    /// The changed input.
    #[schema(value_type = Object)]
    pub input: PlanInput,
    /// The result.
    pub plan: Plan,
    /// The projects and years whose amounts differ: the appellant's, and the effect on others.
    pub lines: Vec<ComparedLine>,
    /// The recipients and years whose sums differ.
    pub recipients: Vec<ComparedRecipient>,
    /// All years of both.
    pub years: Vec<ComparedYear>,
}

impl Resource for ComparedRerun {
    type Body = AppealRerun;
    const COLLECTION: Option<&'static str> = Some("/v1/appeal-reruns");

    fn id(&self) -> Uuid {
        self.rerun.id.into()
    }

    fn version(&self) -> i64 {
        1
    }
}

impl From<ComparedRerun> for AppealRerun {
    fn from(compared: ComparedRerun) -> Self {
        let ComparedRerun { rerun, run_input_hash, comparison } = compared;
        let years = |years: domain::GrantedYears| AssumedYears {
            first_year: years.first_year,
            last_year: years.last_year,
        };
        Self {
            id: rerun.id.into(),
            appeal_id: rerun.appeal_id.into(),
            run_id: rerun.run_id.into(),
            run_input_hash,
            granted: rerun.assumption.granted.map(years),
            headcounts: rerun.assumption.headcounts.into_iter().filter_map(AssumedHeadcount::of).collect(),
            computed_by: rerun.computed_by.into(),
            computed_at: rerun.computed_at,
            input_hash: rerun.input_hash,
            result_hash: rerun.result_hash,
            input: rerun.input,
            plan: rerun.plan.into(),
            lines: comparison.lines.into_iter().map(Into::into).collect(),
            recipients: comparison.recipients.into_iter().map(Into::into).collect(),
            years: comparison.years.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which reruns to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AppealRerunQuery {
    /// For this appeal only.
    pub appeal_id: Option<Uuid>,
}

/// List reruns.
///
/// For an applicant's own appeals, or those to the caller's office.
#[utoipa::path(operation_id = "appealRerunList", tag = "Appeals", params(AppealRerunQuery),
    responses((status = 200, description = "A page of reruns.", body = PageBody<AppealRerun>)))]
#[get("/v1/appeal-reruns")]
async fn list(call: Call, query: Query<AppealRerunQuery>) -> Reply {
    let filter =
        AppealRerunFilter { appeal_id: query.0.appeal_id.map(Into::into), ..AppealRerunFilter::default() };
    call.list(move |cx, page| appeal_reruns::list(cx, &filter, page)).await
}

/// Read a rerun.
///
/// What the appellant would have got, and the effect on others.
#[utoipa::path(operation_id = "appealRerunRead", tag = "Appeals",
    responses((status = 200, description = "The rerun.", body = AppealRerun)))]
#[get("/v1/appeal-reruns/{id}")]
async fn read(call: Call, id: Id<AppealRerunId>) -> Reply {
    call.read(move |cx| appeal_reruns::read(cx, id.0)).await
}

/// Compute what an appellant would have got.
///
/// From the stored run of the decision, with the appellant's line changed; what changed since then has no part in it.
#[utoipa::path(operation_id = "appealRerunCreate", tag = "Appeals", request_body = NewAppealRerun,
    responses((status = 201, description = "The rerun.", body = AppealRerun)))]
#[post("/v1/appeal-reruns")]
async fn create(call: Call, new: Json<NewAppealRerun>) -> Reply {
    let new = new.0;
    let headcounts = new.headcounts.into_iter().enumerate();
    let assumption = domain::Assumption {
        granted: new
            .granted
            .map(|years| domain::GrantedYears { first_year: years.first_year, last_year: years.last_year }),
        headcounts: headcounts.map(|(index, count)| count.read(index)).collect::<Result<_, _>>()?,
    };
    call.create(move |cx| appeal_reruns::create(cx, new.appeal_id.into(), &assumption)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create);
}
