//! Cooperation forums and their seats.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ballot::Ballot;
use crate::id::{ForumId, OfficeId, OrganisationId, PersonId, SeatId};
use crate::organisation::OrganisationKind;
use crate::person::Person;
use crate::refusal::{Refusal, RefusalCode};
use crate::standing::{KindQuorum, QuorumRule};
use crate::text::LocalText;
use crate::{Actor, Entry};

pub use crate::recusal::{Recusal, RecusalGround, RecusalState};

/// The longest time before the end of a ballot at which seats are reminded: four weeks.
const REMINDER_HOURS_MAX: u32 = 28 * 24;

/// Who sees what a seat voted, apart from who cast the vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// Nobody, ever.
    #[default]
    Secret,
    /// The forum, once the ballot is counted.
    Sealed,
    /// The forum, as soon as the vote is cast.
    Open,
}

/// Whether nobody ever sees it: what is left out where it is stored, so that older rules stay the same to the byte.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) fn is_secret(disclosure: &Disclosure) -> bool {
    *disclosure == Disclosure::Secret
}

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
    /// Seats of kinds of organisation that must take part, each kind once.
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted.
    pub disclosure: Disclosure,
    /// How long before the end of a ballot the seats that have not voted are reminded, if they are.
    pub reminder_hours: Option<u32>,
    /// The person who chairs it.
    pub chair_id: PersonId,
    /// The person who chairs in the chair's place, above all where the chair is recused.
    pub deputy_chair_id: Option<PersonId>,
    /// The version, counted up by each write.
    pub version: i64,
}

/// What an office says of its forum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForumContent {
    /// Name.
    pub name: LocalText,
    /// The scheme it was set up for, as a letter names it.
    pub short_name: LocalText,
    /// Voting seats that must take part.
    pub quorum_seats: u32,
    /// Seats of kinds of organisation that must take part, each kind once.
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted.
    pub disclosure: Disclosure,
    /// How long before the end of a ballot seats are reminded.
    pub reminder_hours: Option<u32>,
    /// Who chairs it.
    pub chair_id: PersonId,
    /// Who chairs it in the chair's place.
    pub deputy_chair_id: Option<PersonId>,
}

impl Forum {
    /// Sets up a forum.
    pub fn establish(&self, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        self.check()?;
        Ok(Entry::new("forum.create", "forum", self.id))
    }

    /// Changes what it asks for, who leads it and what it is called. Ballots keep what they were prepared with.
    pub fn change(&mut self, content: ForumContent, actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        let ForumContent {
            name,
            short_name,
            quorum_seats,
            quorum_by_kind,
            disclosure,
            reminder_hours,
            chair_id,
            deputy_chair_id,
        } = content;
        let changed = Self {
            name,
            short_name,
            quorum_seats,
            quorum_by_kind,
            disclosure,
            reminder_hours,
            chair_id,
            deputy_chair_id,
            ..*self
        };
        changed.check()?;
        *self = changed;
        Ok(Entry::new("forum.change", "forum", self.id))
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.name.nb.trim().is_empty() {
            return Err(Refusal::invalid("/name/nb", "a name"));
        }
        let kinds = self.quorum_by_kind.iter().map(|asked| asked.organisation_kind);
        if kinds.clone().collect::<std::collections::BTreeSet<_>>().len() != kinds.len() {
            return Err(Refusal::invalid("/quorumByKind", "each kind once"));
        }
        if self.deputy_chair_id == Some(self.chair_id) {
            return Err(Refusal::invalid("/deputyChairId", "another person than the chair"));
        }
        if self.reminder_hours.is_some_and(|hours| hours == 0 || hours > REMINDER_HOURS_MAX) {
            return Err(Refusal::invalid("/reminderHours", "1 to 672 hours"));
        }
        Ok(())
    }

    /// Whether this person chairs it, or does so in the chair's place.
    pub fn is_led_by(&self, person_id: PersonId) -> bool {
        self.chair_id == person_id || self.deputy_chair_id == Some(person_id)
    }

    /// What it asks of the seats that take part.
    pub fn quorum(&self) -> QuorumRule<'_> {
        QuorumRule { seats: self.quorum_seats, by_kind: &self.quorum_by_kind }
    }

    /// Refuses everybody but the chair and who acts in the chair's place. The office's case officers serve as the forum's secretariat
    /// (the mandate of the forum, Udir), so they prepare, but do not chair.
    pub fn require_chair(&self, actor: &Actor) -> Result<(), Refusal> {
        if actor.role == crate::Role::System || actor.person_id.is_some_and(|id| self.is_led_by(id)) {
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

/// What changes of a seat within its term. What it represents and its vote right do not: that is another seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatContent {
    /// The member.
    pub member_id: PersonId,
    /// The deputy.
    pub deputy_id: Option<PersonId>,
    /// Last day of the term.
    pub term_to: Date,
}

impl Seat {
    /// Fills a seat. The office takes part without a vote (rule 4), whatever the seat is called: `holders` are the member
    /// and the deputy.
    pub fn fill(&self, forum: &Forum, holders: &[Person], actor: &Actor) -> Result<Entry, Refusal> {
        actor.require_office(forum.office_id)?;
        self.check(forum, holders)?;
        Ok(Entry::new("seat.fill", "seat", self.id).with("forumId", self.forum_id.to_string()))
    }

    /// Gives it another member, deputy or end of the term: not while a ballot goes on, as one seat has one vote.
    pub fn change(
        &mut self,
        content: SeatContent,
        (forum, holders, open_ballots): (&Forum, &[Person], &[Ballot]),
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(forum.office_id)?;
        if open_ballots.iter().any(|ballot| ballot.rules.roster.contains(&self.id)) {
            return Err(Refusal::wrong_state("ballot", "open", "closed, annulled"));
        }
        let SeatContent { member_id, deputy_id, term_to } = content;
        let changed = Self { member_id, deputy_id, term_to, ..self.clone() };
        changed.check(forum, holders)?;
        *self = changed;
        Ok(Entry::new("seat.change", "seat", self.id).with("forumId", self.forum_id.to_string()))
    }

    fn check(&self, forum: &Forum, holders: &[Person]) -> Result<(), Refusal> {
        let is_of_office = |id| {
            holders.iter().any(|person: &Person| person.id == id && person.office_id == Some(forum.office_id))
        };
        if self.vote_right == VoteRight::Voting {
            if is_of_office(self.member_id) {
                return Err(Refusal::new(RefusalCode::OfficeHasNoVote).at("/memberId"));
            }
            if self.deputy_id.is_some_and(is_of_office) {
                return Err(Refusal::new(RefusalCode::OfficeHasNoVote).at("/deputyId"));
            }
        }
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
        Ok(())
    }

    /// Whether the seat votes on that day.
    pub fn votes_on(&self, day: Date) -> bool {
        self.vote_right == VoteRight::Voting && self.is_in_term(day)
    }

    /// Whether its term holds on that day.
    pub fn is_in_term(&self, day: Date) -> bool {
        self.term_from <= day && day <= self.term_to
    }

    /// Whether this person sits here, as member or deputy.
    pub fn is_held_by(&self, person_id: PersonId) -> bool {
        self.member_id == person_id || self.deputy_id == Some(person_id)
    }
}
