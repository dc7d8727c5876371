//! Meetings: agenda, attendance, agreement tests.

use jiff::Timestamp;
use tildel_domain::application::Application;
use tildel_domain::forum::Forum;
use tildel_domain::id::{AgendaItemId, ApplicationId, ForumId, MeetingId, RoundId, SeatId};
use tildel_domain::meeting::{AgreementOutcome, Attendance, Meeting, MeetingState, NewAgendaItem};
use tildel_domain::policy::Operation;
use tildel_domain::renewal_advice::RenewalMatter;
use tildel_domain::round::Round;
use tildel_domain::scheme::Scheme;
use tildel_domain::{Actor, Entry, Refusal};
use tildel_storage::meetings;
pub use tildel_storage::meetings::MeetingFilter;
use tildel_storage::{Page, PageRequest, recusals as recusal_rows, seats};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::recusals;
use crate::renewals::applications_waiting;
use crate::viewer::Viewer;

/// Meetings, as the caller may see them.
pub fn list(cx: &mut Context<'_>, filter: &MeetingFilter, page: &PageRequest) -> Outcome<Page<Meeting>> {
    cx.require(Operation::MeetingList)?;
    let viewer = Viewer::of(cx)?;
    let found = meetings::page(cx.db, filter, page)?;
    let items = found.items.into_iter().map(|meeting| viewer.meeting(meeting)).collect();
    Ok(Page { items, next: found.next })
}

/// One meeting, as the caller may see it.
pub fn read(cx: &mut Context<'_>, id: MeetingId) -> Outcome<Meeting> {
    cx.require(Operation::MeetingRead)?;
    let meeting: Meeting = cx.find(id)?;
    Ok(Viewer::of(cx)?.meeting(meeting))
}

/// Calls a meeting.
pub fn create(
    cx: &mut Context<'_>,
    forum_id: ForumId,
    starts_at: Timestamp,
    place: &str,
) -> Outcome<Meeting> {
    cx.require(Operation::MeetingCreate)?;
    let forum: Forum = cx.find_referenced(forum_id, "/forumId")?;
    let meeting = Meeting {
        id: cx.new_id(),
        forum_id,
        starts_at,
        place: place.to_owned(),
        state: MeetingState::Planned,
        agenda: Vec::new(),
        attendance: Vec::new(),
        current_item_id: None,
        minutes_number: 0,
        version: 1,
    };
    let entry = meeting.call(&forum, &cx.actor)?;
    cx.create(meeting, entry)
}

/// Runs a transition that needs only the meeting, its forum and the actor.
fn change(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    transition: impl FnOnce(&mut Meeting, &Forum, &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Meeting> {
    let mut meeting: Meeting = cx.lock(id, expected)?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let actor = cx.actor.clone();
    cx.transition(&mut meeting, |meeting| transition(meeting, &forum, &actor))?;
    Ok(Viewer::of(cx)?.meeting(meeting))
}

/// What an agenda item is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Treated {
    /// A round.
    pub round_id: Option<RoundId>,
    /// An application of it.
    pub application_id: Option<ApplicationId>,
    /// Running grants that are to be judged.
    pub renewals: Option<RenewalMatter>,
}

/// Puts an item on the agenda, and records what can be found of interests in the applications that it is about: one of them,
/// or those of the grants that are judged.
pub fn agenda_item_create(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    title: &str,
    treated: Treated,
) -> Outcome<Meeting> {
    cx.require(Operation::AgendaItemCreate)?;
    let Treated { round_id, application_id, renewals } = treated;
    if let Some(round_id) = round_id {
        let _round: Round = cx.find_referenced(round_id, "/roundId")?;
    }
    let mut treated_round = round_id;
    if let Some(application_id) = application_id {
        let application: Application = cx.find_referenced(application_id, "/applicationId")?;
        if !application.is_visible_to(&Actor::PUBLIC) {
            return Err(Refusal::invalid("/applicationId", "an application that was handed in").into());
        }
        if round_id.is_some_and(|round_id| round_id != application.round_id) {
            return Err(Refusal::invalid("/roundId", "the round of the application").into());
        }
        treated_round = Some(application.round_id);
    }
    if let Some(renewals) = renewals {
        let _scheme: Scheme = cx.find_referenced(renewals.scheme_id, "/renewals/schemeId")?;
    }
    let new = NewAgendaItem {
        id: cx.new_id(),
        title: title.to_owned(),
        round_id: treated_round,
        application_id,
        renewals,
    };
    let meeting = change(cx, id, expected, |meeting, forum, actor| meeting.add_item(forum, actor, new))?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let mut concerned: Vec<ApplicationId> = application_id.into_iter().collect();
    if let Some(renewals) = renewals {
        concerned.extend(applications_waiting(cx, forum.office_id, renewals)?);
    }
    recusals::suggest(cx, &forum, &concerned)?;
    Ok(Viewer::of(cx)?.meeting(meeting))
}

/// Records who is present.
pub fn attendance_record(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    attendance: &[Attendance],
) -> Outcome<Meeting> {
    cx.require(Operation::AttendanceRecord)?;
    let forum_id = cx.find::<Meeting>(id)?.forum_id;
    let seats = seats::list_in_forum(cx.db, forum_id)?;
    change(cx, id, expected, |meeting, forum, actor| {
        meeting.record_attendance(forum, &seats, actor, attendance.to_vec())
    })
}

/// Records the agreement test of an item.
pub fn agreement_record(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    item_id: AgendaItemId,
    outcome: AgreementOutcome,
    note: Option<&str>,
) -> Outcome<Meeting> {
    cx.require(Operation::AgreementRecord)?;
    let now = cx.now;
    let meeting: Meeting = cx.find(id)?;
    let seats = seats::list_in_forum(cx.db, meeting.forum_id)?;
    let application_id =
        meeting.agenda.iter().find(|item| item.id == item_id).and_then(|item| item.application_id);
    let recusals = recusal_rows::on_applications(cx.db, application_id.as_slice())?;
    change(cx, id, expected, |meeting, forum, actor| {
        let note = note.map(str::to_owned);
        meeting.record_agreement((forum, &seats, &recusals), actor, now, item_id, (outcome, note))
    })
}

/// Calls conditional seats in for an item.
pub fn seats_call_in(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    item_id: AgendaItemId,
    seat_ids: &[SeatId],
) -> Outcome<Meeting> {
    cx.require(Operation::SeatsCallIn)?;
    let forum_id = cx.find::<Meeting>(id)?.forum_id;
    let seats = seats::list_in_forum(cx.db, forum_id)?;
    change(cx, id, expected, |meeting, forum, actor| {
        meeting.call_in(forum, &seats, actor, item_id, seat_ids.to_vec())
    })
}

/// Takes an item up.
pub fn item_take_up(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    item_id: AgendaItemId,
) -> Outcome<Meeting> {
    cx.require(Operation::ItemTakeUp)?;
    change(cx, id, expected, |meeting, forum, actor| meeting.take_up(forum, actor, item_id))
}

/// Ends a meeting.
pub fn hold(cx: &mut Context<'_>, id: MeetingId, expected: Expected) -> Outcome<Meeting> {
    cx.require(Operation::MeetingHold)?;
    change(cx, id, expected, Meeting::hold)
}
