//! Changes: what registers say otherwise than before, from the finding to the plan that rests on it.

mod consequence;
mod forget;
mod notice;
mod succession;
mod touching;

use std::collections::BTreeSet;

use tildel_domain::change::{Change, ChangeEffect};
use tildel_domain::grant::Grant;
use tildel_domain::id::{ChangeId, OfficeId, OrganisationId, SchemeId};
use tildel_domain::policy::Operation;
use tildel_domain::register::RegisterKey;
pub use tildel_storage::changes::ChangeFilter;
use tildel_storage::{Page, PageRequest, changes, units};

pub use notice::notice;

use crate::context::{Context, Expected};
use crate::failure::{Failure, Outcome};
use crate::jobs::Job;
use crate::prefill::PrefillUnit;
use crate::{decisions, plans};
use consequence::{Consequence, Strictness};

/// How many numbers are looked up at a time.
const NUMBERS_AT_A_TIME: usize = 500;

/// Changes.
pub fn list(cx: &mut Context<'_>, filter: &ChangeFilter, page: &PageRequest) -> Outcome<Page<Change>> {
    cx.require(Operation::ChangeList)?;
    let page = changes::page(cx.db, filter, page)?;
    let seen = page.items.into_iter().map(|change| change.seen_by(&cx.actor)).collect();
    Ok(Page { items: seen, next: page.next })
}

/// One change.
pub fn read(cx: &mut Context<'_>, id: ChangeId) -> Outcome<Change> {
    cx.require(Operation::ChangeRead)?;
    let change: Change = cx.find(id)?;
    Ok(change.seen_by(&cx.actor))
}

/// Somebody of a touched office accepts a change, having read what it does: what it says is stored with its date, and the plans that rest
/// on it are computed again. What was decided or pre-notified does not move by that; the impact reports of the new runs tell what differs.
pub fn accept(cx: &mut Context<'_>, id: ChangeId, expected: Expected) -> Outcome<Change> {
    cx.require(Operation::ChangeAccept)?;
    let mut change: Change = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut change, |change| change.accept(&actor, now))?;
    require_fit(cx, &change)?;
    consequence::lock(cx, &change)?;
    require_current(cx, &change)?;
    let consequence = Consequence::of(cx, &change, Strictness::Refuse)?;
    require_assessed(cx, &change, &consequence)?;
    let organisations = consequence.apply(cx, &change)?;
    rest_on(cx, &organisations)?;
    Ok(change)
}

/// Somebody of a touched office holds a change back; nothing moves, and it can still be accepted.
pub fn hold(cx: &mut Context<'_>, id: ChangeId, expected: Expected, reason: &str) -> Outcome<Change> {
    cx.require(Operation::ChangeHold)?;
    let mut change: Change = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut change, |change| change.hold(reason, &actor, now))?;
    require_fit(cx, &change)?;
    Ok(change)
}

/// Computes what a change would do to the plans that it touches, for the worker. Tells whether it still waits for somebody.
pub fn assess(cx: &mut Context<'_>, id: ChangeId) -> Outcome<bool> {
    let mut change: Change = cx.lock(id, Expected::Any)?;
    if !change.waits() {
        return Ok(false);
    }
    let mut effect = ChangeEffect::at(cx.now);
    let touches = touching::touched_by(cx, &change)?;
    let current = require_current(cx, &change);
    match current.and_then(|()| Consequence::of(cx, &change, Strictness::Refuse)) {
        Ok(consequence) => {
            (effect.successors, effect.successors_to_set) = consequence.succession();
            let overlay = consequence.overlay();
            for (office_id, scheme_id) in touches.plans() {
                effect.plans.extend(plans::effect(cx, office_id, scheme_id, &overlay)?);
            }
        }
        Err(Failure::Refused(refusal)) => effect.refusal = Some(refusal.code.as_str().to_owned()),
        Err(failure) => return Err(failure),
    }
    cx.transition(&mut change, |change| change.assess(effect, touches))?;
    Ok(true)
}

/// Refuses who has an interest in the application of a touched grant, as with decisions: who accepts a change moves its amounts.
fn require_fit(cx: &mut Context<'_>, change: &Change) -> Outcome<()> {
    let mut applications = Vec::with_capacity(change.touches.grants.len());
    for touched in &change.touches.grants {
        let grant: Grant = cx.find(touched.grant_id)?;
        applications.push(grant.application_id);
    }
    decisions::require_fit(cx, &applications)
}

/// Refuses where what a change was found on does not stand any more.
fn require_current(cx: &mut Context<'_>, change: &Change) -> Outcome<()> {
    let holder = units::with_numbers(cx.db, &[&change.unit_number])?.pop().map(|unit| unit.organisation_id);
    let applied = changes::applied_to(cx.db, change.register, &change.unit_number)?;
    Ok(change.require_current(holder, &applied)?)
}

/// Refuses where what the change does was not told as things stand now. The effect is computed again then, for somebody to read.
fn require_assessed(cx: &mut Context<'_>, change: &Change, consequence: &Consequence) -> Outcome<()> {
    let overlay = consequence.overlay();
    let mut standing = Vec::new();
    for (office_id, scheme_id) in touching::touched_by(cx, change)?.plans() {
        standing.extend(plans::standing(cx, office_id, scheme_id, &overlay)?);
    }
    if let Err(refusal) = change.require_assessed(&standing) {
        cx.enqueue_if_refused(&Job::ChangeAssess { change_id: change.id }, change.only_office())?;
        return Err(refusal.into());
    }
    Ok(())
}

/// The changes of these units that wait for somebody, kept from others until the transaction ends.
pub(crate) fn lock_waiting(cx: &mut Context<'_>, units: &[PrefillUnit]) -> Outcome<Vec<Change>> {
    let numbers: Vec<&str> = units.iter().map(|unit| unit.number.as_str()).collect();
    let mut waiting = Vec::new();
    for register in RegisterKey::ALL {
        for numbers in numbers.chunks(NUMBERS_AT_A_TIME) {
            waiting.extend(changes::lock_waiting(cx.db, register, numbers)?);
        }
    }
    Ok(waiting)
}

/// Computes again what rests on organisations, as something of them has changed. Whoever does both puts the changes into the queue first, in
/// the order of their ids, as a new run does too: so nobody waits in a circle.
pub(crate) fn rest_on(cx: &mut Context<'_>, organisations: &BTreeSet<OrganisationId>) -> Outcome<()> {
    reassess(cx, organisations)?;
    replan(cx, organisations)
}

/// Computes again what the changes of organisations would do that wait for somebody.
fn reassess(cx: &mut Context<'_>, organisations: &BTreeSet<OrganisationId>) -> Outcome<()> {
    let mut waiting = Vec::new();
    for organisation_id in organisations {
        waiting.extend(changes::waiting_for(cx.db, *organisation_id)?);
    }
    enqueue(cx, waiting)
}

/// Computes the plans again that rest on organisations.
fn replan(cx: &mut Context<'_>, organisations: &BTreeSet<OrganisationId>) -> Outcome<()> {
    for organisation_id in organisations {
        plans::enqueue_for_organisation(cx, *organisation_id)?;
    }
    Ok(())
}

/// Computes again what the changes would do that wait for somebody and touch a plan of which there is a new run.
pub(crate) fn reassess_plan(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<()> {
    let waiting = changes::waiting_in_plan(cx.db, office_id, scheme_id)?;
    enqueue(cx, waiting)
}

/// Puts the computation of what changes would do into the queue.
fn enqueue(cx: &mut Context<'_>, mut waiting: Vec<Change>) -> Outcome<()> {
    let now = cx.now;
    waiting.sort_by_key(|change| change.id);
    waiting.dedup_by_key(|change| change.id);
    for change in waiting {
        cx.enqueue(&Job::ChangeAssess { change_id: change.id }, now, change.only_office())?;
    }
    Ok(())
}
