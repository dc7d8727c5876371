//! Changes of registers, and what was known of organisations when.

use tildel_domain::allocation::Headcount;
use tildel_domain::change::{Change, ChangeKind, ChangeState};
use tildel_domain::organisation::Organisation;
use tildel_domain::register::RegisterKey;
use tildel_domain::source::{Fetch, FetchState, SourceName};
use tildel_storage::changes::ChangeFilter;
use tildel_storage::{PageRequest, changes, fetches, grants, guards, organisation_versions, rounds, sources};
use tildel_test_support::{TestStore, both_backends};

use super::world::{change, full_change, organisation, play, settle};
use crate::{after, id, read, start, try_write, write};

both_backends! {
    fn a_change_comes_back_and_goes_on(store: TestStore) {
        settle(&store);
        for change in [change(1), full_change(2)] {
            write(&store, |db| changes::insert(db, &change));
            assert_eq!(read(&store, |db| changes::find(db, change.id)), Some(change));
        }
        let mut taken = Change { state: ChangeState::Accepted, effect: None, ..full_change(2) };
        write(&store, |db| changes::update(db, &mut taken));
        assert_eq!(read(&store, |db| changes::find(db, taken.id)), Some(taken));
        let known = read(&store, |db| changes::known(db, &[id(2).into(), id(7).into()]));
        assert_eq!(known, [id(2).into()]);
    }

    /// The trigger lets the number take the place of the name, and nothing else, in a change that waits and in one that was accepted.
    fn a_name_may_be_forgotten_and_nothing_else(store: TestStore) {
        play(&store);
        let edits: [fn(&mut Change); 7] = [
            |change| change.before.as_mut().unwrap().name.push('!'),
            |change| change.after.as_mut().unwrap().name.clear(),
            |change| change.after.as_mut().unwrap().headcount = Headcount::Unknown,
            |change| change.before = None,
            |change| {
                *change = change.nameless();
                change.after.as_mut().unwrap().parent = None;
            },
            |change| {
                *change = change.nameless();
                change.kind = ChangeKind::Purged;
            },
            |change| {
                *change = change.nameless();
                change.unit_number.push('9');
            },
        ];
        for n in [2, 3] {
            let stands = read(&store, |db| changes::find(db, id(n).into())).unwrap();
            for (place, edit) in edits.iter().enumerate() {
                let mut edited = stands.clone();
                edit(&mut edited);
                let error = try_write(&store, |db| changes::update(db, &mut edited)).expect_err("an edit");
                assert!(error.is_check_violation(guards::CHANGES_FIXED), "{n}, edit {place}: {error}");
            }
            let mut forgotten = stands.nameless();
            assert_ne!(forgotten, stands);
            write(&store, |db| changes::update(db, &mut forgotten));
            let found = read(&store, |db| changes::find(db, id(n).into())).unwrap();
            assert_eq!((&found, found.tells_name()), (&forgotten, false));
            // What is forgotten does not come back.
            let mut told = Change { version: found.version, ..stands };
            let error = try_write(&store, |db| changes::update(db, &mut told)).expect_err("a name that comes back");
            assert!(error.is_check_violation(guards::CHANGES_FIXED), "{error}");
        }
        let of_units = write(&store, |db| changes::lock_of_units(db, &["974102", "974103"]));
        assert_eq!(of_units.into_iter().map(|one| one.id).collect::<Vec<_>>(), [id(2).into(), id(3).into()]);
    }

    fn the_open_and_the_waiting_are_found(store: TestStore) {
        play(&store);
        let open = |register, number| write(&store, |db| changes::lock_waiting(db, register, &[number])).len();
        assert_eq!(open(RegisterKey::Nbr, "974101"), 1);
        // Another register, and one that is held, which a newer one overtakes, too.
        assert_eq!((open(RegisterKey::Nsr, "974101"), open(RegisterKey::Nbr, "974102")), (0, 1));
        let waiting: Vec<_> =
            read(&store, |db| changes::waiting_for(db, id(1).into())).into_iter().map(|one| one.id).collect();
        assert_eq!(waiting, [id(1).into(), id(2).into()]);
    }

    /// Those whose organisation, or the one that a unit goes to, is a party of a grant of the plan.
    fn what_waits_on_a_plan_is_found(store: TestStore) {
        play(&store);
        let decided = Change { state: ChangeState::Applied, ..change(8) };
        let coming = Change { organisation_id: id(3).into(), to_organisation_id: Some(id(1).into()), ..change(9) };
        for change in [&decided, &coming] {
            write(&store, |db| changes::insert(db, change));
        }
        let of = |office: u128| {
            let waiting = read(&store, |db| changes::waiting_in_plan(db, id(office).into(), id(1).into()));
            waiting.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(of(1), [1, 2, 9].map(|number| id(number).into()));
        assert_eq!(of(9), [], "nobody has grants there");
    }

    /// An office that a change comes to touch finds it in its list.
    fn an_office_that_is_touched_later_is_told(store: TestStore) {
        settle(&store);
        write(&store, |db| changes::insert(db, &change(1)));
        let filter = ChangeFilter { office_id: Some(id(2).into()), ..ChangeFilter::default() };
        let listed = || read(&store, |db| changes::page(db, &filter, &PageRequest::first(9))).items.len();
        assert_eq!(listed(), 0);
        let mut touched = Change { touches: full_change(1).touches, ..change(1) };
        write(&store, |db| changes::update(db, &mut touched));
        write(&store, |db| changes::update(db, &mut touched));
        assert_eq!(listed(), 1);
    }

    /// The reading that found it stays as long as a change waits.
    fn a_reading_stays_while_its_change_waits(store: TestStore) {
        settle(&store);
        let reading = |number| Fetch {
            id: id(number).into(),
            source: SourceName::Nbr,
            origin: "nbr".to_owned(),
            requested_by: None,
            state: FetchState::Done,
            started_at: start(),
            ended_at: Some(after(1)),
            content_hash: None,
            bytes: 0,
            records: 1,
            changed: 1,
            personal: 0,
            unreadable: 0,
            position: None,
            findings: Vec::new(),
            error: None,
            version: 1,
        };
        write(&store, |db| {
            sources::lock(db, SourceName::Nbr)?;
            (20..=23).try_for_each(|number| fetches::insert(db, &reading(number)))?;
            changes::insert(db, &Change { fetch_id: id(20).into(), ..change(1) })?;
            changes::insert(db, &Change { fetch_id: id(21).into(), ..full_change(2) })?;
            let applied = Change { fetch_id: id(22).into(), state: ChangeState::Applied, ..change(3) };
            changes::insert(db, &applied)
        });
        assert_eq!(write(&store, |db| fetches::purge(db, after(9))), 1);
        let there = |number| read(&store, |db| fetches::find(db, id(number).into())).is_some();
        assert_eq!([20, 21, 22, 23].map(there), [true, true, false, true]);
        // Once nobody has to look any more.
        let mut accepted = Change { fetch_id: id(21).into(), state: ChangeState::Accepted, ..full_change(2) };
        write(&store, |db| changes::update(db, &mut accepted));
        assert_eq!(write(&store, |db| fetches::purge(db, after(9))), 1);
    }

    fn what_an_organisation_touches_is_found(store: TestStore) {
        play(&store);
        let of = |n: u128| read(&store, |db| grants::of_party(db, id(n).into())).len();
        let open = |n: u128| read(&store, |db| rounds::open_with_party(db, id(n).into())).len();
        assert!(of(1) > 0, "the first leads what was granted");
        assert_eq!((of(9), open(9)), (0, 0));
    }

    fn an_organisation_is_told_as_it_was_known(store: TestStore) {
        settle(&store);
        let renamed = Organisation { name: "Ny kommune".to_owned(), ..organisation(1) };
        write(&store, |db| organisation_versions::keep(db, start(), &organisation(1)));
        write(&store, |db| organisation_versions::keep(db, after(60), &renamed));
        let at = |seconds| read(&store, |db| organisation_versions::at(db, id(1).into(), after(seconds)));
        assert_eq!(at(59), Some(organisation(1)));
        assert_eq!(at(60), Some(renamed));
        assert_eq!(at(-1), None);
        assert!(read(&store, |db| organisation_versions::is_kept(db, id(1).into())));
        assert!(!read(&store, |db| organisation_versions::is_kept(db, id(2).into())));
    }
}
