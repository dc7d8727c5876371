//! A national file that is read again, without some units that it had.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tildel_domain::register::RegisterKey;
use tildel_domain::source::{FetchState, SourceName};
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::{Asked, IngestError};

use crate::files::{packed, sub_unit};
use crate::server::{Reply, Server};
use crate::setting::Setting;

const SUB_UNITS: SourceName = SourceName::EnhetsregisteretSubUnits;
const REGISTER: RegisterKey = RegisterKey::Enhetsregisteret;

/// Units of the first file.
const UNITS: usize = 1500;

/// The file of the first week has all units, that of the second lacks those that `lacks` says.
fn server(lacks: fn(usize) -> bool) -> (Server, Arc<AtomicUsize>) {
    let week = Arc::new(AtomicUsize::new(1));
    let of_server = Arc::clone(&week);
    let server = Server::start(move |url, _| {
        let week = of_server.load(Ordering::SeqCst);
        let path: Vec<&str> = url.path_segments().unwrap().collect();
        match path[..] {
            ["underenheter", "lastned"] => {
                let units: Vec<String> = (0..UNITS)
                    .filter(|number| week == 1 || !lacks(*number))
                    .map(|number| sub_unit(number, "BEDR", Some(5)))
                    .collect();
                let made = ["Fri, 27 Nov 2026 04:00:00 GMT", "Fri, 04 Dec 2026 04:00:00 GMT"][week - 1];
                Reply::json(packed(format!("[{}]", units.join(",")).as_bytes())).with("Last-Modified", made)
            }
            ["oppdateringer", "underenheter"] => Reply::json("{\"page\":{\"totalElements\":0}}"),
            [_, "000000021"] => Reply::json(
                r#"{"organisasjonsnummer":"000000021","navn":"SLETTET","slettedato":"2026-12-01","respons_klasse":"SlettetUnderenhet"}"#,
            ),
            [_, "000000022"] => {
                Reply { status: 410, ..Reply::json(r#"{"organisasjonsnummer":"000000022"}"#) }
            }
            ["underenheter", "000000024"] => Reply::json(sub_unit(24, "BEDR", Some(5))),
            _ => Reply::status(404),
        }
    });
    (server, week)
}

both_backends! {
    /// 21 was deleted, 22 removed for legal reasons, 23 is known no more, and 24 lives: the file forgot it.
    fn units_that_a_newer_file_lacks_are_asked_for(store: TestStore) {
        let (server, week) = server(|number| (21..=24).contains(&number));
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SUB_UNITS);
        setting.read(&asked).unwrap();
        let rows = setting.rows();
        setting.wait_days(5);
        week.store(2, Ordering::SeqCst);
        server.asked();
        assert_eq!(setting.read(&asked).unwrap().state, FetchState::Unchanged);
        assert!(!server.asked().iter().any(|path| path.ends_with("lastned")), "it is not a week old");
        assert_eq!(setting.rows(), rows);

        setting.wait_days(3);
        let fetch = setting.read(&asked).unwrap();
        let mut asked_for = server.asked();
        asked_for.retain(|path| path.contains("0000000"));
        asked_for.sort_unstable();
        assert_eq!(asked_for, [
            "/enheter/000000023",
            "/underenheter/000000021", "/underenheter/000000022", "/underenheter/000000023", "/underenheter/000000024",
        ]);
        assert_eq!((fetch.state, fetch.changed), (FetchState::Done, 2));
        assert_eq!(fetch.findings, ["000000023 stands here, and is neither in the national file nor known to the register any more"]);
        let ended = setting.states(REGISTER, "000000021").pop().unwrap().unit.ended_on;
        assert_eq!(ended, Some(jiff::civil::date(2026, 12, 1)));
        assert!(setting.states(REGISTER, "000000022").is_empty());
        for stays in ["000000023", "000000024"] {
            assert_eq!(setting.states(REGISTER, stays).len(), 1, "{stays}");
        }
        // Not again before another week.
        assert_eq!(setting.read(&asked).unwrap().state, FetchState::Unchanged);
        assert!(!server.asked().iter().any(|path| path.ends_with("lastned")));
    }

    fn broken_off_anywhere_it_ends_the_same(store: TestStore) {
        let (server, week) = server(|number| (21..=24).contains(&number));
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SUB_UNITS);
        setting.read(&asked).unwrap();
        setting.wait_days(8);
        week.store(2, Ordering::SeqCst);
        server.asked();
        let (_, pieces) = setting.read_in_pieces(&asked);
        // The download, two batches of the file, what it lacks, and what follows from its end.
        assert_eq!(pieces, 5);
        assert_eq!(server.asked().iter().filter(|path| path.ends_with("lastned")).count(), 1);
        assert!(setting.states(REGISTER, "000000022").is_empty());
        let (other, other_week) = self::server(|number| (21..=24).contains(&number));
        let clean = Setting::with_server(TestStore::open(setting.store.backend()).unwrap(), &other.base);
        clean.read(&asked).unwrap();
        clean.wait_days(8);
        other_week.store(2, Ordering::SeqCst);
        clean.read(&asked).unwrap();
        assert!(setting.rows() == clean.rows(), "the same rows");
    }

    /// More than a thousand units do not vanish in a week.
    fn half_a_file_takes_nobody_away(store: TestStore) {
        let (server, week) = server(|number| number < 1001);
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(SUB_UNITS);
        setting.read(&asked).unwrap();
        let rows = setting.rows();
        setting.wait_days(8);
        week.store(2, Ordering::SeqCst);
        let error = setting.read(&asked).unwrap_err();
        assert!(matches!(error, IngestError::TooMuchGone { gone: 1001, standing: 1500 }), "{error}");
        assert_eq!(setting.rows(), rows);
        // The feed goes on all the same, and the file is not tried again before there is another one.
        server.asked();
        assert_eq!(setting.read(&asked).unwrap().state, FetchState::Unchanged);
        assert!(server.asked().iter().all(|path| path.contains("oppdateringer")));
        setting.wait_days(1);
        week.store(1, Ordering::SeqCst);
        setting.read(&asked).unwrap();
        assert!(server.asked().iter().any(|path| path.ends_with("lastned")), "the whole file is fetched the day after");
        assert_eq!(setting.rows(), rows);
    }
}
