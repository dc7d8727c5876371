//! Granted projects.

use tildel_domain::grant::Grant;
use tildel_domain::id::GrantId;
use tildel_domain::policy::Operation;
use tildel_storage::grants;
pub use tildel_storage::grants::GrantFilter;
use tildel_storage::{Page, PageRequest};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::plans;

/// Grants.
pub fn list(cx: &mut Context<'_>, filter: &GrantFilter, page: &PageRequest) -> Outcome<Page<Grant>> {
    cx.require(Operation::GrantList)?;
    Ok(grants::page(cx.db, filter, page)?)
}

/// One grant.
pub fn read(cx: &mut Context<'_>, id: GrantId) -> Outcome<Grant> {
    cx.require(Operation::GrantRead)?;
    cx.find(id)
}

/// The recipient takes a grant.
pub fn accept(cx: &mut Context<'_>, id: GrantId, expected: Expected) -> Outcome<Grant> {
    cx.require(Operation::GrantAccept)?;
    let mut grant: Grant = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut grant, |grant| grant.accept(&actor, now))?;
    Ok(grant)
}

/// The recipient does not take a grant; the plan goes on without it.
pub fn decline(cx: &mut Context<'_>, id: GrantId, expected: Expected) -> Outcome<Grant> {
    cx.require(Operation::GrantDecline)?;
    let mut grant: Grant = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut grant, |grant| grant.decline(&actor, now))?;
    plans::enqueue(cx, grant.office_id, grant.scheme_id)?;
    Ok(grant)
}
