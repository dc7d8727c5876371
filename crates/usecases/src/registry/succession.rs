//! Who came after an organisation that ceased (rule 13).

use std::collections::BTreeSet;

use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::Organisation;
use tildel_domain::policy::Operation;
use tildel_domain::succession::{Lineage, Succession};
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::{grants, organisations};

use super::organisation_transition;
use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::{changes, decisions, plans};

/// The organisations that ceased, as they stand.
pub(crate) fn lineage(cx: &mut Context<'_>) -> Outcome<Lineage> {
    Ok(Lineage::of(organisations::ceased(cx.db)?))
}

/// Those of these numbers that are entered here.
pub(crate) fn entered_among(cx: &mut Context<'_>, numbers: &[&str]) -> Outcome<BTreeSet<String>> {
    let found = organisations::with_numbers(cx.db, numbers)?;
    Ok(found.into_iter().map(|organisation| organisation.number.into()).collect())
}

/// Says when an organisation ceased and who came after it with which shares, or takes that back. Plans that rest on it or on them are
/// computed again; what was decided under the old number stays.
pub fn succession_set(
    cx: &mut Context<'_>,
    id: OrganisationId,
    expected: Expected,
    succession: &Succession,
) -> Outcome<Organisation> {
    cx.require(Operation::OrganisationSuccessionSet)?;
    require_fit(cx, id)?;
    lock(cx, id, succession)?;
    let mut organisation: Organisation = cx.lock(id, expected)?;
    let numbers = successors_of(succession);
    let entered = entered_among(cx, &numbers)?;
    let (lineage, today) = (lineage(cx)?, cx.today()?);
    let before = organisation.succession();
    if before == *succession {
        return Ok(organisation);
    }
    organisation_transition(cx, &mut organisation, |organisation| {
        organisation.succeed(succession.clone(), &entered, &lineage, today)
    })?;
    let mut concerned = lineage.before(organisation.number.as_str());
    concerned.insert(id);
    let mut numbers = numbers;
    numbers.extend(successors_of(&before));
    concerned.extend(organisations::with_numbers(cx.db, &numbers)?.into_iter().map(|other| other.id));
    changes::rest_on(cx, &concerned)?;
    Ok(organisation)
}

/// Refuses who has an interest in the application of a grant whose money this moves, and who is of none of the offices that gave them.
fn require_fit(cx: &mut Context<'_>, id: OrganisationId) -> Outcome<()> {
    let (mut applications, mut offices) = (Vec::new(), BTreeSet::new());
    for organisation_id in plans::with_predecessors(cx, id)? {
        for grant in grants::of_party(cx.db, organisation_id)? {
            applications.push(grant.application_id);
            offices.insert(grant.office_id);
        }
    }
    if !offices.is_empty() && cx.actor.office_id.is_some_and(|own| !offices.contains(&own)) {
        return Err(Refusal::new(RefusalCode::OtherOffice).into());
    }
    decisions::require_fit(cx, &applications)
}

fn successors_of(succession: &Succession) -> Vec<&str> {
    succession.successors.iter().map(|successor| successor.organisation.as_str()).collect()
}

/// Those of these numbers that are entered here, and all that came after them.
pub(crate) fn all_after<'n>(
    cx: &mut Context<'_>,
    numbers: impl IntoIterator<Item = &'n str>,
) -> Outcome<BTreeSet<OrganisationId>> {
    let numbers = lineage(cx)?.from(numbers);
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    Ok(organisations::with_numbers(cx.db, &numbers)?.into_iter().map(|other| other.id).collect())
}

/// Keeps the organisation and all that come after it from others, in the order of their ids: two that are written at once could close a
/// circle that neither of them sees.
fn lock(cx: &mut Context<'_>, id: OrganisationId, succession: &Succession) -> Outcome<()> {
    let mut ids = all_after(cx, successors_of(succession))?;
    ids.insert(id);
    for id in ids {
        let _: Organisation = cx.lock(id, Expected::Any)?;
    }
    Ok(())
}
