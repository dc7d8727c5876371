use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use tildel_storage::{Backend, Db, Store};
use tildel_test_support::{TestStore, both_backends};

use crate::read;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(db: &mut Db, sql: &str) -> BTreeSet<String> {
    let rows: Vec<Line> = match db {
        Db::Postgres(connection) => diesel::sql_query(sql).load(connection),
        Db::Sqlite(connection) => diesel::sql_query(sql).load(connection),
    }
    .unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Every object of the schema with its definition.
fn schema(store: &Store) -> BTreeSet<String> {
    let sql = match store.backend() {
        Backend::Sqlite => {
            "select type || ' ' || name || ' ' || coalesce(sql, '') as line from sqlite_master \
             where name not like '\\_\\_diesel%' escape '\\' and tbl_name not like '\\_\\_diesel%' escape '\\'"
        }
        Backend::Postgres => {
            "select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
                 ordinal_position || ' ' || coalesce(column_default, '') as line \
             from information_schema.columns where table_schema = 'public' \
             union all select 'index ' || indexdef from pg_indexes where schemaname = 'public' \
             union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
             from pg_constraint where connamespace = 'public'::regnamespace \
             union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal \
             union all select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace"
        }
    };
    let all = read(store, |db| Ok(lines(db, sql)));
    all.into_iter().filter(|line| !line.contains("__diesel_schema_migrations")).collect()
}

/// `table.column type nullability`, in the words of neither database.
fn columns(store: &Store) -> BTreeSet<String> {
    let sql = match store.backend() {
        Backend::Sqlite => {
            "select t.name || '.' || c.name || ' ' || lower(c.type) || ' ' || \
                 case when c.\"notnull\" = 1 then 'required' else 'optional' end as line \
             from pragma_table_list t join pragma_table_info(t.name) c \
             where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'"
        }
        Backend::Postgres => {
            "select table_name || '.' || column_name || ' ' || case data_type \
                 when 'uuid' then 'text' when 'jsonb' then 'text' when 'date' then 'text' \
                 when 'timestamp with time zone' then 'text' when 'bigint' then 'integer' when 'boolean' then 'integer' \
                 else data_type end || ' ' || \
                 case is_nullable when 'NO' then 'required' else 'optional' end as line \
             from information_schema.columns where table_schema = 'public'"
        }
    };
    let all = read(store, |db| Ok(lines(db, sql)));
    all.into_iter().filter(|line| !line.starts_with("__diesel_schema_migrations")).collect()
}

/// `name is: table_column_column_key` for each unique index that the convention says should have that name.
fn unique_names(store: &Store) -> BTreeSet<String> {
    let sql = match store.backend() {
        // A primary key has no name of its own in SQLite; its columns give the name.
        Backend::Sqlite => {
            "select case when i.origin = 'c' then i.name else t.name || '_' || group_concat(c.name, '_') || '_key' end \
                 || ' is: ' || t.name || '_' || group_concat(c.name, '_') || '_key' as line \
             from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_info(i.name) c \
             where t.schema = 'main' and i.\"unique\" = 1 and t.name not like 'sqlite\\_%' escape '\\' \
             and t.name not like '\\_\\_diesel%' escape '\\' group by t.name, i.name, i.origin"
        }
        Backend::Postgres => {
            "select i.relname || ' is: ' || t.relname || '_' || \
                 string_agg(a.attname, '_' order by k.position) || '_key' as line \
             from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid \
             cross join lateral unnest(x.indkey::int2[]) with ordinality k (attnum, position) \
             join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum \
             where x.indisunique and t.relnamespace = 'public'::regnamespace and t.relname not like '\\_\\_diesel%' \
             group by i.relname, t.relname"
        }
    };
    read(store, |db| Ok(lines(db, sql)))
}

both_backends! {
    fn up_down_and_up_again_give_the_same_schema(store: TestStore) {
        assert!(store.pending_migrations().unwrap().is_empty());
        let before = schema(&store);
        assert!(!before.is_empty());
        store.revert_all().unwrap();
        assert_eq!(schema(&store), BTreeSet::new(), "down must leave nothing");
        let pending = store.pending_migrations().unwrap();
        assert_eq!(pending.first().map(String::as_str), Some("2026-11-01-000001_foundation"));
        assert_eq!(store.migrate().unwrap(), pending);
        assert_eq!(schema(&store), before);
        assert!(store.migrate().unwrap().is_empty());
    }

    /// Use cases know constraints by name, and `SQLite` tells only the columns.
    fn unique_indexes_are_named_after_their_columns(store: TestStore) {
        let names = unique_names(&store);
        assert!(names.contains("jobs_dedupe_key_key is: jobs_dedupe_key_key"), "{names:?}");
        for line in names {
            let (name, expected) = line.split_once(" is: ").unwrap();
            assert_eq!(name, expected);
            assert!(name.len() <= 63, "PostgreSQL would cut {name} off");
        }
    }

    fn two_processes_may_migrate_at_once(store: TestStore) {
        store.revert_all().unwrap();
        let second = store.reopen().unwrap();
        let applied: usize = std::thread::scope(|scope| {
            let threads = [scope.spawn(|| store.migrate()), scope.spawn(|| second.migrate())];
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap().len()).sum()
        });
        assert!(store.pending_migrations().unwrap().is_empty());
        store.revert_all().unwrap();
        assert_eq!(applied, store.pending_migrations().unwrap().len(), "each migration is applied by one of them");
    }
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let sqlite = columns(&TestStore::open(Backend::Sqlite).unwrap());
    let postgres = columns(&TestStore::open(Backend::Postgres).unwrap());
    assert!(sqlite.contains("jobs.run_at text required"), "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |backend| {
        let store = TestStore::open(backend).unwrap();
        store.revert_all().unwrap();
        store.pending_migrations().unwrap()
    };
    assert_eq!(names(Backend::Sqlite), names(Backend::Postgres));
}
