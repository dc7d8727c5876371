//! What the end of an organisation tells of who comes after it. Shares are never guessed: who is alone gets the whole, and of several
//! somebody has to say.

use std::collections::BTreeSet;

use tildel_domain::allocation::{Share, SuccessorInput};
use tildel_domain::change::{Change, ChangeKind, ChangeState};
use tildel_domain::organisation::Organisation;
use tildel_domain::succession::Succession;
use tildel_storage::{changes, organisations};

use super::consequence::Strictness;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::registry;

/// Within how many days of the end schools and kindergartens are taken to go along.
const WITHIN_DAYS: i32 = 31;

/// Lets an organisation cease. Where one alone comes after it, that one gets the whole once somebody accepts it; else the numbers are told
/// of those whose shares are to be set.
pub(super) fn close(
    cx: &mut Context<'_>,
    organisation: &mut Organisation,
    change: &Change,
    strictness: Strictness,
) -> Outcome<Vec<String>> {
    // Who came after it was said by somebody, with the day: a register does not write over that.
    if !organisation.successors.is_empty() {
        return Ok(Vec::new());
    }
    // Nor over the day alone.
    let day = *organisation.ceased_on.get_or_insert(change.effective_on);
    let takers = takers(cx, organisation, change)?;
    let related: Vec<&str> = change.related.iter().map(String::as_str).collect();
    let entered = registry::entered_among(cx, &related)?;
    let alone = takers.len() == 1 && entered == takers;
    // What touches nothing is applied without anybody looking at it.
    if !alone || strictness == Strictness::Leave {
        return Ok(takers.into_iter().collect());
    }
    let whole = |number: String| SuccessorInput { organisation: number, share: Share::ONE };
    let succession =
        Succession { ceased_on: Some(day), successors: takers.iter().cloned().map(whole).collect() };
    let (lineage, today) = (registry::lineage(cx)?, cx.today()?);
    match organisation.succeed(succession, &entered, &lineage, today).map_err(Failure::from) {
        Ok(_) => Ok(Vec::new()),
        // It does not fit in with what is known: somebody has to say.
        Err(Failure::Refused(_)) => Ok(takers.into_iter().collect()),
        Err(failure) => Err(failure),
    }
}

/// Who seems to come after it, by number: those that it was found with, and those that its schools and kindergartens went to about then, as
/// other readings found, also where they are not entered here.
fn takers(cx: &mut Context<'_>, organisation: &Organisation, change: &Change) -> Outcome<BTreeSet<String>> {
    let mut takers: BTreeSet<String> = change.related.iter().cloned().collect();
    let mut went = Vec::new();
    for other in changes::of_kind(cx.db, organisation.id, ChangeKind::OwnerChanged)? {
        let apart =
            other.effective_on.until(change.effective_on).map_or(i32::MAX, |span| span.get_days().abs());
        if apart > WITHIN_DAYS || other.state == ChangeState::Superseded {
            continue;
        }
        if let Some(to) = other.to_organisation_id {
            went.push(to);
        } else {
            // To somebody who is not entered here, or to nobody that the register tells of: then the unit stands for its owner.
            let told = other.after.and_then(|after| after.owner.or(after.parent));
            takers.insert(told.unwrap_or(other.unit_number));
        }
    }
    went.retain(|to| *to != organisation.id);
    takers.extend(organisations::find_many(cx.db, &went)?.into_iter().map(|taker| taker.number.into()));
    takers.remove(organisation.number.as_str());
    Ok(takers)
}
