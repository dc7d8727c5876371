//! Impact reports: what a new run moves, and why.

mod reason;

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::allocation::impact::Move;
use tildel_usecases::domain::id::ImpactReportId;
use tildel_usecases::domain::impact as domain;
use tildel_usecases::impact::{self, ImpactReportFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use reason::ImpactReason;

use super::runs::PlanLineState;
use crate::body::{Money, PageBody, resource, wire_enum};
use crate::call::{Call, Id, Query, Reply};

wire_enum! {
    /// Where an impact report is in its life.
    ImpactReportState = domain::ImpactReportState {
        /// Pre-notified amounts would move; somebody has to accept it first.
        Open,
        /// Nothing moves that was told to anybody.
        Informative,
        /// Accepted: the pre-notified amounts have moved.
        Accepted,
        /// A newer run says something else.
        Superseded,
    }
}

/// An amount that a new run moves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImpactMove {
    /// The project: a grant, or an application of the reserve list.
    #[schema(value_type = Uuid)]
    pub project_id: String,
    /// Its reference.
    pub reference: String,
    /// The organisation number of the one who answers for it.
    pub organisation_number: String,
    /// The budget year.
    pub year: i16,
    /// How firm the amount is.
    pub state: PlanLineState,
    /// The amount before: what was pre-notified, where something was, else that of the run before; null for none.
    #[schema(required)]
    pub from: Option<Money>,
    /// The amount of the new run; null for none.
    #[schema(required)]
    pub to: Option<Money>,
    /// Why; never empty.
    pub reasons: Vec<ImpactReason>,
}

impl From<Move> for ImpactMove {
    fn from(told: Move) -> Self {
        Self {
            project_id: told.project,
            reference: told.reference,
            organisation_number: told.organisation,
            year: told.year,
            state: told.state.into(),
            from: told.from.map(Into::into),
            to: told.to.map(Into::into),
            reasons: told.reasons.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a run moves as against the one before it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImpactReport {
    /// Id.
    pub id: Uuid,
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The run that moves the amounts.
    pub run_id: Uuid,
    /// The run before it.
    #[schema(required)]
    pub previous_run_id: Option<Uuid>,
    /// Where it is in its life.
    pub state: ImpactReportState,
    /// What moves, by reference and year.
    pub moves: Vec<ImpactMove>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who accepted it.
    #[schema(required)]
    pub accepted_by: Option<Uuid>,
    /// When it was accepted.
    #[schema(required)]
    pub accepted_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
}

resource!(domain::ImpactReport => ImpactReport at "/v1/impact-reports");

impl From<domain::ImpactReport> for ImpactReport {
    fn from(report: domain::ImpactReport) -> Self {
        Self {
            id: report.id.into(),
            office_id: report.office_id.into(),
            scheme_id: report.scheme_id.into(),
            run_id: report.run_id.into(),
            previous_run_id: report.previous_run_id.map(Into::into),
            state: report.state.into(),
            moves: report.moves.into_iter().map(Into::into).collect(),
            created_at: report.created_at,
            accepted_by: report.accepted_by.map(Into::into),
            accepted_at: report.accepted_at,
            version: report.version,
        }
    }
}

/// Which impact reports to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ImpactReportQuery {
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// Of this scheme only.
    pub scheme_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<ImpactReportState>,
}

/// List impact reports.
///
/// What runs have moved, for staff of the office and the directorate. A plan has one open report at most.
#[utoipa::path(operation_id = "impactReportList", tag = "Plans", params(ImpactReportQuery),
    responses((status = 200, description = "A page of reports.", body = PageBody<ImpactReport>)))]
#[get("/v1/impact-reports")]
async fn list(call: Call, query: Query<ImpactReportQuery>) -> Reply {
    let filter = ImpactReportFilter {
        office_id: query.0.office_id.map(Into::into),
        scheme_id: query.0.scheme_id.map(Into::into),
        state: query.0.state.map(Into::into),
        visible_office: None,
    };
    call.list(move |cx, page| impact::list(cx, &filter, page)).await
}

/// Read an impact report.
///
/// Who is moved, in which year, from what, to what, and why.
#[utoipa::path(operation_id = "impactReportRead", tag = "Plans",
    responses((status = 200, description = "The report.", body = ImpactReport)))]
#[get("/v1/impact-reports/{id}")]
async fn read(call: Call, id: Id<ImpactReportId>) -> Reply {
    call.read(move |cx| impact::read(cx, id.0)).await
}

/// Accept an impact report.
///
/// The pre-notified amounts move to those of the report's run, within the frames. What is decided never moves so.
#[utoipa::path(operation_id = "impactReportAccept", tag = "Plans",
    responses((status = 200, description = "The accepted report.", body = ImpactReport)))]
#[post("/v1/impact-reports/{id}/acceptance")]
async fn accept(call: Call, id: Id<ImpactReportId>) -> Reply {
    call.act(move |cx, expected| impact::accept(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(accept);
}
