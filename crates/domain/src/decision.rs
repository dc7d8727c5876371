//! What an office decides, line by line, approved by a second person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::Nok;

use crate::application::{Application, ApplicationState};
use crate::forum::Recusal;
use crate::id::{ApplicationId, DecisionId, GrantId, OfficeId, PersonId, RoundId, RunId, SchemeId};
use crate::recommendation::{Recommendation, RecommendationLine, RecommendedOutcome};
use crate::refusal::{Refusal, RefusalCode};
use crate::renewal_decision::RenewalLine;
use crate::round::Round;
use crate::run::Run;
use crate::{Actor, Entry};

/// Where a decision is in its life. Appeals are not built yet, so a decision ends as notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// Being prepared.
    Draft,
    /// Waits for the second person.
    Proposed,
    /// Approved: in force.
    Approved,
    /// The recipients have been told.
    Notified,
}

impl DecisionState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Notified => "notified",
        }
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
    /// The version, counted up by each write.
    pub version: i64,
}

/// Where a line departs from what a forum advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// In the outcome.
    Outcome,
    /// In the years.
    Years,
}

impl AwardLine {
    /// How the line departs from a forum's line (rule 5). Amounts are decided apart, from a run.
    pub fn departure_from(&self, advised: &RecommendationLine) -> Option<Departure> {
        let follows = match advised.outcome {
            RecommendedOutcome::Ranked => self.outcome == DecidedOutcome::Granted,
            RecommendedOutcome::Reserve | RecommendedOutcome::Not => self.outcome == DecidedOutcome::Declined,
        };
        if !follows {
            return Some(Departure::Outcome);
        }
        let differs = |advised: Option<i16>, decided: Option<i16>| advised.is_some() && advised != decided;
        if self.outcome == DecidedOutcome::Granted
            && (differs(advised.first_year, self.first_year) || differs(advised.last_year, self.last_year))
        {
            return Some(Departure::Years);
        }
        None
    }
}

impl Decision {
    /// Prepares a decision on the applications of a round, from the adopted recommendations.
    pub fn prepare_award(
        &self,
        lines: &[AwardLine],
        round: &Round,
        applications: &[Application],
        recommendations: &[Recommendation],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        check_award(lines, round, applications, recommendations)?;
        Ok(Entry::new("decision.create", "decision", self.id).with("roundId", round.id.to_string()))
    }

    /// Prepares a decision on amounts: each one as the run holds it (rule 8).
    pub fn prepare_amounts(&self, lines: &[AmountLine], run: &Run, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        if run.office_id != self.office_id {
            return Err(Refusal::new(RefusalCode::OtherOffice));
        }
        if lines.is_empty() {
            return Err(Refusal::invalid("/matter/lines", "at least one amount"));
        }
        for (index, line) in lines.iter().enumerate() {
            let pointer = format!("/matter/lines/{index}");
            let repeated =
                lines[..index].iter().any(|other| other.grant_id == line.grant_id && other.year == line.year);
            if repeated {
                return Err(Refusal::invalid(&pointer, "each grant and year once"));
            }
            match run.amount(line.grant_id, line.year) {
                None => {
                    return Err(Refusal::new(RefusalCode::AmountNotOfRun)
                        .with("year", line.year)
                        .at(pointer));
                }
                Some(None) => {
                    return Err(Refusal::new(RefusalCode::AmountPending).with("year", line.year).at(pointer));
                }
                Some(Some(amount)) if amount != line.amount => {
                    return Err(Refusal::new(RefusalCode::AmountNotOfRun)
                        .with("year", line.year)
                        .at(pointer));
                }
                Some(Some(_)) => {}
            }
        }
        Ok(Entry::new("decision.create", "decision", self.id).with("runId", run.id.to_string()))
    }

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

    /// The recipients have been told, by letter.
    pub fn note_notification(&mut self) -> Result<Entry, Refusal> {
        self.require(DecisionState::Approved)?;
        Ok(self.go(DecisionState::Notified, "decision.notify"))
    }

    /// Whether the actor may read it: all when it is approved, the office before.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        matches!(self.state, DecisionState::Approved | DecisionState::Notified)
            || actor.is_staff_of(self.office_id)
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

/// Checks an award: a line for each application that was handed in, fitting outcomes, and a reason with a legal basis
/// wherever a line departs from an adopted recommendation (rule 5).
pub fn check_award(
    lines: &[AwardLine],
    round: &Round,
    applications: &[Application],
    recommendations: &[Recommendation],
) -> Result<(), Refusal> {
    if recommendations.is_empty() {
        return Err(Refusal::new(RefusalCode::RecommendationMissing));
    }
    let decidable = |state| {
        matches!(
            state,
            ApplicationState::Eligible
                | ApplicationState::Deferred
                | ApplicationState::Ranked
                | ApplicationState::Reserve
                | ApplicationState::NotRecommended
        )
    };
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/matter/lines/{index}");
        let application = applications
            .iter()
            .find(|application| application.id == line.application_id && decidable(application.state))
            .ok_or_else(|| Refusal::invalid(&pointer, "an application of the round that can be decided"))?;
        if lines[..index].iter().any(|other| other.application_id == line.application_id) {
            return Err(Refusal::invalid(&pointer, "each application once"));
        }
        check_years_of(line, round, application, &pointer)?;
        let advised = recommendations
            .iter()
            .flat_map(|recommendation| &recommendation.lines)
            .filter(|advised| advised.application_id == line.application_id);
        for advised in advised {
            if line.departure_from(advised).is_none() {
                continue;
            }
            if line.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(Refusal::new(RefusalCode::DepartureWithoutReason)
                    .with("application", &application.reference)
                    .at(format!("{pointer}/reason")));
            }
            if line.legal_basis.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
                return Err(Refusal::new(RefusalCode::DepartureWithoutLegalBasis)
                    .with("application", &application.reference)
                    .at(format!("{pointer}/legalBasis")));
            }
        }
    }
    let missing = applications.iter().find(|application| {
        decidable(application.state) && !lines.iter().any(|line| line.application_id == application.id)
    });
    match missing {
        Some(application) => {
            Err(Refusal::new(RefusalCode::DecisionLineMissing).with("application", &application.reference))
        }
        None => Ok(()),
    }
}

fn check_years_of(
    line: &AwardLine,
    round: &Round,
    application: &Application,
    pointer: &str,
) -> Result<(), Refusal> {
    match line.outcome {
        DecidedOutcome::Granted => {
            if application.state == ApplicationState::Deferred {
                return Err(Refusal::invalid(
                    &format!("{pointer}/outcome"),
                    "deferred, as screening put it off",
                ));
            }
            let (Some(first), Some(last)) = (line.first_year, line.last_year) else {
                return Err(Refusal::invalid(&format!("{pointer}/firstYear"), "the first and the last year"));
            };
            if first != round.budget_year || last < first || !crate::scheme::YEARS.contains(&last) {
                return Err(Refusal::invalid(
                    &format!("{pointer}/firstYear"),
                    format!("years that begin with the round's budget year {}", round.budget_year),
                ));
            }
            Ok(())
        }
        DecidedOutcome::Deferred => {
            if line.deferred_to_year.is_none_or(|year| year <= round.budget_year) {
                return Err(Refusal::new(RefusalCode::DeferralNotLater)
                    .with("year", round.budget_year)
                    .at(format!("{pointer}/deferredToYear")));
            }
            if line.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/reason")));
            }
            Ok(())
        }
        DecidedOutcome::Declined => Ok(()),
    }
}
