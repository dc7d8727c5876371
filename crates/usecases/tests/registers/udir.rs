//! Udir's registers: a list without employees, then one answer for each unit.

use std::sync::{Arc, Mutex};

use tildel_domain::allocation::{Headcount, Ownership, Quantity, UnitKind};
use tildel_domain::register::RegisterKey;
use tildel_domain::source::{FetchState, SourceName};
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::{Asked, IngestError};

use crate::server::{Reply, Server};
use crate::setting::{Setting, instant};

/// Schools of the register.
const SCHOOLS: usize = 450;
/// Schools on a page of its list, whatever is asked for.
const PAGE: usize = 200;

/// A school as the register has it.
#[derive(Clone)]
struct School {
    number: String,
    written: String,
    is_active: bool,
    employees: usize,
    form: &'static str,
}

/// Number 3 is not active, 5 a person's, 7 abroad.
fn schools() -> Vec<School> {
    let school = |place: usize| School {
        number: format!("{:09}", 900_000_000 + place),
        written: "2026-11-20T01:30:00+01:00".to_owned(),
        is_active: place != 3,
        employees: 20 + place,
        form: if place == 5 { "ENK" } else { "BEDR" },
    };
    (0..SCHOOLS).map(school).collect()
}

fn list(schools: &[School], url: &url::Url) -> String {
    let page: usize = url.query_pairs().find(|(key, _)| key == "sidenummer").unwrap().1.parse().unwrap();
    let items: Vec<String> = schools
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|School { number, written, is_active, .. }| {
            format!(
                "{{\"Organisasjonsnummer\":\"{number}\",\"Navn\":\"Skole\",\"ErAktiv\":{is_active},\"ErGrunnskole\":true,\"DatoEndret\":\"{written}\"}}"
            )
        })
        .collect();
    let pages = schools.len().div_ceil(PAGE);
    format!("{{\"Sidenummer\":{page},\"AntallSider\":{pages},\"EnhetListe\":[{}]}}", items.join(","))
}

fn detail(school: &School) -> String {
    let School { number, written, is_active, employees, form } = school;
    let municipality = if number == "900000007" { "2599" } else { "1108" };
    format!(
        "{{\"Organisasjonsnummer\":\"{number}\",\"Navn\":\"Skole\",\"ErAktiv\":{is_active},\"ErGrunnskole\":true,\"ErOffentligSkole\":true,\
         \"Organisasjonsform\":{{\"Id\":\"{form}\"}},\"Kommune\":{{\"Kommunenummer\":\"{municipality}\"}},\"AntallAnsatte\":{employees},\
         \"ForeldreRelasjoner\":[{{\"Enhet\":{{\"Organisasjonsnummer\":\"964965137\"}},\"Relasjonstype\":{{\"Id\":\"1\"}}}},\
         {{\"Enhet\":{{\"Organisasjonsnummer\":\"930004480\"}},\"Relasjonstype\":{{\"Id\":\"4\"}}}}],\"DatoEndret\":\"{written}\"}}"
    )
}

fn server(schools: &Arc<Mutex<Vec<School>>>) -> Server {
    let schools = Arc::clone(schools);
    Server::start(move |url, _| {
        let schools = schools.lock().unwrap().clone();
        match url.path_segments().unwrap().collect::<Vec<_>>()[..] {
            ["nsr", "enheter"] => Reply::json(list(&schools, url)),
            ["nsr", "enhet", number] => {
                let found = schools.iter().find(|school| school.number == number);
                found.map_or(Reply::status(404), |school| Reply::json(detail(school)))
            }
            _ => Reply::status(400),
        }
    })
}

both_backends! {
    fn what_was_written_since_is_read_again(store: TestStore) {
        let schools = Arc::new(Mutex::new(schools()));
        let server = server(&schools);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SourceName::Nsr);
        let fetch = setting.read(&asked).unwrap();
        // All but the one that is not active; a person and one abroad are not kept.
        assert_eq!((fetch.records, fetch.changed, fetch.personal), (449, 447, 1));
        assert_eq!(server.asked().len(), 3 + 449);
        let state = setting.states(RegisterKey::Nsr, "900000001").remove(0);
        assert_eq!(state.since, instant("2026-11-20T00:30:00Z"));
        let unit = state.unit;
        assert_eq!(unit.headcount, Headcount::Known(Quantity::from_whole(21)));
        assert_eq!(unit.headcount_on, Some(jiff::civil::date(2026, 11, 20)), "the day in Norway");
        assert_eq!((unit.owner.as_deref(), unit.parent.as_deref()), (Some("964965137"), Some("930004480")));
        assert_eq!((unit.unit_kind, unit.ownership), (Some(UnitKind::PrimarySchool), Some(Ownership::Public)));
        assert_eq!(setting.states(RegisterKey::Nsr, "900000005"), []);
        let rows = setting.rows();

        let again = setting.read(&asked).unwrap();
        assert_eq!(again.state, FetchState::Unchanged);
        assert_eq!(server.asked().len(), 3, "the list alone");
        assert_eq!(setting.rows(), rows);

        // All rows are written anew, one with another number of employees, and one school has closed.
        for (place, school) in schools.lock().unwrap().iter_mut().enumerate() {
            "2026-11-26T01:30:00+01:00".clone_into(&mut school.written);
            school.employees += usize::from(place == 1);
            school.is_active &= place != 2;
        }
        assert_eq!(setting.read(&asked).unwrap().changed, 2);
        assert_eq!(setting.states(RegisterKey::Nsr, "900000001").len(), 2);
        assert_eq!(setting.states(RegisterKey::Nsr, "900000004").len(), 1);
        let closed = setting.states(RegisterKey::Nsr, "900000002");
        assert_eq!(closed[1].unit.ended_on, Some(jiff::civil::date(2026, 11, 26)));
        assert_eq!(setting.source(SourceName::Nsr).data_as_of, Some(instant("2026-11-26T00:30:00Z")));

        // One goes missing: a person should look at that.
        schools.lock().unwrap().truncate(SCHOOLS - 1);
        let fetch = setting.read(&asked).unwrap();
        assert_eq!(fetch.findings, ["1 units that are kept as open are not listed any more"]);
    }

    fn broken_off_after_each_batch_it_ends_the_same(store: TestStore) {
        let schools = Arc::new(Mutex::new(schools()));
        let server = server(&schools);
        let setting = Setting::with_server(store, &server.base);
        let (fetch, pieces) = setting.read_in_pieces(&Asked::of(SourceName::Nsr));
        // 449 units, 200 at a time.
        assert_eq!((pieces, fetch.records, fetch.changed), (3, 449, 447));
        let clean = Setting::with_server(TestStore::open(setting.store.backend()).unwrap(), &server.base);
        clean.read(&Asked::of(SourceName::Nsr)).unwrap();
        assert_eq!(clean.rows(), setting.rows());
        assert_eq!(clean.source(SourceName::Nsr).cursor, setting.source(SourceName::Nsr).cursor);
    }

    fn what_was_written_while_it_was_broken_off_is_read_too(store: TestStore) {
        let schools = Arc::new(Mutex::new(schools()));
        let server = server(&schools);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SourceName::Nsr);
        assert!(matches!(setting.read_until(&asked, 1), Err(IngestError::Stopped)));
        // The next day one of the first batch, which is not read again, has another number of employees, and so has one of the last.
        for (place, school) in schools.lock().unwrap().iter_mut().enumerate() {
            if place == 1 || place == 440 {
                "2026-11-21T01:30:00+01:00".clone_into(&mut school.written);
                school.employees += 1;
            }
        }
        setting.read(&asked).unwrap();
        setting.read(&asked).unwrap();
        let headcount = |number| setting.states(RegisterKey::Nsr, number).pop().unwrap().unit.headcount;
        assert_eq!(headcount("900000001"), Headcount::Known(Quantity::from_whole(22)));
        assert_eq!(headcount("900000440"), Headcount::Known(Quantity::from_whole(461)));
        assert_eq!(setting.read(&asked).unwrap().state, FetchState::Unchanged);
    }

    fn what_is_dated_ahead_does_not_stand_against_what_comes(store: TestStore) {
        let schools = Arc::new(Mutex::new(schools()));
        "2036-11-20T01:30:00+01:00".clone_into(&mut schools.lock().unwrap()[1].written);
        let server = server(&schools);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SourceName::Nsr);
        let fetch = setting.read(&asked).unwrap();
        let finding = "something is dated ahead of now, and read as of now: 2036-11-20T00:30:00Z";
        assert_eq!(fetch.findings, [finding]);
        let source = setting.source(SourceName::Nsr);
        assert_eq!(source.data_as_of, Some(instant("2026-11-20T00:30:00Z")));
        assert_eq!(setting.states(RegisterKey::Nsr, "900000001")[0].since, instant("2026-11-27T13:00:00Z"));
        // It and another are written anew, in time.
        for school in &mut schools.lock().unwrap()[1..3] {
            "2026-11-27T15:30:00+01:00".clone_into(&mut school.written);
            school.employees += 1;
        }
        let fetch = setting.read(&asked).unwrap();
        assert_eq!((fetch.changed, fetch.findings.len()), (2, 1), "the clock is not there yet: {:?}", fetch.findings);
        assert_eq!(setting.states(RegisterKey::Nsr, "900000001").len(), 2);
        assert_eq!(setting.read(&asked).unwrap().findings, Vec::<String>::new());
    }
}
