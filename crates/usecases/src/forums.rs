//! Forums, seats, meetings, agreement tests and recorded interests.

use jiff::Timestamp;
use jiff::civil::Date;
use tildel_domain::application::Application;
use tildel_domain::forum::{Forum, Recusal, RecusalGround, Seat, VoteRight};
use tildel_domain::id::{
    AgendaItemId, ApplicationId, ForumId, MeetingId, OfficeId, OrganisationId, PersonId, RoundId, SeatId,
};
use tildel_domain::meeting::{AgreementOutcome, Attendance, Meeting, MeetingState};
use tildel_domain::organisation::{Organisation, OrganisationKind};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::round::Round;
use tildel_domain::scheme::Office;
use tildel_domain::text::LocalText;
use tildel_domain::{Actor, Entry, Refusal, RefusalCode, Role};
use tildel_storage::forums;
pub use tildel_storage::forums::ForumFilter;
use tildel_storage::meetings;
pub use tildel_storage::meetings::MeetingFilter;
use tildel_storage::recusals;
pub use tildel_storage::recusals::RecusalFilter;
use tildel_storage::seats;
pub use tildel_storage::seats::SeatFilter;
use tildel_storage::{Page, PageRequest};

use crate::aggregate::Aggregate;
use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// What a new forum is made of.
#[derive(Clone, Debug)]
pub struct NewForum {
    /// The office that it advises.
    pub office_id: OfficeId,
    /// Name.
    pub name: LocalText,
    /// As letters name its scheme.
    pub short_name: LocalText,
    /// Voting seats that must take part.
    pub quorum_seats: u32,
    /// Its chair.
    pub chair_id: PersonId,
}

/// What a new seat is made of.
#[derive(Clone, Debug)]
pub struct NewSeat {
    /// The forum.
    pub forum_id: ForumId,
    /// What it represents.
    pub label: LocalText,
    /// The kind of organisation that holds it.
    pub organisation_kind: OrganisationKind,
    /// The organisation that holds it.
    pub organisation_id: Option<OrganisationId>,
    /// Vote right.
    pub vote_right: VoteRight,
    /// The member.
    pub member_id: PersonId,
    /// The deputy.
    pub deputy_id: Option<PersonId>,
    /// First day of the term.
    pub term_from: Date,
    /// Last day of the term.
    pub term_to: Date,
}

/// Forums.
pub fn forum_list(cx: &mut Context<'_>, filter: &ForumFilter, page: &PageRequest) -> Outcome<Page<Forum>> {
    cx.require(Operation::ForumList)?;
    Ok(forums::page(cx.db, filter, page)?)
}

/// One forum.
pub fn forum_read(cx: &mut Context<'_>, id: ForumId) -> Outcome<Forum> {
    cx.require(Operation::ForumRead)?;
    cx.find(id)
}

/// Sets up a forum.
pub fn forum_create(cx: &mut Context<'_>, new: &NewForum) -> Outcome<Forum> {
    cx.require(Operation::ForumCreate)?;
    let _office: Office = cx.find_referenced(new.office_id, "/officeId")?;
    let _chair: Person = cx.find_referenced(new.chair_id, "/chairId")?;
    let forum = Forum {
        id: cx.new_id(),
        office_id: new.office_id,
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        quorum_seats: new.quorum_seats,
        chair_id: new.chair_id,
        version: 1,
    };
    let entry = forum.establish(&cx.actor)?;
    cx.create(forum, entry)
}

/// Seats.
pub fn seat_list(cx: &mut Context<'_>, filter: &SeatFilter, page: &PageRequest) -> Outcome<Page<Seat>> {
    cx.require(Operation::SeatList)?;
    Ok(seats::page(cx.db, filter, page)?)
}

/// One seat.
pub fn seat_read(cx: &mut Context<'_>, id: SeatId) -> Outcome<Seat> {
    cx.require(Operation::SeatRead)?;
    cx.find(id)
}

/// Fills a seat.
pub fn seat_create(cx: &mut Context<'_>, new: &NewSeat) -> Outcome<Seat> {
    cx.require(Operation::SeatCreate)?;
    let forum: Forum = cx.find_referenced(new.forum_id, "/forumId")?;
    let _member: Person = cx.find_referenced(new.member_id, "/memberId")?;
    if let Some(deputy_id) = new.deputy_id {
        let _deputy: Person = cx.find_referenced(deputy_id, "/deputyId")?;
    }
    if let Some(organisation_id) = new.organisation_id {
        let _organisation: Organisation = cx.find_referenced(organisation_id, "/organisationId")?;
    }
    let seat = Seat {
        id: cx.new_id(),
        forum_id: new.forum_id,
        label: new.label.clone(),
        organisation_kind: new.organisation_kind,
        organisation_id: new.organisation_id,
        vote_right: new.vote_right,
        member_id: new.member_id,
        deputy_id: new.deputy_id,
        term_from: new.term_from,
        term_to: new.term_to,
        version: 1,
    };
    let entry = seat.fill(&forum, &cx.actor)?;
    cx.create(seat, entry)
}

/// Meetings.
pub fn meeting_list(
    cx: &mut Context<'_>,
    filter: &MeetingFilter,
    page: &PageRequest,
) -> Outcome<Page<Meeting>> {
    cx.require(Operation::MeetingList)?;
    Ok(meetings::page(cx.db, filter, page)?)
}

/// One meeting.
pub fn meeting_read(cx: &mut Context<'_>, id: MeetingId) -> Outcome<Meeting> {
    cx.require(Operation::MeetingRead)?;
    cx.find(id)
}

/// Calls a meeting.
pub fn meeting_create(
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
    Ok(meeting)
}

/// Puts an item on the agenda.
pub fn agenda_item_create(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    title: &str,
    round_id: Option<RoundId>,
) -> Outcome<Meeting> {
    cx.require(Operation::AgendaItemCreate)?;
    if let Some(round_id) = round_id {
        let _round: Round = cx.find_referenced(round_id, "/roundId")?;
    }
    let item_id: AgendaItemId = cx.new_id();
    change(cx, id, expected, |meeting, forum, actor| {
        meeting.add_item(forum, actor, item_id, title.to_owned(), round_id)
    })
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
    change(cx, id, expected, |meeting, forum, actor| {
        meeting.record_agreement(forum, actor, now, item_id, outcome, note.map(str::to_owned))
    })
}

/// Ends a meeting.
pub fn meeting_hold(cx: &mut Context<'_>, id: MeetingId, expected: Expected) -> Outcome<Meeting> {
    cx.require(Operation::MeetingHold)?;
    change(cx, id, expected, Meeting::hold)
}

/// Recorded interests: one's own; of one application also those of others, for who prepares or chairs its treatment.
pub fn recusal_list(
    cx: &mut Context<'_>,
    filter: &RecusalFilter,
    page: &PageRequest,
) -> Outcome<Page<Recusal>> {
    cx.require(Operation::RecusalList)?;
    let application = match filter.application_id {
        Some(application_id) => Application::find(cx.db, application_id)?,
        None => None,
    };
    let sees_all = match application {
        Some(application) => prepares(cx, application.office_id)?,
        None => false,
    };
    let filter = if sees_all {
        filter.clone()
    } else {
        RecusalFilter { person_id: Some(cx.actor.person()?), ..filter.clone() }
    };
    Ok(recusals::page(cx.db, &filter, page)?)
}

/// Whether the actor prepares or chairs the treatment of an office's applications.
fn prepares(cx: &mut Context<'_>, office_id: OfficeId) -> Outcome<bool> {
    match cx.actor.role {
        Role::CaseOfficer => Ok(cx.actor.office_id == Some(office_id)),
        Role::Chair => {
            let chaired = ForumFilter { office_id: Some(office_id), chair_id: cx.actor.person_id };
            Ok(cx.actor.person_id.is_some() && !forums::list(cx.db, &chaired)?.is_empty())
        }
        _ => Ok(false),
    }
}

/// Records an interest.
pub fn recusal_declare(
    cx: &mut Context<'_>,
    person_id: Option<PersonId>,
    application_id: ApplicationId,
    ground: RecusalGround,
    explanation: &str,
) -> Outcome<Recusal> {
    cx.require(Operation::RecusalDeclare)?;
    let actor_id = cx.actor.person()?;
    let person_id = person_id.unwrap_or(actor_id);
    let _person: Person = cx.find_referenced(person_id, "/personId")?;
    let application: Application = cx.find_referenced(application_id, "/applicationId")?;
    if !application.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("application").into());
    }
    let recusal = Recusal {
        id: cx.new_id(),
        person_id,
        application_id,
        ground,
        explanation: explanation.to_owned(),
        recorded_by: actor_id,
    };
    let entry = recusal.declare(&cx.actor)?;
    if person_id != actor_id && !prepares(cx, application.office_id)? {
        return Err(Refusal::new(RefusalCode::OtherOffice).into());
    }
    recusals::insert(cx.db, &recusal)?;
    cx.note(entry, Some(application.office_id), &recusal)?;
    Ok(recusal)
}

/// The forums whose unfinished matters the actor may see: where one sits or chairs, or which one's office keeps.
pub(crate) fn inner_forums(cx: &mut Context<'_>) -> Outcome<Vec<ForumId>> {
    let mut forum_ids: Vec<ForumId> = Vec::new();
    if let Some(person_id) = cx.actor.person_id {
        forum_ids.extend(seats::list_of_person(cx.db, person_id)?.iter().map(|seat| seat.forum_id));
        let chaired = ForumFilter { chair_id: Some(person_id), ..ForumFilter::default() };
        forum_ids.extend(forums::list(cx.db, &chaired)?.iter().map(|forum| forum.id));
    }
    if let Some(office_id) = crate::rounds::staff_office(&cx.actor) {
        let kept = ForumFilter { office_id: Some(office_id), ..ForumFilter::default() };
        forum_ids.extend(forums::list(cx.db, &kept)?.iter().map(|forum| forum.id));
    }
    forum_ids.sort_unstable();
    forum_ids.dedup();
    Ok(forum_ids)
}
