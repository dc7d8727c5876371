//! Writers at the same time, and counters.

use tildel_domain::scheme::Frame;
use tildel_storage::letter_renditions::{self, Rendition};
use tildel_storage::{StorageError, frames, references};
use tildel_test_support::{TestStore, both_backends};

use super::world::{frame, play, settle};
use crate::{id, read, try_write, write};

const WRITERS: u32 = 4;
const WRITES: u32 = 10;

fn take_place(store: &TestStore) {
    write(store, |db| {
        let mut frame: Frame = frames::lock(db, id(1).into())?.expect("it was inserted");
        frame.places_used += 1;
        frames::update(db, &mut frame)
    });
}

both_backends! {
    fn locked_writers_lose_nothing(store: TestStore) {
        settle(&store);
        write(&store, |db| frames::insert(db, &frame(1)));
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| (0..WRITES).for_each(|_| take_place(&store)));
            }
        });
        let after = read(&store, |db| frames::find(db, id(1).into())).unwrap();
        assert_eq!(after.places_used, WRITERS * WRITES);
        assert_eq!(after.version, i64::from(WRITERS * WRITES) + 1);
    }

    fn references_are_counted_per_office_and_year_without_gaps(store: TestStore) {
        settle(&store);
        let mut numbers: Vec<u32> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..WRITERS)
                .map(|_| {
                    scope.spawn(|| {
                        let next = || write(&store, |db| references::next(db, "RO", 2020));
                        (0..WRITES).map(|_| next()).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=WRITERS * WRITES).collect::<Vec<_>>());
        assert_eq!(write(&store, |db| references::next(db, "RO", 2021)), 1);
        assert_eq!(write(&store, |db| references::next(db, "VE", 2020)), 1);
        let undone = try_write(&store, |db| {
            references::next(db, "RO", 2021)?;
            Err::<(), _>(StorageError::Busy("enough".to_owned()))
        });
        assert!(undone.is_err());
        assert_eq!(write(&store, |db| references::next(db, "RO", 2021)), 2);
        let unknown = try_write(&store, |db| references::next(db, "XX", 2020));
        assert!(matches!(unknown, Err(StorageError::ForeignKeyViolation { .. })), "{unknown:?}");
    }

    fn the_newest_written_version_of_a_letter_stays(store: TestStore) {
        play(&store);
        let bytes = |version: i64| vec![0, 255, u8::try_from(version).unwrap()];
        let put = |version: i64, format: &str| {
            let hash = version.to_string().repeat(64);
            write(&store, |db| letter_renditions::put(db, id(2).into(), version, format, &hash, &bytes(version)));
        };
        let find = |format: &str| read(&store, |db| letter_renditions::find(db, id(2).into(), format));
        let rendition = |version: i64| {
            Some(Rendition { letter_version: version, sha256: version.to_string().repeat(64), bytes: bytes(version) })
        };
        assert_eq!(find("pdf"), None);
        put(2, "pdf");
        put(1, "pdf");
        assert_eq!(find("pdf"), rendition(2), "an older one that was late changes nothing");
        put(3, "pdf");
        put(1, "html");
        assert_eq!((find("pdf"), find("html")), (rendition(3), rendition(1)));
        assert_eq!(find("text"), None);
    }
}
