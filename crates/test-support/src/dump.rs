//! All that stands in a database, to compare two moments.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tildel_storage::{Db, StorageError, Store};

/// The rows of each table, each as text, in an order of their own.
pub type Dump = BTreeMap<String, Vec<String>>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(db: &mut Db, sql: &str) -> Result<Vec<String>, StorageError> {
    let rows: Vec<Line> = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).load(connection)?,
        Db::Sqlite(connection) => diesel::sql_query(sql).load(connection)?,
    };
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// Reads every row of every table of our own.
///
/// # Errors
/// When the database does not answer.
pub fn dump(store: &Store) -> Result<Dump> {
    store.read(dump_in).context("failed to read the tables")
}

/// Reads every row of every table of the database of another process, which is not running.
///
/// # Errors
/// When the database can not be opened or does not answer.
pub fn dump_at(url: &str) -> Result<Dump> {
    let options = crate::store::options(url.to_owned(), crate::postgres::ClusterKind::Durable);
    dump(&Store::open(&options).context("failed to open the database")?)
}

fn dump_in(db: &mut Db) -> Result<Dump, StorageError> {
    let tables = match db {
        Db::Postgres(_) => "select tablename::text as line from pg_tables where schemaname = 'public'",
        Db::Sqlite(_) => {
            "select name as line from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
        }
    };
    let mut dump = Dump::new();
    for table in lines(db, tables)? {
        let rows = match db {
            Db::Postgres(_) => format!("select t::text as line from \"{table}\" t order by 1"),
            Db::Sqlite(_) => {
                let columns = lines(
                    db,
                    &format!("select 'quote(\"' || name || '\")' as line from pragma_table_info('{table}')"),
                )?;
                format!("select {} as line from \"{table}\" order by 1", columns.join(" || ',' || "))
            }
        };
        let rows = lines(db, &rows)?;
        dump.insert(table, rows);
    }
    Ok(dump)
}
