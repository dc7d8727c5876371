//! Minutes: made from what was recorded, so that they can not differ from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_domain::ballot::Ballot;
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::id::{MeetingId, PersonId};
use tildel_domain::meeting::{AgendaItem, Meeting, MeetingState};
use tildel_domain::person::Person;
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::Recommendation;
use tildel_domain::{Actor, Refusal, application::Application, ballot::BallotState};
use tildel_storage::minutes::{self, ApprovedMinutes};
use tildel_storage::{applications, ballots, persons, recommendations, recusals, seats};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::viewer::Viewer;

/// Somebody present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// The seat.
    pub seat: Seat,
    /// Who sat there.
    pub name: String,
    /// Whether it was the deputy.
    pub as_deputy: bool,
}

/// What came of an agenda item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MinutesItem {
    /// The item, with its agreement test.
    pub item: AgendaItem,
    /// Its ballots that were counted or annulled.
    pub ballots: Vec<Ballot>,
    /// The recommendation that the forum adopted on its round in this meeting.
    pub recommendation: Option<Recommendation>,
    /// The applications that ballots and recommendation name.
    pub applications: Vec<Application>,
    /// Whether what came of it is kept from the caller, who is recused on it, until the minutes are approved.
    pub withheld: bool,
}

/// An approval of minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinutesApproval {
    /// The number of the version, from 1.
    pub number: u32,
    /// What it corrects in the one before.
    pub correction: Option<String>,
    /// Who approved it.
    pub approved_by: PersonId,
    /// When.
    pub approved_at: Timestamp,
}

/// The minutes of a meeting.
#[derive(Clone, Debug)]
pub struct Minutes {
    /// Who approved this version; nobody yet where it is a draft.
    pub approval: Option<MinutesApproval>,
    /// What they say.
    pub content: MinutesContent,
}

/// What minutes say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MinutesContent {
    /// The forum.
    pub forum: Forum,
    /// The meeting.
    pub meeting: Meeting,
    /// Who was present.
    pub present: Vec<Present>,
    /// The items.
    pub items: Vec<MinutesItem>,
}

/// The minutes of a meeting that was held: the version that is asked for, or the one that was approved last; they are open
/// to all (offentleglova § 3). Before the first approval they are a draft, for the forum and its office, and what concerns an
/// application is kept from those who are recused on it.
pub fn read(cx: &mut Context<'_>, id: MeetingId, number: Option<u32>) -> Outcome<Minutes> {
    cx.require(Operation::MinutesRead)?;
    let meeting: Meeting = cx.find(id)?;
    let not_found = || Refusal::not_found("minutes");
    if meeting.minutes_number > 0 {
        let wanted = number.unwrap_or(meeting.minutes_number);
        let versions = minutes::of_meeting(cx.db, id)?;
        let version = versions.into_iter().find(|version| version.number == wanted).ok_or_else(not_found)?;
        return Ok(Minutes {
            approval: Some(MinutesApproval {
                number: version.number,
                correction: version.correction,
                approved_by: version.approved_by,
                approved_at: version.approved_at,
            }),
            content: serde_json::from_value(version.content)?,
        });
    }
    let viewer = Viewer::of(cx)?;
    // Before the meeting has ended there are no minutes, whoever asks.
    if meeting.state != MeetingState::Held || number.is_some() || !viewer.forums.contains(&meeting.forum_id) {
        return Err(not_found().into());
    }
    let content = generate(cx, meeting)?;
    Ok(Minutes { approval: None, content: withhold(&viewer, content) })
}

/// Approves the minutes as they are now, or a correction of what was approved: the chair signs, and the version stands.
pub fn approve(
    cx: &mut Context<'_>,
    id: MeetingId,
    expected: Expected,
    correction: Option<&str>,
) -> Outcome<Minutes> {
    cx.require(if correction.is_some() { Operation::MinutesCorrect } else { Operation::MinutesApprove })?;
    let mut meeting: Meeting = cx.lock(id, expected)?;
    let forum: Forum = cx.find(meeting.forum_id)?;
    let ballots = ballots::list_in_meeting(cx.db, id)?;
    let mut concerned: Vec<_> = ballots.iter().flat_map(Ballot::concerned).collect();
    concerned.extend(meeting.agenda.iter().filter_map(|item| item.application_id));
    let interests = recusals::on_applications(cx.db, &concerned)?;
    let actor = cx.actor.clone();
    cx.transition(&mut meeting, |meeting| {
        meeting.approve_minutes(&forum, (&ballots, &interests), &actor, correction)
    })?;
    let number = meeting.minutes_number;
    let content = generate(cx, meeting)?;
    let version = ApprovedMinutes {
        meeting_id: id,
        number,
        content: serde_json::to_value(content)?,
        correction: correction.map(str::to_owned),
        approved_by: cx.actor.person()?,
        approved_at: cx.now,
    };
    minutes::insert(cx.db, &version)?;
    read(cx, id, Some(number))
}

fn generate(cx: &mut Context<'_>, meeting: Meeting) -> Outcome<MinutesContent> {
    let forum: Forum = cx.find(meeting.forum_id)?;
    let present = present(cx, &meeting)?;
    let ballots = ballots::list_in_meeting(cx.db, meeting.id)?;
    let mut items = Vec::with_capacity(meeting.agenda.len());
    for item in &meeting.agenda {
        items.push(minutes_item(cx, &meeting, item, &ballots)?);
    }
    Ok(MinutesContent { forum, meeting, present, items })
}

/// Takes out of a draft what concerns an application that the caller is recused on.
fn withhold(viewer: &Viewer, mut content: MinutesContent) -> MinutesContent {
    for item in &mut content.items {
        let is_kept_out = viewer.is_kept_out_of(&item.item.application_id);
        item.withheld = is_kept_out || item.ballots.iter().any(|ballot| viewer.is_withheld(ballot));
        for ballot in &mut item.ballots {
            if viewer.is_withheld(ballot) {
                *ballot = crate::ballots::withhold(ballot.clone());
            }
        }
        if is_kept_out {
            item.item.agreement = None;
        }
    }
    content.meeting = viewer.meeting(content.meeting);
    content
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
    }
    // Of several versions the one that was adopted last. It is as the public may see it, as the minutes will be.
    let adopted = recommendations::adopted_in_meeting(cx.db, meeting.id)?;
    let on_item = |found: &Recommendation| found.subject().is_ok_and(|subject| subject.is_treated_by(item));
    if let Some(found) = adopted.into_iter().rev().find(on_item) {
        let judged: Vec<_> = found.renewals.iter().map(|line| line.application_id).collect();
        applications.extend(applications::find_many(cx.db, &judged)?);
        recommendation = Some(found.shown_to(&Actor::PUBLIC));
    }
    // A counted ballot's outcome belongs in the minutes; who voted what does not (forum rules may open it later).
    let ballots = ballots
        .iter()
        .filter(|ballot| ballot.agenda_item_id == item.id)
        .filter(|ballot| matches!(ballot.state, BallotState::Counted | BallotState::Annulled))
        .cloned()
        .collect();
    applications.retain(|application| application.is_visible_to(&Actor::PUBLIC));
    Ok(MinutesItem { item: item.clone(), ballots, recommendation, applications, withheld: false })
}
