//! What one caller may see of what forums have not finished. Every reading use case of the forum asks here, so that the
//! rule stands in one place.
//!
//! Unfinished are discussion (agreement tests), papers, votes, counts, drafts of recommendations and minutes before their
//! approval. They are for those who sit in the forum, chair it or serve it; a conditional seat sees the items that it is
//! called in for; and nobody sees what concerns an application that they are recused on.

use std::collections::BTreeSet;

use tildel_domain::Role;
use tildel_domain::ballot::Ballot;
use tildel_domain::forum::VoteRight;
use tildel_domain::id::{AgendaItemId, ApplicationId, ForumId, SeatId};
use tildel_domain::meeting::{AgendaItem, Meeting};
use tildel_domain::recommendation::{Recommendation, RecommendationState};
use tildel_storage::forums::{self, ForumFilter};
use tildel_storage::{meetings, recusals, seats};

use crate::context::Context;
use crate::failure::Outcome;

/// What one caller may see.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// Tildel itself, which closes ballots at their deadlines, is in no forum.
    is_system: bool,
    /// The forums whose unfinished matters the caller may see: those of seats whose term holds today, those that the caller
    /// leads, and those of the caller's office.
    pub(crate) forums: BTreeSet<ForumId>,
    /// The caller's conditional seats in other forums.
    conditional: Vec<(ForumId, SeatId)>,
    /// The applications that the caller is kept out of.
    pub(crate) recused: BTreeSet<ApplicationId>,
}

impl Viewer {
    /// Finds out.
    pub(crate) fn of(cx: &mut Context<'_>) -> Outcome<Self> {
        let mut viewer = Self {
            is_system: cx.actor.role == Role::System,
            forums: BTreeSet::new(),
            conditional: Vec::new(),
            recused: BTreeSet::new(),
        };
        if let Some(person_id) = cx.actor.person_id {
            let today = cx.today()?;
            let held = seats::list_of_person(cx.db, person_id)?;
            for seat in held.into_iter().filter(|seat| seat.is_in_term(today)) {
                if seat.vote_right == VoteRight::Conditional {
                    viewer.conditional.push((seat.forum_id, seat.id));
                } else {
                    viewer.forums.insert(seat.forum_id);
                }
            }
            viewer.forums.extend(forums::list_led_by(cx.db, person_id)?.iter().map(|forum| forum.id));
            let standing = recusals::of_person(cx.db, person_id)?;
            viewer.recused.extend(standing.iter().map(|recusal| recusal.application_id));
        }
        if let Some(office_id) = crate::rounds::staff_office(&cx.actor) {
            let kept = ForumFilter { office_id: Some(office_id), ..ForumFilter::default() };
            viewer.forums.extend(forums::list(cx.db, &kept)?.iter().map(|forum| forum.id));
        }
        Ok(viewer)
    }

    /// The items that the caller is called in for, in forums that the caller sees nothing else of.
    pub(crate) fn called_items(&self, cx: &mut Context<'_>) -> Outcome<Vec<AgendaItemId>> {
        let mut items = Vec::new();
        for (forum_id, seat_id) in &self.conditional {
            let meetings = meetings::list_in_forum(cx.db, *forum_id)?;
            let agenda = meetings.iter().flat_map(|meeting| &meeting.agenda);
            items.extend(agenda.filter(|item| item.called_in.contains(seat_id)).map(|item| item.id));
        }
        Ok(items)
    }

    /// Whether the caller takes part in an item: sits in the forum, or is called in.
    pub(crate) fn takes_part_in(&self, forum_id: ForumId, item: &AgendaItem) -> bool {
        let is_called = |(_, seat_id): &(ForumId, SeatId)| item.called_in.contains(seat_id);
        self.is_system || self.forums.contains(&forum_id) || self.conditional.iter().any(is_called)
    }

    /// Whether the caller is kept out of one of these applications.
    pub(crate) fn is_kept_out_of<'a>(
        &self,
        applications: impl IntoIterator<Item = &'a ApplicationId>,
    ) -> bool {
        applications.into_iter().any(|application_id| self.recused.contains(application_id))
    }

    /// Whether the caller sees what is said and written on an item: papers, and the agreement test.
    pub(crate) fn sees_item(&self, meeting: &Meeting, item: &AgendaItem) -> bool {
        let is_open_to_all = meeting.minutes_number > 0;
        is_open_to_all
            || (self.takes_part_in(meeting.forum_id, item) && !self.is_kept_out_of(&item.application_id))
    }

    /// A meeting as the caller may see it.
    pub(crate) fn meeting(&self, mut meeting: Meeting) -> Meeting {
        let seen: Vec<bool> = meeting.agenda.iter().map(|item| self.sees_item(&meeting, item)).collect();
        for (item, is_seen) in meeting.agenda.iter_mut().zip(seen) {
            if !is_seen {
                item.agreement = None;
            }
        }
        meeting
    }

    /// Whether the count of a ballot, and all that tells of its votes, is kept from the caller.
    pub(crate) fn is_withheld(&self, ballot: &Ballot) -> bool {
        self.is_kept_out_of(&ballot.concerned())
    }

    /// Whether a recommendation exists for the caller.
    pub(crate) fn sees_recommendation(&self, recommendation: &Recommendation) -> bool {
        recommendation.state != RecommendationState::Draft
            || (self.forums.contains(&recommendation.forum_id) && !self.is_hidden_draft(recommendation))
    }

    /// Whether a draft concerns an application that the caller is kept out of.
    pub(crate) fn is_hidden_draft(&self, recommendation: &Recommendation) -> bool {
        self.is_kept_out_of(&recommendation.concerned())
    }
}
