//! One matter in several forums: what each of them made of a round, side by side.

use tildel_domain::ballot::{Ballot, BallotState};
use tildel_domain::forum::Forum;
use tildel_domain::id::{ForumId, RoundId};
use tildel_domain::meeting::{AgendaItem, Meeting};
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::{Recommendation, RecommendationState};
use tildel_domain::round::Round;
use tildel_storage::recommendations::RecommendationFilter;
use tildel_storage::{PageRequest, ballots, meetings, recommendations};

use crate::ballots::withhold;
use crate::context::Context;
use crate::failure::Outcome;
use crate::rounds;
use crate::viewer::Viewer;

/// The most recommendations on one round: one for each of its forums.
const RECOMMENDATIONS_MAX: u32 = 200;

/// A ballot on an item, as the caller may see it.
#[derive(Clone, Debug)]
pub struct TreatmentBallot {
    /// The ballot; without its count where that is kept from the caller.
    pub ballot: Ballot,
    /// Whether it is.
    pub withheld: bool,
}

/// An item of a meeting on the round.
#[derive(Clone, Debug)]
pub struct TreatmentItem {
    /// The meeting.
    pub meeting: Meeting,
    /// The item; without its agreement test where that is kept from the caller.
    pub item: AgendaItem,
    /// Its ballots, where the caller may know of them.
    pub ballots: Vec<TreatmentBallot>,
}

/// What a forum made of the round.
#[derive(Clone, Debug)]
pub struct Treatment {
    /// The forum.
    pub forum: Forum,
    /// Its meetings' items on the round.
    pub items: Vec<TreatmentItem>,
    /// What it recommends, where the caller may know of it.
    pub recommendation: Option<Recommendation>,
}

/// What the forums made of a round.
#[derive(Clone, Debug)]
pub struct Treatments {
    /// The round.
    pub round: Round,
    /// By forum, in the order of the round.
    pub forums: Vec<Treatment>,
}

/// What each forum of a round made of it, as the caller may see it.
pub fn read(cx: &mut Context<'_>, id: RoundId) -> Outcome<Treatments> {
    cx.require(Operation::TreatmentsRead)?;
    let round = rounds::read(cx, id)?;
    let viewer = Viewer::of(cx)?;
    let mut forums = Vec::with_capacity(round.forum_ids.len());
    for forum_id in &round.forum_ids {
        forums.push(treatment(cx, &viewer, id, *forum_id)?);
    }
    Ok(Treatments { round, forums })
}

fn treatment(
    cx: &mut Context<'_>,
    viewer: &Viewer,
    round_id: RoundId,
    forum_id: ForumId,
) -> Outcome<Treatment> {
    let forum: Forum = cx.find(forum_id)?;
    let mut items = Vec::new();
    for meeting in meetings::list_in_forum(cx.db, forum_id)? {
        let all = ballots::list_in_meeting(cx.db, meeting.id)?;
        let seen = viewer.meeting(meeting);
        for item in seen.agenda.iter().filter(|item| item.round_id == Some(round_id)) {
            let ballots = all.iter().filter(|ballot| ballot.agenda_item_id == item.id);
            let ballots = ballots.filter_map(|ballot| seen_ballot(viewer, &seen, item, ballot)).collect();
            items.push(TreatmentItem { meeting: seen.clone(), item: item.clone(), ballots });
        }
    }
    let filter = RecommendationFilter {
        round_id: Some(round_id),
        forum_id: Some(forum_id),
        draft_forum_ids: viewer.forums.iter().copied().collect(),
        ..RecommendationFilter::default()
    };
    let found = recommendations::page(cx.db, &filter, &PageRequest::first(RECOMMENDATIONS_MAX))?;
    let recommendation = standing(found.items.into_iter().filter(|found| viewer.sees_recommendation(found)))
        .map(|found| found.shown_to(&cx.actor));
    Ok(Treatment { forum, items, recommendation })
}

/// What stands of several versions: the newest that was adopted, or the draft where none was.
fn standing(versions: impl Iterator<Item = Recommendation>) -> Option<Recommendation> {
    let weight = |version: &Recommendation| match version.state {
        RecommendationState::SignedOff => 3,
        RecommendationState::Adopted => 2,
        RecommendationState::Draft => 1,
        RecommendationState::Superseded => 0,
    };
    versions.max_by_key(|version| (weight(version), version.number))
}

/// A ballot exists for those who take part in its item; what came of it, once the minutes are approved, for everybody.
fn seen_ballot(
    viewer: &Viewer,
    meeting: &Meeting,
    item: &AgendaItem,
    ballot: &Ballot,
) -> Option<TreatmentBallot> {
    let is_over = matches!(ballot.state, BallotState::Counted | BallotState::Annulled);
    let is_public = meeting.minutes_number > 0 && is_over;
    if is_public {
        return Some(TreatmentBallot { ballot: ballot.clone(), withheld: false });
    }
    if !viewer.takes_part_in(meeting.forum_id, item) {
        return None;
    }
    Some(if viewer.is_withheld(ballot) {
        TreatmentBallot { ballot: withhold(ballot.clone()), withheld: true }
    } else {
        TreatmentBallot { ballot: ballot.clone(), withheld: false }
    })
}
