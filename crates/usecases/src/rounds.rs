//! Rounds, from the call to their end.

use tildel_domain::award_criterion::AwardCriterion;
use tildel_domain::id::{ForumId, OfficeId, RoundId, SchemeId};
use tildel_domain::policy::Operation;
use tildel_domain::round::{Deadline, DeferredGroup, Round, RoundState};
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::text::LocalText;
use tildel_domain::{Actor, Refusal, RefusalCode};
use tildel_storage::rounds;
pub use tildel_storage::rounds::RoundFilter;
use tildel_storage::{Page, PageRequest, applications};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::jobs::Job;

/// What a round is made of.
#[derive(Clone, Debug)]
pub struct RoundContent {
    /// The budget year.
    pub budget_year: i16,
    /// Title.
    pub title: LocalText,
    /// What letters call it.
    pub label: LocalText,
    /// When applications have to be in.
    pub deadline: Deadline,
    /// The forums that treat it.
    pub forum_ids: Vec<ForumId>,
    /// Groups that are not assessed in this round.
    pub deferred_groups: Vec<DeferredGroup>,
    /// What applications are assessed by.
    pub criteria: Vec<AwardCriterion>,
}

/// Rounds that the caller may know of.
pub fn list(cx: &mut Context<'_>, filter: &RoundFilter, page: &PageRequest) -> Outcome<Page<Round>> {
    cx.require(Operation::RoundList)?;
    let filter = RoundFilter { drafts_of_office: staff_office(&cx.actor), ..filter.clone() };
    Ok(rounds::page(cx.db, &filter, page)?)
}

/// The office whose unfinished work the actor may see.
pub(crate) fn staff_office(actor: &Actor) -> Option<OfficeId> {
    actor.office_id.filter(|office_id| actor.is_staff_of(*office_id))
}

/// One round.
pub fn read(cx: &mut Context<'_>, id: RoundId) -> Outcome<Round> {
    cx.require(Operation::RoundRead)?;
    let round: Round = cx.find(id)?;
    if !round.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("round").into());
    }
    Ok(round)
}

/// Prepares a round.
pub fn create(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    content: &RoundContent,
) -> Outcome<Round> {
    cx.require(Operation::RoundCreate)?;
    let _office: Office = cx.find_referenced(office_id, "/officeId")?;
    let scheme: Scheme = cx.find_referenced(scheme_id, "/schemeId")?;
    check_forums(cx, office_id, &content.forum_ids)?;
    let round = Round {
        id: cx.new_id(),
        office_id,
        scheme_id,
        budget_year: content.budget_year,
        title: content.title.clone(),
        label: content.label.clone(),
        deadline: content.deadline.clone(),
        forum_ids: content.forum_ids.clone(),
        deferred_groups: content.deferred_groups.clone(),
        criteria: content.criteria.clone(),
        state: RoundState::Draft,
        cancellation_reason: None,
        version: 1,
    };
    let entry = round.prepare(&scheme, &cx.actor)?;
    cx.create(round, entry)
}

/// Changes a round that has not opened.
pub fn update(
    cx: &mut Context<'_>,
    id: RoundId,
    expected: Expected,
    content: &RoundContent,
) -> Outcome<Round> {
    cx.require(Operation::RoundUpdate)?;
    let mut round: Round = lock(cx, id, expected)?;
    let scheme: Scheme = cx.find(round.scheme_id)?;
    check_forums(cx, round.office_id, &content.forum_ids)?;
    let revised = Round {
        budget_year: content.budget_year,
        title: content.title.clone(),
        label: content.label.clone(),
        deadline: content.deadline.clone(),
        forum_ids: content.forum_ids.clone(),
        deferred_groups: content.deferred_groups.clone(),
        criteria: content.criteria.clone(),
        ..round.clone()
    };
    let actor = cx.actor.clone();
    cx.transition(&mut round, |round| round.revise(revised, &scheme, &actor))?;
    Ok(round)
}

/// Reads a round to change it. One of another office that is not announced does not exist for the caller, whatever the
/// version.
fn lock(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    let round: Round = cx.lock(id, Expected::Any)?;
    if round.state == RoundState::Draft && cx.actor.require_office(round.office_id).is_err() {
        return Err(Refusal::not_found("round").into());
    }
    cx.lock(id, expected)
}

fn check_forums(cx: &mut Context<'_>, office_id: OfficeId, forum_ids: &[ForumId]) -> Outcome<()> {
    for (index, forum_id) in forum_ids.iter().enumerate() {
        let pointer = format!("/forumIds/{index}");
        let forum: tildel_domain::forum::Forum = cx.find_referenced(*forum_id, &pointer)?;
        if forum.office_id != office_id || forum_ids[..index].contains(forum_id) {
            return Err(Refusal::invalid(&pointer, "forums of the office, each once").into());
        }
    }
    Ok(())
}

/// Makes a round known.
pub fn announce(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    cx.require(Operation::RoundAnnounce)?;
    let mut round = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut round, |round| round.announce(&actor))?;
    Ok(round)
}

/// Opens a round for applications and sets the clock for its end.
pub fn open(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    cx.require(Operation::RoundOpen)?;
    let mut round = lock(cx, id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut round, |round| round.open(&actor, now))?;
    let closes_at = round.deadline.closes_at()?;
    cx.enqueue(&Job::RoundClose { round_id: id }, closes_at, Some(round.office_id))?;
    Ok(round)
}

/// Closes a round after its deadline: by the clock, or by hand should the clock be late.
pub fn close(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    cx.require(Operation::RoundClose)?;
    let mut round = lock(cx, id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut round, |round| round.close(&actor, now))?;
    Ok(round)
}

/// What the clock does at a deadline: closes the round if it is still open. Doing it twice changes nothing.
pub fn close_when_due(cx: &mut Context<'_>, id: RoundId) -> Outcome<bool> {
    let round: Round = cx.lock(id, Expected::Any)?;
    if round.state != RoundState::Open || cx.now < round.deadline.closes_at()? {
        return Ok(false);
    }
    close(cx, id, Expected::Any).map(|_| true)
}

/// Hands the screened applications to the forums.
pub fn send_to_forum(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    cx.require(Operation::RoundSendToForum)?;
    let mut round = lock(cx, id, expected)?;
    if round.forum_ids.is_empty() {
        return Err(Refusal::new(RefusalCode::UnknownReference).with("thing", "forum").into());
    }
    let applications = applications::list_in_round(cx.db, id)?;
    let actor = cx.actor.clone();
    cx.transition(&mut round, |round| round.send_to_forum(&applications, &actor))?;
    Ok(round)
}

/// Ends a round.
pub fn complete(cx: &mut Context<'_>, id: RoundId, expected: Expected) -> Outcome<Round> {
    cx.require(Operation::RoundComplete)?;
    let mut round = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut round, |round| round.complete(&actor))?;
    Ok(round)
}

/// Calls a round off.
pub fn cancel(cx: &mut Context<'_>, id: RoundId, expected: Expected, reason: &str) -> Outcome<Round> {
    cx.require(Operation::RoundCancel)?;
    let mut round = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut round, |round| round.cancel(&actor, reason))?;
    Ok(round)
}
