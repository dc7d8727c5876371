//! Rules on appeals: who may appeal, until when and to whom, for each office and kind of recipient.

use actix_web::{get, put};
use serde::{Deserialize, Serialize};
use tildel_usecases::appeal_rules::{self, OfficeAppealRules};
use tildel_usecases::domain::appeal_rule as domain;
use tildel_usecases::domain::id::OfficeId;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::organisations::OrganisationKind;
use crate::body::{LocalText, Resource};
use crate::call::{Call, Id, Json, Reply};

/// Whether recipients of a kind may appeal, until when and to whom.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealRule {
    /// The kind of recipient.
    pub recipient_kind: OrganisationKind,
    /// Whether they may appeal.
    pub has_right: bool,
    /// The appeal period in days from the receipt of the letter; a last day that is no working day is moved to the next one.
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
    /// Days from the dispatch of a letter to its receipt, as the office presumes them.
    #[schema(minimum = 0, maximum = 30)]
    pub receipt_days: u32,
    /// What the rule rests on.
    pub legal_basis: LocalText,
    /// The body that tries appeals that the office does not uphold.
    pub appeal_body: LocalText,
}

impl From<domain::AppealRule> for AppealRule {
    fn from(rule: domain::AppealRule) -> Self {
        Self {
            recipient_kind: rule.recipient_kind.into(),
            has_right: rule.has_right,
            days: rule.days,
            receipt_days: rule.receipt_days,
            legal_basis: rule.legal_basis.into(),
            appeal_body: rule.appeal_body.into(),
        }
    }
}

impl From<AppealRule> for domain::AppealRule {
    fn from(rule: AppealRule) -> Self {
        Self {
            recipient_kind: rule.recipient_kind.into(),
            has_right: rule.has_right,
            days: rule.days,
            receipt_days: rule.receipt_days,
            legal_basis: rule.legal_basis.into(),
            appeal_body: rule.appeal_body.into(),
        }
    }
}

/// A rule as it holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StandingAppealRule {
    /// Whether the office has set it; else it is the default.
    pub is_own: bool,
    /// The rule.
    pub rule: AppealRule,
}

/// The rules of an office, for all kinds of recipient.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppealRules {
    /// The office.
    pub office_id: Uuid,
    /// The rules, one for each kind of recipient.
    pub rules: Vec<StandingAppealRule>,
    /// Version of the office.
    pub version: i64,
}

impl Resource for OfficeAppealRules {
    type Body = AppealRules;
    const COLLECTION: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        self.office.id.into()
    }

    fn version(&self) -> i64 {
        self.office.version
    }
}

impl From<OfficeAppealRules> for AppealRules {
    fn from(rules: OfficeAppealRules) -> Self {
        let standing =
            |(rule, is_own): (domain::AppealRule, bool)| StandingAppealRule { is_own, rule: rule.into() };
        Self {
            office_id: rules.office.id.into(),
            rules: rules.office.all_appeal_rules().into_iter().map(standing).collect(),
            version: rules.office.version,
        }
    }
}

/// The office's own rules.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealRulesContent {
    /// Each kind of recipient at most once; for the other kinds the defaults hold.
    #[schema(max_items = 8)]
    pub rules: Vec<AppealRule>,
}

/// Read the rules on appeals.
///
/// For all kinds of recipient: the office's own, or the defaults (private owners may appeal within three weeks; municipalities, counties and
/// the state may not).
#[utoipa::path(operation_id = "appealRulesRead", tag = "Appeals",
    responses((status = 200, description = "The rules.", body = AppealRules)))]
#[get("/v1/offices/{id}/appeal-rules")]
async fn read(call: Call, id: Id<OfficeId>) -> Reply {
    call.read(move |cx| appeal_rules::read(cx, id.0)).await
}

/// Set the rules on appeals.
///
/// The office's own, all of them at once, each with its legal basis. What recipients were told before stays.
#[utoipa::path(operation_id = "appealRulesSet", tag = "Appeals", request_body = AppealRulesContent,
    responses((status = 200, description = "The rules as they are now.", body = AppealRules)))]
#[put("/v1/offices/{id}/appeal-rules")]
async fn set(call: Call, id: Id<OfficeId>, content: Json<AppealRulesContent>) -> Reply {
    let rules: Vec<domain::AppealRule> = content.0.rules.into_iter().map(Into::into).collect();
    call.act(move |cx, expected| appeal_rules::set(cx, id.0, expected, &rules)).await
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read).service(set);
}
