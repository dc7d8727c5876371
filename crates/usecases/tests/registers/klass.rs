//! Codes of municipalities and what Kartverket says beside them.

use jiff::civil::date;
use tildel_domain::source::{FetchState, SourceName};
use tildel_registers::municipality::{SplitWeights, StepKind};
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::{self, Asked, IngestError};

use crate::server::{Reply, Server};
use crate::setting::{Setting, from_files, system};

const MUNICIPALITIES: SourceName = SourceName::KlassMunicipalities;

/// Finnøy and Rennesøy merged into Stavanger on 1 January 2020; Ålesund was split on 1 January 2024.
pub(crate) const CHANGES: &str = r#"{"codeChanges":[
    {"oldCode":"1103","oldName":"Stavanger","newCode":"1103","newName":"Stavanger","changeOccurred":"2020-01-01"},
    {"oldCode":"1141","oldName":"Finnøy","newCode":"1103","newName":"Stavanger","changeOccurred":"2020-01-01"},
    {"oldCode":"1142","oldName":"Rennesøy","newCode":"1103","newName":"Stavanger","changeOccurred":"2020-01-01"},
    {"oldCode":"1507","oldName":"Ålesund","newCode":"1508","newName":"Ålesund","changeOccurred":"2024-01-01"},
    {"oldCode":"1507","oldName":"Ålesund","newCode":"1580","newName":"Haram","changeOccurred":"2024-01-01"}]}"#;

pub(crate) const CODES: &str = r#"{"codes":[
    {"code":"1103","name":"Stavanger","validFromInRequestedRange":"1838-01-01","validToInRequestedRange":null},
    {"code":"1101","name":"Eigersund","validFromInRequestedRange":"1838-01-01","validToInRequestedRange":null},
    {"code":"9999","name":"Uoppgitt","validFromInRequestedRange":"1838-01-01","validToInRequestedRange":null}]}"#;

both_backends! {
    fn files_make_a_history(store: TestStore) {
        let setting = Setting::new(store);
        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        let asked = from_files(MUNICIPALITIES, &[&changes, &codes], None);
        let fetch = setting.read(&asked).unwrap();
        // 9999 stands for no place.
        assert_eq!((fetch.records, fetch.changed), (8, 7));
        let rows = setting.rows();
        assert_eq!((rows["klass_changes"].len(), rows["klass_codes"].len()), (5, 2));
        let again = setting.read(&asked).unwrap();
        assert_eq!((again.state, again.changed), (FetchState::Unchanged, 0));
        assert_eq!(setting.rows(), rows);

        let history = setting.service.read_blocking(&system(), sources::municipality_history).unwrap();
        let today = date(2026, 11, 27);
        let finnoy = history.life_meant("1141", today).unwrap();
        let resolved = history.resolve(finnoy, today, &SplitWeights::none());
        assert_eq!(history.life(resolved.successors[0].life).code, "1103");
        let alesund = history.life_meant("1507", today).unwrap();
        assert_eq!(history.steps_from(alesund).iter().map(|step| step.kind).collect::<Vec<_>>(), [StepKind::Split; 2]);
        assert!(history.life_on("1101", today).is_some(), "a number that no change mentions");
        // Counties are another classification.
        let file = setting.file("county.json", r#"{"codes":[{"code":"11","name":"Rogaland"}]}"#);
        setting.read(&from_files(SourceName::KlassCounties, &[&file], None)).unwrap();
        let history = setting.service.read_blocking(&system(), sources::municipality_history).unwrap();
        assert!(history.life_meant("11", today).is_none());
    }

    fn an_answer_that_is_the_same_is_told_as_unchanged(store: TestStore) {
        // `changes` knows marks, `codes` does not.
        let server = Server::start(|url, head| match url.path() {
            "/klass/classifications/131/changes" if head.iter().any(|line| line == "if-none-match: \"7\"") => Reply::status(304),
            "/klass/classifications/131/changes" => Reply::json(CHANGES).with("ETag", "\"7\""),
            "/klass/classifications/131/codes" => Reply::json(CODES),
            _ => Reply::json("{\"codeChanges\":[]}"),
        });
        let setting = Setting::with_server(store, &server.base);
        let asked = Asked::of(MUNICIPALITIES);
        let fetch = setting.read(&asked).unwrap();
        assert_eq!((fetch.state, fetch.changed), (FetchState::Done, 7));
        assert!(server.asked()[0].ends_with("/changes?from=1838-01-01&includefuture=true"));
        let again = setting.read(&asked).unwrap();
        assert_eq!((again.state, again.records, again.bytes), (FetchState::Unchanged, 0, 0));
        // What has nothing in it does not take away what is there.
        assert!(matches!(setting.read(&Asked::of(SourceName::KlassCounties)), Err(IngestError::Empty)));
        assert_eq!(setting.count("klass_changes"), 5);
    }

    fn what_klass_takes_back_goes(store: TestStore) {
        let shorter = CHANGES.replace(r#""newCode":"1580","newName":"Haram""#, r#""newCode":"1581","newName":"Haram""#);
        let answer = shorter.clone();
        let server = Server::start(move |url, _| {
            if url.path().ends_with("changes") { Reply::json(answer.clone()) } else { Reply::json(CODES) }
        });
        let setting = Setting::with_server(store, &server.base);
        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        setting.read(&from_files(MUNICIPALITIES, &[&changes, &codes], None)).unwrap();
        let file = setting.file("shorter.json", &shorter);
        // A file is a part: it only adds.
        assert_eq!(setting.read(&from_files(MUNICIPALITIES, &[&file], None)).unwrap().changed, 1);
        assert_eq!(setting.count("klass_changes"), 6);
        assert_eq!(setting.read(&Asked::of(MUNICIPALITIES)).unwrap().changed, 1);
        assert_eq!(setting.count("klass_changes"), 5);
    }

    fn kartverket_is_held_against_klass(store: TestStore) {
        let setting = Setting::new(store);
        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        let list = r#"[{"kommunenummer":"1103","kommunenavn":"Stavanger"},{"kommunenummer":"1508","kommunenavn":"Ålesund"},
            {"kommunenummer":"1580","kommunenavn":"Haram"},{"kommunenummer":"1111","kommunenavn":"Sokndal"}]"#;
        let list = setting.file("kommuner.json", list);
        let asked = from_files(SourceName::Kartverket, &[&list], Some("2026-11-27T09:00:00Z"));
        // Nothing to compare with yet.
        assert_eq!(setting.read(&asked).unwrap().findings, Vec::<String>::new());
        setting.read(&from_files(MUNICIPALITIES, &[&changes, &codes], None)).unwrap();
        let fetch = setting.read(&asked).unwrap();
        assert_eq!(
            fetch.findings,
            [
                "2026-11-27: 1111 is in Kartverket's list and not valid by Klass",
                "2026-11-27: 1101 is valid by Klass and not in Kartverket's list",
            ]
        );
        assert_eq!((fetch.state, fetch.records), (FetchState::Done, 4));
    }

    fn findings_stay_and_a_part_is_not_the_whole(store: TestStore) {
        let server = Server::start(|url, _| match url.path() {
            "/klass/classifications/131/changes" => Reply::json(r#"{"codeChanges":[{"oldCode":"1103","newCode":"1103","changeOccurred":"2020-01-01"}]}"#),
            "/klass/classifications/131/codes" => Reply::json(CODES),
            _ => Reply::json(r#"[{"kommunenummer":"1111","kommunenavn":"Sokndal"}]"#),
        });
        let setting = Setting::with_server(store, &server.base);
        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        setting.read(&from_files(MUNICIPALITIES, &[&changes, &codes], None)).unwrap();
        let rows = setting.rows();
        let error = setting.read(&Asked::of(MUNICIPALITIES)).unwrap_err();
        assert!(matches!(error, IngestError::TooMuchGone { gone: 4, standing: 5 }), "{error}");
        assert_eq!(setting.rows(), rows);
        let first = setting.read(&Asked::of(SourceName::Kartverket)).unwrap();
        let again = setting.read(&Asked::of(SourceName::Kartverket)).unwrap();
        assert_eq!((first.state, again.state), (FetchState::Done, FetchState::Unchanged));
        assert_eq!((first.findings.len(), &again.findings), (5, &first.findings), "{:?}", first.findings);
    }
}
