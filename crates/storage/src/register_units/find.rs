use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::register::{RegisterKey, RegisterUnitState};

use super::row::Row;
use crate::columns::DbInstant;
use crate::schema::registers::register_units;
use crate::{Db, StorageError};

fn assemble(rows: Vec<Row>) -> Result<Vec<RegisterUnitState>, StorageError> {
    rows.into_iter().map(Row::into_state).collect()
}

/// What stands of the units right below a unit, in a register, by number.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_parent(
    db: &mut Db,
    register: RegisterKey,
    parent: &str,
) -> Result<Vec<RegisterUnitState>, StorageError> {
    let rows = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::parent.eq(Some(parent)))
        .filter(register_units::register.eq(register.as_str()))
        .order(register_units::number.asc())
        .load(db)?;
    assemble(rows)
}

/// What stands of the units right below any of these units, in a register, by number; no more than so many.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_parents(
    db: &mut Db,
    register: RegisterKey,
    parents: &[&str],
    limit: usize,
) -> Result<Vec<RegisterUnitState>, StorageError> {
    let rows = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::parent.eq_any(parents.iter().copied().map(Some)))
        .filter(register_units::register.eq(register.as_str()))
        .order(register_units::number.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(db)?;
    assemble(rows)
}

/// What stands of the units of an owner, in a register, by number.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_owner(
    db: &mut Db,
    register: RegisterKey,
    owner: &str,
) -> Result<Vec<RegisterUnitState>, StorageError> {
    let rows = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::owner.eq(Some(owner)))
        .filter(register_units::register.eq(register.as_str()))
        .order(register_units::number.asc())
        .load(db)?;
    assemble(rows)
}

/// The unit right above each of these in Enhetsregisteret, as it stands: number and number above.
#[tracing::instrument(level = "debug", skip_all)]
pub fn parents_of(db: &mut Db, numbers: &[&str]) -> Result<Vec<(String, String)>, StorageError> {
    let rows: Vec<(String, Option<String>)> = register_units::table
        .select((register_units::number, register_units::parent))
        .filter(register_units::until.is_null())
        .filter(register_units::register.eq(RegisterKey::Enhetsregisteret.as_str()))
        .filter(register_units::number.eq_any(numbers.iter().copied()))
        .filter(register_units::parent.is_not_null())
        .load(db)?;
    Ok(rows.into_iter().filter_map(|(number, parent)| Some((number, parent?))).collect())
}

/// What stands of these units, in a register, by number.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_numbers(
    db: &mut Db,
    register: RegisterKey,
    numbers: &[&str],
) -> Result<Vec<RegisterUnitState>, StorageError> {
    let rows = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::number.eq_any(numbers.iter().copied()))
        .filter(register_units::register.eq(register.as_str()))
        .order(register_units::number.asc())
        .load(db)?;
    assemble(rows)
}

/// What a register says of a unit: what stands, or what stood at an instant.
#[tracing::instrument(level = "debug", skip_all)]
pub fn state(
    db: &mut Db,
    register: RegisterKey,
    number: &str,
    as_of: Option<Timestamp>,
) -> Result<Option<RegisterUnitState>, StorageError> {
    let mut query = register_units::table
        .filter(register_units::register.eq(register.as_str()))
        .filter(register_units::number.eq(number))
        .into_boxed();
    query = match as_of {
        None => query.filter(register_units::until.is_null()),
        Some(instant) => query.filter(register_units::since.le(DbInstant(instant))),
    };
    let row: Option<Row> = query.order(register_units::since.desc()).first(db).optional()?;
    row.map(Row::into_state).transpose()
}

/// All that a register ever said of a unit, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn states(
    db: &mut Db,
    register: RegisterKey,
    number: &str,
) -> Result<Vec<RegisterUnitState>, StorageError> {
    let rows = register_units::table
        .filter(register_units::register.eq(register.as_str()))
        .filter(register_units::number.eq(number))
        .order(register_units::since.asc())
        .load(db)?;
    assemble(rows)
}

/// Those of these numbers of which any register's state is held.
#[tracing::instrument(level = "debug", skip_all)]
pub fn held(db: &mut Db, numbers: &[&str]) -> Result<Vec<String>, StorageError> {
    let held = register_units::table
        .filter(register_units::number.eq_any(numbers))
        .filter(register_units::until.is_null())
        .select(register_units::number)
        .distinct()
        .order(register_units::number.asc())
        .load(db)?;
    Ok(held)
}

/// The numbers of a register whose units have not ended, by what stands.
#[tracing::instrument(level = "debug", skip_all)]
pub fn living(db: &mut Db, register: RegisterKey) -> Result<Vec<String>, StorageError> {
    let numbers = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::register.eq(register.as_str()))
        .filter(register_units::ended_on.is_null())
        .select(register_units::number)
        .order(register_units::number.asc())
        .load(db)?;
    Ok(numbers)
}
