//! What the forums do: meetings, agreement tests, ballots, recommendations.

use anyhow::{Context as _, Result};
use tildel_domain::ballot::BallotRules;
use tildel_domain::forum::{Disclosure, VoteRight};
use tildel_domain::id::{AgendaItemId, ApplicationId, BallotId, MeetingId};
use tildel_domain::meeting::Attendance;
use tildel_domain::recommendation::{RecommendationLine, RecommendedOutcome};
use tildel_domain::voting::{TieChain, TieLink};
use tildel_domain::{Actor, Refusal, Role};
use tildel_usecases::meetings::Treated;
use tildel_usecases::recommendations::{self, NewMatter, NewRecommendation};
use tildel_usecases::recusals::{self, RecusalFilter};
use tildel_usecases::{Expected, PageRequest, ballots, meetings, minutes, votes};

use super::Played;
use super::ballot::{BallotText, order_of};
use super::cast::act;
use super::file::{MeetingText, RulingText};

/// Holds the meetings in order; a forum that agrees takes over the order of the ballot before.
pub(crate) async fn meet(played: &mut Played) -> Result<()> {
    let mut order: Vec<ApplicationId> = Vec::new();
    for text in played.case.meetings.clone() {
        played.at(text.starts_at)?;
        meet_one(played, &text, &mut order).await.with_context(|| format!("meeting {}", text.key))?;
    }
    Ok(())
}

async fn meet_one(played: &mut Played, text: &MeetingText, order: &mut Vec<ApplicationId>) -> Result<()> {
    let forum_text = played.case.forums.iter().find(|forum| forum.key == text.forum).context("forum")?;
    let chair = played.cast.actor(&forum_text.chair, Role::Chair)?;
    let (meeting_id, item_id) = open_meeting(played, text, &chair).await?;
    for recusal in &text.recusals {
        let actor = played.cast.actor(&recusal.person, Role::Member)?;
        let application_id = played.cast.application(&recusal.application)?;
        let recusal = recusal.clone();
        act(&played.service, actor, "declare an interest", move |cx| {
            recusals::declare(cx, None, application_id, recusal.ground, &recusal.explanation)
        })
        .await?;
    }
    let (outcome, note) = (text.agreement, text.note.clone());
    act(&played.service, chair.clone(), "test agreement", move |cx| {
        meetings::agreement_record(cx, meeting_id, Expected::Any, item_id, outcome, Some(&note))
    })
    .await?;
    let mut ballot_id = None;
    if let Some(ballot) = &text.ballot {
        let counted = vote(played, text, ballot, &chair, (meeting_id, item_id)).await?;
        ballot_id = Some(counted.0);
        *order = counted.1;
    }
    recommend(played, text, &chair, meeting_id, ballot_id, order).await?;
    act(&played.service, chair.clone(), "end the meeting", move |cx| {
        meetings::hold(cx, meeting_id, Expected::Any)
    })
    .await?;
    act(&played.service, chair, "approve the minutes", move |cx| {
        minutes::approve(cx, meeting_id, Expected::Any, None)
    })
    .await?;
    Ok(())
}

async fn open_meeting(
    played: &mut Played,
    text: &MeetingText,
    chair: &Actor,
) -> Result<(MeetingId, AgendaItemId)> {
    let forum_id = *played.cast.forums.get(&text.forum).context("forum")?;
    let round_id = played.cast.round()?;
    let (starts_at, place, item) = (text.starts_at, text.place.clone(), text.item.clone());
    let meeting = act(&played.service, chair.clone(), "call the meeting", move |cx| {
        meetings::create(cx, forum_id, starts_at, &place)
    })
    .await?;
    let meeting_id = meeting.id;
    played.cast.meetings.insert(text.key.clone(), meeting_id);
    let meeting = act(&played.service, chair.clone(), "write the agenda", move |cx| {
        let treated = Treated { round_id: Some(round_id), ..Treated::default() };
        meetings::agenda_item_create(cx, meeting_id, Expected::Any, &item, treated)
    })
    .await?;
    let item_id = meeting.agenda.first().context("agenda")?.id;
    let mut attendance = Vec::new();
    for (seat, person) in &text.attendance {
        let seat_id = played.cast.seats.get(seat).context("seat")?.id;
        attendance.push(Attendance { seat_id, person_id: played.cast.person(person)? });
    }
    act(&played.service, chair.clone(), "record who is present", move |cx| {
        meetings::attendance_record(cx, meeting_id, Expected::Any, &attendance)
    })
    .await?;
    Ok((meeting_id, item_id))
}

/// Opens the ballot, lets each seat vote, closes, and returns the order.
async fn vote(
    played: &mut Played,
    meeting: &MeetingText,
    text: &BallotText,
    chair: &Actor,
    (meeting_id, item_id): (MeetingId, AgendaItemId),
) -> Result<(BallotId, Vec<ApplicationId>)> {
    let rules = rules(played, meeting, text)?;
    let title = text.title.clone();
    let ballot = act(&played.service, chair.clone(), "prepare the ballot", move |cx| {
        ballots::create(cx, meeting_id, item_id, &title, &rules)
    })
    .await?;
    let ballot_id = ballot.ballot.id;
    for ruling in &meeting.rulings {
        rule(played, ruling, chair).await?;
    }
    act(&played.service, chair.clone(), "open the ballot", move |cx| {
        ballots::open(cx, ballot_id, Expected::Any)
    })
    .await?;
    for (seat, vote) in &text.votes {
        let seat_id = played.cast.seats.get(seat).context("seat")?.id;
        let voter =
            meeting.attendance.get(seat).with_context(|| format!("nobody is present on the seat {seat}"))?;
        let actor = played.cast.actor(voter, Role::Member)?;
        let content = text.content(vote, &played.cast)?;
        act(&played.service, actor, &format!("vote on the seat {seat}"), move |cx| {
            votes::cast(cx, ballot_id, seat_id, &content)
        })
        .await?;
    }
    let counted = act(&played.service, chair.clone(), "close the ballot", move |cx| {
        ballots::close(cx, ballot_id, Expected::Any)
    })
    .await?;
    let count = counted.ballot.count.with_context(|| format!("the ballot {} has no count", text.title))?;
    let order = order_of(&count)?;
    Ok((ballot_id, order))
}

/// Rules on an interest, found when the ballot was prepared or declared before.
async fn rule(played: &Played, text: &RulingText, chair: &Actor) -> Result<()> {
    let filter = RecusalFilter {
        person_id: Some(played.cast.person(&text.person)?),
        application_id: Some(played.cast.application(&text.application)?),
    };
    let text = text.clone();
    act(&played.service, chair.clone(), "rule on an interest", move |cx| {
        let found = recusals::list(cx, &filter, &PageRequest::first(1))?;
        let missing = || Refusal::not_found("recusal");
        let id = found.items.first().ok_or_else(missing)?.id;
        recusals::rule(cx, id, Expected::Any, text.upheld, &text.reason)
    })
    .await?;
    Ok(())
}

fn rules(played: &Played, meeting: &MeetingText, text: &BallotText) -> Result<BallotRules> {
    let forum = played.case.forums.iter().find(|forum| forum.key == meeting.forum).context("forum")?;
    let roster = forum
        .seats
        .iter()
        .filter(|seat| seat.vote_right == VoteRight::Voting)
        .filter_map(|seat| played.cast.seats.get(&seat.key))
        .map(|seat| seat.id)
        .collect();
    let assessed =
        played.case.applications.iter().filter(|application| application.deferred_to_year.is_none());
    let options =
        assessed.map(|application| played.cast.application(&application.key)).collect::<Result<_>>()?;
    Ok(BallotRules {
        matter: text.matter(&played.cast, options)?,
        roster,
        quorum_seats: forum.quorum_seats,
        quorum_by_kind: Vec::new(),
        disclosure: Disclosure::default(),
        tie_chain: TieChain(vec![TieLink::Lot { seed_hex: text.lot_seed_hex.clone() }]),
        closes_at: None,
    })
}

/// Writes the recommendation, has it adopted and signed off: as many as there are places are ranked, the rest is the reserve.
async fn recommend(
    played: &mut Played,
    text: &MeetingText,
    chair: &Actor,
    meeting_id: MeetingId,
    ballot_id: Option<BallotId>,
    order: &[ApplicationId],
) -> Result<()> {
    let places = usize::try_from(played.case.round.places).unwrap_or(usize::MAX);
    let lines = order
        .iter()
        .enumerate()
        .map(|(index, application_id)| RecommendationLine {
            application_id: *application_id,
            outcome: if index < places { RecommendedOutcome::Ranked } else { RecommendedOutcome::Reserve },
            rank: u32::try_from(index + 1).ok(),
            first_year: None,
            last_year: None,
            amount: None,
            split: Vec::new(),
            assessment: "Vurdert ut fra en helhetsvurdering.".to_owned(),
            criteria: Vec::new(),
            departure_from_count: None,
        })
        .collect();
    let new = NewRecommendation {
        matter: NewMatter::Round(played.cast.round()?, lines),
        forum_id: *played.cast.forums.get(&text.forum).context("forum")?,
        meeting_id,
        ballot_id,
        corrects: None,
    };
    let recommendation = act(&played.service, chair.clone(), "write the recommendation", move |cx| {
        recommendations::create(cx, &new)
    })
    .await?;
    act(&played.service, chair.clone(), "adopt the recommendation", move |cx| {
        recommendations::adopt(cx, recommendation.id, Expected::Any)
    })
    .await?;
    act(&played.service, chair.clone(), "sign the recommendation off", move |cx| {
        recommendations::sign_off(cx, recommendation.id, Expected::Any)
    })
    .await?;
    Ok(())
}
