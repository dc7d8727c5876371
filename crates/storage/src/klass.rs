//! Codes of municipalities and counties with their changes, as Klass says them.
//!
//! The tables are small, so what is new is found by comparing all rows; equal rows are not written again.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::civil::Date;

use crate::columns::DbDate;
use crate::db::on_each_backend;
use crate::schema::registers::{klass_changes, klass_codes};
use crate::{Db, StorageError};

/// Rows of one statement.
const ROWS_MAX: usize = 1000;

/// A change; missing codes and names are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = klass_changes)]
pub struct KlassChangeRow {
    /// 131 for municipalities, 104 for counties.
    pub classification: i64,
    /// The first day on which it holds.
    pub changed_on: DbDate,
    /// The code before.
    pub old_code: String,
    /// Its name.
    pub old_name: String,
    /// The code after.
    pub new_code: String,
    /// Its name.
    pub new_name: String,
}

/// A code with its validity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = klass_codes, treat_none_as_default_value = false)]
pub struct KlassCodeRow {
    /// 131 for municipalities, 104 for counties.
    pub classification: i64,
    /// The code.
    pub code: String,
    /// The first day; [`UNTOLD`] where it is not told.
    pub valid_from: DbDate,
    /// The day on which it is not valid any more.
    pub valid_to: Option<DbDate>,
    /// The name.
    pub name: String,
}

/// Stands for a first day that is not told.
pub const UNTOLD: Date = jiff::civil::date(1, 1, 1);

/// What is there of a classification beside the rows that are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It stays: what is given is a part.
    Stays,
    /// It goes: what is given is all there is.
    Goes,
}

/// Changes of a classification, in order.
#[tracing::instrument(level = "debug", skip_all)]
pub fn changes(db: &mut Db, classification: i64) -> Result<Vec<KlassChangeRow>, StorageError> {
    let mut rows: Vec<KlassChangeRow> =
        klass_changes::table.filter(klass_changes::classification.eq(classification)).load(db)?;
    rows.sort_unstable();
    Ok(rows)
}

/// Codes of a classification, in order.
#[tracing::instrument(level = "debug", skip_all)]
pub fn codes(db: &mut Db, classification: i64) -> Result<Vec<KlassCodeRow>, StorageError> {
    let mut rows: Vec<KlassCodeRow> =
        klass_codes::table.filter(klass_codes::classification.eq(classification)).load(db)?;
    rows.sort_unstable();
    Ok(rows)
}

/// Writes changes of a classification; of several with the same codes and day the first in the order of letters counts. Returns how many rows
/// came, went or got another name.
#[tracing::instrument(level = "debug", skip_all)]
pub fn save_changes(
    db: &mut Db,
    classification: i64,
    mut given: Vec<KlassChangeRow>,
    rest: Rest,
) -> Result<usize, StorageError> {
    given.sort_unstable();
    let key = |row: &KlassChangeRow| (row.changed_on, row.old_code.clone(), row.new_code.clone());
    let (gone, come) = compare(changes(db, classification)?, given, key, rest);
    for row in gone.values() {
        let standing = klass_changes::table.find((
            classification,
            row.changed_on,
            row.old_code.as_str(),
            row.new_code.as_str(),
        ));
        let deleted = diesel::delete(standing).execute(db)?;
        StorageError::expect_rows("klass_changes", 1, deleted)?;
    }
    for rows in come.chunks(ROWS_MAX) {
        let rows = rows.to_vec();
        let (expected, inserted) = (
            rows.len(),
            on_each_backend!(db, connection =>
                diesel::insert_into(klass_changes::table).values(rows).execute(connection))?,
        );
        StorageError::expect_rows("klass_changes", expected, inserted)?;
    }
    Ok(count(&gone, &come, key))
}

/// Writes codes of a classification; of several of one first day the first in order counts. Returns how many rows came, went or changed.
#[tracing::instrument(level = "debug", skip_all)]
pub fn save_codes(
    db: &mut Db,
    classification: i64,
    mut given: Vec<KlassCodeRow>,
    rest: Rest,
) -> Result<usize, StorageError> {
    given.sort_unstable();
    let key = |row: &KlassCodeRow| (row.code.clone(), row.valid_from);
    let (gone, come) = compare(codes(db, classification)?, given, key, rest);
    for row in gone.values() {
        let standing = klass_codes::table.find((classification, row.code.as_str(), row.valid_from));
        let deleted = diesel::delete(standing).execute(db)?;
        StorageError::expect_rows("klass_codes", 1, deleted)?;
    }
    for rows in come.chunks(ROWS_MAX) {
        let rows = rows.to_vec();
        let (expected, inserted) = (
            rows.len(),
            on_each_backend!(db, connection =>
                diesel::insert_into(klass_codes::table).values(rows).execute(connection))?,
        );
        StorageError::expect_rows("klass_codes", expected, inserted)?;
    }
    Ok(count(&gone, &come, key))
}

/// Rows to delete by their key, and rows to insert. A changed row is both.
fn compare<T: Eq, K: Ord>(
    standing: Vec<T>,
    given: Vec<T>,
    key: impl Fn(&T) -> K,
    rest: Rest,
) -> (BTreeMap<K, T>, Vec<T>) {
    let mut standing: BTreeMap<K, T> = standing.into_iter().map(|row| (key(&row), row)).collect();
    let mut wanted = BTreeMap::new();
    for row in given {
        wanted.entry(key(&row)).or_insert(row);
    }
    let mut gone = BTreeMap::new();
    let mut come = Vec::new();
    for (key, row) in wanted {
        match standing.remove(&key) {
            Some(same) if same == row => {}
            Some(other) => {
                gone.insert(key, other);
                come.push(row);
            }
            None => come.push(row),
        }
    }
    if rest == Rest::Goes {
        gone.extend(standing);
    }
    (gone, come)
}

/// How many rows are not as they were; a changed one counts once.
fn count<T, K: Ord>(gone: &BTreeMap<K, T>, come: &[T], key: impl Fn(&T) -> K) -> usize {
    gone.len() + come.iter().filter(|row| !gone.contains_key(&key(row))).count()
}
