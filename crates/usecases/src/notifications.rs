//! What people are told, and the reminders of ballots.

use jiff::SignedDuration;
use tildel_domain::ballot::{Ballot, BallotState};
use tildel_domain::forum::{Forum, Seat};
use tildel_domain::id::{AppealId, BallotId, NotificationId, PersonId};
use tildel_domain::meeting::Meeting;
use tildel_domain::notification::{Notification, NotificationKind, reminder_text};
use tildel_domain::policy::Operation;
use tildel_domain::text::LocalText;
use tildel_domain::{Entry, Refusal};
use tildel_storage::{Page, PageRequest, notifications, recusals, seats, votes};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::jobs::Job;

/// What the caller is told.
pub fn list(cx: &mut Context<'_>, unread: bool, page: &PageRequest) -> Outcome<Page<Notification>> {
    cx.require(Operation::NotificationList)?;
    let person_id = cx.actor.person()?;
    Ok(notifications::page(cx.db, person_id, unread, page)?)
}

/// One notification of the caller's.
pub fn read(cx: &mut Context<'_>, id: NotificationId) -> Outcome<Notification> {
    cx.require(Operation::NotificationRead)?;
    let notification: Notification = cx.find(id)?;
    if Some(notification.person_id) == cx.actor.person_id {
        return Ok(notification);
    }
    Err(Refusal::not_found("notification").into())
}

/// Marks a notification of the caller's as read.
pub fn mark_read(cx: &mut Context<'_>, id: NotificationId, expected: Expected) -> Outcome<Notification> {
    cx.require(Operation::NotificationMarkRead)?;
    read(cx, id)?;
    let mut notification: Notification = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut notification, |notification| notification.mark_read(&actor, now))?;
    Ok(notification)
}

/// Sets the clock for the reminder of an open ballot, if the forum wants one and its time has not passed.
pub(crate) fn set_clock(cx: &mut Context<'_>, ballot: &Ballot, forum: &Forum) -> Outcome<()> {
    let (Some(closes_at), Some(hours)) = (ballot.rules.closes_at, forum.reminder_hours) else {
        return Ok(());
    };
    let due = closes_at.checked_sub(SignedDuration::from_hours(i64::from(hours))).unwrap_or(closes_at);
    if ballot.state == BallotState::Open && due > cx.now {
        cx.enqueue(&Job::BallotRemind { ballot_id: ballot.id, due, closes_at }, due, None)?;
    }
    Ok(())
}

/// What the clock does before a deadline: tells those whose seats have not voted. Whoever is recused is told nothing, and
/// doing it twice tells nobody twice.
pub fn remind(cx: &mut Context<'_>, id: BallotId, closes_at: jiff::Timestamp) -> Outcome<usize> {
    let ballot: Ballot = cx.lock(id, Expected::Any)?;
    // A ballot whose end was moved has another reminder.
    if ballot.state != BallotState::Open || ballot.rules.closes_at != Some(closes_at) {
        return Ok(0);
    }
    let meeting: Meeting = cx.find(ballot.meeting_id)?;
    let recusals = recusals::on_applications(cx.db, &ballot.concerned())?;
    let voted = votes::current(cx.db, id)?;
    let mut told = 0;
    for seat in seats::list_in_forum(cx.db, ballot.forum_id)? {
        let has_voted =
            voted.iter().any(|vote| vote.seat_id == seat.id && !ballot.keeps_out(vote.person_id, &recusals));
        if has_voted || !ballot.rules.roster.contains(&seat.id) {
            continue;
        }
        let Some(person_id) = ballot.holder(&seat, &meeting, &recusals).person_id() else { continue };
        if !notifications::is_told(cx.db, person_id, (id, seat.id))? {
            tell(cx, &ballot, &seat, person_id, closes_at)?;
            told += 1;
        }
    }
    Ok(told)
}

fn tell(
    cx: &mut Context<'_>,
    ballot: &Ballot,
    seat: &Seat,
    person_id: tildel_domain::id::PersonId,
    closes_at: jiff::Timestamp,
) -> Outcome<()> {
    let notification = Notification {
        id: cx.new_id(),
        person_id,
        kind: NotificationKind::BallotReminder,
        ballot_id: Some(ballot.id),
        seat_id: Some(seat.id),
        appeal_id: None,
        text: reminder_text(&ballot.title, closes_at),
        created_at: cx.now,
        read_at: None,
        version: 1,
    };
    let entry: Entry = notification.tell();
    cx.create(notification, entry).map(|_| ())
}

/// Tells a person of an appeal.
pub(crate) fn tell_of_appeal(
    cx: &mut Context<'_>,
    person_id: PersonId,
    kind: NotificationKind,
    appeal_id: AppealId,
    text: LocalText,
) -> Outcome<()> {
    let notification = Notification {
        id: cx.new_id(),
        person_id,
        kind,
        ballot_id: None,
        seat_id: None,
        appeal_id: Some(appeal_id),
        text,
        created_at: cx.now,
        read_at: None,
        version: 1,
    };
    let entry: Entry = notification.tell();
    cx.create(notification, entry).map(|_| ())
}
