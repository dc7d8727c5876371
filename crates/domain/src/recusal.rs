//! Recusals: interests of persons in applications, found or declared, and the rulings on them (forvaltningsloven §§ 6 to 9).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::application::Application;
use crate::forum::{Forum, Seat};
use crate::id::{ApplicationId, OrganisationId, PersonId, RecusalId};
use crate::person::Person;
use crate::refusal::{Refusal, RefusalCode};
use crate::{Actor, Entry, Role};

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

/// How far a recusal has come. In every state but the last one the person is kept out: until somebody has ruled, the side
/// of caution is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecusalState {
    /// Found by Tildel, as the person belongs to a party; no ballot opens before it is ruled on.
    Suggested,
    /// Declared by the person, or recorded by the chair or the secretariat.
    Declared,
    /// Ruled to hold.
    Upheld,
    /// Ruled not to hold: the person takes part.
    NotUpheld,
}

impl RecusalState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Declared => "declared",
            Self::Upheld => "upheld",
            Self::NotUpheld => "not_upheld",
        }
    }
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
    /// Who recorded it: the person, the chair or the secretariat; of a found one, whoever brought the application before
    /// the forum.
    pub recorded_by: PersonId,
    /// Whether Tildel found it.
    pub found: bool,
    /// State.
    pub state: RecusalState,
    /// The reason of the ruling.
    pub ruling_reason: Option<String>,
    /// Who ruled.
    pub ruled_by: Option<PersonId>,
    /// When.
    pub ruled_at: Option<Timestamp>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Recusal {
    /// Records the interest: a person declares the own one, chairs and case officers also those of others. Whoever has an
    /// interest in the application, by `interests`, has no say in who takes part.
    pub fn declare(&self, interests: &[Self], actor: &Actor) -> Result<Entry, Refusal> {
        let own = actor.person_id == Some(self.person_id);
        if !own && !matches!(actor.role, Role::Chair | Role::CaseOfficer) {
            return Err(Refusal::new(RefusalCode::RoleNotAllowed).with("role", actor.role.as_str()));
        }
        if !own {
            self.require_fit(interests, actor)?;
        }
        if self.explanation.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/explanation"));
        }
        Ok(self.entry("recusal.declare"))
    }

    /// Records what Tildel found.
    pub fn suggest(&self) -> Entry {
        self.entry("recusal.suggest")
    }

    /// Rules on it: the chair on those who sit in the forum; somebody else of the office, which is the superior, on the
    /// chair's own and on that of the office's people. Nobody rules on the own one, nor on what they recorded of somebody
    /// else: that would be to strike out a vote alone; then the deputy chair or the office rules. Nor does whoever has an
    /// interest in the application, by `interests`.
    ///
    /// `forums` are those of the office that treats the application.
    pub fn rule(
        &mut self,
        upheld: bool,
        reason: &str,
        (application, forums, person): (&Application, &[ForumOf], &Person),
        interests: &[Self],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Entry, Refusal> {
        let leads_one = |person_id| forums.iter().any(|forum| forum.is_led_by(person_id));
        let leads_theirs = |ruler| {
            forums.iter().any(|forum| forum.is_led_by(ruler) && forum.seats.contains(&self.person_id))
        };
        let superior_rules = leads_one(self.person_id) || person.office_id == Some(application.office_id);
        let is_staff = actor.is_staff_of(application.office_id);
        let may = match actor.person_id {
            None => false,
            Some(ruler) if ruler == self.person_id => false,
            Some(ruler) if ruler == self.recorded_by && !self.found => false,
            Some(_) if superior_rules => is_staff,
            Some(ruler) => leads_theirs(ruler) || (is_staff && !self.found && leads_one(self.recorded_by)),
        };
        if !may {
            return Err(Refusal::new(RefusalCode::RulingNotYours));
        }
        self.require_fit(interests, actor)?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        let from = self.state;
        self.state = if upheld { RecusalState::Upheld } else { RecusalState::NotUpheld };
        self.ruling_reason = Some(reason.to_owned());
        self.ruled_by = actor.person_id;
        self.ruled_at = Some(now);
        Ok(self.entry("recusal.rule").with("from", from.as_str()).with("to", self.state.as_str()))
    }

    fn require_fit(&self, interests: &[Self], actor: &Actor) -> Result<(), Refusal> {
        let is_kept_out = |person_id| !kept_out_of(person_id, [self.application_id], interests).is_empty();
        if actor.person_id.is_some_and(is_kept_out) {
            return Err(Refusal::new(RefusalCode::Recused));
        }
        Ok(())
    }

    /// Whether it was found, or recorded by somebody else, and nobody has ruled on it. What a person declares stands by itself.
    pub fn awaits_ruling_of_others(&self) -> bool {
        match self.state {
            RecusalState::Suggested => true,
            RecusalState::Declared => self.recorded_by != self.person_id,
            RecusalState::Upheld | RecusalState::NotUpheld => false,
        }
    }

    /// Whether the person is kept out.
    pub fn stands(&self) -> bool {
        self.state != RecusalState::NotUpheld
    }

    fn entry(&self, action: &'static str) -> Entry {
        Entry::new(action, "application", self.application_id).with("recusalId", self.id.to_string())
    }
}

/// A forum, as far as rulings go: who leads it, and who sits in it.
#[derive(Clone, Debug)]
pub struct ForumOf {
    /// The chair and who acts in the chair's place.
    pub leaders: Vec<PersonId>,
    /// Members and deputies.
    pub seats: Vec<PersonId>,
}

impl ForumOf {
    /// What a ruling asks of a forum and its seats.
    pub fn new(forum: &Forum, seats: &[Seat]) -> Self {
        let held = seats.iter().filter(|seat| seat.forum_id == forum.id);
        Self {
            leaders: [Some(forum.chair_id), forum.deputy_chair_id].into_iter().flatten().collect(),
            seats: held.flat_map(|seat| [Some(seat.member_id), seat.deputy_id]).flatten().collect(),
        }
    }

    fn is_led_by(&self, person_id: PersonId) -> bool {
        self.leaders.contains(&person_id)
    }
}

/// Those who have an interest because the organisation they act for, or sit for, is a party of the application as lead,
/// partner or provider. `people` are the holders of the seats and whoever leads the forum.
pub fn find_interests(application: &Application, seats: &[Seat], people: &[Person]) -> Vec<PersonId> {
    let is_party =
        |organisation_id: Option<OrganisationId>| organisation_id.is_some_and(|id| application.has_party(id));
    let mut found: Vec<PersonId> =
        people.iter().filter(|person| is_party(person.organisation_id)).map(|person| person.id).collect();
    for seat in seats.iter().filter(|seat| is_party(seat.organisation_id)) {
        found.push(seat.member_id);
        found.extend(seat.deputy_id);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The applications among these that the person is kept out of.
pub fn kept_out_of(
    person_id: PersonId,
    applications: impl IntoIterator<Item = ApplicationId>,
    recusals: &[Recusal],
) -> Vec<ApplicationId> {
    let is_kept_out = |application_id: &ApplicationId| {
        recusals.iter().any(|recusal| {
            recusal.stands() && recusal.person_id == person_id && recusal.application_id == *application_id
        })
    };
    applications.into_iter().filter(is_kept_out).collect()
}
