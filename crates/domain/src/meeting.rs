//! Meetings, agendas, attendance and agreement tests.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ballot::Ballot;
use crate::forum::{Forum, Seat, VoteRight};
use crate::id::{AgendaItemId, ApplicationId, ForumId, MeetingId, PersonId, RoundId, SeatId};
use crate::recusal::{Recusal, kept_out_of};
use crate::refusal::{Refusal, RefusalCode};
use crate::renewal_advice::RenewalMatter;
use crate::standing::Holder;
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
    /// The application that is treated, where the item is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// The grants that are judged, where the item is about renewals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewals: Option<RenewalMatter>,
    /// The conditional seats that are called in for the item: they hear and speak, and have no vote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called_in: Vec<SeatId>,
    /// The agreement test, once made.
    pub agreement: Option<AgreementTest>,
}

impl AgendaItem {
    /// Whether an interest in the application of the item keeps a person out of it.
    pub fn keeps_out(&self, person_id: PersonId, recusals: &[Recusal]) -> bool {
        !kept_out_of(person_id, self.application_id, recusals).is_empty()
    }

    fn require_fit(&self, actor: &Actor, recusals: &[Recusal]) -> Result<(), Refusal> {
        match actor.person_id {
            Some(person_id) if self.keeps_out(person_id, recusals) => Err(Refusal::new(RefusalCode::Recused)),
            _ => Ok(()),
        }
    }
}

/// What an item is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAgendaItem {
    /// Id.
    pub id: AgendaItemId,
    /// Title.
    pub title: String,
    /// The round that is treated.
    pub round_id: Option<RoundId>,
    /// The application that is treated, of that round.
    pub application_id: Option<ApplicationId>,
    /// The grants that are to be judged; then the item is about nothing else.
    pub renewals: Option<RenewalMatter>,
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
    /// The item that is being treated.
    pub current_item_id: Option<AgendaItemId>,
    /// The number of the minutes that were approved last; 0 where none were.
    pub minutes_number: u32,
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
    pub fn add_item(&mut self, forum: &Forum, actor: &Actor, new: NewAgendaItem) -> Result<Entry, Refusal> {
        let NewAgendaItem { id, title, round_id, application_id, renewals } = new;
        forum.require_chair_or_secretariat(actor)?;
        self.require_planned()?;
        if title.trim().is_empty() {
            return Err(Refusal::invalid("/title", "a title"));
        }
        if renewals.is_some() && (round_id.is_some() || application_id.is_some()) {
            return Err(Refusal::invalid("/renewals", "renewals, or a round, and not both"));
        }
        let number = self.agenda.iter().map(|item| item.number).max().unwrap_or(0) + 1;
        let called_in = Vec::new();
        self.agenda.push(AgendaItem {
            id,
            number,
            title,
            round_id,
            application_id,
            renewals,
            called_in,
            agreement: None,
        });
        Ok(Entry::new("meeting.add_item", "meeting", self.id).with("agendaItemId", id.to_string()))
    }

    /// Records who is present: each on a seat of their own, no seat and nobody twice.
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
            if attendance[..index].iter().any(|other| other.person_id == present.person_id) {
                return Err(Refusal::invalid(&pointer, "each person once"));
            }
        }
        let count = attendance.len();
        self.attendance = attendance;
        Ok(Entry::new("meeting.record_attendance", "meeting", self.id).with("present", count))
    }

    /// Calls conditional seats in for an item: the whole list, in place of the one before.
    pub fn call_in(
        &mut self,
        forum: &Forum,
        seats: &[Seat],
        actor: &Actor,
        item_id: AgendaItemId,
        called_in: Vec<SeatId>,
    ) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_planned()?;
        for (index, seat_id) in called_in.iter().enumerate() {
            let pointer = format!("/seatIds/{index}");
            let seat = seats.iter().find(|seat| seat.id == *seat_id && seat.forum_id == self.forum_id);
            if seat.is_none_or(|seat| seat.vote_right != VoteRight::Conditional) {
                return Err(Refusal::invalid(&pointer, "a conditional seat of the forum"));
            }
        }
        let (id, count) = (self.id, called_in.len());
        self.item_mut(item_id)?.called_in = called_in;
        Ok(Entry::new("meeting.call_in", "meeting", id)
            .with("agendaItemId", item_id.to_string())
            .with("seats", count))
    }

    /// Takes an item up, for those who follow the meeting.
    pub fn take_up(&mut self, forum: &Forum, actor: &Actor, item_id: AgendaItemId) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        self.require_planned()?;
        self.item_mut(item_id)?;
        self.current_item_id = Some(item_id);
        Ok(Entry::new("meeting.take_up", "meeting", self.id).with("agendaItemId", item_id.to_string()))
    }

    /// Records the agreement test of an item (rule 3). A forum agrees only where enough voting seats are present, those
    /// that are recused on the item not counted.
    pub fn record_agreement(
        &mut self,
        (forum, seats, recusals): (&Forum, &[Seat], &[Recusal]),
        actor: &Actor,
        now: Timestamp,
        item_id: AgendaItemId,
        (outcome, note): (AgreementOutcome, Option<String>),
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        self.require_planned()?;
        let item = self.item_mut(item_id)?.clone();
        item.require_fit(actor, recusals)?;
        if outcome == AgreementOutcome::Skipped && note.as_deref().is_none_or(|note| note.trim().is_empty()) {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/note"));
        }
        if item.agreement.is_some() {
            return Err(Refusal::wrong_state("agenda item", "tested", "not yet tested"));
        }
        if outcome == AgreementOutcome::Agreed && !self.is_quorate(&item, forum, seats, recusals) {
            return Err(Refusal::new(RefusalCode::QuorumNotMet));
        }
        self.item_mut(item_id)?.agreement = Some(AgreementTest { outcome, note, recorded_at: now });
        Ok(Entry::new("meeting.record_agreement", "meeting", self.id)
            .with("agendaItemId", item_id.to_string()))
    }

    /// Whether enough voting seats are present and not recused on the item.
    pub fn is_quorate(&self, item: &AgendaItem, forum: &Forum, seats: &[Seat], recusals: &[Recusal]) -> bool {
        let is_recused = |person_id| item.keeps_out(person_id, recusals);
        // Whoever is present must be who holds the vote: a deputy who could sit in a recused member's place, and does not,
        // is not there.
        let takes_part = |seat: &&Seat| {
            let holder = Holder::of(seat, &self.attendance, is_recused).person_id();
            seat.votes_on(self.day())
                && self
                    .attendance
                    .iter()
                    .any(|present| present.seat_id == seat.id && Some(present.person_id) == holder)
        };
        let kinds: Vec<_> = seats.iter().filter(takes_part).map(|seat| seat.organisation_kind).collect();
        forum.quorum().is_met_by(&kinds)
    }

    /// The day of the meeting. A term is in whole days; the day in UTC is the day in Norway for every meeting by day.
    pub(crate) fn day(&self) -> jiff::civil::Date {
        self.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// Approves the minutes, or a correction of them: the chair of the forum signs. From the first approval on they are open to
    /// all, so nothing may be going on any more that somebody is kept out of; and who is kept out of one of the applications
    /// that they tell of does not make them known: the other one who leads the forum does.
    pub fn approve_minutes(
        &mut self,
        forum: &Forum,
        (ballots, recusals): (&[Ballot], &[Recusal]),
        actor: &Actor,
        correction: Option<&str>,
    ) -> Result<Entry, Refusal> {
        forum.require_chair(actor)?;
        if let Some(ballot) = ballots.iter().find(|ballot| !ballot.is_over()) {
            return Err(Refusal::wrong_state("ballot", ballot.state.as_str(), "counted, annulled"));
        }
        let treated = self.agenda.iter().filter_map(|item| item.application_id);
        let concerned = treated.chain(ballots.iter().flat_map(Ballot::concerned));
        if actor.person_id.is_some_and(|id| !kept_out_of(id, concerned, recusals).is_empty()) {
            return Err(Refusal::new(RefusalCode::Recused));
        }
        if self.state != MeetingState::Held {
            return Err(Refusal::wrong_state("meeting", self.state.as_str(), "held"));
        }
        if (self.minutes_number > 0) != correction.is_some() {
            let allowed = if self.minutes_number > 0 { "corrected" } else { "approved" };
            return Err(Refusal::wrong_state(
                "minutes",
                if self.minutes_number > 0 { "approved" } else { "draft" },
                allowed,
            ));
        }
        if correction.is_some_and(|correction| correction.trim().is_empty()) {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/correction"));
        }
        self.minutes_number += 1;
        Ok(Entry::new("meeting.approve_minutes", "meeting", self.id).with("number", self.minutes_number))
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

    /// Refuses once the minutes are approved: from then on what is said and counted is open to all.
    pub(crate) fn require_unpublished(&self) -> Result<(), Refusal> {
        if self.minutes_number == 0 {
            return Ok(());
        }
        Err(Refusal::wrong_state("minutes", "approved", "draft"))
    }

    pub(crate) fn require_planned(&self) -> Result<(), Refusal> {
        match self.state {
            MeetingState::Planned => Ok(()),
            MeetingState::Held => Err(Refusal::wrong_state("meeting", "held", "planned")),
        }
    }
}
