//! Papers of a meeting's items.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::forum::Forum;
use crate::id::{AgendaItemId, MeetingId, PaperId, PersonId};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::{Actor, Entry};

/// What kind of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Saksframlegg: what the secretariat writes on the item.
    CaseNote,
    /// Something attached to it.
    Attachment,
    /// What a member wants the others to know.
    Remark,
}

/// A paper on an item of an agenda: a text, or where to find one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Id.
    pub id: PaperId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The item.
    pub agenda_item_id: AgendaItemId,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: PaperKind,
    /// Where to find it.
    pub link: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// Who added it.
    pub added_by: PersonId,
    /// When.
    pub added_at: Timestamp,
}

impl Paper {
    /// Adds it to an item of a meeting that has not ended.
    pub fn add(&self, forum: &Forum, meeting: &Meeting, actor: &Actor) -> Result<Entry, Refusal> {
        forum.require_chair_or_secretariat(actor)?;
        meeting.require_planned()?;
        meeting.item(self.agenda_item_id).map_err(|refusal| refusal.at("/agendaItemId"))?;
        if self.title.trim().is_empty() {
            return Err(Refusal::invalid("/title", "a title"));
        }
        if self.link.is_some() == self.text.is_some() {
            return Err(Refusal::invalid("/link", "either a link or a text"));
        }
        if self.link.as_ref().is_some_and(|link| !link.starts_with("https://")) {
            return Err(Refusal::invalid("/link", "an address that begins with https://"));
        }
        Ok(Entry::new("paper.add", "meeting", self.meeting_id)
            .with("agendaItemId", self.agenda_item_id.to_string())
            .with("paperId", self.id.to_string()))
    }
}
