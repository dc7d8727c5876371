//! Decisions: prepared by a case officer, approved by another person, and then in force.

mod beside;
mod effect;
mod matter;
mod renewals;

use actix_web::{get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_usecases::decisions::{self, DecisionFilter, DecisionView};
use tildel_usecases::domain::decision as domain;
use tildel_usecases::domain::id::DecisionId;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use beside::{AdvisedLine, AdvisedRenewal, AppealNotice, Departure, LineBesideAdvice};
pub use effect::{
    CountChange, DecisionEffect, FrameChange, NewGrant, OptionalMoneyChange, PlanChange, PlanLineChange,
    PromiseChange,
};
pub use matter::{
    AmountLine, AmountsMatter, AmountsTag, AwardLine, AwardMatter, AwardTag, DecidedOutcome, DecisionMatter,
    DepartureReason,
};

pub use renewals::{RenewalLine, RenewalsMatter, RenewalsTag};

use crate::body::{PageBody, Resource, wire_enum};
use crate::call::{Call, Id, Json, Query, Reply};

wire_enum! {
    /// Where a decision is in its life.
    DecisionState = domain::DecisionState {
        /// Being prepared; only its office sees it.
        Draft,
        /// Waits for the second person.
        Proposed,
        /// Approved: in force.
        Approved,
        /// The recipients have been told; they may appeal.
        Notified,
        /// Nobody can appeal in time any more, and nobody did, or took the appeal back.
        Final,
        /// An appeal is open.
        Appealed,
        /// Appealed, and it stands.
        Upheld,
        /// Appealed, and an appeal was upheld: a new decision follows for that recipient.
        Changed,
        /// Appealed, and no appeal was treated.
        Dismissed,
    }
}

/// A decision of an office.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Id.
    pub id: Uuid,
    /// Human reference, such as `RO-2020-0012`.
    pub reference: String,
    /// The office.
    pub office_id: Uuid,
    /// What is decided.
    pub matter: DecisionMatter,
    /// Where it is in its life.
    pub state: DecisionState,
    /// Who prepared it.
    pub prepared_by: Uuid,
    /// Who approved it: never who prepared it.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<Timestamp>,
    /// The upheld appeal that it follows; then it decides on that application alone, in the place of the appealed decision.
    #[schema(required)]
    pub appeal_id: Option<Uuid>,
    /// When the recipients were told.
    #[schema(required)]
    pub notified_at: Option<Timestamp>,
    /// From when nobody can appeal in time any more; null until the recipients are told.
    #[schema(required)]
    pub appeal_period_ends_at: Option<Timestamp>,
    /// What each applicant was told of the right to appeal.
    pub notices: Vec<AppealNotice>,
    /// Each line beside what the forums advised, in the order of the lines.
    pub lines: Vec<LineBesideAdvice>,
    /// What the decision does, or would do once approved: in the answers of dry runs, null elsewhere.
    #[schema(required)]
    pub effect: Option<DecisionEffect>,
    /// Version.
    pub version: i64,
}

impl Resource for DecisionView {
    type Body = Decision;
    const COLLECTION: Option<&'static str> = Some("/v1/decisions");

    fn id(&self) -> Uuid {
        self.decision.id.into()
    }

    fn version(&self) -> i64 {
        self.decision.version
    }
}

impl From<DecisionView> for Decision {
    fn from(view: DecisionView) -> Self {
        let decision = view.decision;
        Self {
            id: decision.id.into(),
            appeal_period_ends_at: decision.appeal_period_ends_at(),
            reference: decision.reference,
            office_id: decision.office_id.into(),
            matter: decision.matter.into(),
            state: decision.state.into(),
            prepared_by: decision.prepared_by.into(),
            approved_by: decision.approved_by.map(Into::into),
            approved_at: decision.approved_at,
            appeal_id: decision.appeal_id.map(Into::into),
            notified_at: decision.notified_at,
            notices: decision.notices.into_iter().map(Into::into).collect(),
            lines: view.lines.into_iter().map(Into::into).collect(),
            effect: view.effect.map(Into::into),
            version: decision.version,
        }
    }
}

/// What a new decision is made of.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDecision {
    /// What is decided.
    pub matter: DecisionMatter,
    /// The upheld appeal that it follows: then it has one line on the appealed application, or amounts of its grant alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub appeal_id: Option<Uuid>,
}

/// Why a proposal is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionReturn {
    /// What is to be changed.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Which decisions to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DecisionQuery {
    /// On the awards of this round only.
    pub round_id: Option<Uuid>,
    /// Of this office only.
    pub office_id: Option<Uuid>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<DecisionState>,
}

/// List decisions.
///
/// All that are in force, and those that the caller's office prepares.
#[utoipa::path(operation_id = "decisionList", tag = "Decisions", params(DecisionQuery),
    responses((status = 200, description = "A page of decisions.", body = PageBody<Decision>)))]
#[get("/v1/decisions")]
async fn list(call: Call, query: Query<DecisionQuery>) -> Reply {
    let filter = DecisionFilter {
        round_id: query.0.round_id.map(Into::into),
        office_id: query.0.office_id.map(Into::into),
        state: query.0.state.map(Into::into),
        ..DecisionFilter::default()
    };
    call.list(move |cx, page| decisions::list(cx, &filter, page)).await
}

/// Read a decision.
///
/// One decision as it stands. Until it is approved it exists for its office alone.
#[utoipa::path(operation_id = "decisionRead", tag = "Decisions",
    responses((status = 200, description = "The decision.", body = Decision)))]
#[get("/v1/decisions/{id}")]
async fn read(call: Call, id: Id<DecisionId>) -> Reply {
    call.read(move |cx| decisions::read(cx, id.0)).await
}

/// Prepare a decision.
///
/// Awards and renewals are held against the recommendations that were signed off, amounts against the run that computed them and
/// what forums advised. A line that departs from any forum's advice says why: reason code, reason and legal basis.
#[utoipa::path(operation_id = "decisionCreate", tag = "Decisions", request_body = NewDecision,
    responses((status = 201, description = "The new draft.", body = Decision)))]
#[post("/v1/decisions")]
async fn create(call: Call, new: Json<NewDecision>) -> Reply {
    let matter: domain::DecisionMatter = new.0.matter.try_into()?;
    let appeal_id = new.0.appeal_id.map(Into::into);
    call.create(move |cx| decisions::create(cx, &matter, appeal_id)).await
}

/// Propose a decision.
///
/// Hands a draft to the second person. Whoever proposes it counts as its preparer. A dry run tells what an approval would do: frames,
/// grants, promises and the plan; or refuses what the approval would be refused for.
#[utoipa::path(operation_id = "decisionPropose", tag = "Decisions",
    responses((status = 200, description = "The proposed decision.", body = Decision)))]
#[post("/v1/decisions/{id}/proposal")]
async fn propose(call: Call, id: Id<DecisionId>) -> Reply {
    call.act(move |cx, expected| decisions::propose(cx, id.0, expected)).await
}

/// Send a proposal back.
///
/// It is a draft again; the journal holds the reason.
#[utoipa::path(operation_id = "decisionSendBack", tag = "Decisions", request_body = DecisionReturn,
    responses((status = 200, description = "The decision, sent back.", body = Decision)))]
#[post("/v1/decisions/{id}/return")]
async fn send_back(call: Call, id: Id<DecisionId>, back: Json<DecisionReturn>) -> Reply {
    let reason = back.0.reason;
    call.act(move |cx, expected| decisions::send_back(cx, id.0, expected, &reason)).await
}

/// Approve a decision.
///
/// By another person than its preparer, without an interest. Frames are charged, and grants made, amounts promised, or grants renewed
/// and stopped. A dry run tells all that, and the plan that would follow, and stores nothing.
#[utoipa::path(operation_id = "decisionApprove", tag = "Decisions",
    responses((status = 200, description = "The approved decision.", body = Decision)))]
#[post("/v1/decisions/{id}/approval")]
async fn approve(call: Call, id: Id<DecisionId>) -> Reply {
    call.act(move |cx, expected| decisions::approve(cx, id.0, expected)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list).service(read).service(create).service(propose).service(send_back).service(approve);
}
