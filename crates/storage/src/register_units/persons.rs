use diesel::prelude::*;

use crate::db::on_each_backend;
use crate::schema::registers::{register_persons, register_units};
use crate::{Db, StorageError};

#[derive(Clone, Insertable)]
#[diesel(table_name = register_persons, treat_none_as_default_value = false)]
struct Row {
    number: String,
}

/// Remembers numbers of units that are persons.
#[tracing::instrument(level = "debug", skip_all)]
pub fn note_persons(db: &mut Db, numbers: &[&str]) -> Result<(), StorageError> {
    if numbers.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = numbers.iter().map(|number| Row { number: (*number).to_owned() }).collect();
    on_each_backend!(db, connection =>
        diesel::insert_into(register_persons::table).values(rows).on_conflict_do_nothing().execute(connection))?;
    Ok(())
}

/// Those of these numbers that are persons.
#[tracing::instrument(level = "debug", skip_all)]
pub fn persons_among(db: &mut Db, numbers: &[&str]) -> Result<Vec<String>, StorageError> {
    let found = register_persons::table
        .filter(register_persons::number.eq_any(numbers))
        .select(register_persons::number)
        .load(db)?;
    Ok(found)
}

/// Number, number above and owner.
type Standing = (String, Option<String>, Option<String>);

/// What stands right below these numbers, or is owned by them, in any register: number, number above and owner.
#[tracing::instrument(level = "debug", skip_all)]
pub fn below(db: &mut Db, numbers: &[&str]) -> Result<Vec<Standing>, StorageError> {
    let columns = (register_units::number, register_units::parent, register_units::owner);
    let standing = || register_units::table.filter(register_units::until.is_null()).select(columns);
    // Two queries, as each has an index of its own.
    let mut found: Vec<Standing> = standing().filter(register_units::parent.eq_any(numbers)).load(db)?;
    found.extend(standing().filter(register_units::owner.eq_any(numbers)).load::<Standing>(db)?);
    Ok(found)
}
