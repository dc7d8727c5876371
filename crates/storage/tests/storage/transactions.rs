use std::cell::Cell;

use diesel::connection::SimpleConnection;
use tildel_storage::jobs::{enqueue, find};
use tildel_storage::{Backend, Finish, StorageError};
use tildel_test_support::{TestStore, both_backends};

use crate::jobs::job;
use crate::{id, read, start, write};

both_backends! {
    fn an_error_undoes_everything(store: TestStore) {
        let outcome: Result<(), StorageError> = store.write(|db| {
            enqueue(db, &job(1), start())?;
            Err(StorageError::Busy("enough".to_owned()))
        });
        assert!(outcome.is_err());
        assert_eq!(read(&store, |db| find(db, id(1))), None);
    }

    fn a_dry_run_returns_its_value_and_leaves_nothing(store: TestStore) {
        let dry: Result<_, StorageError> =
            store.write(|db| enqueue(db, &job(1), start()).map(Finish::Rollback));
        assert!(dry.unwrap().is_new);
        assert_eq!(read(&store, |db| find(db, id(1))), None);
    }

    fn a_panic_undoes_everything_and_leaves_the_store_usable(store: TestStore) {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            write(&store, |db| -> Result<(), StorageError> {
                enqueue(db, &job(1), start())?;
                panic!("a use case stopped");
            });
        }));
        assert!(panicked.is_err());
        assert_eq!(read(&store, |db| find(db, id(1))), None);
        assert!(write(&store, |db| enqueue(db, &job(1), start())).is_new);
    }

    fn reading_cannot_write(store: TestStore) {
        let refused = store.read(|db| enqueue(db, &job(1), start()));
        assert!(matches!(refused, Err(StorageError::Driver(_))), "{refused:?}");
    }

    /// `PostgreSQL` would turn this commit into a rollback without a word.
    fn a_swallowed_failure_is_never_committed(store: TestStore) {
        let outcome = store.write(|db| {
            enqueue(db, &job(1), start())?;
            let swallowed = db.batch_execute("insert into journal_head (id, seq, hash) values (2, 0, 'x')");
            assert!(swallowed.is_err());
            Ok(Finish::Commit(()))
        });
        assert!(matches!(outcome, Err(StorageError::FailedTransaction)), "{outcome:?}");
        assert_eq!(read(&store, |db| find(db, id(1))), None);
    }

    fn a_failure_inside_a_nested_transaction_may_be_swallowed(store: TestStore) {
        use diesel::Connection;
        write(&store, |db| {
            enqueue(db, &job(1), start())?;
            let nested = db.transaction(|db| {
                db.batch_execute("insert into journal_head (id, seq, hash) values (2, 0, 'x')")
            });
            assert!(nested.is_err());
            enqueue(db, &job(2), start())
        });
        assert!(read(&store, |db| find(db, id(1))).is_some());
        assert!(read(&store, |db| find(db, id(2))).is_some());
    }

    fn foreign_keys_are_enforced(store: TestStore) {
        let id_type = if store.backend() == Backend::Sqlite { "integer" } else { "bigint" };
        write(&store, |db| Ok(db.batch_execute(&format!(
            "create table parents (id {id_type} primary key); \
             create table children (parent {id_type}, constraint children_parent_fkey foreign key (parent) \
             references parents (id))",
        ))?));
        let orphan: Result<(), StorageError> =
            store.write(|db| Ok(Finish::Commit(db.batch_execute("insert into children values (1)")?)));
        let Err(StorageError::ForeignKeyViolation { constraint }) = orphan else { panic!("{orphan:?}") };
        let expected = (store.backend() == Backend::Postgres).then_some("children_parent_fkey");
        assert_eq!(constraint.as_deref(), expected);
    }

    fn a_second_store_on_the_same_database_sees_what_was_committed(store: TestStore) {
        let second = store.reopen().unwrap();
        write(&store, |db| enqueue(db, &job(1), start()));
        assert!(read(&second, |db| find(db, id(1))).is_some());
        assert!(write(&second, |db| enqueue(db, &job(2), start())).is_new);
        assert!(read(&store, |db| find(db, id(2))).is_some());
    }
}

/// Runs a write whose first attempts fail with this SQLSTATE, and counts the attempts.
fn attempts_until_done(failures: u32, sqlstate: &str, message: &str) -> (u32, Result<(), StorageError>) {
    let store = TestStore::open(Backend::Postgres).unwrap();
    let attempts = Cell::new(0);
    let outcome = store.write(|db| {
        attempts.set(attempts.get() + 1);
        if attempts.get() <= failures {
            let raise =
                format!("do $$ begin raise exception '{message}' using errcode = '{sqlstate}'; end $$");
            db.batch_execute(&raise)?;
        }
        Ok(Finish::Commit(()))
    });
    (attempts.get(), outcome)
}

#[test]
fn writes_that_lost_against_others_run_again() {
    for (sqlstate, message) in [("40001", "could not serialize access"), ("40P01", "deadlock detected")] {
        let (attempts, outcome) = attempts_until_done(2, sqlstate, message);
        assert_eq!(attempts, 3);
        assert!(outcome.is_ok(), "{outcome:?}");
        let (attempts, outcome) = attempts_until_done(9, sqlstate, message);
        assert_eq!(attempts, 5);
        assert!(matches!(outcome, Err(StorageError::Busy(_))), "{outcome:?}");
    }
}

#[test]
fn other_failures_do_not_run_again() {
    let (attempts, outcome) = attempts_until_done(1, "22012", "division by zero");
    assert_eq!(attempts, 1);
    assert!(matches!(outcome, Err(StorageError::Driver(_))), "{outcome:?}");
}
