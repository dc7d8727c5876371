//! Numbers of human references, such as the 7 of `RO-2020-0007`.

use diesel::prelude::*;

use crate::db::on_each_backend;
use crate::schema::registry::reference_counters;
use crate::{Db, Place, StorageError};

/// The next number of an office and year, from 1; no two transactions get the same.
///
/// The counter's row stays locked until the transaction ends. A transaction that is undone gives its number back, so the numbers
/// have no gaps.
///
/// # Errors
/// [`StorageError::ForeignKeyViolation`] where no office has the key; otherwise what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn next(db: &mut Db, office_key: &str, year: i16) -> Result<u32, StorageError> {
    let first = (
        reference_counters::office_key.eq(office_key),
        reference_counters::year.eq(i64::from(year)),
        reference_counters::last_number.eq(1),
    );
    let number: i64 = on_each_backend!(db, connection => diesel::insert_into(reference_counters::table)
        .values(first)
        .on_conflict((reference_counters::office_key, reference_counters::year))
        .do_update()
        .set(reference_counters::last_number.eq(reference_counters::last_number + 1))
        .returning(reference_counters::last_number)
        .get_result(connection))?;
    Place::new("reference_counters", format_args!("{office_key}/{year}"), "last_number").number(number)
}
