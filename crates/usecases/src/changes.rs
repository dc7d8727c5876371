//! Changes: what registers say otherwise than before, from the finding to the plan that rests on it.

mod consequence;
mod forget;
mod notice;
mod succession;

use tildel_domain::change::{Change, ChangeEffect};
use tildel_domain::grant::Grant;
use tildel_domain::id::{ChangeId, OrganisationId};
use tildel_domain::policy::Operation;
pub use tildel_storage::changes::ChangeFilter;
use tildel_storage::{Page, PageRequest, changes, units};

pub(crate) use forget::forget_names;
pub use notice::notice;

use crate::context::{Context, Expected};
use crate::failure::{Failure, Outcome};
use crate::jobs::Job;
use crate::{decisions, plans};
use consequence::{Consequence, Strictness};

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

/// Somebody of a touched office accepts a change: what it says is stored with its date, and the plans that rest on it are computed
/// again. What was decided or pre-notified does not move by that; the impact reports of the new runs tell what differs.
pub fn accept(cx: &mut Context<'_>, id: ChangeId, expected: Expected) -> Outcome<Change> {
    cx.require(Operation::ChangeAccept)?;
    let mut change: Change = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut change, |change| change.accept(&actor, now))?;
    require_fit(cx, &change)?;
    consequence::lock(cx, &change)?;
    require_current(cx, &change)?;
    let consequence = Consequence::of(cx, &change, Strictness::Refuse)?;
    let organisations = consequence.apply(cx, &change)?;
    for organisation_id in organisations {
        plans::enqueue_for_organisation(cx, organisation_id)?;
        reassess(cx, organisation_id)?;
    }
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
    let current = require_current(cx, &change);
    match current.and_then(|()| Consequence::of(cx, &change, Strictness::Refuse)) {
        Ok(consequence) => {
            (effect.successors, effect.successors_to_set) = consequence.succession();
            let overlay = consequence.overlay();
            for (office_id, scheme_id) in change.touches.plans() {
                effect.plans.extend(plans::effect(cx, office_id, scheme_id, &overlay)?);
            }
        }
        Err(Failure::Refused(refusal)) => effect.refusal = Some(refusal.code.as_str().to_owned()),
        Err(failure) => return Err(failure),
    }
    cx.transition(&mut change, |change| change.assess(effect))?;
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

/// Computes again what the changes of an organisation would do that wait for somebody, as something that they rest on has changed.
pub(crate) fn reassess(cx: &mut Context<'_>, organisation_id: OrganisationId) -> Outcome<()> {
    let now = cx.now;
    for change in changes::waiting_for(cx.db, organisation_id)? {
        cx.enqueue(&Job::ChangeAssess { change_id: change.id }, now, change.only_office())?;
    }
    Ok(())
}
