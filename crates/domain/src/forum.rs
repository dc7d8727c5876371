//! Cooperation forums, their seats, and recorded interests.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{ApplicationId, ForumId, OfficeId, OrganisationId, PersonId, RecusalId, SeatId};
use crate::organisation::OrganisationKind;
use crate::refusal::{Refusal, RefusalCode};
use crate::text::LocalText;
use crate::{Actor, Entry};

/// A standing body of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forum {
    /// Id.
    pub id: ForumId,
    /// The office that it advises.
    pub office_id: OfficeId,
    /// Name, such as «Samarbeidsforum for regional ordning».
    pub name: LocalText,
    /// The scheme it was set up for, as a letter names it: «regional ordning».
    pub short_name: LocalText,
    /// Voting seats that must take part in a ballot for it to bind.
    pub quorum_seats: u32,
    /// The person who chairs it.
    pub chair_id: PersonId,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Forum {
    /// Sets up a forum.
    pub fn establish(&self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        if self.name.nb.trim().is_empty() {
            return Err(Refusal::invalid("/name/nb", "a name"));
        }
        Ok(Entry::new("forum.create", "forum", self.id))
    }

    /// Refuses everybody but the chair. The office's case officers serve as the forum's secretariat
    /// (the mandate of the forum, Udir), so they prepare, but do not chair.
    pub fn require_chair(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.role == crate::Role::System || actor.person_id == Some(self.chair_id) {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::NotChair))
    }

    /// Lets the chair and the secretariat pass.
    pub fn require_chair_or_secretariat(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.role == crate::Role::CaseOfficer {
            return actor.require_office(self.office_id);
        }
        self.require_chair(actor)
    }
}

/// What a seat may do in a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoteRight {
    /// Votes.
    Voting,
    /// Takes part without a vote.
    Observer,
    /// Is called in for certain matters and then speaks without a vote.
    Conditional,
}

/// A seat of a forum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Id.
    pub id: SeatId,
    /// The forum.
    pub forum_id: ForumId,
    /// What the seat represents, such as «kommunale eiere».
    pub label: LocalText,
    /// The kind of organisation that holds it.
    pub organisation_kind: OrganisationKind,
    /// The organisation that holds it, if it is one.
    pub organisation_id: Option<OrganisationId>,
    /// Vote right.
    pub vote_right: VoteRight,
    /// The member.
    pub member_id: PersonId,
    /// The deputy.
    pub deputy_id: Option<PersonId>,
    /// First day of the term.
    pub term_from: Date,
    /// Last day of the term.
    pub term_to: Date,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Seat {
    /// Fills a seat. The office takes part without a vote (rule 4).
    pub fn fill(&self, forum: &Forum, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(forum.office_id)?;
        let state = matches!(
            self.organisation_kind,
            OrganisationKind::CountyGovernor | OrganisationKind::Directorate
        );
        if state && self.vote_right == VoteRight::Voting {
            return Err(Refusal::new(RefusalCode::OfficeHasNoVote).at("/voteRight"));
        }
        if self.term_to < self.term_from {
            return Err(Refusal::invalid("/termTo", "a day not before termFrom"));
        }
        if self.deputy_id == Some(self.member_id) {
            return Err(Refusal::invalid("/deputyId", "another person than the member"));
        }
        Ok(Entry::new("seat.fill", "seat", self.id).with("forumId", self.forum_id.to_string()))
    }

    /// Whether the seat votes on that day.
    pub fn votes_on(&self, day: Date) -> bool {
        self.vote_right == VoteRight::Voting && self.term_from <= day && day <= self.term_to
    }

    /// Whether this person sits here, as member or deputy.
    pub fn is_held_by(&self, person_id: PersonId) -> bool {
        self.member_id == person_id || self.deputy_id == Some(person_id)
    }
}

/// Why a person has an interest (forvaltningsloven § 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecusalGround {
    /// Works for a party of the application.
    Party,
    /// Family or another close relation to a party.
    Relation,
    /// Another circumstance that can weaken trust.
    Circumstance,
}

/// A recorded interest of a person in one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recusal {
    /// Id.
    pub id: RecusalId,
    /// Whose interest.
    pub person_id: PersonId,
    /// In which application.
    pub application_id: ApplicationId,
    /// The ground.
    pub ground: RecusalGround,
    /// The explanation.
    pub explanation: String,
    /// Who recorded it: the person, or the chair.
    pub recorded_by: PersonId,
}

impl Recusal {
    /// Records the interest: a person declares the own one, chairs and case officers also those of others.
    pub fn declare(&self, actor: &Actor) -> Result<Entry, Refusal> {
        let own = actor.person_id == Some(self.person_id);
        if !own && !matches!(actor.role, crate::Role::Chair | crate::Role::CaseOfficer) {
            return Err(Refusal::new(RefusalCode::RoleNotAllowed).with("role", actor.role.as_str()));
        }
        if self.explanation.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/explanation"));
        }
        Ok(Entry::new("recusal.declare", "application", self.application_id)
            .with("recusalId", self.id.to_string()))
    }
}
