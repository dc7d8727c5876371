//! A decision beside the advice of the forums, and what its recipients were told of appeals.

use jiff::Timestamp;
use serde::Serialize;
use tildel_usecases::decisions::LineView;
use tildel_usecases::domain::{appeal_rule, departure, renewal_decision};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Money, wire_enum};
use crate::routes::appeal_rules::AppealRule;
use crate::routes::recommendations::RecommendedOutcome;
use crate::routes::renewals::RenewalOutcome;

wire_enum! {
    /// In what a line departs from what a forum advised.
    Departure = departure::Departure {
        /// In the outcome.
        Outcome,
        /// In the years.
        Years,
        /// In the amount.
        Amount,
        /// In the conditions of a renewal.
        Conditions,
    }
}

/// What a forum advised, and how the decision departs from it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdvisedLine {
    /// The recommendation.
    pub recommendation_id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// What it advised.
    pub outcome: RecommendedOutcome,
    /// The place in its order.
    #[schema(required)]
    pub rank: Option<u32>,
    /// The first year, if it advised one.
    #[schema(required)]
    pub first_year: Option<i16>,
    /// The last year, if it advised one.
    #[schema(required)]
    pub last_year: Option<i16>,
    /// The amount of the first year, if it advised one.
    #[schema(required)]
    pub amount: Option<Money>,
    /// Its assessment.
    pub assessment: String,
    /// In what the decision departs from it; null where it follows.
    #[schema(required)]
    pub departure: Option<Departure>,
}

impl From<departure::Advised> for AdvisedLine {
    fn from(advised: departure::Advised) -> Self {
        Self {
            recommendation_id: advised.recommendation_id.into(),
            forum_id: advised.forum_id.into(),
            outcome: advised.line.outcome.into(),
            rank: advised.line.rank,
            first_year: advised.line.first_year,
            last_year: advised.line.last_year,
            amount: advised.line.amount.map(Into::into),
            assessment: advised.line.assessment,
            departure: advised.departure.map(Into::into),
        }
    }
}

/// What a forum advised on a running grant, and how the decision departs from it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdvisedRenewal {
    /// The recommendation.
    pub recommendation_id: Uuid,
    /// The forum.
    pub forum_id: Uuid,
    /// Whether it should go on.
    pub outcome: RenewalOutcome,
    /// The amount of the year, if the forum advised one.
    #[schema(required)]
    pub amount: Option<Money>,
    /// What the forum asks for in return, if it asks for something.
    #[schema(required)]
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
    /// In what the decision departs from it; null where it follows.
    #[schema(required)]
    pub departure: Option<Departure>,
}

impl From<renewal_decision::AdvisedRenewal> for AdvisedRenewal {
    fn from(advised: renewal_decision::AdvisedRenewal) -> Self {
        Self {
            recommendation_id: advised.recommendation_id.into(),
            forum_id: advised.forum_id.into(),
            outcome: advised.line.outcome.into(),
            amount: advised.line.amount.map(Into::into),
            conditions: advised.line.conditions,
            reason: advised.line.reason,
            departure: advised.departure.map(Into::into),
        }
    }
}

/// A line of a decision beside what each forum advised. The reasons of departures are in the line itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineBesideAdvice {
    /// The application that is decided.
    #[schema(required)]
    pub application_id: Option<Uuid>,
    /// The grant, of an amount or a renewal.
    #[schema(required)]
    pub grant_id: Option<Uuid>,
    /// The year, of an amount or a renewal.
    #[schema(required)]
    pub year: Option<i16>,
    /// What the forums advised; where two advise differently, the line departs from one of them.
    pub advised: Vec<AdvisedLine>,
    /// What the forums advised on the renewal of the grant.
    pub advised_renewals: Vec<AdvisedRenewal>,
    /// The decision that takes the place of the line, after an appeal.
    #[schema(required)]
    pub superseded_by: Option<Uuid>,
}

impl From<LineView> for LineBesideAdvice {
    fn from(line: LineView) -> Self {
        Self {
            application_id: line.application_id.map(Into::into),
            grant_id: line.grant_year.map(|(grant_id, _)| grant_id.into()),
            year: line.grant_year.map(|(_, year)| year),
            advised: line.advised.into_iter().map(Into::into).collect(),
            advised_renewals: line.advised_renewals.into_iter().map(Into::into).collect(),
            superseded_by: line.superseded_by.map(Into::into),
        }
    }
}

/// What an applicant was told of the right to appeal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealNotice {
    /// The application that was decided.
    pub application_id: Uuid,
    /// Its lead, who may appeal.
    pub organisation_id: Uuid,
    /// The rule as it was then.
    pub rule: AppealRule,
    /// The day on which the letter counts as received, in Norway.
    #[schema(value_type = String, format = Date)]
    pub received_on: jiff::civil::Date,
    /// The first moment at which an appeal is too late; null without a right to appeal.
    #[schema(required)]
    pub ends_at: Option<Timestamp>,
}

impl From<appeal_rule::AppealNotice> for AppealNotice {
    fn from(notice: appeal_rule::AppealNotice) -> Self {
        Self {
            application_id: notice.application_id.into(),
            organisation_id: notice.organisation_id.into(),
            rule: notice.rule.into(),
            received_on: notice.received_on,
            ends_at: notice.ends_at,
        }
    }
}
