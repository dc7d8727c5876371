//! Sources of register data and how they stand.

use diesel::prelude::*;
use tildel_domain::source::{Source, SourceName};

use crate::columns::{DbInstant, DbJson};
use crate::db::on_each_backend;
use crate::repository::load_locked;
use crate::schema::registers::sources;
use crate::stored::Stored;
use crate::{Db, Place, StorageError};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = sources, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    name: String,
    marks: DbJson,
    cursor: Option<DbJson>,
    data_as_of: Option<DbInstant>,
    last_attempt_at: Option<DbInstant>,
    last_success_at: Option<DbInstant>,
    failures: i64,
    last_error: Option<String>,
    version: i64,
}

fn at(name: &str, column: &'static str) -> Place {
    Place::new("sources", name, column)
}

impl Row {
    fn of(source: &Source) -> Result<Self, StorageError> {
        let name = source.name.as_str();
        Ok(Self {
            name: name.to_owned(),
            marks: source.marks.to_column(&at(name, "marks"))?,
            cursor: source.cursor.to_column(&at(name, "cursor"))?,
            data_as_of: source.data_as_of.map(DbInstant),
            last_attempt_at: source.last_attempt_at.map(DbInstant),
            last_success_at: source.last_success_at.map(DbInstant),
            failures: source.failures.into(),
            last_error: source.last_error.clone(),
            version: source.version,
        })
    }

    fn into_source(self) -> Result<Source, StorageError> {
        let name = self.name;
        Ok(Source {
            marks: Stored::from_column(self.marks, &at(&name, "marks"))?,
            cursor: self.cursor.map(|DbJson(cursor)| cursor),
            data_as_of: self.data_as_of.map(|DbInstant(instant)| instant),
            last_attempt_at: self.last_attempt_at.map(|DbInstant(instant)| instant),
            last_success_at: self.last_success_at.map(|DbInstant(instant)| instant),
            failures: at(&name, "failures").number(self.failures)?,
            last_error: self.last_error,
            version: self.version,
            name: at(&name, "name").parse(&name)?,
        })
    }
}

/// All sources that were begun to be read, by name.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list(db: &mut Db) -> Result<Vec<Source>, StorageError> {
    let rows: Vec<Row> = sources::table.order(sources::name.asc()).load(db)?;
    rows.into_iter().map(Row::into_source).collect()
}

/// One source; none where it was never begun to be read.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find(db: &mut Db, name: SourceName) -> Result<Option<Source>, StorageError> {
    let row: Option<Row> = sources::table.find(name.as_str()).first(db).optional()?;
    row.map(Row::into_source).transpose()
}

/// One source, kept from others until the transaction ends; written for the first time where it is not there.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock(db: &mut Db, name: SourceName) -> Result<Source, StorageError> {
    let unread = Row::of(&Source::unread(name))?;
    on_each_backend!(db, connection =>
        diesel::insert_into(sources::table).values(unread).on_conflict_do_nothing().execute(connection))?;
    let query = sources::table.filter(sources::name.eq(name.as_str()));
    let rows: Vec<Row> = load_locked!(db, query);
    let row = rows.into_iter().next();
    row.map(Row::into_source).transpose()?.ok_or(StorageError::RowCount {
        table: "sources",
        expected: 1,
        got: 0,
    })
}

/// Writes a source back that was locked, and counts its version up, here and there.
#[tracing::instrument(level = "debug", skip_all)]
pub fn update(db: &mut Db, source: &mut Source) -> Result<(), StorageError> {
    let mut row = Row::of(source)?;
    row.version += 1;
    let standing = sources::table
        .filter(sources::name.eq(source.name.as_str()))
        .filter(sources::version.eq(source.version));
    let updated = diesel::update(standing).set(row).execute(db)?;
    StorageError::expect_rows("sources", 1, updated)?;
    source.version += 1;
    Ok(())
}
