//! Sources that fail, and readings that get in each other's way.

use std::cell::RefCell;
use std::ops::ControlFlow;

use tildel_domain::source::{FetchState, SourceName};
use tildel_storage::PageRequest;
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::{self, Asked, FetchFilter, IngestError};

use crate::files::sub_unit;
use crate::server::{Reply, Server};
use crate::setting::{Setting, from_files, system};

const SUB_UNITS: SourceName = SourceName::EnhetsregisteretSubUnits;

both_backends! {
    fn a_source_that_fails_keeps_what_it_has_and_leaves_the_others(store: TestStore) {
        let server = Server::start(|url, _| match url.path() {
            "/klass/classifications/104/changes" => {
                Reply::json(r#"{"codeChanges":[{"oldCode":"12","newCode":"46","changeOccurred":"2020-01-01"}]}"#)
            }
            "/klass/classifications/104/codes" => Reply::json(r#"{"codes":[{"code":"46","name":"Vestland"}]}"#),
            "/nsr/enheter" => Reply::json("<html>Vedlikehold</html>"),
            _ => Reply::status(503),
        });
        let setting = Setting::with_server(store, &server.base);
        let path = setting.file("underenheter.json", format!("[{}]", sub_unit(1, "BEDR", Some(5))));
        setting.read(&from_files(SUB_UNITS, &[&path], Some("2026-11-20T04:00:00Z"))).unwrap();
        let rows = setting.rows();

        for _ in 0..2 {
            let error = setting.read(&Asked::of(SUB_UNITS)).unwrap_err();
            assert!(error.may_pass(), "{error}");
        }
        let error = setting.read(&Asked::of(SourceName::Nsr)).unwrap_err();
        assert!(!error.may_pass(), "{error}");
        assert_eq!(setting.rows(), rows);
        assert_eq!(setting.read(&Asked::of(SourceName::KlassCounties)).unwrap().state, FetchState::Done);

        let listed = setting.service.read_blocking(&system(), sources::list).unwrap();
        let failing: Vec<(SourceName, u32)> =
            listed.iter().filter(|source| source.failures > 0).map(|source| (source.name, source.failures)).collect();
        assert_eq!(failing, [(SUB_UNITS, 2), (SourceName::Nsr, 1)]);
        let sub_units = setting.source(SUB_UNITS);
        assert_eq!(sub_units.last_error.as_deref(), Some("the source fails with status 503"));
        assert!(sub_units.last_success_at.is_some() && sub_units.last_success_at < sub_units.last_attempt_at);
        let filter = FetchFilter { source: Some(SUB_UNITS), state: Some(FetchState::Failed) };
        let failed = setting.service.read_blocking(&system(), |cx| sources::fetches(cx, &filter, &PageRequest::first(9)));
        assert_eq!(failed.unwrap().items.len(), 2);
        // Each end stands in the journal: three that failed, two that did not.
        let journal = tildel_test_support::dump(&setting.store).unwrap().remove("journal").unwrap();
        assert_eq!(journal.iter().filter(|row| row.contains("source.fetch")).count(), 5);
    }

    fn a_file_without_a_date_is_refused(store: TestStore) {
        let server = Server::start(|_, _| Reply::json("[]"));
        let setting = Setting::with_server(store, &server.base);
        let error = setting.read(&Asked::of(SUB_UNITS)).unwrap_err();
        assert!(matches!(error, IngestError::Undated), "{error}");
    }

    fn of_two_readings_one_goes_on(store: TestStore) {
        let setting = Setting::new(store);
        let units: Vec<String> = (0..2500).map(|number| sub_unit(number, "BEDR", Some(5))).collect();
        let path = setting.file("underenheter.json", format!("[{}]", units.join(",")));
        let asked = from_files(SUB_UNITS, &[&path], Some("2026-11-20T04:00:00Z"));
        // After the first batch of one, another reads the whole.
        let other = RefCell::new(None);
        let first = setting.ingest.run_blocking(&asked, &|_| {
            if other.borrow().is_none() {
                *other.borrow_mut() = Some(setting.ingest.run_blocking(&asked, &|_| ControlFlow::Continue(())).unwrap());
            }
            ControlFlow::Continue(())
        });
        assert!(matches!(first, Err(IngestError::Overtaken)), "{first:?}");
        assert_eq!(other.borrow().as_ref().unwrap().changed, 2500);
        assert_eq!(setting.count("register_units"), 2500);
        assert_eq!(setting.source(SUB_UNITS).failures, 0, "nothing failed");
    }

    fn what_everybody_may_see_of_an_error_tells_of_nobody(store: TestStore) {
        let server = Server::start(|url, _| match url.path() {
            "/nsr/enheter" => Reply::json("<html>KARI NORDMANN har feil</html>"),
            "/nbr/enheter" => Reply { status: 403, ..Reply::json("KARI NORDMANN har ikke adgang") },
            _ => Reply::json(r#"{"codes":"KARI NORDMANN"}"#),
        });
        let setting = Setting::with_server(store, &server.base);
        let folder = setting.folder.path().display().to_string();
        let other = setting.file("other.json", r#"{"organisasjonsnummer":"KARI NORDMANN","navn":{}}"#);
        let absent = setting.folder.path().join("absent.json");
        for (asked, expected) in [
            (Asked::of(SourceName::Nsr), "the answer is not JSON at line 1, column 1: see the log"),
            (Asked::of(SourceName::Nbr), "the source refuses the request with status 403: see the log"),
            (Asked::of(SourceName::KlassCounties), "the answer has another shape than the source's: see the log"),
            (from_files(SUB_UNITS, &[&other], None), "the file other.json can not be read: see the log"),
            (from_files(SUB_UNITS, &[&absent], None), "the file absent.json can not be read: see the log"),
        ] {
            let name = asked.source;
            let error = setting.read(&asked).unwrap_err();
            assert!(error.to_string().contains("KARI") || error.to_string().contains(&folder), "the operator is told: {error}");
            assert_eq!(setting.source(name).last_error.as_deref(), Some(expected));
        }
        let all = FetchFilter::default();
        let fetches = setting.service.read_blocking(&system(), |cx| sources::fetches(cx, &all, &PageRequest::first(9)));
        let told = serde_json::to_string(&fetches.unwrap().items).unwrap();
        assert!(!told.contains("KARI") && !told.contains(&folder), "{told}");
    }
}
