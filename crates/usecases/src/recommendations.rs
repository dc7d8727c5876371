//! Recommendations of forums.

use tildel_domain::application::Application;
use tildel_domain::ballot::Ballot;
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::grant::Grant;
use tildel_domain::id::{BallotId, ForumId, MeetingId, RecommendationId, RoundId, SeatId};
use tildel_domain::meeting::Meeting;
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::{
    Advice, Basis, Facts, NewDissent, Recommendation, RecommendationLine, RecommendationState, Subject,
};
use tildel_domain::recusal::Recusal;
use tildel_domain::renewal_advice::RenewalMatter;
use tildel_domain::round::Round;
use tildel_domain::{Entry, Refusal, RefusalCode};
use tildel_storage::recommendations;
pub use tildel_storage::recommendations::RecommendationFilter;
use tildel_storage::{Page, PageRequest, applications, grants, recusals};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
pub use crate::renewals::NewRenewalAdvice;
use crate::renewals::with_applications;
use crate::viewer::Viewer;

/// Which version a recommendation corrects.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The version, which was adopted.
    pub id: RecommendationId,
    /// Why it is corrected.
    pub reason: String,
}

/// The advice that a new recommendation holds, or that takes the place of a draft's.
#[derive(Clone, Debug)]
pub enum NewAdvice {
    /// On the applications of a round.
    Round(Vec<RecommendationLine>),
    /// On running grants.
    Renewals(Vec<NewRenewalAdvice>),
}

/// What a recommendation is to be on, and what it says.
#[derive(Clone, Debug)]
pub enum NewMatter {
    /// On a round.
    Round(RoundId, Vec<RecommendationLine>),
    /// On renewals.
    Renewals(RenewalMatter, Vec<NewRenewalAdvice>),
}

/// What a new recommendation is made of.
#[derive(Clone, Debug)]
pub struct NewRecommendation {
    /// What it is on, and what it says.
    pub matter: NewMatter,
    /// The forum.
    pub forum_id: ForumId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The ballot it rests on.
    pub ballot_id: Option<BallotId>,
    /// The version that it corrects.
    pub corrects: Option<Correction>,
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
    let found = recommendations::page(cx.db, &filter, page)?;
    let items = found.items.into_iter().map(|found| found.shown_to(&cx.actor)).collect();
    Ok(Page { items, next: found.next })
}

/// One recommendation.
pub fn read(cx: &mut Context<'_>, id: RecommendationId) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationRead)?;
    let recommendation: Recommendation = cx.find(id)?;
    if Viewer::of(cx)?.sees_recommendation(&recommendation) {
        return Ok(recommendation.shown_to(&cx.actor));
    }
    Err(Refusal::not_found("recommendation").into())
}

/// What a recommendation is held against, as it is loaded.
struct Surroundings {
    forum: Forum,
    meeting: Meeting,
    ballot: Option<Ballot>,
    matter: Matter,
    interests: Vec<Recusal>,
}

enum Matter {
    Round(Box<Round>, Vec<Application>),
    Grants(Vec<Grant>),
}

impl Surroundings {
    /// Loads it. The round is kept from others, so that nobody decides on what is changing.
    fn load(cx: &mut Context<'_>, recommendation: &Recommendation) -> Outcome<Self> {
        let forum: Forum = cx.find(recommendation.forum_id)?;
        let mut concerned = recommendation.concerned();
        let matter = match recommendation.subject()? {
            Subject::Round { round_id } => {
                let round: Round = cx.lock(round_id, Expected::Any)?;
                let applications = applications::list_in_round(cx.db, round_id)?;
                concerned.extend(applications.iter().map(|application| application.id));
                Matter::Round(Box::new(round), applications)
            }
            Subject::Renewals { scheme_id, .. } => {
                Matter::Grants(grants::list_for(cx.db, forum.office_id, scheme_id)?)
            }
        };
        let ballot = match recommendation.ballot_id {
            Some(ballot_id) => Some(cx.find(ballot_id)?),
            None => None,
        };
        Ok(Self {
            meeting: cx.find(recommendation.meeting_id)?,
            interests: recusals::on_applications(cx.db, &concerned)?,
            forum,
            ballot,
            matter,
        })
    }

    fn facts(&self) -> Facts<'_> {
        match &self.matter {
            Matter::Round(round, applications) => Facts::Round(round, applications),
            Matter::Grants(grants) => Facts::Grants(grants),
        }
    }

    fn basis(&self) -> (&Forum, Basis<'_>) {
        (&self.forum, Basis { meeting: &self.meeting, ballot: self.ballot.as_ref() })
    }
}

/// Writes a draft: the first version, or the correction of one that was adopted.
pub fn create(cx: &mut Context<'_>, new: &NewRecommendation) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationCreate)?;
    let forum: Forum = cx.find_referenced(new.forum_id, "/forumId")?;
    let meeting: Meeting = cx.find_referenced(new.meeting_id, "/meetingId")?;
    if meeting.forum_id != forum.id {
        return Err(Refusal::new(RefusalCode::UnknownReference)
            .with("thing", "meeting")
            .at("/meetingId")
            .into());
    }
    if let Some(ballot_id) = new.ballot_id {
        let ballot: Ballot = cx.find_referenced(ballot_id, "/ballotId")?;
        if ballot.meeting_id != meeting.id || ballot.count.is_none() {
            return Err(Refusal::invalid("/ballotId", "a counted ballot of the meeting").into());
        }
    }
    let corrected: Option<Recommendation> = match &new.corrects {
        Some(correction) => Some(cx.find_referenced(correction.id, "/corrects/id")?),
        None => None,
    };
    let (round_id, renewals, lines, judged) = match &new.matter {
        NewMatter::Round(round_id, lines) => {
            let _round: Round = cx.find_referenced(*round_id, "/roundId")?;
            (Some(*round_id), None, lines.clone(), Vec::new())
        }
        NewMatter::Renewals(matter, lines) => {
            let _scheme: tildel_domain::scheme::Scheme =
                cx.find_referenced(matter.scheme_id, "/renewals/schemeId")?;
            (None, Some(*matter), Vec::new(), with_applications(cx, lines)?)
        }
    };
    let recommendation = Recommendation {
        id: cx.new_id(),
        round_id,
        scheme_id: renewals.map(|matter| matter.scheme_id),
        year: renewals.map(|matter| matter.year),
        forum_id: new.forum_id,
        meeting_id: new.meeting_id,
        ballot_id: new.ballot_id,
        lines,
        renewals: judged,
        dissent: Vec::new(),
        state: RecommendationState::Draft,
        adopted_by: None,
        adopted_at: None,
        signed_by: None,
        signed_at: None,
        number: corrected.as_ref().map_or(1, |corrected| corrected.number + 1),
        supersedes_id: corrected.as_ref().map(|corrected| corrected.id),
        correction_reason: new.corrects.as_ref().map(|correction| correction.reason.clone()),
        version: 1,
    };
    let around = Surroundings::load(cx, &recommendation)?;
    let (corrected, facts, interests) = (corrected.as_ref(), around.facts(), &around.interests);
    let entry = recommendation.draft(corrected, facts, around.basis(), interests, &cx.actor)?;
    Ok(cx.create(recommendation, entry)?.shown_to(&cx.actor))
}

/// Loads a recommendation that exists for the caller, runs a transition, and saves.
fn change(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
    transition: impl FnOnce(&mut Recommendation, &Surroundings, &tildel_domain::Actor) -> Result<Entry, Refusal>,
) -> Outcome<Recommendation> {
    // The round comes first, in the order in which everybody locks.
    let seen = read(cx, id)?;
    let around = Surroundings::load(cx, &seen)?;
    let mut recommendation: Recommendation = cx.lock(id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut recommendation, |recommendation| transition(recommendation, &around, &actor))?;
    Ok(recommendation)
}

/// Rewrites a draft.
pub fn update(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
    advice: &NewAdvice,
) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationUpdate)?;
    let advice = match advice {
        NewAdvice::Round(lines) => Advice::Round(lines.clone()),
        NewAdvice::Renewals(lines) => Advice::Renewals(with_applications(cx, lines)?),
    };
    let revised = change(cx, id, expected, |recommendation, around, actor| {
        recommendation.revise(advice, around.facts(), around.basis(), &around.interests, actor)
    })?;
    Ok(revised.shown_to(&cx.actor))
}

/// Records that the forum adopted it.
pub fn adopt(cx: &mut Context<'_>, id: RecommendationId, expected: Expected) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationAdopt)?;
    let now = cx.now;
    let adopted = change(cx, id, expected, |recommendation, around, actor| {
        recommendation.adopt(around.facts(), around.basis(), &around.interests, actor, now)
    })?;
    Ok(adopted.shown_to(&cx.actor))
}

/// The chair signs it off: applications and round show it, decisions can rest on it, and the version that it corrects gives
/// way.
pub fn sign_off(cx: &mut Context<'_>, id: RecommendationId, expected: Expected) -> Outcome<Recommendation> {
    cx.require(Operation::RecommendationSignOff)?;
    let now = cx.now;
    let signed = change(cx, id, expected, |recommendation, around, actor| {
        recommendation.sign_off(around.facts(), around.basis(), &around.interests, actor, now)
    })?;
    if let Some(superseded_id) = signed.supersedes_id {
        let mut superseded: Recommendation = cx.lock(superseded_id, Expected::Any)?;
        cx.transition(&mut superseded, |superseded| superseded.supersede(id))?;
    }
    for line in &signed.lines {
        let mut application: Application = cx.lock(line.application_id, Expected::Any)?;
        let state = line.outcome.application_state();
        cx.transition(&mut application, |application| application.note_recommendation(state))?;
    }
    if let Some(round_id) = signed.round_id {
        let mut round: Round = cx.lock(round_id, Expected::Any)?;
        cx.transition(&mut round, Round::note_recommendation)?;
    }
    Ok(signed.shown_to(&cx.actor))
}

/// A member records dissent for the own seat.
pub fn dissent_record(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
    seat_id: SeatId,
    new: &NewDissent,
) -> Outcome<Recommendation> {
    cx.require(Operation::DissentRecord)?;
    let concerned = read(cx, id)?.concerned();
    let seat: Seat = cx.find_referenced(seat_id, "/seatId")?;
    let interests = recusals::on_applications(cx.db, &concerned)?;
    let mut recommendation: Recommendation = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut recommendation, |recommendation| {
        recommendation.dissent_from(&seat, new.clone(), &interests, &actor, now)
    })?;
    Ok(recommendation.shown_to(&cx.actor))
}

/// A member takes back what the own seat has recorded.
pub fn dissent_withdraw(
    cx: &mut Context<'_>,
    id: RecommendationId,
    expected: Expected,
    seat_id: SeatId,
) -> Outcome<Recommendation> {
    cx.require(Operation::DissentWithdraw)?;
    read(cx, id)?;
    let seat: Seat = cx.find(seat_id)?;
    let mut recommendation: Recommendation = cx.lock(id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut recommendation, |recommendation| recommendation.withdraw_dissent(&seat, &actor))?;
    Ok(recommendation.shown_to(&cx.actor))
}
