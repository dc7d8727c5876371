//! Changes of registers, and what was known of organisations when.

use tildel_domain::allocation::Headcount;
use tildel_domain::change::{Change, ChangeKind, ChangeState};
use tildel_domain::organisation::Organisation;
use tildel_domain::register::RegisterKey;
use tildel_storage::{changes, grants, guards, organisation_versions, rounds};
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
