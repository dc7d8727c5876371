use serde_json::json;
use tildel_storage::Store;
use tildel_storage::jobs::{
    Failure, Job, JobState, Lease, NewJob, Progress, Reclaimed, Ticket, cancel, claim, complete, enqueue,
    fail, find, heartbeat, reclaim, release, retry,
};
use tildel_test_support::{TestStore, both_backends};

use crate::jobs::{KINDS, job};
use crate::{after, id, read, start, try_write, write};

fn take(store: &Store, worker: &str, now_seconds: i64) -> Ticket {
    let claimed = write(store, |db| claim(db, worker, KINDS, after(now_seconds), after(now_seconds + 60)));
    claimed.unwrap().ticket().unwrap()
}

fn stored(store: &Store) -> Job {
    read(store, |db| find(db, id(1))).unwrap()
}

both_backends! {
    fn a_completed_job_keeps_its_result(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let ticket = take(&store, "w", 0);
        let lease = write(&store, |db| complete(db, &ticket, Some(json!({"pages": 2})), after(5)));
        assert_eq!(lease, Lease::Held);
        let done = stored(&store);
        assert_eq!((done.ticket(), done.updated_at), (None, after(5)));
        assert_eq!((done.state, done.result, done.worker), (JobState::Done, Some(json!({"pages": 2})), None));
        assert_eq!(write(&store, |db| complete(db, &ticket, None, after(6))), Lease::Lost);
    }

    fn a_heartbeat_renews_the_lease_and_tells_progress(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let ticket = take(&store, "w", 0);
        let progress = Progress { done: 3, total: Some(10) };
        let lease = write(&store, |db| heartbeat(db, &ticket, progress, after(50), after(110)));
        assert_eq!(lease, Lease::Held);
        assert_eq!(stored(&store).progress, progress);
        assert_eq!(write(&store, |db| reclaim(db, after(100))), Reclaimed::default());
        assert_eq!(write(&store, |db| reclaim(db, after(111))), Reclaimed { ready: 1, dead: 0 });
        let too_much = Progress { done: 11, total: Some(10) };
        let ticket = take(&store, "w", 120);
        let error = try_write(&store, |db| heartbeat(db, &ticket, too_much, after(121), after(180))).unwrap_err();
        assert!(error.is_check_violation("jobs_progress_check"), "{error}");
    }

    /// The fence: whoever comes late changes nothing, even under the same worker's name.
    fn a_late_worker_cannot_touch_a_job_that_was_taken_over(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let late = take(&store, "w", 0);
        assert_eq!(write(&store, |db| reclaim(db, after(61))), Reclaimed { ready: 1, dead: 0 });
        let current = take(&store, "w", 62);
        assert_eq!((late.attempt, current.attempt), (1, 2));
        let before = stored(&store);
        assert_eq!(write(&store, |db| complete(db, &late, None, after(63))), Lease::Lost);
        assert_eq!(write(&store, |db| release(db, &late, after(63))), Lease::Lost);
        assert_eq!(write(&store, |db| fail(db, &late, "late", None, after(63))), Failure::Lost);
        let lease = write(&store, |db| heartbeat(db, &late, Progress::default(), after(63), after(99)));
        assert_eq!(lease, Lease::Lost);
        assert_eq!(stored(&store), before);
        let thief = Ticket { worker: "x".to_owned(), ..current.clone() };
        assert_eq!(write(&store, |db| complete(db, &thief, None, after(63))), Lease::Lost);
        assert_eq!(write(&store, |db| complete(db, &current, None, after(63))), Lease::Held);
    }

    fn expired_leases_use_up_the_attempts(store: TestStore) {
        write(&store, |db| enqueue(db, &NewJob { max_attempts: 2, ..job(1) }, start()));
        take(&store, "w", 0);
        assert_eq!(write(&store, |db| reclaim(db, after(61))), Reclaimed { ready: 1, dead: 0 });
        take(&store, "w", 62);
        assert_eq!(write(&store, |db| reclaim(db, after(123))), Reclaimed { ready: 0, dead: 1 });
        let dead = stored(&store);
        assert_eq!((dead.state, dead.attempts), (JobState::Dead, 2));
        assert!(dead.last_error.is_some());
    }

    fn a_failed_job_waits_and_is_given_up_in_the_end(store: TestStore) {
        write(&store, |db| enqueue(db, &NewJob { max_attempts: 2, ..job(1) }, start()));
        let ticket = take(&store, "w", 0);
        let failed = write(&store, |db| fail(db, &ticket, "no answer", Some(after(100)), after(1)));
        assert_eq!(failed, Failure::Ready);
        assert_eq!(write(&store, |db| claim(db, "w", KINDS, after(99), after(160))), None);
        let ticket = take(&store, "w", 100);
        let failed = write(&store, |db| fail(db, &ticket, "no answer again", Some(after(200)), after(101)));
        assert_eq!(failed, Failure::Dead);
        let dead = stored(&store);
        assert_eq!((dead.state, dead.last_error.as_deref()), (JobState::Dead, Some("no answer again")));
        assert!(write(&store, |db| retry(db, id(1), after(300))));
        assert!(!write(&store, |db| retry(db, id(1), after(300))));
        assert_eq!(take(&store, "w", 300).attempt, 1);
    }

    fn a_failure_that_cannot_heal_gives_up_at_once(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let ticket = take(&store, "w", 0);
        assert_eq!(write(&store, |db| fail(db, &ticket, "bad payload", None, after(1))), Failure::Dead);
    }

    fn a_released_job_does_not_lose_an_attempt(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let ticket = take(&store, "w", 0);
        assert_eq!(write(&store, |db| release(db, &ticket, after(1))), Lease::Held);
        let released = stored(&store);
        assert_eq!((released.state, released.attempts), (JobState::Ready, 0));
    }

    fn a_cancelled_job_is_lost_to_its_worker(store: TestStore) {
        write(&store, |db| enqueue(db, &job(1), start()));
        let ticket = take(&store, "w", 0);
        assert!(write(&store, |db| cancel(db, id(1), after(1))));
        assert!(!write(&store, |db| cancel(db, id(1), after(2))));
        let lease = write(&store, |db| heartbeat(db, &ticket, Progress::default(), after(2), after(60)));
        assert_eq!(lease, Lease::Lost);
    }

    /// A running job may have read what the asking transaction changes, so its end is not the end of the work.
    fn a_job_asked_for_while_it_runs_is_done_once_more(store: TestStore) {
        let keyed = |number| NewJob { dedupe_key: Some("plan".to_owned()), ..job(number) };
        write(&store, |db| enqueue(db, &keyed(1), start()));
        let first = take(&store, "w", 0);
        assert!(!write(&store, |db| enqueue(db, &keyed(2), after(1))).is_new);
        assert_eq!(write(&store, |db| complete(db, &first, None, after(2))), Lease::Held);
        assert_eq!(stored(&store).state, JobState::Ready);
        let second = take(&store, "w", 3);
        assert_eq!(second.attempt, 1, "the new work has all its attempts");
        assert_eq!(write(&store, |db| complete(db, &second, None, after(4))), Lease::Held);
        assert_eq!(stored(&store).state, JobState::Done);
    }

    fn a_dead_job_cannot_come_back_beside_its_successor(store: TestStore) {
        let keyed = |number| NewJob { dedupe_key: Some("nightly".to_owned()), ..job(number) };
        write(&store, |db| enqueue(db, &keyed(1), start()));
        let ticket = take(&store, "w", 0);
        let _dead = write(&store, |db| fail(db, &ticket, "broken", None, after(1)));
        write(&store, |db| enqueue(db, &keyed(2), after(2)));
        let error = try_write(&store, |db| retry(db, id(1), after(3))).unwrap_err();
        assert!(error.is_unique_violation("jobs_dedupe_key_key"), "{error}");
    }
}
