//! Finding changes among the differences that a reading of a register gives, of which nearly all concern nobody here.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use tildel_domain::change::{
    Change, ChangeKind, ChangeState, Followed, Found, GENERATIONS_MAX, Touches, find, id_of,
};
use tildel_domain::id::{ChangeId, FetchId, OrganisationId};
use tildel_domain::register::{Difference, RegisterKey};
use tildel_storage::{changes, organisations, register_units, units};

use super::NUMBERS_AT_A_TIME;
use super::consequence::{Consequence, Strictness};
use super::forget::forget_names;
use super::touching::{self, Touching};
use crate::context::Context;
use crate::failure::Outcome;
use crate::jobs::Job;

/// Finds the changes of what is followed here: organisations, their schools and kindergartens, and units that come to them. The same
/// difference noticed twice is one change. What touches no running grant and no open round is applied at once; the rest waits, and
/// the worker computes what it would do. What was removed from a register is called by its number from now on: what the differences tell
/// of, and these numbers, as a name may have been entered by hand where no register's state was held.
pub fn notice(
    cx: &mut Context<'_>,
    fetch_id: FetchId,
    differences: &[Difference],
    removed: &[&str],
) -> Outcome<()> {
    let mut moved = notice_changes(cx, fetch_id, differences)?;
    let gone = differences.iter().filter(|difference| difference.after.is_none()).map(number_of);
    let removed: BTreeSet<&str> = removed.iter().copied().chain(gone).collect();
    let removed: Vec<&str> = removed.into_iter().collect();
    let renamed = forget_names(cx, &removed)?;
    moved.told.extend(&renamed);
    moved.replanned.extend(&renamed);
    super::reassess(cx, &moved.told)?;
    super::replan(cx, &moved.replanned)
}

/// Organisations of which something has been applied.
#[derive(Default)]
struct Moved {
    /// Of these something stands in what changes would do that wait.
    told: BTreeSet<OrganisationId>,
    /// On these plans rest otherwise than before.
    replanned: BTreeSet<OrganisationId>,
}

fn notice_changes(cx: &mut Context<'_>, fetch_id: FetchId, differences: &[Difference]) -> Outcome<Moved> {
    let mut applied = Moved::default();
    let followed = follow(cx, differences)?;
    let mut found = find(differences, &followed)?;
    if found.is_empty() {
        return Ok(applied);
    }
    found.sort_by_key(|one| differences[one.place].since);
    let mut ids = Vec::with_capacity(found.len());
    for one in &found {
        let difference = &differences[one.place];
        ids.push(id_of(difference, one.kind, number_of(difference))?);
    }
    let mut known: BTreeSet<ChangeId> = changes::known(cx.db, &ids)?.into_iter().collect();
    let mut waiting = Waiting::gather(cx, differences, &found)?;
    let mut touched: BTreeMap<(OrganisationId, bool), Touching> = BTreeMap::new();
    for (one, id) in found.iter().zip(ids) {
        if !known.insert(id) {
            continue;
        }
        let difference = &differences[one.place];
        let mut change = change_of(cx, id, fetch_id, difference, one);
        let consequence = Consequence::of(cx, &change, Strictness::Leave)?;
        if matters(cx, &change, &consequence)? {
            for (organisation_id, of_itself) in touching::bearers(&change, consequence.is_of_itself()) {
                let touching = match touched.entry((organisation_id, of_itself)) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(Touching::gather(cx, organisation_id, of_itself)?)
                    }
                };
                let theirs = touching.from(change.effective_on);
                change.touches.join(theirs);
            }
        }
        waiting.supersede(cx, &change)?;
        if change.touches.is_empty() {
            change.state = ChangeState::Applied;
            let consequence = Consequence::locked(cx, &change, Strictness::Leave)?;
            let entry = change.notice();
            let change = cx.create(change, entry)?;
            let moves = consequence.counts || consequence.is_of_itself();
            let mut organisations = consequence.apply(cx, &change)?;
            if moves {
                // Plans with nothing but a place on the reserve list, which nobody was told of.
                applied.replanned.extend(organisations.iter().copied());
            }
            // A name of a unit moves no plan, but stands in what a change that waits would do.
            applied.told.append(&mut organisations);
        } else {
            let entry = change.notice();
            let change = cx.create(change, entry)?;
            let now = cx.now;
            cx.enqueue(&Job::ChangeAssess { change_id: change.id }, now, change.only_office())?;
            waiting.add(change);
        }
    }
    Ok(applied)
}

/// What of the differences is held here, by few queries for all of them.
fn follow(cx: &mut Context<'_>, differences: &[Difference]) -> Outcome<Followed> {
    let mut followed = Followed::default();
    followed.learn(differences);
    let wanted: Vec<&str> = Followed::wanted(differences).into_iter().collect();
    for numbers in wanted.chunks(NUMBERS_AT_A_TIME) {
        for organisation in organisations::with_numbers(cx.db, numbers)? {
            followed.organisations.insert(organisation.number.clone().into(), organisation.id);
        }
        for unit in units::with_numbers(cx.db, numbers)? {
            followed.units.insert(unit.number, unit.organisation_id);
        }
    }
    climb(cx, differences, &mut followed)?;
    Ok(followed)
}

/// Learns what lies above schools and kindergartens whose parent is neither held nor among the differences: a department of a municipality, which was
/// read at another time.
fn climb(cx: &mut Context<'_>, differences: &[Difference], followed: &mut Followed) -> Outcome<()> {
    let states = differences.iter().flat_map(|one| one.before.iter().chain(&one.after));
    let counted = states.filter(|unit| unit.unit_kind.is_some());
    let mut level: BTreeSet<String> = counted.filter_map(|unit| unit.parent.clone()).collect();
    for _ in 0..GENERATIONS_MAX {
        level.retain(|number| !followed.organisations.contains_key(number));
        let mut next: BTreeSet<String> = BTreeSet::new();
        // What the differences tell is newer than what stands.
        level.retain(|number| match followed.parents.get(number) {
            Some(above) => {
                next.insert(above.clone());
                false
            }
            None => true,
        });
        let wanted: Vec<&str> = level.iter().map(String::as_str).collect();
        for numbers in wanted.chunks(NUMBERS_AT_A_TIME) {
            for (number, above) in register_units::parents_of(cx.db, numbers)? {
                next.insert(above.clone());
                followed.parents.insert(number, above);
            }
        }
        if next.is_empty() {
            break;
        }
        let wanted: Vec<&str> = next.iter().map(String::as_str).collect();
        for numbers in wanted.chunks(NUMBERS_AT_A_TIME) {
            for organisation in organisations::with_numbers(cx.db, numbers)? {
                followed.organisations.insert(organisation.number.clone().into(), organisation.id);
            }
        }
        level = next;
    }
    Ok(())
}

fn number_of(difference: &Difference) -> &str {
    difference.after.as_ref().or(difference.before.as_ref()).map_or("", |unit| unit.number.as_str())
}

fn change_of(
    cx: &Context<'_>,
    id: ChangeId,
    fetch_id: FetchId,
    difference: &Difference,
    found: &Found,
) -> Change {
    let change = Change {
        id,
        register: difference.register,
        unit_number: number_of(difference).to_owned(),
        organisation_id: found.organisation_id,
        to_organisation_id: found.to_organisation_id,
        kind: found.kind,
        effective_on: found.effective_on,
        since: difference.since,
        before: difference.before.clone(),
        after: difference.after.clone(),
        related: found.related.clone(),
        fetch_id,
        state: ChangeState::Open,
        touches: Touches::default(),
        effect: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        created_at: cx.now,
        version: 1,
    };
    if change.kind == ChangeKind::Purged { change.nameless() } else { change }
}

/// Whether somebody has to look at a change. What a unit is called and where it lies is told beside plans, which do not rest on it;
/// and what another register goes before, or the people of a unit that has ended, or a new unit of an organisation that is counted
/// as a whole, moves nothing either.
fn matters(cx: &mut Context<'_>, change: &Change, consequence: &Consequence) -> Outcome<bool> {
    if consequence.is_of_itself() {
        return Ok(true);
    }
    Ok(match change.kind {
        ChangeKind::Renamed | ChangeKind::Moved => false,
        ChangeKind::New => consequence.counts || consequence.would_be_first,
        ChangeKind::HeadcountChanged if consequence.is_of_ended(change) => false,
        ChangeKind::HeadcountChanged => consequence.counts || !consequence.yields_to_register(cx, change)?,
        _ => true,
    })
}

/// The changes of the same units that wait: a newer one that says otherwise of the same takes their place.
struct Waiting {
    waiting: BTreeMap<(RegisterKey, String), Vec<Change>>,
}

impl Waiting {
    fn gather(cx: &mut Context<'_>, differences: &[Difference], found: &[Found]) -> Outcome<Self> {
        let mut numbers: BTreeMap<RegisterKey, BTreeSet<&str>> = BTreeMap::new();
        for one in found {
            let difference = &differences[one.place];
            numbers.entry(difference.register).or_default().insert(number_of(difference));
        }
        let mut waiting = Self { waiting: BTreeMap::new() };
        for (register, numbers) in numbers {
            let numbers: Vec<&str> = numbers.into_iter().collect();
            for numbers in numbers.chunks(NUMBERS_AT_A_TIME) {
                for change in changes::lock_waiting(cx.db, register, numbers)? {
                    waiting.add(change);
                }
            }
        }
        Ok(waiting)
    }

    fn add(&mut self, change: Change) {
        self.waiting.entry((change.register, change.unit_number.clone())).or_default().push(change);
    }

    fn supersede(&mut self, cx: &mut Context<'_>, newer: &Change) -> Outcome<()> {
        let key = (newer.register, newer.unit_number.clone());
        let Some(theirs) = self.waiting.get_mut(&key) else { return Ok(()) };
        // What is read late, of before, takes nobody's place.
        let overtaken = |older: &mut Change| older.since <= newer.since && newer.overtakes(older);
        for mut older in theirs.extract_if(.., overtaken) {
            cx.transition(&mut older, Change::supersede)?;
        }
        Ok(())
    }
}
