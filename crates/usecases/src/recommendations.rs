//! Recommendations of forums.

use tildel_domain::application::Application;
use tildel_domain::forum::Forum;
use tildel_domain::id::{BallotId, ForumId, MeetingId, RecommendationId, RoundId};
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::{Dissent, Recommendation, RecommendationLine, RecommendationState};
use tildel_domain::recusal::Recusal;
use tildel_domain::round::Round;
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::recommendations;
pub use tildel_storage::recommendations::RecommendationFilter;
use tildel_storage::{Page, PageRequest, applications, recusals, seats};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::viewer::Viewer;

/// What a new recommendation is made of.
#[derive(Clone, Debug)]
pub struct NewRecommendation {
    /// The round.
    pub round_id: RoundId,
    /// The forum.
    pub forum_id: ForumId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The ballot it rests on.
    pub ballot_id: Option<BallotId>,
    /// The lines.
    pub lines: Vec<RecommendationLine>,
    /// Dissent.
    pub dissent: Vec<Dissent>,
}

/// Recommendations that the caller may know of.
pub fn list(
    cx: &mut Context<'_>,
    filter: &RecommendationFilter,
    page: &PageRequest,
) -> Outcome<Page<Recommendation>> {
    cx.require(Operation::RecommendationList)?;
    let viewer = Viewer::of(cx)?;
    let draft_forum_ids: Vec<ForumId> = viewer.forums.iter().copied().collect();
    let drafts = recommendations::drafts_of(cx.db, &draft_forum_ids)?;
    let hidden = drafts.iter().filter(|draft| viewer.is_hidden_draft(draft));
    let hidden_ids = hidden.map(|draft| draft.id).collect();
    let filter = RecommendationFilter { draft_forum_ids, hidden_ids, ..filter.clone() };
    Ok(recommendations::page(cx.db, &filter, page)?)
}

/// One recommendation.
pub fn read(cx: &mut Context<'_>, id: RecommendationId) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationRead)?;
    let recommendation: Recommendation = cx.find(id)?;
    if Viewer::of(cx)?.sees_recommendation(&recommendation) {
        return Ok(recommendation);
    }
    Err(Refusal::not_found("recommendation").into())
}

/// Writes a draft.
pub fn create(cx: &mut Context<'_>, new: &NewRecommendation) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationCreate)?;
    let round: Round = cx.find_referenced(new.round_id, "/roundId")?;
    let forum: Forum = cx.find_referenced(new.forum_id, "/forumId")?;
    let meeting: Meeting = cx.find_referenced(new.meeting_id, "/meetingId")?;
    if meeting.forum_id != forum.id {
        return Err(Refusal::new(RefusalCode::UnknownReference)
            .with("thing", "meeting")
            .at("/meetingId")
            .into());
    }
    if let Some(ballot_id) = new.ballot_id {
        let ballot: tildel_domain::ballot::Ballot = cx.find_referenced(ballot_id, "/ballotId")?;
        if ballot.meeting_id != meeting.id || ballot.count.is_none() {
            return Err(Refusal::invalid("/ballotId", "a counted ballot of the meeting").into());
        }
    }
    check_dissent(cx, forum.id, &new.dissent)?;
    let applications = applications::list_in_round(cx.db, round.id)?;
    let recommendation = Recommendation {
        id: cx.new_id(),
        round_id: new.round_id,
        forum_id: new.forum_id,
        meeting_id: new.meeting_id,
        ballot_id: new.ballot_id,
        lines: new.lines.clone(),
        dissent: new.dissent.clone(),
        state: RecommendationState::Draft,
        adopted_by: None,
        adopted_at: None,
        version: 1,
    };
    let interests = interests(cx, &applications)?;
    let entry = recommendation.draft(&round, &forum, &applications, &interests, &cx.actor)?;
    cx.create(recommendation, entry)
}

fn interests(cx: &mut Context<'_>, applications: &[Application]) -> Outcome<Vec<Recusal>> {
    let ids: Vec<_> = applications.iter().map(|application| application.id).collect();
    Ok(recusals::on_applications(cx.db, &ids)?)
}

fn check_dissent(cx: &mut Context<'_>, forum_id: ForumId, dissent: &[Dissent]) -> Outcome<()> {
    let seats = seats::list_in_forum(cx.db, forum_id)?;
    match dissent.iter().position(|view| !seats.iter().any(|seat| seat.id == view.seat_id)) {
        Some(index) => Err(Refusal::new(RefusalCode::UnknownReference)
            .with("thing", "seat")
            .at(format!("/dissent/{index}/seatId"))
            .into()),
        None => Ok(()),
    }
}

/// Rewrites a draft.
pub fn update(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
    lines: &[RecommendationLine],
    dissent: &[Dissent],
) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationUpdate)?;
    let (mut recommendation, round, forum, applications) = load(cx, id, expected)?;
    check_dissent(cx, forum.id, dissent)?;
    let (actor, interests) = (cx.actor.clone(), interests(cx, &applications)?);
    let content = (lines.to_vec(), dissent.to_vec());
    cx.transition(&mut recommendation, |recommendation| {
        recommendation.revise(content, &round, &forum, &applications, &interests, &actor)
    })?;
    Ok(recommendation)
}

/// The forum adopts: the applications and the round show it.
pub fn adopt(cx: &mut Context<'_>, id: RecommendationId, expected: Expected) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationAdopt)?;
    let (mut recommendation, mut round, forum, applications) = load(cx, id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut recommendation, |recommendation| {
        recommendation.adopt(&round, &forum, &applications, &actor, now)
    })?;
    for line in &recommendation.lines {
        let mut application: Application = cx.lock(line.application_id, Expected::Any)?;
        let state = line.outcome.application_state();
        cx.transition(&mut application, |application| application.note_recommendation(state))?;
    }
    cx.transition(&mut round, Round::note_recommendation)?;
    Ok(recommendation)
}

fn load(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
) -> Outcome<(Recommendation, Round, Forum, Vec<Application>)> {
    let round_id = read(cx, id)?.round_id;
    let round: Round = cx.lock(round_id, Expected::Any)?;
    let recommendation: Recommendation = cx.lock(id, expected)?;
    let forum: Forum = cx.find(recommendation.forum_id)?;
    let applications = applications::list_in_round(cx.db, round_id)?;
    Ok((recommendation, round, forum, applications))
}
