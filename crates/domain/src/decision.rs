//! What an office decides, line by line, approved by a second person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::Nok;

use crate::appeal_rule::AppealNotice;
use crate::departure::DepartureReason;
use crate::forum::Recusal;
use crate::id::{AppealId, ApplicationId, DecisionId, GrantId, OfficeId, PersonId, RoundId, RunId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::renewal_decision::RenewalLine;
use crate::{Actor, Entry};

mod amounts;
mod award;
mod course;

pub use amounts::{GrantAdvice, check_amounts};
pub use award::{check_appeal_award, check_award};

/// Where a decision is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// Being prepared.
    Draft,
    /// Waits for the second person.
    Proposed,
    /// Approved: in force.
    Approved,
    /// The recipients have been told; they may appeal.
    Notified,
    /// The appeal period of all recipients is over, and nobody appealed, or took the appeal back.
    Final,
    /// An appeal is open.
    Appealed,
    /// Appealed, and it stands.
    Upheld,
    /// Appealed, and an appeal was upheld: a new decision follows for that recipient.
    Changed,
    /// Appealed, and no appeal was treated, as they came late or without a right.
    Dismissed,
}

impl DecisionState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Notified => "notified",
            Self::Final => "final",
            Self::Appealed => "appealed",
            Self::Upheld => "upheld",
            Self::Changed => "changed",
            Self::Dismissed => "dismissed",
        }
    }

    /// Whether it was approved.
    pub const fn is_in_force(self) -> bool {
        !matches!(self, Self::Draft | Self::Proposed)
    }

    /// Whether the recipients have been told.
    pub const fn is_notified(self) -> bool {
        self.is_in_force() && !matches!(self, Self::Approved)
    }
}

/// Outcome for one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedOutcome {
    /// Granted for the years of the line.
    Granted,
    /// Declined.
    Declined,
    /// Put off to a later year.
    Deferred,
}

/// The decision on one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwardLine {
    /// The application.
    pub application_id: ApplicationId,
    /// Outcome.
    pub outcome: DecidedOutcome,
    /// First year of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i16>,
    /// Last year of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i16>,
    /// The year a deferred application is assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred_to_year: Option<i16>,
    /// The kind of reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The legal basis of a departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

/// The decision on one year's amount of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmountLine {
    /// The grant.
    pub grant_id: GrantId,
    /// The year.
    pub year: i16,
    /// The amount, exactly as the run holds it.
    pub amount: Nok,
    /// The kind of reason; demanded where the amount is another than a forum advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded where the amount is another than a forum advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The legal basis of a departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum DecisionMatter {
    /// Who is granted places in a round.
    Award {
        /// The round.
        round_id: RoundId,
        /// One line for each application that was handed in.
        lines: Vec<AwardLine>,
    },
    /// How much granted projects get.
    Amounts {
        /// The run that computed the amounts (rule 8).
        run_id: RunId,
        /// The amounts.
        lines: Vec<AmountLine>,
    },
    /// Which running grants go on in a year.
    Renewals {
        /// The scheme.
        scheme_id: SchemeId,
        /// The year.
        year: i16,
        /// One line for each grant that waits for a word on the year.
        lines: Vec<RenewalLine>,
    },
}

/// A decision of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id.
    pub id: DecisionId,
    /// Human reference.
    pub reference: String,
    /// The office.
    pub office_id: OfficeId,
    /// What is decided.
    pub matter: DecisionMatter,
    /// State.
    pub state: DecisionState,
    /// Who prepared it.
    pub prepared_by: PersonId,
    /// Who approved it: never who prepared it (rule 6).
    pub approved_by: Option<PersonId>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// The upheld appeal that it follows: then it decides for that application alone, in the place of the appealed decision.
    pub appeal_id: Option<AppealId>,
    /// When the recipients were told.
    pub notified_at: Option<Timestamp>,
    /// What each recipient was told of the right to appeal.
    pub notices: Vec<AppealNotice>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Decision {
    /// Hands the decision to the second person.
    pub fn propose(&mut self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(DecisionState::Draft)?;
        // Whoever proposes answers for the content and so counts as the preparer too.
        self.prepared_by = actor.person()?;
        Ok(self.go(DecisionState::Proposed, "decision.propose"))
    }

    /// Sends a proposal back to its preparer.
    pub fn send_back(&mut self, actor: &Actor, reason: &str) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(DecisionState::Proposed)?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        Ok(self.go(DecisionState::Draft, "decision.send_back").with("reason", reason))
    }

    /// Approves: another person than the preparer, without an interest (rule 6).
    pub fn approve(&mut self, recusals: &[Recusal], actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(DecisionState::Proposed)?;
        let person_id = actor.person()?;
        if person_id == self.prepared_by {
            return Err(Refusal::new(RefusalCode::SamePersonApproves));
        }
        if recusals.iter().any(|recusal| recusal.person_id == person_id) {
            return Err(Refusal::new(RefusalCode::ApproverHasInterest));
        }
        self.approved_by = Some(person_id);
        self.approved_at = Some(now);
        Ok(self.go(DecisionState::Approved, "decision.approve"))
    }

    /// Whether the actor may read it: all when it is approved, the office before.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.state.is_in_force() || actor.is_staff_of(self.office_id)
    }

    fn require(&self, state: DecisionState) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        Err(Refusal::wrong_state("decision", self.state.as_str(), state.as_str()))
    }

    fn go(&mut self, state: DecisionState, action: &'static str) -> Entry {
        let entry = Entry::new(action, "decision", self.id)
            .with("from", self.state.as_str())
            .with("to", state.as_str());
        self.state = state;
        entry
    }
}
