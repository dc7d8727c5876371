//! What a register removed for legal reasons is called nowhere here any more: its number stands for its name.
//!
//! What stays as it was is frozen for a reason: inputs and results of runs, and what was told of them. See decision 0024.

use std::collections::BTreeSet;

use tildel_domain::Entry;
use tildel_domain::id::OrganisationId;
use tildel_domain::unit::Unit;
use tildel_storage::{changes, headcounts, units};

use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// How many numbers are looked up at a time.
const NUMBERS_AT_A_TIME: usize = 500;

/// Lets the numbers of units stand for their names: in their changes, old ones too, in the units themselves and in what was counted of
/// them. Returns the organisations of which something was counted by a name: what rests on them is to be computed again, so that the newest does not
/// tell it.
pub(super) fn forget_names(cx: &mut Context<'_>, numbers: &[&str]) -> Outcome<BTreeSet<OrganisationId>> {
    let mut owners = BTreeSet::new();
    for numbers in numbers.chunks(NUMBERS_AT_A_TIME) {
        for mut change in changes::lock_of_units(cx.db, numbers)? {
            if change.tells_name() {
                cx.transition(&mut change, tildel_domain::change::Change::forget_name)?;
            }
        }
        for known in units::with_numbers(cx.db, numbers)? {
            let mut unit: Unit = cx.lock(known.id, Expected::Any)?;
            if unit.name != unit.number {
                cx.transition(&mut unit, |unit| Ok(unit.forget_name()))?;
            }
        }
        for (organisation_id, number) in headcounts::forget_unit_names(cx.db, numbers)? {
            let entry = Entry::new("headcount.forget", "organisation", organisation_id);
            cx.note(entry.with("unitNumber", number.as_str()), None, &number)?;
            owners.insert(organisation_id);
        }
    }
    Ok(owners)
}
