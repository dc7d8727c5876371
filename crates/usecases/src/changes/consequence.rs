//! What a change does to what plans rest on: one computation for telling it beforehand and for doing it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use tildel_domain::allocation::{Headcount, HeadcountRecord, Measure, SuccessorInput};
use tildel_domain::change::{Change, ChangeKind};
use tildel_domain::headcount_choice::{ChoiceRule, Counting, choose, counting};
use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::{Organisation, OrganisationHeadcount};
use tildel_domain::register::RegisterUnit;
use tildel_domain::unit::Unit;
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::{headcounts, units};

use super::succession;
use crate::aggregate::Aggregate as _;
use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::plans::Overlay;
use crate::registry;

/// What to do where a change contradicts what somebody set, or where the plan does not count by unit, or not yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Refuse, so that somebody settles it.
    Refuse,
    /// Do what can be done: no plan rests on it.
    Leave,
}

/// What a change does.
#[derive(Default)]
pub(super) struct Consequence {
    /// The organisation as it will be, where the change is of itself.
    organisation: Option<Organisation>,
    /// Who seems to come after it with shares that somebody has to tell.
    to_set: Vec<String>,
    /// The school or kindergarten as it will be, and whether it is new here.
    unit: Option<(Unit, bool)>,
    /// What is recorded.
    headcounts: Vec<OrganisationHeadcount>,
    /// Whether a plan would count otherwise by what is recorded.
    pub(super) counts: bool,
    /// Whether it tells of the people of one unit, where nobody of the organisation is counted yet.
    pub(super) would_be_first: bool,
}

impl Consequence {
    /// Works out what a change does, on rows that are kept from others until the transaction ends: what is written is what was read.
    pub(super) fn locked(cx: &mut Context<'_>, change: &Change, strictness: Strictness) -> Outcome<Self> {
        lock(cx, change)?;
        Self::of(cx, change, strictness)
    }

    /// Works out what a change does.
    pub(super) fn of(cx: &mut Context<'_>, change: &Change, strictness: Strictness) -> Outcome<Self> {
        let organisation: Organisation = cx.find(change.organisation_id)?;
        if organisation.number.as_str() == change.unit_number {
            let (organisation, to_set) = of_itself(cx, organisation, change, strictness)?;
            return Ok(Self { organisation: Some(organisation), to_set, ..Self::default() });
        }
        let stored = units::with_numbers(cx.db, &[&change.unit_number])?.pop();
        let is_new = stored.is_none();
        let Some(mut unit) = stored.or_else(|| unit_of(cx, change)) else { return Ok(Self::default()) };
        let counts = of_unit(&mut unit, change);
        let mut consequence = Self { unit: Some((unit.clone(), is_new)), ..Self::default() };
        for count in counts {
            consequence.record(cx, change, &unit, count, strictness)?;
        }
        Ok(consequence)
    }

    /// Records a count of the unit, where the plan counts the organisation by unit.
    fn record(
        &mut self,
        cx: &mut Context<'_>,
        change: &Change,
        unit: &Unit,
        Count { organisation_id, value, departs }: Count,
        strictness: Strictness,
    ) -> Outcome<()> {
        let mut known = headcounts::list_for(cx.db, &[organisation_id])?;
        let before = choose(&known);
        let day = day_of_count(&before.records, unit, change.effective_on, departs);
        let kept = || -> Option<Headcount> {
            let holder = headcount_of(&before.records, unit, day)?;
            Some(holder.value)
        };
        let Some(value) = value.or_else(kept) else { return Ok(()) };
        let measure = Measure::Employees;
        let owner: Organisation = cx.find(organisation_id)?;
        let ownership = unit.ownership_among(&before.records, owner.kind, day);
        let refused = match counting(&before.records, (unit.unit_kind, measure, ownership), day) {
            Counting::ByUnit => None,
            Counting::AsWhole => {
                Some((RefusalCode::CountedAsWhole, change.kind == ChangeKind::HeadcountChanged))
            }
            // Whoever takes over a unit, or loses one, does so all the same; nobody is counted by that.
            Counting::NotYet => {
                let counts = matches!(
                    change.kind,
                    ChangeKind::New | ChangeKind::HeadcountChanged | ChangeKind::Reopened
                );
                self.would_be_first |= counts;
                Some((RefusalCode::UnitsNotTakenIn, counts))
            }
        };
        if let Some((code, is_refused)) = refused {
            return if strictness == Strictness::Refuse && is_refused {
                Err(Refusal::new(code).with("unit", &unit.number).into())
            } else {
                Ok(())
            };
        }
        let recorded = OrganisationHeadcount {
            id: cx.new_id(),
            organisation_id,
            record: unit.employees(&before.records, ownership, (day, value, change.register)),
            register: Some(change.register),
            reason: None,
            recorded_by: cx.actor.person_id,
            departs,
        };
        known.push(recorded.clone());
        let after = choose(&known);
        if strictness == Strictness::Refuse
            && let Some(verdict) = after.verdicts.last()
            && verdict.rule == ChoiceRule::Contradicts
            && let Some(standing) = known.iter().find(|other| Some(other.id) == verdict.contradicts)
            && standing.record.value != value
        {
            return Err(Refusal::new(RefusalCode::HeadcountSetByPerson)
                .with("unit", &unit.number)
                .with("date", standing.record.date)
                .into());
        }
        self.counts |= before.records != after.records;
        self.headcounts.push(recorded);
        Ok(())
    }

    /// Who comes after the organisation by this change, and who seems to, with shares that somebody has to tell.
    pub(super) fn succession(&self) -> (Vec<SuccessorInput>, Vec<String>) {
        let successors = self.organisation.as_ref().map(|organisation| organisation.successors.clone());
        (successors.unwrap_or_default(), self.to_set.clone())
    }

    /// Whether the change is of the organisation itself.
    pub(super) fn is_of_itself(&self) -> bool {
        self.organisation.is_some()
    }

    /// Whether the unit has ended before the change takes effect.
    pub(super) fn is_of_ended(&self, change: &Change) -> bool {
        let ended = self.unit.as_ref().and_then(|(unit, _)| unit.ended_on);
        ended.is_some_and(|ended| ended <= change.effective_on)
    }

    /// Whether what is recorded gives way to another register, so that nobody has to look at it.
    pub(super) fn yields_to_register(&self, cx: &mut Context<'_>, change: &Change) -> Outcome<bool> {
        let Some(recorded) = self.headcounts.last() else { return Ok(false) };
        let mut known = headcounts::list_for(cx.db, &[change.organisation_id])?;
        known.push(recorded.clone());
        let rule = choose(&known).verdicts.last().map(|verdict| verdict.rule);
        Ok(rule != Some(ChoiceRule::Contradicts))
    }

    /// As something that a plan may be computed on beside what is stored.
    pub(super) fn overlay(&self) -> Overlay {
        Overlay {
            organisations: self.organisation.iter().cloned().collect(),
            headcounts: self.headcounts.clone(),
        }
    }

    /// Stores it; returns the organisations on which plans rest otherwise than before.
    pub(super) fn apply(self, cx: &mut Context<'_>, change: &Change) -> Outcome<BTreeSet<OrganisationId>> {
        let mut organisations = BTreeSet::from([change.organisation_id]);
        organisations.extend(change.to_organisation_id);
        if let Some(organisation) = self.organisation {
            registry::organisation_change(cx, organisation)?;
        }
        match self.unit {
            Some((unit, true)) => {
                let entry = unit.follow();
                cx.create(unit, entry)?;
            }
            Some((unit, false)) => {
                let mut stored: Unit = cx.lock(unit.id(), Expected::Any)?;
                if (Unit { version: stored.version, ..unit.clone() }) != stored {
                    cx.transition(&mut stored, |stored| {
                        *stored = Unit { version: stored.version, ..unit };
                        Ok(stored.changed())
                    })?;
                }
            }
            None => {}
        }
        for headcount in self.headcounts {
            let entry = headcount.record(&cx.actor)?;
            headcounts::insert(cx.db, &headcount)?;
            cx.note(entry, None, &headcount)?;
        }
        Ok(organisations)
    }
}

/// Keeps the organisations and the unit of a change from others. Organisations go first, in the order of their ids, so that a unit that
/// another source follows for the first time is seen here.
pub(super) fn lock(cx: &mut Context<'_>, change: &Change) -> Outcome<()> {
    let mut organisations: BTreeSet<OrganisationId> =
        [Some(change.organisation_id), change.to_organisation_id].into_iter().flatten().collect();
    if change.kind.closes() {
        // Those who may come after it, and after them: two ends at once could close a circle that neither of them sees.
        organisations.extend(registry::all_after(cx, change.related.iter().map(String::as_str))?);
    }
    for organisation_id in organisations {
        let _: Organisation = cx.lock(organisation_id, Expected::Any)?;
    }
    if let Some(unit) = units::with_numbers(cx.db, &[&change.unit_number])?.pop() {
        let _: Unit = cx.lock(unit.id, Expected::Any)?;
    }
    Ok(())
}

/// The organisation itself as a change makes it, and who seems to come after it with shares that are to be told.
fn of_itself(
    cx: &mut Context<'_>,
    mut organisation: Organisation,
    change: &Change,
    strictness: Strictness,
) -> Outcome<(Organisation, Vec<String>)> {
    let mut to_set = Vec::new();
    match (change.kind, &change.after) {
        (ChangeKind::Renamed, Some(after)) => organisation.name.clone_from(&after.name),
        (ChangeKind::Moved, Some(after)) => {
            organisation.municipality_number.clone_from(&after.municipality_number);
        }
        // Who came after it was said by somebody: that the register has it again does not take that back.
        (ChangeKind::Reopened, _) if organisation.successors.is_empty() => organisation.ceased_on = None,
        (kind, _) if kind.closes() => {
            to_set = succession::close(cx, &mut organisation, change, strictness)?;
        }
        _ => {}
    }
    Ok((organisation, to_set))
}

/// A unit that is not held yet, as the register tells of it.
fn unit_of(cx: &Context<'_>, change: &Change) -> Option<Unit> {
    let told: &RegisterUnit = change.after.as_ref().or(change.before.as_ref())?;
    let kind_of = |state: &Option<RegisterUnit>| state.as_ref().and_then(|state| state.unit_kind);
    Some(Unit {
        id: cx.new_id(),
        number: change.unit_number.clone(),
        organisation_id: change.organisation_id,
        name: told.name.clone(),
        unit_kind: kind_of(&change.after).or_else(|| kind_of(&change.before))?,
        ownership: told.ownership,
        municipality_number: told.municipality_number.clone(),
        since: change.effective_on,
        ended_on: None,
        version: 1,
    })
}

/// What is to be recorded of the people of a unit.
struct Count {
    organisation_id: OrganisationId,
    /// None stands for what is counted already.
    value: Option<Headcount>,
    /// Whether the unit leaves the organisation.
    departs: bool,
}

impl Count {
    fn of(organisation_id: OrganisationId, value: Option<Headcount>) -> Self {
        Self { organisation_id, value, departs: false }
    }

    fn departure(organisation_id: OrganisationId) -> Self {
        Self { organisation_id, value: Some(Headcount::NoneRegistered), departs: true }
    }
}

/// Changes a unit; tells what is to be recorded of its people for which organisation.
fn of_unit(unit: &mut Unit, change: &Change) -> Vec<Count> {
    let from = change.organisation_id;
    if let Some(ownership) = change.after.as_ref().and_then(|after| after.ownership) {
        unit.ownership = Some(ownership);
    }
    let told = change.after.as_ref().map(|after| after.headcount);
    let answered = told.filter(|headcount| *headcount != Headcount::Unknown);
    match change.kind {
        ChangeKind::Renamed => {
            if let Some(after) = &change.after {
                unit.name.clone_from(&after.name);
            }
            Vec::new()
        }
        ChangeKind::Moved => {
            if let Some(after) = &change.after {
                unit.municipality_number.clone_from(&after.municipality_number);
            }
            Vec::new()
        }
        ChangeKind::New => answered.map(|value| Count::of(from, Some(value))).into_iter().collect(),
        // Another register may not have heard of the end yet; what it says of the people then is of before.
        ChangeKind::HeadcountChanged if unit.ended_on.is_some_and(|ended| ended <= change.effective_on) => {
            Vec::new()
        }
        ChangeKind::HeadcountChanged => told.map(|value| Count::of(from, Some(value))).into_iter().collect(),
        ChangeKind::Reopened => {
            unit.ended_on = None;
            told.map(|value| Count::of(from, Some(value))).into_iter().collect()
        }
        ChangeKind::Closed | ChangeKind::ClosedWithSuccessor | ChangeKind::Merged | ChangeKind::Split => {
            unit.ended_on = Some(change.effective_on);
            vec![Count::departure(from)]
        }
        // What a register does not tell any more is not none.
        ChangeKind::Purged => vec![Count::of(from, Some(Headcount::Unknown))],
        ChangeKind::OwnerChanged => {
            let mut counts = Vec::new();
            if change.to_organisation_id != Some(from) {
                counts.push(Count::departure(from));
            }
            match change.to_organisation_id {
                Some(to) => {
                    (unit.organisation_id, unit.ended_on) = (to, None);
                    counts.push(Count::of(to, answered));
                }
                None => unit.ended_on = Some(change.effective_on),
            }
            counts
        }
    }
}

/// The day of a count. Plans go by the newest count, so what a change says of before the units were counted here is so from then on: units that are
/// taken in bear one day, which is later than much of what is told of them. And who leaves is not counted by an older count that is dated later.
/// A day only moves on, so years of before stay (rule 10).
fn day_of_count(records: &[HeadcountRecord], unit: &Unit, effective_on: Date, departs: bool) -> Date {
    let of_kind = |record: &&HeadcountRecord| {
        (record.unit_kind, record.measure) == (unit.unit_kind, Measure::Employees)
    };
    let days = |of_unit: bool| {
        records.iter().filter(of_kind).filter_map(move |record| {
            let counted = record.unit.as_ref()?;
            (!of_unit || counted.number == unit.number).then_some(record.date)
        })
    };
    let is_counted = records.iter().filter(of_kind).any(|record| record.date <= effective_on);
    let newest = days(true).max();
    match (is_counted, days(false).min()) {
        (true, _) if departs => effective_on.max(newest.unwrap_or(effective_on)),
        (false, Some(first)) => effective_on.max(newest.unwrap_or(first)),
        _ => effective_on,
    }
}

/// What counts of a unit on a day.
fn headcount_of<'r>(records: &'r [HeadcountRecord], unit: &Unit, day: Date) -> Option<&'r HeadcountRecord> {
    let of_it = |record: &&HeadcountRecord| {
        record.unit.as_ref().is_some_and(|counted| counted.number == unit.number) && record.date <= day
    };
    records.iter().filter(of_it).max_by_key(|record| record.date)
}
