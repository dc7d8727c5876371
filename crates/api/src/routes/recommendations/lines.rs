//! Lines of recommendations: on applications, and on grants that run.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::award_criterion as criterion;
use tildel_usecases::domain::renewal_advice as renewal;
use tildel_usecases::domain::{Refusal, recommendation as domain};
use tildel_usecases::recommendations::NewRenewalAdvice;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Money, wire_enum};
use crate::routes::renewals::RenewalOutcome;

wire_enum! {
    /// What is advised for one application.
    RecommendedOutcome = domain::RecommendedOutcome {
        /// To be granted, at this rank.
        Ranked,
        /// On the reserve list.
        Reserve,
        /// Not to be granted.
        Not,
    }
}

/// How an application meets one award criterion of its round.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriterionAssessment {
    /// The key of the criterion.
    #[schema(min_length = 1, max_length = 64)]
    pub key: String,
    /// The score, where the criterion has a scale: 0 to its highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 100, nullable = false)]
    pub score: Option<u32>,
    /// The assessment in words.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
}

impl From<criterion::CriterionAssessment> for CriterionAssessment {
    fn from(made: criterion::CriterionAssessment) -> Self {
        Self { key: made.key, score: made.score, text: made.text }
    }
}

impl From<CriterionAssessment> for criterion::CriterionAssessment {
    fn from(made: CriterionAssessment) -> Self {
        Self { key: made.key, score: made.score, text: made.text }
    }
}

/// What one actor of a project should get of its amount.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActorShare {
    /// The lead, a partner or the provider of the application.
    pub organisation_id: Uuid,
    /// Its part of the amount.
    pub amount: Money,
}

/// The advice on one application.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendationLine {
    /// The application: who takes part, owners and university partners, and what it is about.
    pub application_id: Uuid,
    /// What is advised for it.
    pub outcome: RecommendedOutcome,
    /// The place in the order, from 1 without gaps: ranked lines first, then the reserve list; none where it is not
    /// recommended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000, nullable = false)]
    pub rank: Option<u32>,
    /// First year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub first_year: Option<i16>,
    /// Last year advised, if the forum says; not before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub last_year: Option<i16>,
    /// Amount of the first year, if the forum advises one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub amount: Option<Money>,
    /// How the amount should be split between the parties of the application, each once; the parts add up to it. Empty where
    /// the forum does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub split: Vec<ActorShare>,
    /// The forum's assessment as a whole.
    #[schema(min_length = 1, max_length = 5000)]
    pub assessment: String,
    /// The assessment by each award criterion of the round; empty where the round states none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 30)]
    pub criteria: Vec<CriterionAssessment>,
    /// Why the line stands elsewhere than the count of the ballot would have it: of two lines in another order one at least
    /// says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub departure_from_count: Option<String>,
}

impl From<domain::RecommendationLine> for RecommendationLine {
    fn from(line: domain::RecommendationLine) -> Self {
        let share = |share: domain::ActorShare| ActorShare {
            organisation_id: share.organisation_id.into(),
            amount: share.amount.into(),
        };
        Self {
            application_id: line.application_id.into(),
            outcome: line.outcome.into(),
            rank: line.rank,
            first_year: line.first_year,
            last_year: line.last_year,
            amount: line.amount.map(Into::into),
            split: line.split.into_iter().map(share).collect(),
            assessment: line.assessment,
            criteria: line.criteria.into_iter().map(Into::into).collect(),
            departure_from_count: line.departure_from_count,
        }
    }
}

impl RecommendationLine {
    /// Reads all lines of a body.
    pub(super) fn read_all(lines: Vec<Self>) -> Result<Vec<domain::RecommendationLine>, Refusal> {
        lines.into_iter().enumerate().map(|(index, line)| line.read(&format!("/lines/{index}"))).collect()
    }

    fn read(self, pointer: &str) -> Result<domain::RecommendationLine, Refusal> {
        let share = |(index, share): (usize, ActorShare)| {
            let amount = share.amount.read(&format!("{pointer}/split/{index}/amount"))?;
            Ok(domain::ActorShare { organisation_id: share.organisation_id.into(), amount })
        };
        Ok(domain::RecommendationLine {
            application_id: self.application_id.into(),
            outcome: self.outcome.into(),
            rank: self.rank,
            first_year: self.first_year,
            last_year: self.last_year,
            amount: self.amount.map(|amount| amount.read(&format!("{pointer}/amount"))).transpose()?,
            split: self.split.into_iter().enumerate().map(share).collect::<Result<_, Refusal>>()?,
            assessment: self.assessment,
            criteria: self.criteria.into_iter().map(Into::into).collect(),
            departure_from_count: self.departure_from_count,
        })
    }
}

/// The advice on one grant that runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenewalAdvice {
    /// The grant.
    pub grant_id: Uuid,
    /// The application that the grant answers.
    pub application_id: Uuid,
    /// Whether the grant should go on.
    pub outcome: RenewalOutcome,
    /// The amount of the year, if the forum advises one.
    #[schema(required)]
    pub amount: Option<Money>,
    /// What the forum asks for in return, if it asks for something.
    #[schema(required)]
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
}

impl From<renewal::RenewalAdvice> for RenewalAdvice {
    fn from(line: renewal::RenewalAdvice) -> Self {
        Self {
            grant_id: line.grant_id.into(),
            application_id: line.application_id.into(),
            outcome: line.outcome.into(),
            amount: line.amount.map(Into::into),
            conditions: line.conditions,
            reason: line.reason,
        }
    }
}

/// The advice on one grant that runs, to be written.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalAdviceContent {
    /// The grant.
    pub grant_id: Uuid,
    /// Whether the grant should go on.
    pub outcome: RenewalOutcome,
    /// The amount of the year, if the forum advises one; none where the grant is to end.
    pub amount: Option<Money>,
    /// What the forum asks for in return, if it asks for something; none where the grant is to end.
    #[schema(min_length = 1, max_length = 2000)]
    pub conditions: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

impl RenewalAdviceContent {
    /// Reads all lines of a body.
    pub(super) fn read_all(lines: Vec<Self>) -> Result<Vec<NewRenewalAdvice>, Refusal> {
        let line = |(index, line): (usize, Self)| {
            let pointer = format!("/renewals/lines/{index}/amount");
            Ok(NewRenewalAdvice {
                grant_id: line.grant_id.into(),
                outcome: line.outcome.into(),
                amount: line.amount.map(|amount| amount.read(&pointer)).transpose()?,
                conditions: line.conditions,
                reason: line.reason,
            })
        };
        lines.into_iter().enumerate().map(line).collect()
    }
}
