//! Letters: prepared, approved by a second person, dispatched.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{DecisionId, LetterId, OfficeId, PersonId, RoundId};
use crate::letter_content::{Approved, LetterContent, LetterTexts};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry};

/// Where a letter is in its life. Delivery is reported by channels that are not built yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Being prepared.
    Draft,
    /// Waits for the second person.
    Proposed,
    /// Approved.
    Approved,
    /// Sent.
    Dispatched,
}

impl LetterState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Dispatched => "dispatched",
        }
    }
}

/// A letter: its facts and texts are frozen in it, so that it stays true when the data change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Id.
    pub id: LetterId,
    /// Human reference.
    pub reference: String,
    /// The office that writes.
    pub office_id: OfficeId,
    /// The round it tells of.
    pub round_id: RoundId,
    /// The decision it makes known.
    pub decision_id: DecisionId,
    /// The facts.
    pub content: LetterContent,
    /// The texts, as the scheme had them.
    pub texts: LetterTexts,
    /// State.
    pub state: LetterState,
    /// Who prepared it.
    pub prepared_by: PersonId,
    /// Who approved it: never who prepared it (rule 6).
    pub approved_by: Option<PersonId>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was sent.
    pub dispatched_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Letter {
    /// Prepares a letter.
    pub fn prepare(&self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        Ok(Entry::new("letter.create", "letter", self.id).with("decisionId", self.decision_id.to_string()))
    }

    /// Hands it to the second person.
    pub fn propose(&mut self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(LetterState::Draft)?;
        self.prepared_by = actor.person()?;
        Ok(self.go(LetterState::Proposed, "letter.propose"))
    }

    /// Approves: another person than the preparer (rule 6). Only now does the letter say that it is approved.
    pub fn approve(&mut self, actor: &Actor, now: Timestamp, approval: Approved) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(LetterState::Proposed)?;
        let person_id = actor.person()?;
        if person_id == self.prepared_by {
            return Err(Refusal::new(RefusalCode::SamePersonApproves));
        }
        self.approved_by = Some(person_id);
        self.approved_at = Some(now);
        self.content.approved = Some(approval);
        Ok(self.go(LetterState::Approved, "letter.approve"))
    }

    /// Sends it.
    pub fn dispatch(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.require(LetterState::Approved)?;
        self.dispatched_at = Some(now);
        Ok(self.go(LetterState::Dispatched, "letter.dispatch"))
    }

    /// Whether the actor may read it: all when it is sent, the office before.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.state == LetterState::Dispatched
            || actor.role == crate::Role::System
            || actor.is_staff_of(self.office_id)
    }

    fn require(&self, state: LetterState) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        Err(Refusal::wrong_state("letter", self.state.as_str(), state.as_str()))
    }

    fn go(&mut self, state: LetterState, action: &'static str) -> Entry {
        let entry = Entry::new(action, "letter", self.id)
            .with("from", self.state.as_str())
            .with("to", state.as_str());
        self.state = state;
        entry
    }
}
