use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::allocation::{Headcount, UnitKind};
use tildel_domain::register::{RegisterKey, RegisterUnitState};

use super::row::Row;
use crate::columns::{DbInstant, DbJson};
use crate::schema::registers::register_units;
use crate::stored::Stored;
use crate::{Db, Place, StorageError};

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

/// The numbers of units of a register and of one of its halves that have not ended, by what stands since before an instant: so many after a number.
#[tracing::instrument(level = "debug", skip_all)]
pub fn living_before(
    db: &mut Db,
    (register, is_sub_unit): (RegisterKey, bool),
    instant: Timestamp,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, StorageError> {
    let numbers = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::register.eq(register.as_str()))
        .filter(register_units::number.gt(after))
        .filter(register_units::is_sub_unit.eq(is_sub_unit))
        .filter(register_units::ended_on.is_null())
        .filter(register_units::since.lt(DbInstant(instant)))
        .select(register_units::number)
        .order(register_units::number.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(db)?;
    Ok(numbers)
}

/// What a register counts of one open school or kindergarten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedInPlace {
    /// The register.
    pub register: RegisterKey,
    /// The number of the municipality.
    pub municipality_number: String,
    /// The count.
    pub headcount: Headcount,
}

/// What registers count of the open units of a kind in these municipalities. Legal entities have no kind in Enhetsregisteret, so no employee is
/// counted twice there.
#[tracing::instrument(level = "debug", skip_all)]
pub fn counted_in(
    db: &mut Db,
    kind: UnitKind,
    municipalities: &[&str],
) -> Result<Vec<CountedInPlace>, StorageError> {
    let kind: String = kind.to_column(&Place::new("register_units", "filter", "unit_kind"))?;
    let rows: Vec<(String, String, String, DbJson)> = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::unit_kind.eq(kind))
        .filter(register_units::municipality_number.eq_any(municipalities.iter().copied().map(Some)))
        .filter(register_units::ended_on.is_null())
        .select((
            register_units::register,
            register_units::number,
            register_units::municipality_number.assume_not_null(),
            register_units::headcount,
        ))
        .load(db)?;
    let counted = rows.into_iter().map(|(register, number, municipality_number, headcount)| {
        let at = |column| Place::new("register_units", &number, column);
        Ok(CountedInPlace {
            register: Stored::from_column(register, &at("register"))?,
            municipality_number,
            headcount: Stored::from_column(headcount, &at("headcount"))?,
        })
    });
    counted.collect()
}
