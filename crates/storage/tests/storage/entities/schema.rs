//! Rules about the schema itself.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use tildel_storage::{Backend, Db, Store};
use tildel_test_support::TestStore;

use crate::read;

/// Tables that other tests look after.
const FOUNDATION: &str = "'journal', 'journal_head', 'jobs', 'idempotency_keys'";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

pub(super) fn lines(store: &Store, sql: &str) -> BTreeSet<String> {
    let rows: Vec<Line> = read(store, |db| {
        Ok(match db {
            Db::Postgres(connection) => diesel::sql_query(sql).load(connection),
            Db::Sqlite(connection) => diesel::sql_query(sql).load(connection),
        }?)
    });
    rows.into_iter().map(|row| row.line).collect()
}

/// An expression over the constraints of these kinds, in `PostgreSQL`.
pub(super) fn names(store: &Store, expression: &str, kinds: &str) -> BTreeSet<String> {
    let sql = format!(
        "select {expression} as line from pg_constraint join pg_class t on t.oid = conrelid \
         where contype in ('{kinds}') and connamespace = 'public'::regnamespace \
         and t.relname not in ({FOUNDATION}, '__diesel_schema_migrations')"
    );
    lines(store, &sql)
}

/// An agenda item stands inside its meeting, so no foreign key can point to it; readings of registers are cleared away in time,
/// and changes are not.
const WITHOUT_FOREIGN_KEY: [&str; 4] =
    ["ballots.agenda_item_id", "changes.fetch_id", "meetings.current_item_id", "papers.agenda_item_id"];

#[test]
fn every_column_that_names_a_row_has_a_foreign_key() {
    let postgres = TestStore::open(Backend::Postgres).unwrap();
    let sqlite = TestStore::open(Backend::Sqlite).unwrap();
    let named = lines(
        &postgres,
        &format!(
            "select table_name || '.' || column_name as line from information_schema.columns \
             where table_schema = 'public' and data_type = 'uuid' and column_name <> 'id' \
             and table_name not in ({FOUNDATION})"
        ),
    );
    let keys = names(
        &postgres,
        "t.relname || '.' || (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1])",
        "f",
    );
    let sqlite_keys = lines(
        &sqlite,
        "select t.name || '.' || k.\"from\" as line from pragma_table_list t join pragma_foreign_key_list(t.name) k \
         where t.schema = 'main'",
    );
    assert_eq!(keys, sqlite_keys);
    let bare: Vec<_> = named.difference(&keys).collect();
    assert_eq!(bare, WITHOUT_FOREIGN_KEY.each_ref());
    assert!(keys.contains("reference_counters.office_key"), "{keys:?}");
}

#[test]
fn both_databases_have_the_same_checks_and_indexes() {
    let postgres = TestStore::open(Backend::Postgres).unwrap();
    let sqlite = TestStore::open(Backend::Sqlite).unwrap();
    let definitions = lines(&sqlite, "select coalesce(sql, '') as line from sqlite_master").into_iter();
    let definitions = definitions.collect::<Vec<_>>().join("\n");
    // Whatever stands after a name, a line's end too, is a blank.
    let definitions = definitions.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wanted = names(&postgres, "conname", "c', 'u', 'p', 'f");
    wanted.extend(lines(
        &postgres,
        "select indexname as line from pg_indexes where schemaname = 'public' and indexname like '%\\_idx'",
    ));
    assert!(wanted.len() > 150, "{}", wanted.len());
    let missing: Vec<_> = wanted.iter().filter(|name| !definitions.contains(&format!(" {name} "))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
