//! What a person is told by Tildel.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{BallotId, NotificationId, PersonId, SeatId};
use crate::refusal::Refusal;
use crate::text::LocalText;
use crate::{Actor, Entry};

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A ballot ends soon, and the receiver's seat has not voted.
    BallotReminder,
}

/// Something a person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Id.
    pub id: NotificationId,
    /// The receiver.
    pub person_id: PersonId,
    /// Kind.
    pub kind: NotificationKind,
    /// The ballot it is about.
    pub ballot_id: BallotId,
    /// The seat that the receiver holds.
    pub seat_id: SeatId,
    /// What it says.
    pub text: LocalText,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the receiver read it.
    pub read_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Notification {
    /// Makes it.
    pub fn tell(&self) -> Entry {
        Entry::new("notification.create", "notification", self.id)
    }

    /// Marks it as read. To anybody but the receiver it does not exist.
    pub fn mark_read(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        if actor.person_id != Some(self.person_id) {
            return Err(Refusal::not_found("notification"));
        }
        if self.read_at.is_some() {
            return Err(Refusal::wrong_state("notification", "read", "unread"));
        }
        self.read_at = Some(now);
        Ok(Entry::new("notification.read", "notification", self.id))
    }
}

/// The words of a reminder: which ballot, and until when.
pub fn reminder_text(title: &str, closes_at: Timestamp) -> LocalText {
    LocalText {
        nb: format!("Plassen din har ikke stemt i «{title}». Avstemningen lukkes {closes_at}."),
        nn: Some(format!("Plassen din har ikkje røysta i «{title}». Røystinga blir lukka {closes_at}.")),
        en: Some(format!("Your seat has not voted in “{title}”. The ballot closes at {closes_at}.")),
    }
}
