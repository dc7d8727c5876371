//! Papers of meetings.

use tildel_domain::Refusal;
use tildel_domain::forum::Forum;
use tildel_domain::id::{AgendaItemId, MeetingId, PaperId};
use tildel_domain::meeting::Meeting;
use tildel_domain::paper::{Paper, PaperKind};
use tildel_domain::policy::Operation;
use tildel_storage::{Page, PageRequest, papers};

use crate::context::Context;
use crate::failure::Outcome;
use crate::viewer::Viewer;

/// What a new paper is made of.
#[derive(Clone, Debug)]
pub struct NewPaper {
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
}

/// The papers of a meeting, of the items that the caller may see.
pub fn list(cx: &mut Context<'_>, meeting_id: MeetingId, page: &PageRequest) -> Outcome<Page<Paper>> {
    cx.require(Operation::PaperList)?;
    let meeting: Meeting = cx.find(meeting_id)?;
    let viewer = Viewer::of(cx)?;
    let seen: Vec<_> =
        meeting.agenda.iter().filter(|item| viewer.sees_item(&meeting, item)).map(|item| item.id).collect();
    Ok(papers::page(cx.db, meeting_id, &seen, page)?)
}

/// One paper.
pub fn read(cx: &mut Context<'_>, id: PaperId) -> Outcome<Paper> {
    cx.require(Operation::PaperRead)?;
    let paper = papers::find(cx.db, id)?.ok_or_else(|| Refusal::not_found("paper"))?;
    let meeting: Meeting = cx.find(paper.meeting_id)?;
    let viewer = Viewer::of(cx)?;
    match meeting.item(paper.agenda_item_id) {
        Ok(item) if viewer.sees_item(&meeting, item) => Ok(paper),
        _ => Err(Refusal::not_found("paper").into()),
    }
}

/// Adds a paper to an item.
pub fn create(cx: &mut Context<'_>, meeting_id: MeetingId, new: &NewPaper) -> Outcome<Paper> {
    cx.require(Operation::PaperCreate)?;
    let meeting: Meeting = cx.find(meeting_id)?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let paper = Paper {
        id: cx.new_id(),
        meeting_id,
        agenda_item_id: new.agenda_item_id,
        title: new.title.clone(),
        kind: new.kind,
        link: new.link.clone(),
        text: new.text.clone(),
        added_by: cx.actor.person()?,
        added_at: cx.now,
    };
    let entry = paper.add(&forum, &meeting, &cx.actor)?;
    let viewer = Viewer::of(cx)?;
    if meeting.item(paper.agenda_item_id).is_ok_and(|item| viewer.is_kept_out_of(&item.application_id)) {
        return Err(Refusal::new(tildel_domain::RefusalCode::Recused).into());
    }
    papers::insert(cx.db, &paper)?;
    cx.note(entry, Some(forum.office_id), &paper)?;
    Ok(paper)
}
