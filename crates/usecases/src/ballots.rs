//! Ballots and votes.

use tildel_domain::ballot::{Ballot, BallotMatter, BallotRules, BallotState, Vote, VoteContent};
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::id::{AgendaItemId, BallotId, MeetingId, SeatId};
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_domain::{Actor, Entry, Refusal, Role};
use tildel_storage::ballots;
pub use tildel_storage::ballots::BallotFilter;
use tildel_storage::{Page, PageRequest, recusals, seats, votes};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::forums::inner_forums;
use crate::jobs::Job;

/// A ballot as one person may see it.
#[derive(Clone, Debug)]
pub struct BallotView {
    /// The ballot; without its count for those who are recused on one of its applications (rule 1).
    pub ballot: Ballot,
    /// How many seats have voted. What they voted is sealed.
    pub votes_cast: u32,
    /// Whether the count is kept from the caller.
    pub withheld: bool,
}

/// Ballots of the forums that the caller sits in, chairs or serves.
pub fn list(cx: &mut Context<'_>, filter: &BallotFilter, page: &PageRequest) -> Outcome<Page<BallotView>> {
    cx.require(Operation::BallotList)?;
    let filter = BallotFilter { forum_ids: Some(inner_forums(cx)?), ..filter.clone() };
    let found = ballots::page(cx.db, &filter, page)?;
    let mut items = Vec::with_capacity(found.items.len());
    for ballot in found.items {
        items.push(view(cx, ballot)?);
    }
    Ok(Page { items, next: found.next })
}

/// One ballot.
pub fn read(cx: &mut Context<'_>, id: BallotId) -> Outcome<BallotView> {
    cx.require(Operation::BallotRead)?;
    let ballot = find_visible(cx, id)?;
    view(cx, ballot)
}

fn find_visible(cx: &mut Context<'_>, id: BallotId) -> Outcome<Ballot> {
    let ballot: Ballot = cx.find(id)?;
    // Tildel itself, which closes ballots at their deadlines, is in no forum.
    if cx.actor.role != Role::System && !inner_forums(cx)?.contains(&ballot.forum_id) {
        return Err(Refusal::not_found("ballot").into());
    }
    Ok(ballot)
}

fn view(cx: &mut Context<'_>, mut ballot: Ballot) -> Outcome<BallotView> {
    let withheld = is_recused(cx, &ballot)?;
    let votes_cast = votes::turnout(cx.db, ballot.id)?;
    if withheld {
        ballot.count = None;
    }
    Ok(BallotView { votes_cast: if withheld { 0 } else { votes_cast }, ballot, withheld })
}

fn is_recused(cx: &mut Context<'_>, ballot: &Ballot) -> Outcome<bool> {
    let Some(person_id) = cx.actor.person_id else { return Ok(false) };
    let concerned = ballot.rules.matter.applications();
    let recusals = recusals::of_person(cx.db, person_id)?;
    Ok(recusals.iter().any(|recusal| concerned.contains(&recusal.application_id)))
}

/// Prepares a ballot on an agenda item.
pub fn create(
    cx: &mut Context<'_>,
    meeting_id: MeetingId,
    agenda_item_id: AgendaItemId,
    title: &str,
    rules: &BallotRules,
) -> Outcome<BallotView> {
    cx.require(Operation::BallotCreate)?;
    let meeting: Meeting = cx.find_referenced(meeting_id, "/meetingId")?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let round_id =
        meeting.agenda.iter().find(|item| item.id == agenda_item_id).and_then(|item| item.round_id);
    check_applications(cx, rules)?;
    let ballot = Ballot {
        id: cx.new_id(),
        forum_id: forum.id,
        meeting_id,
        agenda_item_id,
        round_id,
        title: title.to_owned(),
        rules: rules.clone(),
        state: BallotState::Prepared,
        frozen: false,
        count: None,
        annulment_reason: None,
        version: 1,
    };
    let seats = seats::list_in_forum(cx.db, forum.id)?;
    let entry = ballot.prepare(&forum, &meeting, &seats, &cx.actor)?;
    let ballot = cx.create(ballot, entry)?;
    view(cx, ballot)
}

/// Ballots name applications that their voters may know of.
fn check_applications(cx: &mut Context<'_>, rules: &BallotRules) -> Outcome<()> {
    for (index, application_id) in rules.matter.applications().iter().enumerate() {
        let pointer = match rules.matter {
            BallotMatter::Motion { .. } => "/rules/matter/applicationId".to_owned(),
            BallotMatter::Ranking { .. } => format!("/rules/matter/options/{index}"),
        };
        let application: tildel_domain::application::Application =
            cx.find_referenced(*application_id, &pointer)?;
        if !application.is_visible_to(&Actor::PUBLIC) {
            return Err(Refusal::invalid(&pointer, "an application that was handed in").into());
        }
    }
    Ok(())
}

/// Runs a transition that needs only the ballot, its forum and the actor. A ballot of a forum that the caller has nothing
/// to do with does not exist for the caller, whatever the version.
fn change(
    cx: &mut Context<'_>,
    id: BallotId,
    expected: Expected,
    transition: impl FnOnce(&mut Ballot, &Forum, &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Ballot> {
    find_visible(cx, id)?;
    let mut ballot: Ballot = cx.lock(id, expected)?;
    let forum: Forum = cx.find(ballot.forum_id)?;
    let actor = cx.actor.clone();
    cx.transition(&mut ballot, |ballot| transition(ballot, &forum, &actor))?;
    Ok(ballot)
}

/// Changes the rules of a ballot that nobody has voted in.
pub fn update(
    cx: &mut Context<'_>,
    id: BallotId,
    expected: Expected,
    title: &str,
    rules: &BallotRules,
) -> Outcome<BallotView> {
    cx.require(Operation::BallotUpdate)?;
    check_applications(cx, rules)?;
    let (meeting, seats) = surroundings(cx, id)?;
    let ballot = change(cx, id, expected, |ballot, forum, actor| {
        ballot.revise((title.to_owned(), rules.clone()), forum, &meeting, &seats, actor)
    })?;
    set_clock(cx, &ballot)?;
    view(cx, ballot)
}

/// The meeting of a ballot, and the seats of its forum.
fn surroundings(cx: &mut Context<'_>, id: BallotId) -> Outcome<(Meeting, Vec<Seat>)> {
    let ballot: Ballot = cx.find(id)?;
    let meeting: Meeting = cx.find(ballot.meeting_id)?;
    let seats = seats::list_in_forum(cx.db, ballot.forum_id)?;
    Ok((meeting, seats))
}

/// Sets the clock for the end of an open ballot. A clock that was set for another time finds that it is not due.
fn set_clock(cx: &mut Context<'_>, ballot: &Ballot) -> Outcome<()> {
    if let (BallotState::Open, Some(due)) = (ballot.state, ballot.rules.closes_at) {
        cx.enqueue(&Job::BallotClose { ballot_id: ballot.id, due }, due, None)?;
    }
    Ok(())
}

/// Opens a ballot and sets the clock for its end.
pub fn open(cx: &mut Context<'_>, id: BallotId, expected: Expected) -> Outcome<BallotView> {
    cx.require(Operation::BallotOpen)?;
    let (meeting, seats) = surroundings(cx, id)?;
    let now = cx.now;
    let ballot =
        change(cx, id, expected, |ballot, forum, actor| ballot.open(forum, &meeting, &seats, actor, now))?;
    set_clock(cx, &ballot)?;
    view(cx, ballot)
}

/// Casts the vote of a seat, or changes it: the last one counts, the earlier ones are kept.
pub fn cast(cx: &mut Context<'_>, id: BallotId, seat_id: SeatId, content: &VoteContent) -> Outcome<Vote> {
    cx.require(Operation::VoteCast)?;
    find_visible(cx, id)?;
    let seat: Seat = cx.find_referenced(seat_id, "/seatId")?;
    let recusals = recusals::of_person(cx.db, cx.actor.person()?)?;
    let mut ballot: Ballot = cx.lock(id, Expected::Any)?;
    let previous = votes::current_of_seat(cx.db, id, seat_id)?.map(|vote| vote.revision);
    let was_frozen = ballot.frozen;
    let (vote, entry) = ballot.cast(&seat, content.clone(), previous, &recusals, &cx.actor, cx.now)?;
    votes::cast(cx.db, &vote)?;
    cx.note(entry, None, &vote)?;
    if !was_frozen {
        let freeze = Entry::new("ballot.freeze", "ballot", id);
        cx.transition(&mut ballot, |_| Ok(freeze))?;
    }
    Ok(vote)
}

/// The caller's own vote, of a seat that the caller holds.
pub fn vote_read(cx: &mut Context<'_>, id: BallotId, seat_id: SeatId) -> Outcome<Vote> {
    cx.require(Operation::VoteRead)?;
    let person_id = cx.actor.person()?;
    let seat: Seat = cx.find(seat_id)?;
    if !seat.is_held_by(person_id) {
        return Err(Refusal::not_found("vote").into());
    }
    let vote = votes::current_of_seat(cx.db, id, seat_id)?;
    vote.ok_or_else(|| Refusal::not_found("vote").into())
}

/// Ends the voting and counts.
pub fn close(cx: &mut Context<'_>, id: BallotId, expected: Expected) -> Outcome<BallotView> {
    cx.require(Operation::BallotClose)?;
    let now = cx.now;
    let mut ballot = change(cx, id, expected, |ballot, forum, actor| ballot.close(forum, actor, now))?;
    let votes = votes::current(cx.db, id)?;
    cx.transition(&mut ballot, |ballot| ballot.count(&votes))?;
    view(cx, ballot)
}

/// What the clock does at a deadline: closes and counts if the ballot is still open. Doing it twice changes nothing.
pub fn close_when_due(cx: &mut Context<'_>, id: BallotId) -> Outcome<bool> {
    let ballot: Ballot = cx.lock(id, Expected::Any)?;
    let due = ballot.rules.closes_at.is_some_and(|closes_at| closes_at <= cx.now);
    if ballot.state != BallotState::Open || !due {
        return Ok(false);
    }
    close(cx, id, Expected::Any).map(|_| true)
}

/// Sets a ballot aside.
pub fn annul(cx: &mut Context<'_>, id: BallotId, expected: Expected, reason: &str) -> Outcome<BallotView> {
    cx.require(Operation::BallotAnnul)?;
    let ballot = change(cx, id, expected, |ballot, forum, actor| ballot.annul(forum, actor, reason))?;
    view(cx, ballot)
}
