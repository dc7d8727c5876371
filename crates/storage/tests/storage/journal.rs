use diesel::connection::SimpleConnection;
use serde_json::json;
use tildel_storage::journal::{
    FIRST_PREV_HASH, Fault, JournalFilter, NewEntry, append, head_seq, page, verify,
};
use tildel_storage::{Backend, StorageError, Store};
use tildel_test_support::{TestStore, both_backends};

use crate::{id, read, start, try_write, write};

fn entry(number: u128) -> NewEntry {
    NewEntry {
        id: id(number),
        at: start(),
        actor_id: Some(id(800 + number % 2)),
        actor_role: "caseworker".to_owned(),
        action: "application.submit".to_owned(),
        subject_kind: "application".to_owned(),
        subject_id: id(500 + number),
        subject_version: 2,
        office_id: None,
        detail: json!({"reference": "RO-2020-0007", "partners": 3}),
        before_hash: None,
        after_hash: Some("ab".to_owned()),
    }
}

fn fill(store: &Store, count: u128) {
    write(store, |db| append(db, (1..=count).map(entry).collect()));
}

/// Changes the journal as somebody with full rights could, past its triggers.
fn tamper(store: &Store, statement: &str) {
    let drop_triggers = match store.backend() {
        Backend::Sqlite => "drop trigger journal_refuse_update; drop trigger journal_refuse_delete",
        Backend::Postgres => {
            "drop trigger journal_refuse_update on journal; drop trigger journal_refuse_delete on journal"
        }
    };
    write(store, |db| Ok(db.batch_execute(&format!("{drop_triggers}; {statement}"))?));
}

both_backends! {
    fn entries_are_chained_and_come_back_the_same(store: TestStore) {
        let appended = write(&store, |db| append(db, vec![entry(1), entry(2)]));
        let third = write(&store, |db| append(db, vec![entry(3)]));
        let found = read(&store, |db| page(db, 0, 10, &JournalFilter::default()));
        assert_eq!(found, [appended, third].concat());
        assert_eq!(found.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(found[0].prev_hash, FIRST_PREV_HASH);
        assert_eq!((&found[1].prev_hash, &found[2].prev_hash), (&found[0].hash, &found[1].hash));
        assert_eq!(found[0].content, entry(1));
        assert_eq!(read(&store, head_seq), 3);
    }

    /// Computed apart from this code, with Python: `hashlib.sha256(json.dumps(o, sort_keys=True, ensure_ascii=False,
    /// separators=(",", ":")).encode()).hexdigest()` over the object that the module documentation describes.
    fn the_hash_is_the_documented_one(store: TestStore) {
        let appended = write(&store, |db| append(db, vec![entry(1)]));
        assert_eq!(appended[0].hash, "bd2ab8f2e0576cfcbf57f1b9742574a74ed1c2ff33f60370524951d00f7af25d");
    }

    fn pages_follow_the_filter(store: TestStore) {
        fill(&store, 6);
        let seqs = |after, limit, filter: &JournalFilter| -> Vec<i64> {
            read(&store, |db| page(db, after, limit, filter)).iter().map(|entry| entry.seq).collect()
        };
        let all = JournalFilter::default();
        assert_eq!(seqs(0, 2, &all), [1, 2]);
        assert_eq!(seqs(2, 9, &all), [3, 4, 5, 6]);
        assert_eq!(seqs(0, 9, &JournalFilter { actor_id: Some(id(801)), ..all.clone() }), [1, 3, 5]);
        let (subject_kind, subject_id) = (Some("application".to_owned()), Some(id(504)));
        assert_eq!(seqs(0, 9, &JournalFilter { subject_kind, subject_id, ..all.clone() }), [4]);
        assert!(seqs(0, 9, &JournalFilter { action: Some("round.open".to_owned()), ..all.clone() }).is_empty());
        assert!(seqs(0, 9, &JournalFilter { office_id: Some(id(1)), ..all }).is_empty());
    }

    fn entries_can_be_neither_changed_nor_removed(store: TestStore) {
        fill(&store, 2);
        for statement in ["update journal set action = 'x' where seq = 1", "delete from journal where seq = 2"] {
            let error = try_write(&store, |db| Ok(db.batch_execute(statement)?)).unwrap_err();
            assert!(error.is_check_violation("journal_append_only"), "{statement}: {error}");
        }
        assert!(read(&store, verify).is_whole());
    }

    fn a_detail_without_canonical_form_is_refused(store: TestStore) {
        for detail in [json!({"rate": 0.3}), json!(["\0"])] {
            let refused = try_write(&store, |db| append(db, vec![NewEntry { detail: detail.clone(), ..entry(1) }]));
            assert!(matches!(refused, Err(StorageError::Inconsistent { table: "journal", .. })), "{refused:?}");
        }
        assert_eq!(read(&store, head_seq), 0);
    }

    fn a_whole_journal_passes(store: TestStore) {
        assert!(read(&store, verify).is_whole());
        fill(&store, 1_500);
        let check = read(&store, verify);
        assert_eq!((check.entries, check.fault), (1_500, None));
    }

    fn a_changed_entry_is_found(store: TestStore) {
        fill(&store, 5);
        tamper(&store, "update journal set subject_version = 3 where seq = 4");
        let check = read(&store, verify);
        assert_eq!((check.entries, check.fault), (3, Some(Fault::Changed { seq: 4 })));
    }

    fn a_changed_entry_with_its_own_new_hash_is_found_at_the_next(store: TestStore) {
        fill(&store, 5);
        let mut forged = read(&store, |db| page(db, 2, 1, &JournalFilter::default())).remove(0);
        forged.content.action.replace_range(.., "application.withdraw");
        let hash = forged.compute_hash().unwrap();
        tamper(&store, &format!("update journal set action = 'application.withdraw', hash = '{hash}' where seq = 3"));
        assert_eq!(read(&store, verify).fault, Some(Fault::Broken { seq: 4 }));
    }

    fn a_removed_entry_is_found(store: TestStore) {
        fill(&store, 5);
        tamper(&store, "delete from journal where seq = 2");
        assert_eq!(read(&store, verify).fault, Some(Fault::Gap { expected: 2, found: 3 }));
    }

    fn a_cut_off_end_is_found(store: TestStore) {
        fill(&store, 5);
        tamper(&store, "delete from journal where seq = 5");
        assert_eq!(read(&store, verify).fault, Some(Fault::Head { last: 4, head: 5 }));
    }

    /// Eight writers at once, some of whom change their mind: no gap, no fork.
    fn parallel_writers_leave_no_gap(store: TestStore) {
        std::thread::scope(|scope| {
            for writer in 0..8_u128 {
                let store = &store;
                scope.spawn(move || {
                    for round in 0..25 {
                        let number = writer * 100 + round * 2;
                        let entries = vec![entry(number), entry(number + 1)];
                        let outcome = try_write(store, |db| {
                            append(db, entries.clone())?;
                            if round % 5 == 4 {
                                return Err(StorageError::Busy("changed its mind".to_owned()));
                            }
                            Ok(())
                        });
                        assert_eq!(outcome.is_err(), round % 5 == 4, "{outcome:?}");
                    }
                });
            }
        });
        let check = read(&store, verify);
        // 8 writers × 20 kept transactions × 2 entries.
        assert_eq!((check.entries, check.fault), (320, None));
    }
}
