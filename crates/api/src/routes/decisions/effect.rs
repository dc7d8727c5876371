//! What a decision does, as a dry run tells it.

use serde::Serialize;
use tildel_usecases::decisions as usecases;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Money, SignedMoney};
use crate::routes::frames::FrameStatus;
use crate::routes::grants::GrantYearState;
use crate::routes::scenarios::{ComparedRecipient, ComparedYear};

/// An amount before and after, where there may be none.
#[derive(Serialize, ToSchema)]
pub struct OptionalMoneyChange {
    /// Before the decision.
    #[schema(required)]
    pub from: Option<SignedMoney>,
    /// After it.
    #[schema(required)]
    pub to: Option<SignedMoney>,
}

/// A number before and after, where there may be none.
#[derive(Serialize, ToSchema)]
pub struct CountChange {
    /// Before the decision.
    #[schema(required)]
    pub from: Option<u32>,
    /// After it.
    #[schema(required)]
    pub to: Option<u32>,
}

/// The frame of a year before and after.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameChange {
    /// The frame.
    pub frame_id: Uuid,
    /// The budget year.
    pub year: i16,
    /// Whether the Storting has decided it.
    pub status: FrameStatus,
    /// The money; null where it is not known.
    #[schema(required)]
    pub amount: Option<Money>,
    /// The places; null where they are not limited.
    #[schema(required)]
    pub places: Option<u32>,
    /// What is promised.
    pub promised: OptionalMoneyChange,
    /// What is left of the money; null where it is not known.
    pub left: OptionalMoneyChange,
    /// The places that are filled.
    pub places_used: CountChange,
    /// The places that are left; null where they are not limited.
    pub places_left: CountChange,
}

impl From<usecases::FrameEffect> for FrameChange {
    fn from(effect: usecases::FrameEffect) -> Self {
        let left = |frame: &tildel_usecases::domain::scheme::Frame| {
            frame.amount.and_then(|amount| amount.checked_sub(frame.committed).ok()).map(Into::into)
        };
        let places_left = |frame: &tildel_usecases::domain::scheme::Frame| {
            frame.places.map(|places| places.saturating_sub(frame.places_used))
        };
        let usecases::FrameEffect { before, after } = effect;
        Self {
            frame_id: after.id.into(),
            year: after.year,
            status: after.status.into(),
            amount: after.amount.map(Into::into),
            places: after.places,
            promised: OptionalMoneyChange {
                from: Some(before.committed.into()),
                to: Some(after.committed.into()),
            },
            left: OptionalMoneyChange { from: left(&before), to: left(&after) },
            places_used: CountChange { from: Some(before.places_used), to: Some(after.places_used) },
            places_left: CountChange { from: places_left(&before), to: places_left(&after) },
        }
    }
}

/// A grant that would be made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewGrant {
    /// The application.
    pub application_id: Uuid,
    /// The recipient who would answer for it.
    pub lead_id: Uuid,
    /// Name of the project.
    pub name: String,
    /// First year.
    pub first_year: i16,
    /// Last year.
    pub last_year: i16,
}

impl From<usecases::GrantEffect> for NewGrant {
    fn from(effect: usecases::GrantEffect) -> Self {
        Self {
            application_id: effect.application_id.into(),
            lead_id: effect.lead_id.into(),
            name: effect.name,
            first_year: effect.first_year,
            last_year: effect.last_year,
        }
    }
}

/// A promise that would be made or changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromiseChange {
    /// The grant.
    pub grant_id: Uuid,
    /// The budget year.
    pub year: i16,
    /// What was promised before.
    #[schema(required)]
    pub from: Option<Money>,
    /// What would be promised.
    #[schema(required)]
    pub to: Option<Money>,
    /// How firm it would be.
    pub state: GrantYearState,
}

impl From<usecases::PromiseEffect> for PromiseChange {
    fn from(effect: usecases::PromiseEffect) -> Self {
        Self {
            grant_id: effect.grant_id.into(),
            year: effect.year,
            from: effect.before.map(Into::into),
            to: effect.after.map(Into::into),
            state: effect.state.into(),
        }
    }
}

/// A project's year in the plan. A project is known by its application, whether it waits or is granted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanLineChange {
    /// The application.
    pub application_id: Uuid,
    /// Its grant, if it has one before the decision.
    #[schema(required)]
    pub grant_id: Option<Uuid>,
    /// The budget year.
    pub year: i16,
    /// In the plan in force; null for none.
    #[schema(required)]
    pub from: Option<Money>,
    /// In the plan that would follow; null for none.
    #[schema(required)]
    pub to: Option<Money>,
}

impl From<usecases::PlanLineEffect> for PlanLineChange {
    fn from(effect: usecases::PlanLineEffect) -> Self {
        Self {
            application_id: effect.application_id.into(),
            grant_id: effect.grant_id.map(Into::into),
            year: effect.year,
            from: effect.before.map(Into::into),
            to: effect.after.map(Into::into),
        }
    }
}

/// The plan in force beside the one that would follow.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanChange {
    /// The run that is the plan in force; null where nothing is planned.
    #[schema(required)]
    pub run_id: Option<Uuid>,
    /// The projects and years whose amounts differ.
    pub lines: Vec<PlanLineChange>,
    /// The recipients and years whose sums differ.
    pub recipients: Vec<ComparedRecipient>,
    /// All years of both plans.
    pub years: Vec<ComparedYear>,
}

impl From<usecases::PlanEffect> for PlanChange {
    fn from(effect: usecases::PlanEffect) -> Self {
        Self {
            run_id: effect.run_id.map(Into::into),
            lines: effect.lines.into_iter().map(Into::into).collect(),
            recipients: effect.recipients.into_iter().map(Into::into).collect(),
            years: effect.years.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a decision does, or would do once it is approved.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionEffect {
    /// The frames of the office for the scheme, by year.
    pub frames: Vec<FrameChange>,
    /// The grants that would be made.
    pub grants: Vec<NewGrant>,
    /// The promises that would be made or changed.
    pub promises: Vec<PromiseChange>,
    /// The plan; null where there is nothing to plan, or it can not be computed.
    #[schema(required)]
    pub plan: Option<PlanChange>,
    /// Why the plan can not be computed, in English.
    #[schema(required)]
    pub plan_problem: Option<String>,
}

impl From<usecases::DecisionEffect> for DecisionEffect {
    fn from(effect: usecases::DecisionEffect) -> Self {
        Self {
            frames: effect.frames.into_iter().map(Into::into).collect(),
            grants: effect.grants.into_iter().map(Into::into).collect(),
            promises: effect.promises.into_iter().map(Into::into).collect(),
            plan: effect.plan.map(Into::into),
            plan_problem: effect.plan_problem,
        }
    }
}
