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

/// More places of work than this no owner has: the city of Oslo has some thousands in all.
const UNITS_MAX: usize = 20_000;

/// How many numbers are looked up at a time.
const NUMBERS_AT_A_TIME: usize = 500;

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
    let below = below(cx, number.as_str())?;
    let history = municipality_history(cx)?;
    let today = cx.today()?;
    let place = own.unit.municipality_number.as_deref();
    let life = place.and_then(|number| history.life_on(number, today));
    let filter =
        OrganisationFilter { number: Some(number.as_str().to_owned()), ..OrganisationFilter::default() };
    let entered = organisations::page(cx.db, &filter, &PageRequest::first(1))?.items.pop();
    let as_of = below.oldest.into_iter().chain([own.since]).min();
    let above = own.unit.owner.clone().or_else(|| own.unit.parent.clone());
    let owner = above.map(|number| named(cx, number)).transpose()?;
    Ok(Prefill {
        kind: kind_of(&own.unit),
        municipality_name: life.map(|life| history.life(life).name_on(today).to_owned()),
        owner,
        organisation_id: entered.map(|organisation| organisation.id),
        units: below.units,
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

/// What all registers say of the schools and kindergartens of an owner.
pub(crate) struct Below {
    /// Those that are open, by number.
    pub(crate) units: Vec<PrefillUnit>,
    /// Since when the newest is so of what is told of those of a kind, those that have closed too: from then on all of it is so.
    pub(crate) newest: BTreeMap<UnitKind, Timestamp>,
    /// Since when the oldest is so of what is told.
    oldest: Option<Timestamp>,
}

/// What all registers say of the schools and kindergartens of an owner.
pub(crate) fn below(cx: &mut Context<'_>, number: &str) -> Outcome<Below> {
    let states = units_below(cx, number)?;
    let oldest = states.values().flatten().map(|state| state.since).min();
    let mut newest = BTreeMap::new();
    for theirs in states.values() {
        let Some(unit_kind) = kind_of_unit(theirs) else { continue };
        let newest_of_it: &mut Option<Timestamp> = newest.entry(unit_kind).or_default();
        *newest_of_it = (*newest_of_it).max(theirs.iter().map(|state| state.since).max());
    }
    let newest = newest.into_iter().filter_map(|(unit_kind, since)| Some((unit_kind, since?))).collect();
    Ok(Below { units: states.into_values().filter_map(unit_of).collect(), newest, oldest })
}

/// What all registers say of the units of an owner: by owner, and by the parts that lie below it in Enhetsregisteret, level by level. Who the
/// school or kindergarten register says that owns a unit goes first.
fn units_below(cx: &mut Context<'_>, number: &str) -> Outcome<BTreeMap<String, Vec<RegisterUnitState>>> {
    let mut found: BTreeMap<String, Vec<RegisterUnitState>> = BTreeMap::new();
    for register in [RegisterKey::Nsr, RegisterKey::Nbr] {
        for state in register_units::of_owner(cx.db, register, number)?.into_iter().take(UNITS_MAX) {
            found.entry(state.unit.number.clone()).or_default().push(state);
        }
    }
    let by_owner: BTreeSet<String> = found.keys().cloned().collect();
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
        // What is entered itself has its units itself, as with changes.
        let entered: BTreeSet<String> = {
            let numbers: Vec<&str> = next.iter().map(String::as_str).collect();
            organisations::with_numbers(cx.db, &numbers)?.into_iter().map(|one| one.number.into()).collect()
        };
        next.retain(|number| !entered.contains(number));
        seen.retain(|number| !entered.contains(number));
        level = next;
    }
    complete(cx, &mut found, &by_owner, &seen)?;
    Ok(found)
}

/// Adds what the other registers say of units that one of them tells of, and leaves out what is another owner's.
fn complete(
    cx: &mut Context<'_>,
    found: &mut BTreeMap<String, Vec<RegisterUnitState>>,
    by_owner: &BTreeSet<String>,
    seen: &BTreeSet<String>,
) -> Outcome<()> {
    let by_parent: Vec<String> = found.keys().filter(|number| !by_owner.contains(*number)).cloned().collect();
    for register in [RegisterKey::Nsr, RegisterKey::Nbr] {
        for numbers in by_parent.chunks(NUMBERS_AT_A_TIME) {
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            for state in register_units::of_numbers(cx.db, register, &numbers)? {
                if state.unit.owner.as_ref().is_some_and(|owner| !seen.contains(owner)) {
                    found.remove(&state.unit.number);
                } else if let Some(theirs) = found.get_mut(&state.unit.number) {
                    theirs.push(state);
                }
            }
        }
    }
    let only_owned: Vec<String> = by_owner.iter().filter(|number| !seen.contains(*number)).cloned().collect();
    for numbers in only_owned.chunks(NUMBERS_AT_A_TIME) {
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        for state in register_units::of_numbers(cx.db, RegisterKey::Enhetsregisteret, &numbers)? {
            if let Some(theirs) = found.get_mut(&state.unit.number) {
                theirs.insert(0, state);
            }
        }
    }
    Ok(())
}

/// What a unit is, as the school or kindergarten register says, else Enhetsregisteret.
fn kind_of_unit(states: &[RegisterUnitState]) -> Option<UnitKind> {
    states.iter().rev().find_map(|state| state.unit.unit_kind)
}

/// A unit of what the registers say of it; none where it is neither school nor kindergarten, or has closed.
fn unit_of(states: Vec<RegisterUnitState>) -> Option<PrefillUnit> {
    let unit_kind = kind_of_unit(&states)?;
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
