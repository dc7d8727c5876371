//! The stores of the harness themselves: each test has its own, migrated, and leaves nothing behind.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

use tildel_storage::{Db, Finish, StorageError, Store};
use tildel_test_support::{Backend, TestStore, both_backends};

/// How many rows the harness's own table has, or none where it is not there.
fn rows(store: &Store) -> Option<usize> {
    use diesel::RunQueryDsl;
    let query = || diesel::sql_query("SELECT * FROM harness_rows");
    let counted = store.read(|db| {
        let result = match db {
            Db::Postgres(connection) => query().execute(connection),
            Db::Sqlite(connection) => query().load::<HarnessRow>(connection).map(|rows| rows.len()),
        };
        Ok::<_, StorageError>(result.ok())
    });
    counted.ok().flatten()
}

#[derive(diesel::QueryableByName)]
struct HarnessRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[expect(dead_code, reason = "only the number of rows is looked at")]
    id: String,
}

fn add_row(store: &Store) {
    use diesel::connection::SimpleConnection;
    let script = "CREATE TABLE IF NOT EXISTS harness_rows (id TEXT); INSERT INTO harness_rows VALUES ('a')";
    store
        .write(|db| {
            match db {
                Db::Postgres(connection) => connection.batch_execute(script),
                Db::Sqlite(connection) => connection.batch_execute(script),
            }
            .expect("the table can be made");
            Ok::<_, StorageError>(Finish::Commit(()))
        })
        .unwrap();
}

both_backends! {
    fn a_new_store_is_migrated(store: TestStore) {
        assert_eq!(store.pending_migrations().unwrap(), Vec::<String>::new());
    }

    fn stores_do_not_see_each_other(store: TestStore) {
        let other = TestStore::open(store.backend()).unwrap();
        add_row(&store);
        assert_eq!(rows(&store), Some(1));
        assert_eq!(rows(&other), None);
    }

    fn a_reopened_store_sees_what_was_written(store: TestStore) {
        add_row(&store);
        assert_eq!(rows(&store.reopen().unwrap()), Some(1));
    }

    fn the_database_goes_with_the_test(store: TestStore) {
        let url = store.url().to_owned();
        assert!(is_there(&url), "{url} is not there while the test runs");
        drop(store);
        assert!(!is_there(&url), "{url} is still there");
    }

    fn a_durable_store_works_alike(store: TestStore) {
        let durable = TestStore::open_durable(store.backend()).unwrap();
        add_row(&durable);
        assert_eq!(rows(&durable), Some(1));
        assert_eq!(rows(&store), None);
    }

    async fn async_bodies_run_and_may_return_results(store: TestStore) -> Result<(), tokio::task::JoinError> {
        let pending = tokio::task::spawn_blocking(move || store.pending_migrations().unwrap()).await?;
        assert!(pending.is_empty());
        Ok(())
    }
}

/// Whether the database of a URL exists; looked up without creating it.
fn is_there(url: &str) -> bool {
    use diesel::Connection;
    match url.strip_prefix("sqlite:") {
        Some(path) => std::path::Path::new(path).exists(),
        None => diesel::PgConnection::establish(url).is_ok(),
    }
}

#[test]
fn both_kinds_of_backend_are_what_they_say() {
    assert_eq!(TestStore::open(Backend::Sqlite).unwrap().backend(), Backend::Sqlite);
    assert_eq!(TestStore::open(Backend::Postgres).unwrap().backend(), Backend::Postgres);
}
