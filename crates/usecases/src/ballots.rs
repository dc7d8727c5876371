//! Ballots.

use tildel_domain::application::Application;
use tildel_domain::ballot::{Ballot, BallotMatter, BallotRules, BallotState};
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::id::{AgendaItemId, BallotId, MeetingId, RoundId};
use tildel_domain::meeting::{AgendaItem, Meeting};
use tildel_domain::policy::Operation;
use tildel_domain::recusal::Recusal;
use tildel_domain::round::Round;
use tildel_domain::{Actor, Entry, Refusal, Role};
use tildel_storage::ballots;
pub use tildel_storage::ballots::BallotFilter;
use tildel_storage::forums::{self, ForumFilter};
use tildel_storage::{Page, PageRequest, frames, recusals, seats, votes};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::jobs::Job;
use crate::notifications;
use crate::viewer::Viewer;

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
    let viewer = Viewer::of(cx)?;
    let within = (viewer.forums.iter().copied().collect(), viewer.called_items(cx)?);
    let filter = BallotFilter { within: Some(within), ..filter.clone() };
    let found = ballots::page(cx.db, &filter, page)?;
    let mut items = Vec::with_capacity(found.items.len());
    for ballot in found.items {
        items.push(view_as(cx, &viewer, ballot)?);
    }
    Ok(Page { items, next: found.next })
}

/// One ballot.
pub fn read(cx: &mut Context<'_>, id: BallotId) -> Outcome<BallotView> {
    cx.require(Operation::BallotRead)?;
    let (ballot, viewer) = find_visible(cx, id)?;
    view_as(cx, &viewer, ballot)
}

/// A ballot that exists for the caller, and what the caller may see of it.
pub(crate) fn find_visible(cx: &mut Context<'_>, id: BallotId) -> Outcome<(Ballot, Viewer)> {
    let ballot: Ballot = cx.find(id)?;
    let viewer = Viewer::of(cx)?;
    let meeting: Meeting = cx.find(ballot.meeting_id)?;
    if !viewer.takes_part_in(ballot.forum_id, meeting.item(ballot.agenda_item_id)?) {
        return Err(Refusal::not_found("ballot").into());
    }
    Ok((ballot, viewer))
}

fn view(cx: &mut Context<'_>, ballot: Ballot) -> Outcome<BallotView> {
    let viewer = Viewer::of(cx)?;
    view_as(cx, &viewer, ballot)
}

/// A ballot as the viewer may see it. Where it is withheld the votes are not looked at, so that not even the time that it takes
/// tells of them.
fn view_as(cx: &mut Context<'_>, viewer: &Viewer, ballot: Ballot) -> Outcome<BallotView> {
    if viewer.is_withheld(&ballot) {
        return Ok(BallotView { votes_cast: 0, ballot: withhold(ballot), withheld: true });
    }
    let votes_cast = votes::turnout(cx.db, ballot.id)?;
    Ok(BallotView { votes_cast, ballot, withheld: false })
}

/// Takes out of a ballot all that tells of its votes.
pub(crate) fn withhold(mut ballot: Ballot) -> Ballot {
    ballot.count = None;
    ballot.tally = None;
    ballot.frozen = false;
    ballot.annulment_reason = None;
    ballot
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
    let item = meeting.agenda.iter().find(|item| item.id == agenda_item_id);
    let (round_id, application_id) = item.map_or((None, None), |item| (item.round_id, item.application_id));
    check_applications(cx, rules, item)?;
    let rules = settle(cx, rules, &forum, round_id)?;
    let ballot = Ballot {
        id: cx.new_id(),
        forum_id: forum.id,
        meeting_id,
        agenda_item_id,
        round_id,
        application_id,
        title: title.to_owned(),
        rules,
        state: BallotState::Prepared,
        frozen: false,
        count: None,
        tally: None,
        annulment_reason: None,
        version: 1,
    };
    let seats = seats::list_in_forum(cx.db, forum.id)?;
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    let entry = ballot.prepare(&forum, &meeting, &seats, &interests, &cx.actor)?;
    let ballot = cx.create(ballot, entry)?;
    crate::recusals::suggest(cx, &forum, &ballot.concerned())?;
    view(cx, ballot)
}

/// Quorum and disclosure are what the forum says; a ballot may only ask for more seats. Money that is not given is what is
/// free of the frame of the round's year, and the step of Add1 follows from the amounts where none is given.
fn settle(
    cx: &mut Context<'_>,
    rules: &BallotRules,
    forum: &Forum,
    round_id: Option<RoundId>,
) -> Outcome<BallotRules> {
    let mut rules = BallotRules {
        // A ballot may ask for more, never for less.
        quorum_seats: rules.quorum_seats.max(forum.quorum_seats),
        quorum_by_kind: forum.quorum_by_kind.clone(),
        disclosure: forum.disclosure,
        ..rules.clone()
    };
    if let Some(budget) = rules.matter.budget_mut().filter(|budget| budget.amount.is_none()) {
        let round: Option<Round> = round_id.map(|id| cx.find(id)).transpose()?;
        let frame = match round {
            Some(round) => frames::find_for(cx.db, round.office_id, round.scheme_id, round.budget_year)?,
            None => None,
        };
        budget.take_from(frame.as_ref());
    }
    if let Some(budget) = rules.matter.budget_mut() {
        budget.settle_add1_step();
    }
    Ok(rules)
}

/// Ballots name applications that their voters may know of.
///
/// They are what the item is about: its agreement test, and who is recused on it, would say nothing of others.
fn check_applications(cx: &mut Context<'_>, rules: &BallotRules, item: Option<&AgendaItem>) -> Outcome<()> {
    for (index, application_id) in rules.matter.applications().iter().enumerate() {
        let pointer = match rules.matter {
            BallotMatter::Motion { .. } => "/rules/matter/applicationId".to_owned(),
            _ => format!("/rules/matter/options/{index}"),
        };
        let application: Application = cx.find_referenced(*application_id, &pointer)?;
        if !application.is_visible_to(&Actor::PUBLIC) {
            return Err(Refusal::invalid(&pointer, "an application that was handed in").into());
        }
        let is_treated = item.is_some_and(|item| match (item.application_id, item.round_id) {
            // An order may set the application of the item beside others of its round.
            (Some(treated), round_id) => {
                treated == application.id
                    || (rules.matter.applications().contains(&treated)
                        && round_id == Some(application.round_id))
            }
            (None, Some(round_id)) => round_id == application.round_id,
            (None, None) => item.renewals.is_some(),
        });
        if !is_treated {
            return Err(Refusal::invalid(&pointer, "an application that the agenda item is about").into());
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
    transition: impl FnOnce(&mut Ballot, (&Forum, &[Recusal]), &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Ballot> {
    find_visible(cx, id)?;
    let mut ballot: Ballot = cx.lock(id, expected)?;
    let forum: Forum = cx.find(ballot.forum_id)?;
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    let actor = cx.actor.clone();
    cx.transition(&mut ballot, |ballot| transition(ballot, (&forum, &interests), &actor))?;
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
    let (ballot, _) = find_visible(cx, id)?;
    let (meeting, seats) = surroundings(cx, id)?;
    check_applications(cx, rules, meeting.item(ballot.agenda_item_id).ok())?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let rules = settle(cx, rules, &forum, ballot.round_id)?;
    let ballot = change(cx, id, expected, |ballot, (forum, interests), actor| {
        ballot.revise((title.to_owned(), rules), forum, &meeting, &seats, interests, actor)
    })?;
    set_clock(cx, &ballot, &forum)?;
    crate::recusals::suggest(cx, &forum, &ballot.concerned())?;
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
fn set_clock(cx: &mut Context<'_>, ballot: &Ballot, forum: &Forum) -> Outcome<()> {
    if let (BallotState::Open, Some(due)) = (ballot.state, ballot.rules.closes_at) {
        cx.enqueue(&Job::BallotClose { ballot_id: ballot.id, due }, due, None)?;
    }
    notifications::set_clock(cx, ballot, forum)
}

/// Opens a ballot and sets the clock for its end.
pub fn open(cx: &mut Context<'_>, id: BallotId, expected: Expected) -> Outcome<BallotView> {
    cx.require(Operation::BallotOpen)?;
    let (meeting, seats) = surroundings(cx, id)?;
    let now = cx.now;
    let ballot = change(cx, id, expected, |ballot, (forum, interests), actor| {
        ballot.open(forum, &meeting, &seats, interests, actor, now)
    })?;
    let forum: Forum = cx.find(ballot.forum_id)?;
    set_clock(cx, &ballot, &forum)?;
    view(cx, ballot)
}

/// Ends the voting and counts.
pub fn close(cx: &mut Context<'_>, id: BallotId, expected: Expected) -> Outcome<BallotView> {
    cx.require(Operation::BallotClose)?;
    let now = cx.now;
    let mut ballot = change(cx, id, expected, |ballot, (forum, interests), actor| {
        ballot.close(forum, interests, actor, now)
    })?;
    let (meeting, seats) = surroundings(cx, id)?;
    let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
    match ballot.require_countable(&seats, &interests) {
        // The clock does not wait for a ruling, the count does.
        Err(_) if cx.actor.role == Role::System => {}
        Err(refusal) => return Err(refusal.into()),
        Ok(()) => count(cx, &mut ballot, (&meeting, &seats, &interests))?,
    }
    view(cx, ballot)
}

fn count(
    cx: &mut Context<'_>,
    ballot: &mut Ballot,
    surroundings: (&Meeting, &[Seat], &[Recusal]),
) -> Outcome<()> {
    let votes = votes::current(cx.db, ballot.id)?;
    cx.transition(ballot, |ballot| ballot.count(&votes, surroundings))?;
    cx.enqueue(&Job::BallotRecount { ballot_id: ballot.id }, cx.now, None)?;
    Ok(())
}

/// Counts what was closed by the clock and waited for a ruling on an interest in this application.
pub(crate) fn count_after_ruling(cx: &mut Context<'_>, application: &Application) -> Outcome<()> {
    for forum in forums::list(
        cx.db,
        &ForumFilter { office_id: Some(application.office_id), ..ForumFilter::default() },
    )? {
        for waiting in ballots::list_closed_in_forum(cx.db, forum.id)? {
            if !waiting.concerned().contains(&application.id) {
                continue;
            }
            let mut ballot: Ballot = cx.lock(waiting.id, Expected::Any)?;
            let (meeting, seats) = surroundings(cx, ballot.id)?;
            let interests = recusals::on_applications(cx.db, &ballot.concerned())?;
            if ballot.state == BallotState::Closed && ballot.require_countable(&seats, &interests).is_ok() {
                count(cx, &mut ballot, (&meeting, &seats, &interests))?;
            }
        }
    }
    Ok(())
}

/// What the worker does after a count: counts again from what is stored, which changes nothing. A difference is for the
/// operator to look at, so the job fails.
pub fn recount(cx: &mut Context<'_>, id: BallotId) -> Outcome<bool> {
    let ballot: Ballot = cx.find(id)?;
    if ballot.state != BallotState::Counted {
        return Ok(false);
    }
    let votes = votes::current(cx.db, id)?;
    if ballot.recount(&votes)? {
        return Ok(true);
    }
    Err(Refusal::wrong_state("count", "different", "the same as before").into())
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
    let ballot = change(cx, id, expected, |ballot, (forum, interests), actor| {
        ballot.annul(forum, interests, actor, reason)
    })?;
    view(cx, ballot)
}
