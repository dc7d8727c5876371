//! States of units: what is written does not depend on how often or in what parts they come.

use jiff::Timestamp;
use tildel_domain::allocation::{Headcount, Quantity, UnitKind};
use tildel_domain::register::{RegisterKey, RegisterUnit};
use tildel_storage::register_units::{self, NewState};
use tildel_test_support::{TestStore, both_backends, dump};

use crate::{after, read, write};

const REGISTER: RegisterKey = RegisterKey::Enhetsregisteret;

fn unit(number: &str, employees: u32) -> RegisterUnit {
    RegisterUnit {
        number: number.to_owned(),
        is_sub_unit: true,
        name: "SKOLEN".to_owned(),
        form: Some("BEDR".to_owned()),
        parent: Some("964965137".to_owned()),
        owner: None,
        municipality_number: Some("1108".to_owned()),
        unit_kind: Some(UnitKind::PrimarySchool),
        ownership: None,
        headcount: Headcount::Known(Quantity::from_whole(employees)),
        headcount_on: Some(jiff::civil::date(2026, 9, 1)),
        ended_on: None,
    }
}

fn state(number: &str, seconds: i64, employees: u32) -> NewState {
    NewState { since: after(seconds), unit: unit(number, employees) }
}

fn told(store: &TestStore, number: &str) -> Vec<(Timestamp, Option<Timestamp>, RegisterUnit)> {
    let states = read(store, |db| register_units::states(db, REGISTER, number));
    states.into_iter().map(|state| (state.since, state.until, state.unit)).collect()
}

both_backends! {
    fn only_what_differs_is_written(store: TestStore) {
        let first = [state("1", 0, 5), state("2", 0, 6)];
        let differences = write(&store, |db| register_units::save(db, REGISTER, &first));
        assert_eq!(differences.len(), 2);
        assert!(differences.iter().all(|difference| difference.before.is_none()));
        let once = dump(&store).unwrap();
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &first)), []);
        // The same later is nothing new: it was so before.
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &[state("1", 9, 5)])), []);
        assert_eq!(dump(&store).unwrap(), once);

        let differences = write(&store, |db| register_units::save(db, REGISTER, &[state("1", 10, 7)]));
        assert_eq!(differences[0].before, Some(unit("1", 5)));
        assert_eq!(differences[0].after, Some(unit("1", 7)));
        assert_eq!(differences[0].since, after(10));
        let expected = [(after(0), Some(after(10)), unit("1", 5)), (after(10), None, unit("1", 7))];
        assert_eq!(told(&store, "1"), expected);
        // What is older than what stands was read before, or something newer was.
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &[state("1", 5, 9)])), []);
        assert_eq!(told(&store, "1"), expected);

        let at = |instant| read(&store, |db| register_units::state(db, REGISTER, "1", instant));
        assert_eq!(at(None).unwrap().unit, unit("1", 7));
        assert_eq!(at(Some(after(9))).unwrap().unit, unit("1", 5));
        assert_eq!(at(Some(after(-1))), None);
        let below = read(&store, |db| register_units::of_parent(db, REGISTER, "964965137"));
        let below: Vec<String> = below.into_iter().map(|state| state.unit.number).collect();
        assert_eq!(below, ["1", "2"]);
        let of_parents = |parents: &[&str], limit| {
            let states = read(&store, |db| register_units::of_parents(db, REGISTER, parents, limit));
            states.into_iter().map(|state| state.unit.number).collect::<Vec<String>>()
        };
        assert_eq!(of_parents(&["964965137", "9"], 9), ["1", "2"]);
        assert_eq!(of_parents(&["964965137"], 1), ["1"]);
        assert_eq!(of_parents(&["9"], 9), Vec::<String>::new());
    }

    fn of_one_instant_the_later_one_counts(store: TestStore) {
        let both = [state("1", 0, 5), state("1", 0, 6)];
        let differences = write(&store, |db| register_units::save(db, REGISTER, &both));
        assert_eq!(differences.len(), 2);
        assert_eq!(told(&store, "1"), [(after(0), None, unit("1", 6))]);
    }

    fn it_does_not_matter_which_states_come_together(store: TestStore) {
        let states = [state("1", 0, 5), state("2", 0, 1), state("1", 3, 6), state("1", 7, 5), state("2", 9, 1)];
        write(&store, |db| register_units::save(db, REGISTER, &states));
        let together = dump(&store).unwrap();
        assert_eq!(told(&store, "1").len(), 3);
        for number in ["1", "2"] {
            write(&store, |db| register_units::purge(db, number, after(-10)).map(drop));
        }
        assert_eq!(told(&store, "1").len(), 3, "a removal that is older than what stands");
        // Again, one by one, in a register that has nothing of it.
        let nsr = RegisterKey::Nsr;
        for one in &states {
            write(&store, |db| register_units::save(db, nsr, std::slice::from_ref(one)));
        }
        let shown = |register| {
            let states = read(&store, |db| register_units::states(db, register, "1"));
            states.into_iter().map(|state| (state.since, state.until, state.unit)).collect::<Vec<_>>()
        };
        assert_eq!(shown(nsr), shown(REGISTER));
        assert!(dump(&store).unwrap()["register_units"].len() == 2 * together["register_units"].len());
    }

    fn a_removal_takes_everything(store: TestStore) {
        write(&store, |db| register_units::save(db, REGISTER, &[state("1", 0, 5), state("1", 1, 6), state("2", 0, 1)]));
        write(&store, |db| register_units::save(db, RegisterKey::Nsr, &[state("1", 50, 5)]));
        assert_eq!(read(&store, |db| register_units::held(db, &["1", "2", "3"])), ["1", "2"]);
        let differences = write(&store, |db| register_units::purge(db, "1", after(10))).unwrap();
        let registers: Vec<RegisterKey> = differences.iter().map(|difference| difference.register).collect();
        assert_eq!(registers, [REGISTER, RegisterKey::Nsr]);
        assert!(differences.iter().all(|difference| difference.after.is_none()));
        let purged = dump(&store).unwrap();
        assert_eq!(purged["register_units"].len(), 1);
        // Neither the same again, nor anything as old, changes that.
        assert_eq!(write(&store, |db| register_units::purge(db, "1", after(10))), Some(Vec::new()));
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &[state("1", 10, 6)])), []);
        assert_eq!(dump(&store).unwrap(), purged);
        // But it may come back, and then the old removal is passed over.
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &[state("1", 11, 6)])).len(), 1);
        assert_eq!(write(&store, |db| register_units::purge(db, "1", after(10))), None);
        assert_eq!(told(&store, "1").len(), 1);
    }

    fn a_person_is_refused(store: TestStore) {
        let mut person = state("1", 0, 1);
        person.unit.form = Some("ENK".to_owned());
        let refused = crate::try_write(&store, |db| register_units::save(db, REGISTER, std::slice::from_ref(&person)));
        assert!(refused.unwrap_err().is_check_violation("register_units_personal_check"));
    }

    fn a_thousand_states_at_once(store: TestStore) {
        let states: Vec<NewState> = (0..1000).map(|number| state(&number.to_string(), 0, 5)).collect();
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &states)).len(), 1000);
        let states: Vec<NewState> = (0..1000).map(|number| state(&number.to_string(), 1 + number, 6)).collect();
        assert_eq!(write(&store, |db| register_units::save(db, REGISTER, &states)).len(), 1000);
        assert_eq!(dump(&store).unwrap()["register_units"].len(), 2000);
    }
}
