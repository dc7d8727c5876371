//! Meetings, agendas, attendance and agreement tests.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::forum::{Forum, Seat};
use crate::id::{AgendaItemId, ForumId, MeetingId, PersonId, RoundId, SeatId};
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry};

/// Where a meeting is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// To come, or under way.
    Planned,
    /// Ended; its minutes can be written.
    Held,
}

impl MeetingState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
        }
    }
}

/// How the forum came to a result on an item without, or before, a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementOutcome {
    /// All agreed: no vote.
    Agreed,
    /// The forum did not agree, so it may vote.
    NotAgreed,
    /// The chair did not test agreement, and says why.
    Skipped,
}

/// The agreement test of an item (rule 3; the mandate of the forum: discuss until there is agreement, else a vote).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementTest {
    /// Outcome.
    pub outcome: AgreementOutcome,
    /// What was agreed, or why there was no agreement or no test.
    pub note: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// An item of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// Id.
    pub id: AgendaItemId,
    /// Its number on the agenda, from 1.
    pub number: u32,
    /// Title.
    pub title: String,
    /// The round that is treated.
    pub round_id: Option<RoundId>,
    /// The agreement test, once made.
    pub agreement: Option<AgreementTest>,
}

/// Somebody present on a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The seat.
    pub seat_id: SeatId,
    /// The member or the deputy.
    pub person_id: PersonId,
}

/// A meeting of a forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Id.
    pub id: MeetingId,
    /// The forum.
    pub forum_id: ForumId,
    /// Beginning.
    pub starts_at: Timestamp,
    /// Place, or how it is held.
    pub place: String,
    /// State.
    pub state: MeetingState,
    /// Agenda, by number.
    pub agenda: Vec<AgendaItem>,
    /// Who was present.
    pub attendance: Vec<Attendance>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Meeting {
    /// Calls a meeting.
    pub fn call(&self, forum: &Forum, actor: &Actor) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        Ok(Entry::new("meeting.create", "meeting", self.id).with("forumId", self.forum_id.to_string()))
    }

    /// Puts an item last on the agenda.
    pub fn add_item(
        &mut self,
        forum: &Forum,
        actor: &Actor,
        id: AgendaItemId,
        title: String,
        round_id: Option<RoundId>,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_planned()?;
        if title.trim().is_empty() {
            return Err(Refusal::invalid("/title", "a title"));
        }
        let number = self.agenda.iter().map(|item| item.number).max().unwrap_or(0) + 1;
        self.agenda.push(AgendaItem { id, number, title, round_id, agreement: None });
        Ok(Entry::new("meeting.add_item", "meeting", self.id).with("agendaItemId", id.to_string()))
    }

    /// Records who is present: each on a seat of their own, no seat twice.
    pub fn record_attendance(
        &mut self,
        forum: &Forum,
        seats: &[Seat],
        actor: &Actor,
        attendance: Vec<Attendance>,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_planned()?;
        for (index, present) in attendance.iter().enumerate() {
            let pointer = format!("/attendance/{index}");
            let seat = seats.iter().find(|seat| seat.id == present.seat_id && seat.forum_id == self.forum_id);
            let Some(seat) = seat else {
                return Err(Refusal::new(RefusalCode::UnknownReference).with("thing", "seat").at(pointer));
            };
            if !seat.is_held_by(present.person_id) {
                return Err(Refusal::invalid(&pointer, "the member or the deputy of the seat"));
            }
            if attendance[..index].iter().any(|other| other.seat_id == present.seat_id) {
                return Err(Refusal::invalid(&pointer, "each seat once"));
            }
        }
        let count = attendance.len();
        self.attendance = attendance;
        Ok(Entry::new("meeting.record_attendance", "meeting", self.id).with("present", count))
    }

    /// Records the agreement test of an item (rule 3).
    pub fn record_agreement(
        &mut self,
        forum: &Forum,
        actor: &Actor,
        now: Timestamp,
        item_id: AgendaItemId,
        outcome: AgreementOutcome,
        note: Option<String>,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_planned()?;
        if outcome == AgreementOutcome::Skipped && note.as_deref().is_none_or(|note| note.trim().is_empty()) {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/note"));
        }
        let id = self.id;
        let item = self.item_mut(item_id)?;
        if item.agreement.is_some() {
            return Err(Refusal::wrong_state("agenda item", "tested", "not yet tested"));
        }
        item.agreement = Some(AgreementTest { outcome, note, recorded_at: now });
        Ok(Entry::new("meeting.record_agreement", "meeting", id).with("agendaItemId", item_id.to_string()))
    }

    /// Ends the meeting.
    pub fn hold(&mut self, forum: &Forum, actor: &Actor) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_planned()?;
        self.state = MeetingState::Held;
        Ok(Entry::new("meeting.hold", "meeting", self.id))
    }

    /// The item with this id.
    pub fn item(&self, item_id: AgendaItemId) -> Result<&AgendaItem, Refusal> {
        self.agenda
            .iter()
            .find(|item| item.id == item_id)
            .ok_or_else(|| Refusal::new(RefusalCode::UnknownReference).with("thing", "agenda item"))
    }

    fn item_mut(&mut self, item_id: AgendaItemId) -> Result<&mut AgendaItem, Refusal> {
        self.agenda
            .iter_mut()
            .find(|item| item.id == item_id)
            .ok_or_else(|| Refusal::not_found("agenda item"))
    }

    fn require_planned(&self) -> Result<(), Refusal> {
        match self.state {
            MeetingState::Planned => Ok(()),
            MeetingState::Held => Err(Refusal::wrong_state("meeting", "held", "planned")),
        }
    }
}
