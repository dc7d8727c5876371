//! Minutes: made from what was recorded, so that they can not differ from it.

use tildel_domain::ballot::Ballot;
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::id::MeetingId;
use tildel_domain::meeting::{AgendaItem, Meeting, MeetingState};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::{Recommendation, RecommendationState};
use tildel_domain::{Refusal, application::Application, ballot::BallotState};
use tildel_storage::{applications, ballots, persons, recommendations, seats};

use crate::context::Context;
use crate::failure::Outcome;

/// Somebody present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The seat.
    pub seat: Seat,
    /// Who sat there.
    pub name: String,
    /// Whether it was the deputy.
    pub as_deputy: bool,
}

/// What came of an agenda item.
#[derive(Clone, Debug)]
pub struct MinutesItem {
    /// The item, with its agreement test.
    pub item: AgendaItem,
    /// Its ballots that were counted or annulled.
    pub ballots: Vec<Ballot>,
    /// The recommendation that the forum adopted on its round in this meeting.
    pub recommendation: Option<Recommendation>,
    /// The applications that ballots and recommendation name.
    pub applications: Vec<Application>,
}

/// The minutes of a meeting.
#[derive(Clone, Debug)]
pub struct Minutes {
    /// The forum.
    pub forum: Forum,
    /// The meeting.
    pub meeting: Meeting,
    /// Who was present.
    pub present: Vec<Present>,
    /// The items.
    pub items: Vec<MinutesItem>,
}

/// Makes the minutes of a meeting that was held. They are open to all (offentleglova § 3).
pub fn read(cx: &mut Context<'_>, id: MeetingId) -> Outcome<Minutes> {
    cx.require(Operation::MinutesRead)?;
    let meeting: Meeting = cx.find(id)?;
    if meeting.state != MeetingState::Held {
        // Before the meeting has ended there are no minutes, whoever asks.
        return Err(Refusal::not_found("minutes").into());
    }
    let forum: Forum = cx.find(meeting.forum_id)?;
    let present = present(cx, &meeting)?;
    let ballots = ballots::list_in_meeting(cx.db, id)?;
    let mut items = Vec::with_capacity(meeting.agenda.len());
    for item in &meeting.agenda {
        items.push(minutes_item(cx, &meeting, item, &ballots)?);
    }
    Ok(Minutes { forum, meeting, present, items })
}

fn present(cx: &mut Context<'_>, meeting: &Meeting) -> Outcome<Vec<Present>> {
    let seats = seats::list_in_forum(cx.db, meeting.forum_id)?;
    let ids: Vec<_> = meeting.attendance.iter().map(|attendance| attendance.person_id).collect();
    let people: Vec<Person> = persons::find_many(cx.db, &ids)?;
    let name_of = |id| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
    Ok(meeting
        .attendance
        .iter()
        .filter_map(|attendance| {
            let seat = seats.iter().find(|seat| seat.id == attendance.seat_id)?.clone();
            let as_deputy = seat.deputy_id == Some(attendance.person_id);
            Some(Present { seat, name: name_of(attendance.person_id).unwrap_or_default(), as_deputy })
        })
        .collect())
}

fn minutes_item(
    cx: &mut Context<'_>,
    meeting: &Meeting,
    item: &AgendaItem,
    ballots: &[Ballot],
) -> Outcome<MinutesItem> {
    let (mut applications, mut recommendation) = (Vec::new(), None);
    if let Some(round_id) = item.round_id {
        applications = applications::list_in_round(cx.db, round_id)?;
        recommendation = recommendations::adopted_in_round(cx.db, round_id)?
            .into_iter()
            .find(|found| found.meeting_id == meeting.id && found.state == RecommendationState::Adopted);
    }
    // A counted ballot's outcome belongs in the minutes; who voted what does not (forum rules may open it later).
    let ballots = ballots
        .iter()
        .filter(|ballot| ballot.agenda_item_id == item.id)
        .filter(|ballot| matches!(ballot.state, BallotState::Counted | BallotState::Annulled))
        .cloned()
        .collect();
    applications.retain(|application| application.is_visible_to(&tildel_domain::Actor::PUBLIC));
    Ok(MinutesItem { item: item.clone(), ballots, recommendation, applications })
}
