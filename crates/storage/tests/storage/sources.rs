//! Sources, their readings, and the rows of Klass.

use jiff::civil::date;
use tildel_domain::source::{Fetch, FetchState, Source, SourceMarks, SourceName};
use tildel_storage::columns::DbDate;
use tildel_storage::fetches::{self, FetchFilter};
use tildel_storage::klass::{self, KlassChangeRow, KlassCodeRow, Rest};
use tildel_storage::{PageRequest, sources};
use tildel_test_support::{TestStore, both_backends};

use crate::{after, id, read, start, write};

fn fetch(number: u128, source: SourceName) -> Fetch {
    Fetch {
        id: id(number).into(),
        source,
        origin: "enheter.json.gz".to_owned(),
        requested_by: None,
        state: FetchState::Running,
        started_at: start(),
        ended_at: None,
        content_hash: None,
        bytes: 0,
        records: 0,
        changed: 0,
        personal: 0,
        unreadable: 0,
        position: Some(serde_json::json!({"bytes": 1})),
        findings: Vec::new(),
        error: None,
        version: 1,
    }
}

fn change(old: &str, new: &str, name: &str) -> KlassChangeRow {
    KlassChangeRow {
        classification: 131,
        changed_on: DbDate(date(2024, 1, 1)),
        old_code: old.to_owned(),
        old_name: old.to_owned(),
        new_code: new.to_owned(),
        new_name: name.to_owned(),
    }
}

both_backends! {
    fn a_source_is_there_once_it_is_locked(store: TestStore) {
        let nsr = SourceName::Nsr;
        assert_eq!(read(&store, |db| sources::find(db, nsr)), None);
        let mut source = write(&store, |db| sources::lock(db, nsr));
        assert_eq!(source, Source::unread(nsr));
        let marks = SourceMarks { etag: Some("\"1\"".to_owned()), ..SourceMarks::default() };
        source.marks.insert("list".to_owned(), marks);
        source.cursor = Some(serde_json::json!({"after": "1"}));
        source.last_error = Some("it failed".to_owned());
        source.failures = 2;
        let updated = write(&store, |db| { let mut source = source.clone(); sources::update(db, &mut source)?; Ok(source) });
        assert_eq!(updated.version, 2);
        assert_eq!(read(&store, sources::list), [updated]);
        // Somebody else wrote since.
        assert!(crate::try_write(&store, |db| sources::update(db, &mut source.clone())).is_err());
    }

    fn readings_are_listed_and_the_newest_is_found(store: TestStore) {
        write(&store, |db| {
            sources::lock(db, SourceName::Nsr)?;
            sources::lock(db, SourceName::Nbr)?;
            fetches::insert(db, &fetch(1, SourceName::Nsr))?;
            fetches::insert(db, &fetch(2, SourceName::Nsr))?;
            fetches::insert(db, &fetch(3, SourceName::Nbr))
        });
        assert_eq!(read(&store, |db| fetches::latest(db, SourceName::Nsr)), Some(fetch(2, SourceName::Nsr)));
        write(&store, |db| {
            let ended = Some(after(1));
            fetches::update(db, &mut Fetch { state: FetchState::Done, ended_at: ended, ..fetch(1, SourceName::Nsr) })
        });
        let filter = FetchFilter { source: Some(SourceName::Nsr), state: Some(FetchState::Running) };
        let page = read(&store, |db| fetches::page(db, &filter, &PageRequest::first(9)));
        assert_eq!(page.items, [fetch(2, SourceName::Nsr)]);
    }

    /// Old readings go, but for what something rests on; the controls are those that go.
    fn old_readings_go(store: TestStore) {
        let nsr = SourceName::Nsr;
        let ended = |number, state, seconds| Fetch { state, ended_at: Some(after(seconds)), ..fetch(number, nsr) };
        let failed = |number| Fetch { error: Some("it failed".to_owned()), ..ended(number, FetchState::Failed, 1) };
        write(&store, |db| {
            sources::lock(db, nsr)?;
            sources::lock(db, SourceName::Nbr)?;
            for fetch in [
                ended(11, FetchState::Done, 1),
                ended(12, FetchState::Done, 1),
                failed(13),
                ended(14, FetchState::Unchanged, 1),
                failed(15),
                // What goes on, and another source's newest.
                fetch(16, SourceName::Nbr),
                Fetch { source: SourceName::Nbr, ..ended(17, FetchState::Done, 1) },
            ] {
                fetches::insert(db, &fetch)?;
            }
            Ok(())
        });
        let left = || {
            let page = read(&store, |db| fetches::page(db, &FetchFilter::default(), &PageRequest::first(20)));
            page.items.into_iter().map(|fetch| fetch.id).collect::<Vec<_>>()
        };
        assert_eq!(write(&store, |db| fetches::purge(db, after(1))), 0, "none ended before");
        assert_eq!(write(&store, |db| fetches::purge(db, after(2))), 3);
        assert_eq!(left(), [12, 15, 16, 17].map(|number| id(number).into()));
        assert_eq!(write(&store, |db| fetches::purge(db, after(2))), 0);
    }

    fn rows_of_klass_are_written_once(store: TestStore) {
        let given = vec![change("1507", "1508", "Ålesund"), change("1507", "1580", "Haram"), change("1507", "1508", "Aa")];
        let save = |given: &[KlassChangeRow], rest| write(&store, |db| klass::save_changes(db, 131, given.to_vec(), rest));
        assert_eq!(save(&given, Rest::Stays), 2);
        assert_eq!(save(&given, Rest::Goes), 0);
        // The first name in the order of letters.
        let stand = read(&store, |db| klass::changes(db, 131));
        assert_eq!(stand, [change("1507", "1508", "Aa"), change("1507", "1580", "Haram")]);
        // Renamed and added; the other stays, or goes.
        let next = [change("1507", "1508", "Ålesund"), change("", "1599", "New")];
        assert_eq!(save(&next, Rest::Stays), 2);
        assert_eq!(read(&store, |db| klass::changes(db, 131)).len(), 3);
        assert_eq!(save(&next, Rest::Goes), 1);
        assert_eq!(read(&store, |db| klass::changes(db, 131)).len(), 2);

        let code = |name: &str| KlassCodeRow {
            classification: 131,
            code: "1508".to_owned(),
            valid_from: DbDate(klass::UNTOLD),
            valid_to: None,
            name: name.to_owned(),
        };
        let save = |given: Vec<KlassCodeRow>| write(&store, |db| klass::save_codes(db, 131, given.clone(), Rest::Stays));
        assert_eq!((save(vec![code("Ålesund")]), save(vec![code("Ålesund")]), save(vec![code("A")])), (1, 0, 1));
        assert_eq!(read(&store, |db| klass::codes(db, 131)), [code("A")]);
        assert_eq!(read(&store, |db| klass::codes(db, 104)), []);
    }
}
