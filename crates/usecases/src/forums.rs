//! Forums and their seats.

use jiff::civil::Date;
use tildel_domain::forum::{Disclosure, Forum, Seat, VoteRight};
pub use tildel_domain::forum::{ForumContent, SeatContent};
use tildel_domain::id::{ForumId, OfficeId, OrganisationId, PersonId, SeatId};
use tildel_domain::organisation::{Organisation, OrganisationKind};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::scheme::Office;
use tildel_domain::standing::KindQuorum;
use tildel_domain::text::LocalText;
use tildel_storage::ballots;
use tildel_storage::forums;
pub use tildel_storage::forums::ForumFilter;
use tildel_storage::seats;
pub use tildel_storage::seats::SeatFilter;
use tildel_storage::{Page, PageRequest};

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
    /// Seats of kinds of organisation that must take part.
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted.
    pub disclosure: Disclosure,
    /// How long before the end of a ballot seats are reminded.
    pub reminder_hours: Option<u32>,
    /// Its chair.
    pub chair_id: PersonId,
    /// Who chairs in the chair's place.
    pub deputy_chair_id: Option<PersonId>,
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
    if let Some(deputy_chair_id) = new.deputy_chair_id {
        let _deputy: Person = cx.find_referenced(deputy_chair_id, "/deputyChairId")?;
    }
    let forum = Forum {
        id: cx.new_id(),
        office_id: new.office_id,
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        quorum_seats: new.quorum_seats,
        quorum_by_kind: new.quorum_by_kind.clone(),
        disclosure: new.disclosure,
        reminder_hours: new.reminder_hours,
        chair_id: new.chair_id,
        deputy_chair_id: new.deputy_chair_id,
        version: 1,
    };
    let entry = forum.establish(&cx.actor)?;
    cx.create(forum, entry)
}

/// Changes a forum.
pub fn forum_update(
    cx: &mut Context<'_>,
    id: ForumId,
    expected: Expected,
    content: &ForumContent,
) -> Outcome<Forum> {
    cx.require(Operation::ForumUpdate)?;
    let mut forum: Forum = cx.lock(id, expected)?;
    let _chair: Person = cx.find_referenced(content.chair_id, "/chairId")?;
    if let Some(deputy_chair_id) = content.deputy_chair_id {
        let _deputy: Person = cx.find_referenced(deputy_chair_id, "/deputyChairId")?;
    }
    let actor = cx.actor.clone();
    cx.transition(&mut forum, |forum| forum.change(content.clone(), &actor))?;
    Ok(forum)
}

/// The people who are to hold a seat.
fn holders(cx: &mut Context<'_>, member_id: PersonId, deputy_id: Option<PersonId>) -> Outcome<Vec<Person>> {
    let mut holders = vec![cx.find_referenced::<Person>(member_id, "/memberId")?];
    if let Some(deputy_id) = deputy_id {
        holders.push(cx.find_referenced(deputy_id, "/deputyId")?);
    }
    Ok(holders)
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
    let holders = holders(cx, new.member_id, new.deputy_id)?;
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
    let entry = seat.fill(&forum, &holders, &cx.actor)?;
    cx.create(seat, entry)
}

/// Gives a seat another member, deputy or end of its term.
pub fn seat_update(
    cx: &mut Context<'_>,
    id: SeatId,
    expected: Expected,
    content: SeatContent,
) -> Outcome<Seat> {
    cx.require(Operation::SeatUpdate)?;
    let mut seat: Seat = cx.lock(id, expected)?;
    let forum: Forum = cx.find(seat.forum_id)?;
    let holders = holders(cx, content.member_id, content.deputy_id)?;
    let open = ballots::list_open_in_forum(cx.db, forum.id)?;
    let actor = cx.actor.clone();
    cx.transition(&mut seat, |seat| seat.change(content, (&forum, &holders, &open), &actor))?;
    Ok(seat)
}
