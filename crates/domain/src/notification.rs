//! What a person is told by Tildel.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::appeal::AppealOutcome;
use crate::id::{AppealId, BallotId, NotificationId, PersonId, SeatId};
use crate::refusal::Refusal;
use crate::text::LocalText;
use crate::{Actor, Entry};

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A ballot ends soon, and the receiver's seat has not voted.
    BallotReminder,
    /// Somebody appeals against a decision that the receiver prepared.
    AppealReceived,
    /// The office looks into the receiver's appeal.
    AppealUnderReview,
    /// A ruling on the receiver's appeal was made.
    AppealRuled,
    /// An appeal that the receiver handles was taken back.
    AppealWithdrawn,
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
    pub ballot_id: Option<BallotId>,
    /// The seat that the receiver holds in the ballot's forum.
    pub seat_id: Option<SeatId>,
    /// The appeal it is about.
    pub appeal_id: Option<AppealId>,
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

fn three(nb: String, nn: String, en: String) -> LocalText {
    LocalText { nb, nn: Some(nn), en: Some(en) }
}

/// Tells whoever prepared a decision that somebody appeals against it.
pub fn appeal_received_text(appeal: &str, decision: &str) -> LocalText {
    three(
        format!("Det er kommet en klage, {appeal}, på vedtaket {decision}."),
        format!("Det er komen ei klage, {appeal}, på vedtaket {decision}."),
        format!("An appeal, {appeal}, was made against the decision {decision}."),
    )
}

/// Tells the appellant that the office looks into the appeal.
pub fn appeal_under_review_text(appeal: &str) -> LocalText {
    three(
        format!("Klagen {appeal} er under behandling."),
        format!("Klaga {appeal} er under behandling."),
        format!("The appeal {appeal} is being treated."),
    )
}

/// Tells the appellant what was ruled.
pub fn appeal_ruled_text(appeal: &str, outcome: AppealOutcome) -> LocalText {
    let (nb, nn, en) = match outcome {
        AppealOutcome::Upheld => (
            "er tatt til følge. Et nytt vedtak følger.",
            "er teken til følgje. Eit nytt vedtak følgjer.",
            "was upheld. A new decision follows.",
        ),
        AppealOutcome::SentOn => (
            "er ikke tatt til følge og er sendt til klageinstansen.",
            "er ikkje teken til følgje og er send til klageinstansen.",
            "was not upheld and was sent on to the appeal body.",
        ),
        AppealOutcome::NotUpheld => (
            "er ikke tatt til følge av klageinstansen. Vedtaket står.",
            "er ikkje teken til følgje av klageinstansen. Vedtaket står.",
            "was not upheld by the appeal body. The decision stands.",
        ),
        AppealOutcome::Dismissed => ("er avvist.", "er avvist.", "was dismissed."),
    };
    three(
        format!("Klagen {appeal} {nb}"),
        format!("Klaga {appeal} {nn}"),
        format!("The appeal {appeal} {en}"),
    )
}

/// Tells the case officer that an appeal was taken back.
pub fn appeal_withdrawn_text(appeal: &str) -> LocalText {
    three(
        format!("Klagen {appeal} er trukket."),
        format!("Klaga {appeal} er trekt."),
        format!("The appeal {appeal} was withdrawn."),
    )
}
