//! What registers say of units.

use jiff::Timestamp;
use tildel_domain::register::{RegisterKey, RegisterUnitState};
use tildel_storage::register_units;

use crate::context::Context;
use crate::failure::Outcome;

/// What stands of the units right below a unit in a register, by number.
pub fn units_of_parent(
    cx: &mut Context<'_>,
    register: RegisterKey,
    parent: &str,
) -> Outcome<Vec<RegisterUnitState>> {
    Ok(register_units::of_parent(cx.db, register, parent)?)
}

/// What stands of the units of an owner in a register, by number.
pub fn units_of_owner(
    cx: &mut Context<'_>,
    register: RegisterKey,
    owner: &str,
) -> Outcome<Vec<RegisterUnitState>> {
    Ok(register_units::of_owner(cx.db, register, owner)?)
}

/// What a register says of a unit: what stands, or what stood at an instant.
pub fn unit_state(
    cx: &mut Context<'_>,
    register: RegisterKey,
    number: &str,
    as_of: Option<Timestamp>,
) -> Outcome<Option<RegisterUnitState>> {
    Ok(register_units::state(cx.db, register, number, as_of)?)
}

/// All that a register ever said of a unit, the oldest first.
pub fn unit_states(
    cx: &mut Context<'_>,
    register: RegisterKey,
    number: &str,
) -> Outcome<Vec<RegisterUnitState>> {
    Ok(register_units::states(cx.db, register, number)?)
}
