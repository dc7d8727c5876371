//! The years of a grant, and what is recorded of them: renewals and payments.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Nok, RenewalOutcome};

use crate::Entry;
use crate::id::{
    DecisionId, GrantId, GrantPaymentId, GrantRenewalId, ImpactReportId, PersonId, RecommendationId, RunId,
};

/// How firm a year's amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantYearState {
    /// Computed, promised to nobody.
    Planned,
    /// Told to the recipient, conditional on the budget.
    PreNotified,
    /// Decided within a frame that the Storting has decided.
    Decided,
}

impl GrantYearState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::PreNotified => "pre_notified",
            Self::Decided => "decided",
        }
    }
}

/// One budget year of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantYear {
    /// The year.
    pub year: i16,
    /// State.
    pub state: GrantYearState,
    /// The amount of the newest run; none while it is pending.
    pub planned: Option<Nok>,
    /// The run that the planned amount is from (rule 8).
    pub planned_run_id: Option<RunId>,
    /// The amount that a decision promised.
    pub promised: Option<Nok>,
    /// The run that the promised amount is from (rule 8).
    pub promised_run_id: Option<RunId>,
    /// The decision that promised it.
    pub decision_id: Option<DecisionId>,
    /// The accepted impact report that moved the promise since.
    pub impact_report_id: Option<ImpactReportId>,
    /// Whether it depends on a budget that is not decided (rule 7).
    pub conditional: bool,
    /// What was decided on the forum's advice: whether the grant goes on in this year. None where nobody has judged.
    pub judgement: Option<RenewalOutcome>,
}

impl GrantYear {
    /// A year that nothing is known of yet.
    pub fn new(year: i16) -> Self {
        Self {
            year,
            state: GrantYearState::Planned,
            planned: None,
            planned_run_id: None,
            promised: None,
            promised_run_id: None,
            decision_id: None,
            impact_report_id: None,
            conditional: true,
            judgement: None,
        }
    }
}

/// What was decided of a later year of a grant, on the advice of a forum. The newest one of a year counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRenewal {
    /// Id.
    pub id: GrantRenewalId,
    /// The grant.
    pub grant_id: GrantId,
    /// The year.
    pub year: i16,
    /// Whether the grant goes on.
    pub outcome: RenewalOutcome,
    /// What is asked for in return, if something is.
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
    /// The decision; none for what one person recorded before renewals were decided.
    pub decision_id: Option<DecisionId>,
    /// The recommendation that it rests on.
    pub recommendation_id: Option<RecommendationId>,
    /// Who recorded it: who approved the decision.
    pub recorded_by: PersonId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl GrantRenewal {
    /// The entry for the journal.
    pub fn record(&self) -> Entry {
        Entry::new("grant.renew", "grant", self.grant_id)
            .with("renewalId", self.id.to_string())
            .with("year", self.year)
            .with("outcome", outcome_name(self.outcome))
    }
}

/// The word of an outcome.
pub(crate) const fn outcome_name(outcome: RenewalOutcome) -> &'static str {
    match outcome {
        RenewalOutcome::Renewed => "renewed",
        RenewalOutcome::Stopped => "stopped",
    }
}

/// A part of a year's amount that was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantPayment {
    /// Id.
    pub id: GrantPaymentId,
    /// The grant.
    pub grant_id: GrantId,
    /// The year whose amount it is part of.
    pub year: i16,
    /// Which payment of the year it is, from 1.
    pub sequence: u32,
    /// The amount.
    pub amount: Nok,
    /// The day on which it was paid.
    pub paid_on: Date,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl GrantPayment {
    /// The entry for the journal.
    pub fn record(&self) -> Entry {
        Entry::new("grant.pay", "grant", self.grant_id)
            .with("paymentId", self.id.to_string())
            .with("year", self.year)
            .with("sequence", self.sequence)
            .with("amount", self.amount.to_string())
    }
}
