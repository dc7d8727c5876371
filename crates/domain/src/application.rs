//! Applications: lead, partners, provider; submission, screening and outcome.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Nok, UnitKind};

use crate::id::{ApplicationId, OfficeId, OrganisationId, PartyId, PersonId, RoundId};
use crate::organisation::Organisation;
use crate::refusal::{Refusal, RefusalCode};
use crate::round::{Round, RoundState};
use crate::{Actor, Entry, Role};

/// The answers that every application needs (the form of 2020 and 2026: measure, participants, goal, anchoring).
pub const REQUIRED_ANSWERS: [&str; 3] = ["measure", "participants", "goal"];

/// The most parties that one application may have.
const PARTIES_MAX: usize = 50;
/// The most answers, and the most characters in one.
const ANSWERS_MAX: usize = 30;
const ANSWER_CHARACTERS_MAX: usize = 20_000;

/// What a party does in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Applies and answers for the project.
    Lead,
    /// Takes part with its own employees.
    Partner,
    /// University or college that contributes (UH-partner).
    Provider,
}

/// An organisation in an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Id.
    pub id: PartyId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its part.
    pub role: PartyRole,
    /// What it brings itself.
    pub own_contribution: Option<String>,
    /// When it confirmed; the lead has confirmed by applying.
    pub confirmed_at: Option<Timestamp>,
}

/// Where an application is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationState {
    /// Being written; only its parties see it.
    Draft,
    /// Handed in.
    Submitted,
    /// Sent back for completion.
    Returned,
    /// Formal control passed.
    Eligible,
    /// Formal control failed.
    Ineligible,
    /// Put off to a later round.
    Deferred,
    /// Recommended with a rank.
    Ranked,
    /// Recommended for the reserve list.
    Reserve,
    /// Not recommended.
    NotRecommended,
    /// Decided: granted.
    Granted,
    /// Decided: declined.
    Declined,
    /// Taken back by the applicant.
    Withdrawn,
}

impl ApplicationState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Deferred => "deferred",
            Self::Ranked => "ranked",
            Self::Reserve => "reserve",
            Self::NotRecommended => "not_recommended",
            Self::Granted => "granted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Outcome of the formal control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreeningOutcome {
    /// May be treated.
    Eligible,
    /// May not be treated.
    Ineligible,
    /// Is treated in a later round.
    Deferred,
}

/// The formal control, always with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screening {
    /// Outcome.
    pub outcome: ScreeningOutcome,
    /// Reason.
    pub reason: String,
    /// The year it is put off to, for a deferral.
    pub deferred_to_year: Option<i16>,
    /// Who screened.
    pub screened_by: Option<PersonId>,
    /// When.
    pub screened_at: Timestamp,
}

/// What an applicant writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationContent {
    /// Title of the project.
    pub title: String,
    /// Name of the joint project, such as «Jærbarnehagene»; else the lead's name is used.
    pub project_name: Option<String>,
    /// The kinds of unit that take part.
    pub unit_kinds: Vec<UnitKind>,
    /// The answers by question.
    pub answers: BTreeMap<String, String>,
    /// The amount applied for, where the scheme asks for one.
    pub requested: Option<Nok>,
}

impl ApplicationContent {
    fn check(&self) -> Result<(), Refusal> {
        if self.title.trim().is_empty() || self.title.chars().count() > 300 {
            return Err(Refusal::invalid("/title", "a title of 1 to 300 characters"));
        }
        if self.answers.len() > ANSWERS_MAX {
            return Err(Refusal::invalid("/answers", "at most 30 answers"));
        }
        if let Some(key) = self
            .answers
            .iter()
            .find(|(_, text)| text.chars().count() > ANSWER_CHARACTERS_MAX)
            .map(|(key, _)| key)
        {
            return Err(Refusal::invalid(&format!("/answers/{key}"), "at most 20000 characters"));
        }
        if self.requested.is_some_and(|amount| amount < Nok::ZERO) {
            return Err(Refusal::invalid("/requested", "zero or more"));
        }
        Ok(())
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Id.
    pub id: ApplicationId,
    /// Human reference, such as `RO-2020-0007`.
    pub reference: String,
    /// The round.
    pub round_id: RoundId,
    /// The office of the round.
    pub office_id: OfficeId,
    /// The content.
    pub content: ApplicationContent,
    /// The parties, the lead first.
    pub parties: Vec<Party>,
    /// State.
    pub state: ApplicationState,
    /// When it was handed in, last time.
    pub submitted_at: Option<Timestamp>,
    /// Why it was sent back or withdrawn.
    pub state_reason: Option<String>,
    /// The formal control.
    pub screening: Option<Screening>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Application {
    /// Begins an application.
    pub fn begin(
        &self,
        round: &Round,
        lead: &Organisation,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        actor.require_organisation(lead.id)?;
        if !lead.kind.may_apply() {
            return Err(Refusal::invalid("/leadId", "an organisation that may apply"));
        }
        round.require_taking_applications(now)?;
        self.content.check()?;
        Ok(Entry::new("application.create", "application", self.id)
            .with("roundId", self.round_id.to_string()))
    }

    /// Rewrites the content of a draft or a returned application.
    pub fn revise(&mut self, content: ApplicationContent, actor: &Actor) -> Result<Entry, Refusal> {
        self.require_lead(actor)?;
        self.require_editable()?;
        content.check()?;
        self.content = content;
        Ok(Entry::new("application.revise", "application", self.id))
    }

    /// Invites a partner or provider, who then has to confirm.
    pub fn add_party(&mut self, party: Party, actor: &Actor) -> Result<Entry, Refusal> {
        self.require_lead(actor)?;
        self.require_editable()?;
        if party.role == PartyRole::Lead {
            return Err(Refusal::invalid("/role", "partner or provider"));
        }
        if self.parties.iter().any(|other| other.organisation_id == party.organisation_id) {
            return Err(Refusal::new(RefusalCode::DuplicateParty).at("/organisationId"));
        }
        if self.parties.len() >= PARTIES_MAX {
            return Err(Refusal::invalid("/organisationId", "at most 50 parties"));
        }
        let entry =
            Entry::new("application.add_party", "application", self.id).with("partyId", party.id.to_string());
        self.parties.push(party);
        Ok(entry)
    }

    /// Takes a partner or provider out again.
    pub fn remove_party(&mut self, party_id: PartyId, actor: &Actor) -> Result<Entry, Refusal> {
        self.require_lead(actor)?;
        self.require_editable()?;
        let index = self.party_index(party_id)?;
        if self.parties[index].role == PartyRole::Lead {
            return Err(Refusal::invalid("/partyId", "a partner or provider"));
        }
        self.parties.remove(index);
        Ok(Entry::new("application.remove_party", "application", self.id)
            .with("partyId", party_id.to_string()))
    }

    /// A partner or provider confirms that it takes part.
    pub fn confirm_party(
        &mut self,
        party_id: PartyId,
        own_contribution: Option<String>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        let index = self.party_index(party_id)?;
        actor.require_organisation(self.parties[index].organisation_id)?;
        self.require_editable()?;
        let party = &mut self.parties[index];
        if party.confirmed_at.is_some() {
            return Err(Refusal::wrong_state("party", "confirmed", "not yet confirmed"));
        }
        party.confirmed_at = Some(now);
        if own_contribution.is_some() {
            party.own_contribution = own_contribution;
        }
        Ok(Entry::new("application.confirm_party", "application", self.id)
            .with("partyId", party_id.to_string()))
    }

    /// Hands the application in: complete, confirmed by all parties, before the deadline.
    ///
    /// A returned application may be completed after the deadline, until the round is handed to the forums.
    pub fn submit(&mut self, round: &Round, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        self.require_lead(actor)?;
        self.require_editable()?;
        let completes = self.state == ApplicationState::Returned && round.state == RoundState::Closed;
        if !completes {
            round.require_taking_applications(now)?;
        }
        let missing: Vec<&str> = REQUIRED_ANSWERS
            .into_iter()
            .filter(|key| self.content.answers.get(*key).is_none_or(|answer| answer.trim().is_empty()))
            .collect();
        if let Some(first) = missing.first() {
            return Err(Refusal::new(RefusalCode::ApplicationIncomplete)
                .with("missing", missing.join(", "))
                .at(format!("/answers/{first}")));
        }
        if self.content.unit_kinds.is_empty() {
            return Err(Refusal::new(RefusalCode::ApplicationIncomplete)
                .with("missing", "unitKinds")
                .at("/unitKinds"));
        }
        if let Some(party) = self.parties.iter().find(|party| party.confirmed_at.is_none()) {
            return Err(Refusal::new(RefusalCode::PartnerNotConfirmed).with("party", party.id));
        }
        self.state_reason = None;
        self.submitted_at = Some(now);
        Ok(self.go(ApplicationState::Submitted, "application.submit"))
    }

    /// Sends the application back for completion.
    pub fn return_for_completion(&mut self, reason: &str, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(&[ApplicationState::Submitted], "submitted")?;
        self.state_reason = Some(required_reason(reason)?);
        Ok(self.go(ApplicationState::Returned, "application.return"))
    }

    /// Formal control, after the round has closed.
    pub fn screen(&mut self, screening: Screening, round: &Round, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        if round.state != RoundState::Closed {
            return Err(Refusal::wrong_state("round", round.state.as_str(), "closed"));
        }
        // A returned application that never came back can still be screened, so that it does not block the round.
        let screenable = [
            ApplicationState::Submitted,
            ApplicationState::Returned,
            ApplicationState::Eligible,
            ApplicationState::Ineligible,
            ApplicationState::Deferred,
        ];
        self.require(&screenable, "submitted, returned, eligible, ineligible, deferred")?;
        required_reason(&screening.reason)?;
        let (state, action) = match screening.outcome {
            ScreeningOutcome::Eligible => (ApplicationState::Eligible, "application.screen_eligible"),
            ScreeningOutcome::Ineligible => (ApplicationState::Ineligible, "application.screen_ineligible"),
            ScreeningOutcome::Deferred => (ApplicationState::Deferred, "application.screen_deferred"),
        };
        let later = screening.deferred_to_year.is_some_and(|year| year > round.budget_year);
        if (screening.outcome == ScreeningOutcome::Deferred) != later {
            return Err(Refusal::new(RefusalCode::DeferralNotLater)
                .with("year", round.budget_year)
                .at("/deferredToYear"));
        }
        self.screening = Some(screening);
        Ok(self.go(state, action))
    }

    /// Takes the application back, until it is decided.
    pub fn withdraw(&mut self, reason: Option<String>, actor: &Actor) -> Result<Entry, Refusal> {
        self.require_lead(actor)?;
        if matches!(
            self.state,
            ApplicationState::Granted | ApplicationState::Declined | ApplicationState::Withdrawn
        ) {
            return Err(Refusal::wrong_state(
                "application",
                self.state.as_str(),
                "any state before the decision",
            ));
        }
        self.state_reason = reason;
        Ok(self.go(ApplicationState::Withdrawn, "application.withdraw"))
    }

    /// Takes over what a forum recommends. The recommendation that was adopted last shows.
    pub fn note_recommendation(&mut self, state: ApplicationState) -> Result<Entry, Refusal> {
        self.require(
            &[
                ApplicationState::Eligible,
                ApplicationState::Ranked,
                ApplicationState::Reserve,
                ApplicationState::NotRecommended,
            ],
            "eligible, ranked, reserve, not_recommended",
        )?;
        Ok(self.go(state, "application.recommend"))
    }

    /// Takes over what the office decides.
    pub fn note_decision(&mut self, state: ApplicationState) -> Result<Entry, Refusal> {
        self.require(
            &[
                ApplicationState::Eligible,
                ApplicationState::Deferred,
                ApplicationState::Ranked,
                ApplicationState::Reserve,
                ApplicationState::NotRecommended,
            ],
            "eligible, deferred, ranked, reserve, not_recommended",
        )?;
        Ok(self.go(state, "application.decide"))
    }

    /// Takes over what the office decides after an appeal was upheld.
    pub fn note_appeal_decision(&mut self) -> Result<Entry, Refusal> {
        self.require(&[ApplicationState::Declined, ApplicationState::Deferred], "declined, deferred")?;
        Ok(self.go(ApplicationState::Granted, "application.decide"))
    }

    /// The lead, who is always there.
    pub fn lead(&self) -> Result<&Party, Refusal> {
        self.parties
            .iter()
            .find(|party| party.role == PartyRole::Lead)
            .ok_or_else(|| Refusal::not_found("lead"))
    }

    /// Whether this organisation is a party.
    pub fn has_party(&self, organisation_id: OrganisationId) -> bool {
        self.parties.iter().any(|party| party.organisation_id == organisation_id)
    }

    /// Whether the actor may know of the application.
    ///
    /// Drafts are for their parties alone; what is handed in is a public document (offentleglova § 3).
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let is_party = actor.organisation_id.is_some_and(|organisation_id| self.has_party(organisation_id));
        if actor.role == Role::System || is_party {
            return true;
        }
        match self.state {
            ApplicationState::Draft => false,
            ApplicationState::Withdrawn => self.submitted_at.is_some(),
            _ => true,
        }
    }

    fn party_index(&self, party_id: PartyId) -> Result<usize, Refusal> {
        self.parties.iter().position(|party| party.id == party_id).ok_or_else(|| Refusal::not_found("party"))
    }

    fn require_lead(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.require_organisation(self.lead()?.organisation_id)
    }

    fn require_editable(&self) -> Result<(), Refusal> {
        self.require(&[ApplicationState::Draft, ApplicationState::Returned], "draft, returned")
    }

    fn require(&self, allowed: &[ApplicationState], names: &str) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::wrong_state("application", self.state.as_str(), names))
    }

    fn go(&mut self, state: ApplicationState, action: &'static str) -> Entry {
        let entry = Entry::new(action, "application", self.id)
            .with("from", self.state.as_str())
            .with("to", state.as_str());
        self.state = state;
        entry
    }
}

/// Refuses an empty reason.
fn required_reason(reason: &str) -> Result<String, Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
    }
    Ok(reason.to_owned())
}
