//! What a change is made of.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation::impact::Move;
use tildel_usecases::domain::{change as domain, register};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{SignedMoney, resource, wire_enum};
use crate::routes::headcounts::{HeadcountValue, Ownership, Register, UnitKind};
use crate::routes::impact_reports::ImpactMove;
use crate::routes::organisations::Successor;

wire_enum! {
    /// What happened.
    ChangeKind = domain::ChangeKind {
        /// The unit was not there before.
        New,
        /// It has another name.
        Renamed,
        /// It lies in another municipality.
        Moved,
        /// It closed, with others, and one new unit of the same owner began; or one organisation took over what was theirs.
        Merged,
        /// It closed, and several new units of the same owner began; or several organisations took over what was its.
        Split,
        /// It closed.
        Closed,
        /// It closed, and one new unit of the same owner began; or one organisation took over what was its.
        ClosedWithSuccessor,
        /// It has another owner.
        OwnerChanged,
        /// It has more or fewer people, or the register tells otherwise of them.
        HeadcountChanged,
        /// It was closed, and is not any more.
        Reopened,
        /// It is gone from the register.
        Purged,
    }
}

wire_enum! {
    /// Where a change is in its life.
    ChangeState = domain::ChangeState {
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
}

/// What a register says of a unit. What it does not say is null, never zero.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredUnit {
    /// The number, as the register writes it.
    pub number: String,
    /// The name.
    pub name: String,
    /// The number of the unit right above.
    #[schema(required)]
    pub parent: Option<String>,
    /// The number of the owner, where the register names one.
    #[schema(required)]
    pub owner: Option<String>,
    /// The municipality number.
    #[schema(required)]
    pub municipality_number: Option<String>,
    /// The kind of school or kindergarten.
    #[schema(required)]
    pub unit_kind: Option<UnitKind>,
    /// Whether the owner is private or public.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// Employees.
    pub headcount: HeadcountValue,
    /// The day at which the headcount held.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub headcount_on: Option<Date>,
    /// The day it closed.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub ended_on: Option<Date>,
}

impl From<register::RegisterUnit> for RegisteredUnit {
    fn from(unit: register::RegisterUnit) -> Self {
        Self {
            number: unit.number,
            name: unit.name,
            parent: unit.parent,
            owner: unit.owner,
            municipality_number: unit.municipality_number,
            unit_kind: unit.unit_kind.map(Into::into),
            ownership: unit.ownership.map(Into::into),
            headcount: unit.headcount.into(),
            headcount_on: unit.headcount_on,
            ended_on: unit.ended_on,
        }
    }
}

/// A running grant that a change touches.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TouchedGrant {
    /// The grant.
    pub grant_id: Uuid,
    /// Its reference.
    pub reference: String,
    /// The office.
    pub office_id: Uuid,
}

/// An open round that a change touches.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TouchedRound {
    /// The round.
    pub round_id: Uuid,
    /// The office.
    pub office_id: Uuid,
}

/// An amount that a change would move.
#[derive(Serialize, ToSchema)]
pub struct ChangeMove {
    /// Who, which year, from what, to what, and why.
    #[serde(flatten)]
    pub moved: ImpactMove,
    /// By how much exactly; null where one of the amounts is not known.
    #[schema(required)]
    pub difference: Option<SignedMoney>,
}

impl From<Move> for ChangeMove {
    fn from(moved: Move) -> Self {
        let both = moved.from.zip(moved.to);
        let difference = both.and_then(|(from, to)| to.checked_sub(from).ok());
        Self { moved: moved.into(), difference: difference.map(Into::into) }
    }
}

/// What a change would do to one plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanEffect {
    /// The office.
    pub office_id: Uuid,
    /// The scheme.
    pub scheme_id: Uuid,
    /// The run that stood when it was computed, whose traces tell the amounts as they are.
    #[schema(required)]
    pub run_id: Option<Uuid>,
    /// SHA-256 of the input as it would be: the input hash of the run that its acceptance gives, if nothing else changes.
    pub input_hash: String,
    /// What would move, by reference and year.
    pub moves: Vec<ChangeMove>,
}

/// What a change would do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEffect {
    /// When it was computed.
    pub assessed_at: Timestamp,
    /// For each plan that it touches.
    pub plans: Vec<PlanEffect>,
    /// The code of the refusal that its acceptance would meet, if it would.
    #[schema(required)]
    pub refusal: Option<String>,
    /// Who comes after the organisation once it is accepted, where the change is that it ceases and this is known.
    pub successors: Vec<Successor>,
    /// The numbers of those who seem to come after it, where nobody but a person can tell who does with which shares: acceptance sets the
    /// day alone, and the rest is set with `PUT /v1/organisations/{id}/succession`.
    pub successors_to_set: Vec<String>,
}

/// What a register says otherwise than before.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Id.
    pub id: Uuid,
    /// Which register.
    pub register: Register,
    /// The number of the school or kindergarten, or of the organisation itself.
    pub unit_number: String,
    /// The organisation that is concerned.
    pub organisation_id: Uuid,
    /// The organisation that the unit goes to, where its owner changed.
    #[schema(required)]
    pub to_organisation_id: Option<Uuid>,
    /// What happened.
    pub kind: ChangeKind,
    /// The day from which it is so.
    #[schema(value_type = String, format = Date)]
    pub effective_on: Date,
    /// Since when the register says so.
    pub since: Timestamp,
    /// What it said before; null where the unit was not there.
    #[schema(required)]
    pub before: Option<RegisteredUnit>,
    /// What it says; null where the unit is gone from it.
    #[schema(required)]
    pub after: Option<RegisteredUnit>,
    /// The numbers of the units that it goes together with: successors of closed ones, predecessors of new ones. Of an organisation that
    /// closes, those that its schools and kindergartens go to.
    pub related: Vec<String>,
    /// The reading that found it; it is kept as long as the change waits.
    pub fetch_id: Uuid,
    /// State.
    pub state: ChangeState,
    /// The running grants that it touches.
    pub grants: Vec<TouchedGrant>,
    /// The open rounds that it touches.
    pub rounds: Vec<TouchedRound>,
    /// What it would do; null until the worker has computed it, and for staff of offices that it does not touch.
    #[schema(required)]
    pub effect: Option<ChangeEffect>,
    /// Who accepted or held it.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<Timestamp>,
    /// Why it was held; null for staff of offices that it does not touch.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it was found.
    pub created_at: Timestamp,
    /// Version.
    pub version: i64,
}

resource!(domain::Change => Change at "/v1/changes");

impl From<domain::PlanEffect> for PlanEffect {
    fn from(effect: domain::PlanEffect) -> Self {
        Self {
            office_id: effect.office_id.into(),
            scheme_id: effect.scheme_id.into(),
            run_id: effect.run_id.map(Into::into),
            input_hash: effect.input_hash,
            moves: effect.moves.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<domain::ChangeEffect> for ChangeEffect {
    fn from(effect: domain::ChangeEffect) -> Self {
        Self {
            assessed_at: effect.assessed_at,
            plans: effect.plans.into_iter().map(Into::into).collect(),
            refusal: effect.refusal,
            successors: effect.successors.into_iter().map(Into::into).collect(),
            successors_to_set: effect.successors_to_set,
        }
    }
}

impl From<domain::Change> for Change {
    fn from(change: domain::Change) -> Self {
        let grants = change.touches.grants.into_iter().map(|touched| TouchedGrant {
            grant_id: touched.grant_id.into(),
            reference: touched.reference,
            office_id: touched.office_id.into(),
        });
        let rounds = change.touches.rounds.into_iter().map(|touched| TouchedRound {
            round_id: touched.round_id.into(),
            office_id: touched.office_id.into(),
        });
        Self {
            id: change.id.into(),
            register: change.register.into(),
            unit_number: change.unit_number,
            organisation_id: change.organisation_id.into(),
            to_organisation_id: change.to_organisation_id.map(Into::into),
            kind: change.kind.into(),
            effective_on: change.effective_on,
            since: change.since,
            before: change.before.map(Into::into),
            after: change.after.map(Into::into),
            related: change.related,
            fetch_id: change.fetch_id.into(),
            state: change.state.into(),
            grants: grants.collect(),
            rounds: rounds.collect(),
            effect: change.effect.map(Into::into),
            decided_by: change.decided_by.map(Into::into),
            decided_at: change.decided_at,
            reason: change.reason,
            created_at: change.created_at,
            version: change.version,
        }
    }
}
