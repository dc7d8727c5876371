use std::collections::HashSet;

use serde_json::json;
use tildel_storage::jobs::{
    Enqueued, JobFilter, JobState, NewJob, QueueStatus, cancel, claim, complete, enqueue, fail, find,
    next_due, page, status,
};
use tildel_test_support::{TestStore, both_backends};
use uuid::Uuid;

use crate::{after, id, read, start, try_write, write};

pub(crate) const KINDS: &[&str] = &["letter"];

pub(crate) fn job(number: u128) -> NewJob {
    NewJob {
        id: id(number),
        kind: "letter".to_owned(),
        payload_version: 1,
        payload: json!({"number": 1}),
        run_at: start(),
        max_attempts: 3,
        dedupe_key: None,
        office_id: Some(id(900)),
        requested_by: None,
    }
}

both_backends! {
    fn a_job_comes_back_as_it_was_written(store: TestStore) {
        let new = NewJob { dedupe_key: Some("letter@1".to_owned()), requested_by: Some(id(5)), ..job(1) };
        write(&store, |db| enqueue(db, &new, start()));
        let found = read(&store, |db| find(db, id(1))).unwrap();
        assert_eq!((found.id, found.kind.as_str(), found.payload_version), (id(1), "letter", 1));
        assert_eq!((found.payload, found.state), (json!({"number": 1}), JobState::Ready));
        assert_eq!((found.attempts, found.max_attempts, found.dedupe_key), (0, 3, new.dedupe_key));
        assert_eq!((found.office_id, found.requested_by), (Some(id(900)), Some(id(5))));
        assert_eq!((found.run_at, found.created_at, found.updated_at), (start(), start(), start()));
        assert_eq!(read(&store, |db| find(db, id(2))), None);
    }

    fn an_unfinished_job_with_the_same_key_is_found_instead(store: TestStore) {
        let keyed = |number| NewJob { dedupe_key: Some("nightly@2026-11-01".to_owned()), ..job(number) };
        let first = write(&store, |db| enqueue(db, &keyed(1), start()));
        assert_eq!(first, Enqueued { id: id(1), is_new: true });
        let second = write(&store, |db| enqueue(db, &keyed(2), start()));
        assert_eq!(second, Enqueued { id: id(1), is_new: false });
        // Jobs without a key never meet.
        assert!(write(&store, |db| enqueue(db, &job(3), start())).is_new);
        assert!(write(&store, |db| enqueue(db, &job(4), start())).is_new);
        // Once finished, the key is free again.
        assert!(write(&store, |db| cancel(db, id(1), start())));
        assert!(write(&store, |db| enqueue(db, &keyed(5), start())).is_new);
    }

    /// What waits for its next attempt is due at once where somebody asks for it now; what is due earlier stays due, and what runs is not touched.
    fn a_job_that_waits_is_due_when_it_is_asked_for(store: TestStore) {
        let keyed = |number, seconds| NewJob { dedupe_key: Some("nsr".to_owned()), run_at: after(seconds), ..job(number) };
        let run_at = || { let found = read(&store, |db| find(db, id(1))).unwrap(); (found.run_at, found.attempts) };
        write(&store, |db| enqueue(db, &keyed(1, 0), start()));
        let ticket = write(&store, |db| claim(db, "w", KINDS, after(0), after(60))).unwrap().ticket().unwrap();
        write(&store, |db| enqueue(db, &keyed(2, -5), after(1)));
        assert_eq!(run_at(), (after(0), 1), "it runs");
        let _ready = write(&store, |db| fail(db, &ticket, "broken", Some(after(3600)), after(2)));
        assert_eq!(run_at(), (after(3600), 1));
        assert_eq!(write(&store, |db| claim(db, "w", KINDS, after(10), after(70))), None);
        write(&store, |db| enqueue(db, &keyed(3, 7200), after(10)));
        assert_eq!(run_at(), (after(3600), 1), "asked for later is no later");
        let asked = write(&store, |db| enqueue(db, &keyed(4, 10), after(10)));
        assert_eq!(asked, Enqueued { id: id(1), is_new: false });
        assert_eq!(run_at(), (after(10), 1), "its attempts stay counted");
        assert_eq!(write(&store, |db| claim(db, "w", KINDS, after(10), after(70))).unwrap().id, id(1));
    }

    fn a_worker_gets_only_due_jobs_of_its_kinds_oldest_first(store: TestStore) {
        write(&store, |db| {
            enqueue(db, &NewJob { run_at: after(20), ..job(1) }, start())?;
            enqueue(db, &NewJob { run_at: after(10), ..job(2) }, start())?;
            enqueue(db, &NewJob { kind: "other".to_owned(), ..job(3) }, start())
        });
        let take = |now| write(&store, |db| claim(db, "w", KINDS, now, after(900))).map(|job| job.id);
        assert_eq!(take(after(9)), None);
        assert_eq!(take(after(30)), Some(id(2)));
        assert_eq!(take(after(30)), Some(id(1)));
        assert_eq!(take(after(30)), None);
        assert_eq!(write(&store, |db| claim(db, "w", &[], after(30), after(900))), None);
    }

    fn a_job_without_attempts_is_refused_by_name(store: TestStore) {
        let refused = try_write(&store, |db| enqueue(db, &NewJob { max_attempts: 0, ..job(1) }, start()));
        let error = refused.unwrap_err();
        assert!(error.is_check_violation("jobs_attempts_check"), "{error}");
    }

    /// 1 000 jobs, four workers: each job is claimed by exactly one.
    fn each_job_is_claimed_once(store: TestStore) {
        write(&store, |db| (0..1_000).try_for_each(|number| enqueue(db, &job(number), start()).map(drop)));
        let claimed: Vec<Uuid> = std::thread::scope(|scope| {
            let workers: Vec<_> = ["a", "b", "c", "d"]
                .map(|worker| {
                    let store = &store;
                    scope.spawn(move || {
                        let next = || write(store, |db| claim(db, worker, KINDS, start(), after(60)));
                        std::iter::from_fn(next).map(|job| {
                            assert_eq!((job.attempts, job.worker.as_deref()), (1, Some(worker)));
                            job.id
                        }).collect::<Vec<_>>()
                    })
                })
                .into_iter()
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        assert_eq!(claimed.len(), 1_000);
        assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 1_000);
    }

    fn the_queue_tells_how_it_stands(store: TestStore) {
        assert_eq!(read(&store, |db| status(db, start())), QueueStatus::default());
        write(&store, |db| {
            enqueue(db, &NewJob { run_at: after(50), ..job(1) }, start())?;
            enqueue(db, &NewJob { run_at: after(10), ..job(2) }, start())?;
            enqueue(db, &job(3), start())?;
            cancel(db, id(3), start())
        });
        assert_eq!(read(&store, next_due), Some(after(10)));
        let early = QueueStatus { ready: 2, cancelled: 1, ..QueueStatus::default() };
        assert_eq!(read(&store, |db| status(db, after(9))), early);
        assert_eq!(read(&store, |db| status(db, after(40))), QueueStatus { oldest_due: Some(after(10)), ..early });
        let ticket = write(&store, |db| claim(db, "w", KINDS, after(40), after(90))).unwrap().ticket().unwrap();
        assert_eq!(read(&store, |db| status(db, after(40))).running, 1);
        let _held = write(&store, |db| complete(db, &ticket, None, after(41)));
        assert_eq!(read(&store, |db| status(db, after(41))).done, 1);
    }

    fn pages_run_from_new_to_old_and_filter(store: TestStore) {
        write(&store, |db| {
            for number in 1..=5 {
                let kind = if number == 4 { "other" } else { "letter" };
                enqueue(db, &NewJob { kind: kind.to_owned(), ..job(number) }, start())?;
            }
            cancel(db, id(2), start())
        });
        let ids = |filter: &JobFilter, before, limit| -> Vec<Uuid> {
            read(&store, |db| page(db, filter, before, limit)).into_iter().map(|job| job.id).collect()
        };
        let all = JobFilter::default();
        assert_eq!(ids(&all, None, 2), [id(5), id(4)]);
        assert_eq!(ids(&all, Some(id(4)), 2), [id(3), id(2)]);
        assert_eq!(ids(&JobFilter { kind: Some("other".to_owned()), ..all.clone() }, None, 9), [id(4)]);
        assert_eq!(ids(&JobFilter { state: Some(JobState::Cancelled), ..all.clone() }, None, 9), [id(2)]);
        assert!(ids(&JobFilter { office_id: Some(id(901)), ..all }, None, 9).is_empty());
    }
}
