//! What the registers say of an organisation and its schools and kindergartens, to fill an application with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tildel_domain::Refusal;
use tildel_domain::allocation::{Headcount, Ownership, UnitKind};
use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::{OrganisationKind, OrganisationNumber};
use tildel_domain::policy::Operation;
use tildel_domain::register::{RegisterKey, RegisterUnit, RegisterUnitState};
use tildel_storage::{PageRequest, organisations, register_units};

use crate::context::Context;
use crate::failure::Outcome;
use crate::registry::OrganisationFilter;
use crate::sources::municipality_history;

/// Parts of a public body lie in parts of it; deeper than this nobody nests them, and circles end here.
const LEVELS_MAX: usize = 8;

/// More units than this nobody is asked about; the city of Oslo has some eight hundred. What is more is left out, the highest numbers first.
const UNITS_MAX: usize = 2000;

/// What an organisation can be entered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefill {
    /// The number.
    pub number: String,
    /// The name as the register has it.
    pub name: String,
    /// The form of organisation, such as `KOMM`.
    pub form: Option<String>,
    /// The kind that the form suggests.
    pub kind: Option<OrganisationKind>,
    /// The number of the municipality where it is.
    pub municipality_number: Option<String>,
    /// The name of that municipality today.
    pub municipality_name: Option<String>,
    /// The owner of a school or kindergarten, or the unit above a part of a body.
    pub owner: Option<Named>,
    /// The organisation, where it is entered already.
    pub organisation_id: Option<OrganisationId>,
    /// The day it closed, where it has.
    pub ended_on: Option<jiff::civil::Date>,
    /// Its schools and kindergartens that are open, by number.
    pub units: Vec<PrefillUnit>,
    /// Since when the oldest of what is told here is so.
    pub as_of: Timestamp,
}

/// A number with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The number.
    pub number: String,
    /// The name, where it is known.
    pub name: Option<String>,
}

/// A school or kindergarten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefillUnit {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
    /// What it is.
    pub unit_kind: UnitKind,
    /// Who owns it, where a register says so.
    pub ownership: Option<Ownership>,
    /// The municipality where it is.
    pub municipality_number: Option<String>,
    /// What each register says of its employees, side by side.
    pub headcounts: Vec<PrefillHeadcount>,
}

/// What a register says of employees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefillHeadcount {
    /// Which register.
    pub register: RegisterKey,
    /// What it says.
    pub value: Headcount,
    /// The day of the count, where it says so.
    pub counted_on: Option<jiff::civil::Date>,
    /// Since when it says so.
    pub since: Timestamp,
}

/// What the registers say of a number, as somebody wrote it.
pub fn read(cx: &mut Context<'_>, number: &str) -> Outcome<Prefill> {
    cx.require(Operation::PrefillRead)?;
    let number = OrganisationNumber::parse(number)?;
    let mut own = None;
    for register in RegisterKey::ALL {
        own = own.or(register_units::state(cx.db, register, number.as_str(), None)?);
    }
    let own = own.ok_or_else(|| Refusal::not_found("register unit"))?;
    let units = units_below(cx, number.as_str())?;
    let history = municipality_history(cx)?;
    let today = cx.today()?;
    let place = own.unit.municipality_number.as_deref();
    let life = place.and_then(|number| history.life_on(number, today));
    let filter =
        OrganisationFilter { number: Some(number.as_str().to_owned()), ..OrganisationFilter::default() };
    let entered = organisations::page(cx.db, &filter, &PageRequest::first(1))?.items.pop();
    let as_of = units.values().flatten().map(|state| state.since).chain([own.since]).min();
    let above = own.unit.owner.clone().or_else(|| own.unit.parent.clone());
    let owner = above.map(|number| named(cx, number)).transpose()?;
    Ok(Prefill {
        kind: kind_of(&own.unit),
        municipality_name: life.map(|life| history.life(life).name_on(today).to_owned()),
        owner,
        organisation_id: entered.map(|organisation| organisation.id),
        units: units.into_values().filter_map(unit_of).collect(),
        as_of: as_of.unwrap_or(own.since),
        number: own.unit.number,
        name: own.unit.name,
        form: own.unit.form,
        municipality_number: own.unit.municipality_number,
        ended_on: own.unit.ended_on,
    })
}

fn named(cx: &mut Context<'_>, number: String) -> Outcome<Named> {
    for register in RegisterKey::ALL {
        if let Some(state) = register_units::state(cx.db, register, &number, None)? {
            return Ok(Named { number, name: Some(state.unit.name) });
        }
    }
    Ok(Named { number, name: None })
}

/// What all registers say of the units of an owner: by owner, and by the parts that lie below it in Enhetsregisteret, level by level.
fn units_below(cx: &mut Context<'_>, number: &str) -> Outcome<BTreeMap<String, Vec<RegisterUnitState>>> {
    let mut found: BTreeMap<String, Vec<RegisterUnitState>> = BTreeMap::new();
    for register in [RegisterKey::Nsr, RegisterKey::Nbr] {
        for state in register_units::of_owner(cx.db, register, number)?.into_iter().take(UNITS_MAX) {
            found.entry(state.unit.number.clone()).or_default().push(state);
        }
    }
    let mut seen = BTreeSet::from([number.to_owned()]);
    let mut level = vec![number.to_owned()];
    for _ in 0..LEVELS_MAX {
        let parents: Vec<&str> = level.iter().map(String::as_str).collect();
        let left = UNITS_MAX.saturating_sub(seen.len());
        if parents.is_empty() || left == 0 {
            break;
        }
        let mut next = Vec::new();
        for state in register_units::of_parents(cx.db, RegisterKey::Enhetsregisteret, &parents, left)? {
            if !seen.insert(state.unit.number.clone()) {
                continue;
            }
            if state.unit.is_sub_unit {
                found.entry(state.unit.number.clone()).or_default().insert(0, state);
            } else {
                next.push(state.unit.number);
            }
        }
        level = next;
    }
    Ok(found)
}

/// A unit of what the registers say of it; none where it is neither school nor kindergarten, or has closed.
fn unit_of(states: Vec<RegisterUnitState>) -> Option<PrefillUnit> {
    let unit_kind = states.iter().rev().find_map(|state| state.unit.unit_kind)?;
    if states.iter().any(|state| state.unit.ended_on.is_some()) {
        return None;
    }
    // Udir's registers come last: they know best what schools and kindergartens are called and who owns them.
    let best = states.last()?;
    Some(PrefillUnit {
        number: best.unit.number.clone(),
        name: best.unit.name.clone(),
        unit_kind,
        ownership: states.iter().rev().find_map(|state| state.unit.ownership),
        municipality_number: states.iter().rev().find_map(|state| state.unit.municipality_number.clone()),
        headcounts: states
            .iter()
            .map(|state| PrefillHeadcount {
                register: state.register,
                value: state.unit.headcount,
                counted_on: state.unit.headcount_on,
                since: state.since,
            })
            .collect(),
    })
}

/// The kind of organisation that a form suggests; none where the form does not tell.
fn kind_of(unit: &RegisterUnit) -> Option<OrganisationKind> {
    match unit.form.as_deref()? {
        "KOMM" => Some(OrganisationKind::Municipality),
        "FYLK" => Some(OrganisationKind::CountyMunicipality),
        _ => match unit.unit_kind? {
            UnitKind::Kindergarten => Some(OrganisationKind::KindergartenOwner),
            UnitKind::PrimarySchool | UnitKind::UpperSecondary => Some(OrganisationKind::IndependentSchool),
        },
    }
}
