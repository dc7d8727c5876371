//! Changes: what a register says otherwise than before of something that plans rest on.
//!
//! A change moves nothing by itself. One that touches no running grant and no open round is applied at once; any other waits until
//! somebody of a touched office accepts it, and what was decided stays as it was decided all the same.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::SuccessorInput;
use tildel_allocation::impact::{Move, Reason};

pub use crate::change_kind::{ChangeKind, Followed, Found, GENERATIONS_MAX, find, id_of};
use crate::id::{ChangeId, FetchId, GrantId, OfficeId, OrganisationId, PersonId, RoundId, RunId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::register::{RegisterKey, RegisterUnit};
use crate::{Actor, Entry};

/// Where a change is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It touches grants or rounds, and waits for somebody.
    Open,
    /// It touched nothing, and was applied at once.
    Applied,
    /// Somebody accepted it: plans rest on it.
    Accepted,
    /// Somebody holds it back for a reason; it can still be accepted.
    Held,
    /// The register says something newer of the same.
    Superseded,
}

impl ChangeState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Applied => "applied",
            Self::Accepted => "accepted",
            Self::Held => "held",
            Self::Superseded => "superseded",
        }
    }
}

/// A running grant that a change touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TouchedGrant {
    /// The grant.
    pub grant_id: GrantId,
    /// Its reference.
    pub reference: String,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
}

/// An open round that a change touches, as the organisation is a party of an application there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TouchedRound {
    /// The round.
    pub round_id: RoundId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
}

/// What a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touches {
    /// Running grants, by their ids.
    pub grants: Vec<TouchedGrant>,
    /// Open rounds, by their ids.
    pub rounds: Vec<TouchedRound>,
}

impl Touches {
    /// Whether it touches nothing.
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.rounds.is_empty()
    }

    /// The offices, in the order of their ids.
    pub fn offices(&self) -> BTreeSet<OfficeId> {
        let grants = self.grants.iter().map(|touched| touched.office_id);
        grants.chain(self.rounds.iter().map(|touched| touched.office_id)).collect()
    }

    /// Adds what others touch.
    pub fn join(&mut self, others: Self) {
        self.grants.extend(others.grants);
        self.grants.sort_unstable();
        self.grants.dedup();
        self.rounds.extend(others.rounds);
        self.rounds.sort_unstable();
        self.rounds.dedup();
    }

    /// The plans, each an office and a scheme.
    pub fn plans(&self) -> BTreeSet<(OfficeId, SchemeId)> {
        self.grants.iter().map(|touched| (touched.office_id, touched.scheme_id)).collect()
    }
}

/// What a change would do to one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanEffect {
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The run that stood when the effect was computed; none where none was computed yet.
    pub run_id: Option<RunId>,
    /// SHA-256 of the input as it would be.
    pub input_hash: String,
    /// The same of the result.
    pub result_hash: String,
    /// Who, which year, from what, to what, and why.
    pub moves: Vec<Move>,
}

/// How a plan stands that a change touches, to hold against what was told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStanding {
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The newest run.
    pub run_id: Option<RunId>,
    /// SHA-256 of the input as the change would make it now.
    pub input_hash: String,
}

/// What a change would do, computed as a scenario is: beside the plans, which it does not move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeEffect {
    /// When it was computed.
    pub assessed_at: Timestamp,
    /// For each plan that it touches.
    pub plans: Vec<PlanEffect>,
    /// The code of the refusal that its acceptance would meet, if it would.
    pub refusal: Option<String>,
    /// Who comes after the organisation, where it is the one that ceases.
    #[serde(default)]
    pub successors: Vec<SuccessorInput>,
    /// The numbers of those who seem to come after it with shares that nobody can tell but a person.
    #[serde(default)]
    pub successors_to_set: Vec<String>,
}

impl ChangeEffect {
    /// Nothing, as computed at an instant.
    pub fn at(assessed_at: Timestamp) -> Self {
        Self {
            assessed_at,
            plans: Vec::new(),
            refusal: None,
            successors: Vec::new(),
            successors_to_set: Vec::new(),
        }
    }
}

/// What a register says otherwise than before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Id, made of what the change is: noticing it twice is one change.
    pub id: ChangeId,
    /// Which register.
    pub register: RegisterKey,
    /// The number of the school or kindergarten, or of the organisation itself.
    pub unit_number: String,
    /// The organisation that is concerned.
    pub organisation_id: OrganisationId,
    /// The organisation that the unit goes to, where its owner changed to one that is held here.
    pub to_organisation_id: Option<OrganisationId>,
    /// What happened.
    pub kind: ChangeKind,
    /// The day from which it is so.
    pub effective_on: Date,
    /// Since when the register says so.
    pub since: Timestamp,
    /// What it said before.
    pub before: Option<RegisterUnit>,
    /// What it says; none where the unit is gone from it.
    pub after: Option<RegisterUnit>,
    /// The numbers of the units that it goes together with: successors of closed ones, predecessors of new ones. Of an organisation that
    /// closes, those that its schools and kindergartens go to.
    pub related: Vec<String>,
    /// The reading that found it.
    pub fetch_id: FetchId,
    /// State.
    pub state: ChangeState,
    /// What it touches.
    pub touches: Touches,
    /// What it would do; none until the worker has computed it.
    pub effect: Option<ChangeEffect>,
    /// Who accepted or held it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it is held.
    pub reason: Option<String>,
    /// When it was found.
    pub created_at: Timestamp,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Change {
    /// The entry for the journal when it is found.
    pub fn notice(&self) -> Entry {
        Entry::new("change.create", "change", self.id)
            .with("kind", self.kind.as_str())
            .with("unitNumber", self.unit_number.as_str())
            .with("state", self.state.as_str())
    }

    /// The worker has computed what it would do, and on what; only of a change that still waits.
    pub fn assess(&mut self, effect: ChangeEffect, touches: Touches) -> Result<Entry, Refusal> {
        self.require_waiting()?;
        self.touches = touches;
        self.effect = Some(effect);
        Ok(self.moved("change.assess"))
    }

    /// Somebody of a touched office accepts it.
    pub fn accept(&mut self, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        self.require_touched(actor)?;
        self.require_waiting()?;
        self.decide(actor, now, ChangeState::Accepted)?;
        Ok(self.moved("change.accept"))
    }

    /// Somebody of a touched office holds it back.
    pub fn hold(&mut self, reason: &str, actor: &Actor, now: Timestamp) -> Result<Entry, Refusal> {
        self.require_touched(actor)?;
        self.require_waiting()?;
        if reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at("/reason"));
        }
        self.decide(actor, now, ChangeState::Held)?;
        self.reason = Some(reason.trim().to_owned());
        Ok(self.moved("change.hold"))
    }

    /// The register says something newer of the same.
    pub fn supersede(&mut self) -> Result<Entry, Refusal> {
        self.require_waiting()?;
        self.state = ChangeState::Superseded;
        Ok(self.moved("change.supersede"))
    }

    /// The register removed the unit for legal reasons: here, too, its number stands for its name.
    pub fn forget_name(&mut self) -> Result<Entry, Refusal> {
        *self = self.nameless();
        Ok(Entry::new("change.forget", "change", self.id).with("unitNumber", self.unit_number.as_str()))
    }

    /// Whether it tells the name of the unit.
    pub fn tells_name(&self) -> bool {
        self.nameless() != *self
    }

    /// The same with the number of the unit in the place of its name, wherever it tells of it.
    #[must_use]
    pub fn nameless(&self) -> Self {
        let (mut change, number) = (self.clone(), &self.unit_number);
        for state in [&mut change.before, &mut change.after].into_iter().flatten() {
            state.name.clone_from(number);
        }
        let plans = change.effect.iter_mut().flat_map(|effect| &mut effect.plans);
        for reason in plans.flat_map(|plan| &mut plan.moves).flat_map(|moved| &mut moved.reasons) {
            if let Reason::HeadcountChanged { unit: Some(unit), .. } = reason
                && unit.number == *number
            {
                unit.name.clone_from(number);
            }
        }
        change
    }

    /// Whether what this one says takes the place of what an older one of the same register says of the same unit, so that the older
    /// may not be applied any more. Which of them is the older is for the caller to say.
    pub fn overtakes(&self, older: &Self) -> bool {
        let same = self.register == older.register && self.unit_number == older.unit_number;
        let early = self.effective_on <= older.effective_on;
        let says = match (self.kind, older.kind) {
            // A count of another year is no newer count of the same: each year is counted by its own.
            (ChangeKind::HeadcountChanged, ChangeKind::HeadcountChanged) => {
                self.effective_on.year() == older.effective_on.year()
            }
            (ChangeKind::Renamed, ChangeKind::Renamed)
            | (ChangeKind::Moved, ChangeKind::Moved)
            | (ChangeKind::OwnerChanged, ChangeKind::OwnerChanged) => true,
            (ChangeKind::Purged, older) => !older.closes() && older != ChangeKind::HeadcountChanged,
            (newer, ChangeKind::Reopened) => newer.closes() || newer == ChangeKind::Reopened,
            (ChangeKind::Reopened, older) => older.closes(),
            // What has closed is closed at who had it; nobody else takes it over afterwards.
            (newer, ChangeKind::OwnerChanged) => newer.closes(),
            // People of a day on which it was closed already.
            (newer, ChangeKind::HeadcountChanged) => newer.closes() && early,
            (newer, older) => newer.closes() && older.closes(),
        };
        self.id != older.id && same && says
    }

    /// Refuses where what it was found on does not stand any more: the unit is another organisation's by now, or something that was
    /// applied, of those of the same unit, takes its place.
    pub fn require_current(&self, holder: Option<OrganisationId>, applied: &[Self]) -> Result<(), Refusal> {
        let went = self.to_organisation_id.filter(|_| self.kind == ChangeKind::OwnerChanged);
        let elsewhere = holder.is_some_and(|holder| holder != self.organisation_id && Some(holder) != went);
        let overtaken = applied.iter().any(|other| other.since > self.since && other.overtakes(self));
        if elsewhere || overtaken {
            return Err(Refusal::new(RefusalCode::ChangeStale).with("unit", &self.unit_number));
        }
        Ok(())
    }

    /// Refuses where nobody could read what it does, as things stand now: no effect was computed, or one that lacks a plan that is
    /// touched by now, or one on another run or on something else that has changed since.
    pub fn require_assessed(&self, plans: &[PlanStanding]) -> Result<(), Refusal> {
        let told = self.effect.as_ref().filter(|effect| effect.refusal.is_none());
        let is_told = told.is_some_and(|effect| {
            plans.iter().all(|plan| {
                effect.plans.iter().any(|told| {
                    (told.office_id, told.scheme_id) == (plan.office_id, plan.scheme_id)
                        && told.run_id == plan.run_id
                        && told.input_hash == plan.input_hash
                })
            })
        });
        if is_told {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::ChangeNotAssessed).with("unit", &self.unit_number))
    }

    /// As somebody may see it: what it would do to amounts, and why it is held, is the inner matter of the offices that it touches.
    #[must_use]
    pub fn seen_by(mut self, actor: &Actor) -> Self {
        let offices = self.touches.offices();
        if actor.only_office().is_some_and(|office| !offices.contains(&office)) {
            (self.effect, self.reason) = (None, None);
        }
        self
    }

    /// The office that it touches, where that is only one.
    pub fn only_office(&self) -> Option<OfficeId> {
        let mut offices = self.touches.offices().into_iter();
        offices.next().filter(|_| offices.next().is_none())
    }

    /// Whether it still waits for somebody.
    pub fn waits(&self) -> bool {
        matches!(self.state, ChangeState::Open | ChangeState::Held)
    }

    fn decide(&mut self, actor: &Actor, now: Timestamp, state: ChangeState) -> Result<(), Refusal> {
        self.decided_by = Some(actor.person()?);
        self.decided_at = Some(now);
        self.state = state;
        Ok(())
    }

    fn require_touched(&self, actor: &Actor) -> Result<(), Refusal> {
        let mut offices = self.touches.offices().into_iter();
        match offices.next() {
            Some(first) if !offices.any(|office| actor.is_staff_of(office)) => actor.require_office(first),
            _ => Ok(()),
        }
    }

    fn require_waiting(&self) -> Result<(), Refusal> {
        if self.waits() {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::ChangeNotOpen).with("state", self.state.as_str()))
    }

    fn moved(&self, action: &'static str) -> Entry {
        Entry::new(action, "change", self.id).with("kind", self.kind.as_str()).with("to", self.state.as_str())
    }
}
