use serde_json::json;
use tildel_storage::Backend;
use tildel_storage::idempotency::{Claim, KeyedRequest, SavedResponse, claim, purge, save};
use tildel_test_support::{TestStore, both_backends};

use crate::{after, start, try_write, write};

const REQUEST: KeyedRequest<'static> =
    KeyedRequest { caller: "user:1", key: "k-1", operation: "POST /api/v1/applications", request_hash: "aa" };

fn response() -> SavedResponse {
    SavedResponse {
        status: 201,
        headers: json!({"location": "/api/v1/applications/1"}),
        body: "{\"id\":1}".to_owned(),
    }
}

both_backends! {
    fn a_request_is_done_once_and_then_replayed(store: TestStore) {
        let first = write(&store, |db| {
            let first = claim(db, &REQUEST)?;
            save(db, &REQUEST, &response(), start())?;
            Ok(first)
        });
        assert_eq!(first, Claim::Fresh);
        assert_eq!(write(&store, |db| claim(db, &REQUEST)), Claim::Replay(response()));
    }

    fn a_key_belongs_to_one_caller_and_one_request(store: TestStore) {
        write(&store, |db| save(db, &REQUEST, &response(), start()));
        let other_caller = KeyedRequest { caller: "user:2", ..REQUEST };
        let other_body = KeyedRequest { request_hash: "bb", ..REQUEST };
        let other_path = KeyedRequest { operation: "POST /api/v1/rounds", ..REQUEST };
        assert_eq!(write(&store, |db| claim(db, &other_caller)), Claim::Fresh);
        assert_eq!(write(&store, |db| claim(db, &other_body)), Claim::Mismatch);
        assert_eq!(write(&store, |db| claim(db, &other_path)), Claim::Mismatch);
        let again = try_write(&store, |db| save(db, &REQUEST, &response(), start())).unwrap_err();
        assert!(again.is_unique_violation("idempotency_keys_caller_key_key"), "{again}");
    }

    fn old_answers_are_forgotten(store: TestStore) {
        write(&store, |db| save(db, &REQUEST, &response(), start()));
        assert_eq!(write(&store, |db| purge(db, start())), 0);
        assert_eq!(write(&store, |db| purge(db, after(1))), 1);
        assert_eq!(write(&store, |db| claim(db, &REQUEST)), Claim::Fresh);
    }

    /// Eight at once: the work is done once, whatever the others were told.
    fn parallel_requests_do_the_work_once(store: TestStore) {
        let claims: Vec<Claim> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| write(&store, |db| {
                    let claimed = claim(db, &REQUEST)?;
                    if claimed == Claim::Fresh {
                        save(db, &REQUEST, &response(), start())?;
                    }
                    Ok(claimed)
                })))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(claims.iter().filter(|claim| **claim == Claim::Fresh).count(), 1, "{claims:?}");
        assert!(!claims.contains(&Claim::Mismatch), "{claims:?}");
    }
}

/// While one transaction holds a key, another on `PostgreSQL` is told so; `SQLite` has only one writer at a time.
#[test]
fn a_second_request_sees_that_the_first_is_running() {
    let store = TestStore::open(Backend::Postgres).unwrap();
    let (outer, inner) = write(&store, |db| {
        let outer = claim(db, &REQUEST)?;
        Ok((outer, write(&store, |second| claim(second, &REQUEST))))
    });
    assert_eq!((outer, inner), (Claim::Fresh, Claim::Running));
}
