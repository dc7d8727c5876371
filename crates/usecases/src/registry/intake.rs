//! Taking in what the registers know of the schools and kindergartens of an organisation, all in one step: so that no plan rests on one of many.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use tildel_domain::allocation::{Headcount, Measure, UnitKind};
use tildel_domain::calendar::day_of;
use tildel_domain::change::{Change, ChangeKind};
use tildel_domain::headcount_choice::{Counting, choose, counting};
use tildel_domain::id::{ApplicationId, OrganisationId};
use tildel_domain::organisation::{Organisation, OrganisationHeadcount};
use tildel_domain::policy::Operation;
use tildel_domain::register::RegisterKey;
use tildel_domain::unit::Unit;
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::{grants, headcounts, units};

use super::counts::{JudgedHeadcount, judge};
use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::prefill::{self, PrefillHeadcount, PrefillUnit};
use crate::{changes, decisions};

/// How many numbers are looked up at a time.
const NUMBERS_AT_A_TIME: usize = 500;

/// What was taken in.
#[derive(Clone, Debug)]
pub struct RegisterUnits {
    /// The organisation.
    pub organisation: Organisation,
    /// The schools and kindergartens that are followed from now on.
    pub units: Vec<Unit>,
    /// What was recorded of their people.
    pub headcounts: Vec<JudgedHeadcount>,
    /// The kinds that are counted as a whole, of whose units nothing was recorded.
    pub counted_as_whole: BTreeSet<UnitKind>,
}

/// Takes in the schools and kindergartens that the registers know of an organisation, each with what they say of its people. What is counted
/// already stays as it is, so doing it twice does nothing more.
///
/// All counts of a kind bear one day, since when all that is told of the kind is so: with a day for each, a plan of the time between would rest
/// on those units alone that nothing has been told of lately.
pub fn register_units_take_in(
    cx: &mut Context<'_>,
    id: OrganisationId,
    expected: Expected,
) -> Outcome<RegisterUnits> {
    cx.require(Operation::RegisterUnitsTakeIn)?;
    let organisation: Organisation = cx.find(id)?;
    let told = prefill::below(cx, organisation.number.as_str())?;
    if told.units.is_empty() {
        return Err(Refusal::not_found("register unit").into());
    }
    require_fit(cx, id)?;
    // In the order in which those lock them who accept: changes, the organisation, its units.
    let waiting = changes::lock_waiting(cx, &told.units)?;
    let organisation: Organisation = cx.lock(id, expected)?;
    // Read again: what was read meanwhile finds its changes among those that are kept, or waits for these rows.
    let told = prefill::below(cx, organisation.number.as_str())?;
    let held = lock_held(cx, &told.units)?;
    let known = headcounts::list_for(cx.db, &[id])?;
    let (units, taken, whole) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut intake = Intake { held, known, units, taken, whole, was_counted: false };
    let mut days = BTreeMap::new();
    for (unit_kind, since) in told.newest {
        days.insert(unit_kind, day_of(since)?);
    }
    let mut fulfilled = BTreeSet::new();
    for told in &told.units {
        let Some(day) = days.get(&told.unit_kind) else { continue };
        if intake.take(cx, &organisation, told, *day)? {
            fulfilled.insert(told.number.clone());
        }
    }
    let Intake { units, taken, whole, was_counted, .. } = intake;
    if let Some(number) = whole.values().next().filter(|_| taken.is_empty() && !was_counted) {
        return Err(Refusal::new(RefusalCode::CountedAsWhole).with("unit", number).into());
    }
    for mut change in waiting {
        if fulfilled.contains(&change.unit_number) && is_said_by(&change, &taken) {
            cx.transition(&mut change, Change::supersede)?;
        }
    }
    if !taken.is_empty() {
        changes::rest_on(cx, &BTreeSet::from([id]))?;
    }
    let headcounts = judge(cx, taken)?;
    Ok(RegisterUnits { organisation, units, headcounts, counted_as_whole: whole.into_keys().collect() })
}

/// Refuses who has an interest in the application of a grant that rests on the organisation: who takes units in moves its amounts.
fn require_fit(cx: &mut Context<'_>, id: OrganisationId) -> Outcome<()> {
    let grants = grants::of_party(cx.db, id)?;
    let applications: Vec<ApplicationId> = grants.into_iter().map(|grant| grant.application_id).collect();
    decisions::require_fit(cx, &applications)
}

/// The units that are held already, whosever they are; those that are the organisation's are kept from others.
fn lock_held(cx: &mut Context<'_>, told: &[PrefillUnit]) -> Outcome<BTreeMap<String, Unit>> {
    let numbers: Vec<&str> = told.iter().map(|unit| unit.number.as_str()).collect();
    let mut held = BTreeMap::new();
    for numbers in numbers.chunks(NUMBERS_AT_A_TIME) {
        for unit in units::with_numbers(cx.db, numbers)? {
            let unit: Unit = cx.lock(unit.id, Expected::Any)?;
            held.insert(unit.number.clone(), unit);
        }
    }
    Ok(held)
}

/// Whether a change that waits says what is recorded by now, or something older of the same calendar year.
fn is_said_by(change: &Change, taken: &[OrganisationHeadcount]) -> bool {
    let of_it = |count: &&OrganisationHeadcount| {
        let unit = count.record.unit.as_ref();
        count.register == Some(change.register) && unit.is_some_and(|unit| unit.number == change.unit_number)
    };
    let recorded = taken.iter().find(of_it);
    match change.kind {
        ChangeKind::New => true,
        ChangeKind::HeadcountChanged | ChangeKind::Reopened => {
            recorded.is_some_and(|count| count.record.date.year() == change.effective_on.year())
        }
        _ => false,
    }
}

/// Taking in, unit by unit.
struct Intake {
    held: BTreeMap<String, Unit>,
    /// What is recorded by now.
    known: Vec<OrganisationHeadcount>,
    units: Vec<Unit>,
    taken: Vec<OrganisationHeadcount>,
    /// Kinds that are counted as a whole, with a unit of each.
    whole: BTreeMap<UnitKind, String>,
    /// Whether a unit was counted before.
    was_counted: bool,
}

impl Intake {
    /// Takes in one unit; tells whether its people were recorded.
    fn take(
        &mut self,
        cx: &mut Context<'_>,
        organisation: &Organisation,
        told: &PrefillUnit,
        day: Date,
    ) -> Outcome<bool> {
        let held = self.held.get(&told.number).cloned();
        // What is another's comes by a change of its owner, and what has ended by one that says that it is back.
        if held
            .as_ref()
            .is_some_and(|unit| unit.organisation_id != organisation.id || unit.ended_on.is_some())
        {
            return Ok(false);
        }
        let is_counted = self.known.iter().any(|count| {
            let unit = count.record.unit.as_ref().is_some_and(|unit| unit.number == told.number);
            unit && count.record.measure == Measure::Employees
        });
        if is_counted {
            self.was_counted = true;
            return Ok(false);
        }
        let unit = match held {
            Some(unit) => unit,
            None => unit_of(cx, organisation, told)?,
        };
        let records = choose(&self.known).records;
        let ownership = unit.ownership_among(&records, organisation.kind, day);
        let scope = (unit.unit_kind, Measure::Employees, ownership);
        // A later count of the whole would hide the units again, so it does not matter how old this is.
        if counting(&records, scope, Date::MAX) == Counting::AsWhole {
            self.whole.entry(unit.unit_kind).or_insert_with(|| unit.number.clone());
            return Ok(false);
        }
        if !self.held.contains_key(&told.number) {
            let entry = unit.follow();
            self.units.push(cx.create(unit.clone(), entry)?);
        }
        for (register, value) in told_of(&told.headcounts) {
            let headcount = OrganisationHeadcount {
                id: cx.new_id(),
                organisation_id: organisation.id,
                record: unit.employees(&records, ownership, (day, value, register)),
                register: Some(register),
                reason: None,
                recorded_by: cx.actor.person_id,
                departs: false,
            };
            let entry = headcount.record(&cx.actor)?;
            headcounts::insert(cx.db, &headcount)?;
            cx.note(entry, None, &headcount)?;
            self.known.push(headcount.clone());
            self.taken.push(headcount);
        }
        Ok(true)
    }
}

/// What is recorded of what the registers say: each answer; and where none answers, that nobody knows, as a unit that is left out would be
/// counted as none (rule 12).
fn told_of(headcounts: &[PrefillHeadcount]) -> Vec<(RegisterKey, Headcount)> {
    let mut told: Vec<_> = headcounts.iter().map(|one| (one.register, one.value)).collect();
    let last = told.last().copied();
    told.retain(|(_, value)| *value != Headcount::Unknown);
    if told.is_empty() {
        told.extend(last);
    }
    told
}

fn unit_of(cx: &Context<'_>, organisation: &Organisation, told: &PrefillUnit) -> Outcome<Unit> {
    let since = told.headcounts.iter().map(|one| one.since).min().unwrap_or(cx.now);
    Ok(Unit {
        id: cx.new_id(),
        number: told.number.clone(),
        organisation_id: organisation.id,
        name: told.name.clone(),
        unit_kind: told.unit_kind,
        ownership: told.ownership,
        municipality_number: told.municipality_number.clone(),
        since: day_of(since)?,
        ended_on: None,
        version: 1,
    })
}
