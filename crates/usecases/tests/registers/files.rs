//! National files.

use std::fmt::Write as _;
use std::io::Write as _;

use tildel_domain::allocation::{Headcount, UnitKind};
use tildel_domain::register::RegisterKey;
use tildel_domain::source::{FetchState, SourceName};
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources::IngestError;

use crate::setting::{Setting, from_files, instant};

const SUB_UNITS: SourceName = SourceName::EnhetsregisteretSubUnits;
const MADE: &str = "2026-11-20T04:00:00Z";

/// A sub-unit as the register writes it.
pub(crate) fn sub_unit(number: usize, form: &str, employees: Option<usize>) -> String {
    let employees = employees.map(|count| format!("\"antallAnsatte\":{count},")).unwrap_or_default();
    format!(
        "{{\"organisasjonsnummer\":\"{number:09}\",\"navn\":\"SKOLE {number}\",\"organisasjonsform\":{{\"kode\":\"{form}\"}},\
         {employees}\"harRegistrertAntallAnsatte\":true,\"overordnetEnhet\":\"964965137\",\"naeringskode1\":{{\"kode\":\"85.201\"}},\
         \"beliggenhetsadresse\":{{\"kommunenummer\":\"1108\"}},\"respons_klasse\":\"Underenhet\"}}"
    )
}

/// A national file of 2 500 records: every 50th is a person's, every 100th from the 7th on is no unit.
fn national() -> Vec<u8> {
    let mut text = "[".to_owned();
    for number in 0..2500 {
        let separator = if number > 0 { "," } else { "" };
        let record = match number {
            number if number % 50 == 0 => sub_unit(number, "ENK", Some(1)),
            number if number % 100 == 7 => "{\"organisasjonsnummer\":{}}".to_owned(),
            number => sub_unit(number, "BEDR", (number % 3 > 0).then_some(number)),
        };
        write!(text, "{separator}{record}").unwrap();
    }
    text.push(']');
    packed(text.as_bytes())
}

pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

both_backends! {
    fn a_national_file_twice_is_the_same(store: TestStore) {
        let setting = Setting::new(store);
        let path = setting.file("underenheter.json.gz", national());
        let asked = from_files(SUB_UNITS, &[&path], Some(MADE));
        let fetch = setting.read(&asked).unwrap();
        // 2 500 − 50 persons − 25 that are no units.
        assert_eq!((fetch.records, fetch.changed, fetch.personal, fetch.unreadable), (2500, 2425, 50, 25));
        assert_eq!((fetch.state, fetch.origin.as_str()), (FetchState::Done, "underenheter.json.gz"));
        let rows = setting.rows();
        assert_eq!(rows["register_units"].len(), 2425);
        assert!(!rows["register_units"].iter().any(|row| row.contains("ENK")), "a person is kept");

        let states = setting.states(RegisterKey::Enhetsregisteret, "000000001");
        let unit = &states[0].unit;
        // The file may miss what was entered while it was made.
        assert_eq!(states[0].since, instant("2026-11-19T04:00:00Z"));
        assert_eq!((unit.is_sub_unit, unit.unit_kind), (true, Some(UnitKind::PrimarySchool)));
        assert_eq!((unit.parent.as_deref(), unit.municipality_number.as_deref()), (Some("964965137"), Some("1108")));
        assert_eq!(setting.states(RegisterKey::Enhetsregisteret, "000000003")[0].unit.headcount, Headcount::Withheld);
        assert_eq!(setting.states(RegisterKey::Enhetsregisteret, "000000050"), []);

        let again = setting.read(&asked).unwrap();
        assert_eq!((again.state, again.records, again.changed), (FetchState::Unchanged, 2500, 0));
        assert_eq!(setting.rows(), rows);
        let source = setting.source(SUB_UNITS);
        assert_eq!(source.data_as_of, Some(instant("2026-11-19T04:00:00Z")));
        // The feed goes on from there.
        assert_eq!(source.cursor.unwrap()["from"], "2026-11-19T04:00:00Z");
    }

    fn broken_off_after_each_batch_it_ends_the_same(store: TestStore) {
        let setting = Setting::new(store);
        let path = setting.file("underenheter.json.gz", national());
        let asked = from_files(SUB_UNITS, &[&path], Some(MADE));
        let (fetch, pieces) = setting.read_in_pieces(&asked);
        // Three batches of a thousand at most; the last piece finds the end.
        assert_eq!(pieces, 3);
        assert_eq!((fetch.records, fetch.changed, fetch.personal, fetch.unreadable), (2500, 2425, 50, 25));
        let in_pieces = setting.rows();
        assert_eq!(in_pieces["register_units"].len(), 2425);
        let again = setting.read(&asked).unwrap();
        assert_eq!(again.changed, 0);
        assert_eq!(setting.rows(), in_pieces);
    }

    fn an_older_file_changes_nothing_and_a_newer_one_what_differs(store: TestStore) {
        let setting = Setting::new(store);
        let array = |employees| format!("[{},{}]", sub_unit(1, "BEDR", Some(employees)), sub_unit(2, "BEDR", Some(9)));
        let (old, new) = (setting.file("old.json", array(5)), setting.file("new.json", array(6)));
        let read = |path: &std::path::Path, made| setting.read(&from_files(SUB_UNITS, &[path], Some(made))).unwrap();
        assert_eq!(read(&new, MADE).changed, 2);
        let rows = setting.rows();
        assert_eq!(read(&old, "2026-11-10T04:00:00Z").changed, 0);
        assert_eq!(setting.rows(), rows);
        // Negative control: the same file, made later, is another state.
        assert_eq!(read(&old, "2026-11-25T04:00:00Z").changed, 1);
        assert_eq!(setting.states(RegisterKey::Enhetsregisteret, "000000001").len(), 2);
        // A part of the register is nothing for the feed to go on from.
        assert_eq!(setting.source(SUB_UNITS).cursor, None);
    }

    fn who_becomes_a_person_is_forgotten(store: TestStore) {
        let setting = Setting::new(store);
        let file = |name, form| setting.file(name, format!("[{}]", sub_unit(1, form, Some(5))));
        let (before, after) = (file("before.json", "BEDR"), file("after.json", "ENK"));
        setting.read(&from_files(SUB_UNITS, &[&before], Some(MADE))).unwrap();
        setting.read(&from_files(SUB_UNITS, &[&after], Some("2026-11-26T04:00:00Z"))).unwrap();
        assert_eq!(setting.count("register_units"), 0);
    }

    fn what_is_wrong_with_a_file_is_told(store: TestStore) {
        let setting = Setting::new(store);
        let path = setting.file("underenheter.json", format!("[{}]", sub_unit(1, "BEDR", None)));
        let undated = setting.read(&from_files(SUB_UNITS, &[&path], None)).unwrap_err();
        assert!(matches!(undated, IngestError::AsOfNeeded { .. }), "{undated}");
        let other = setting.file("other.json", "{\"a\":1}");
        let error = setting.read(&from_files(SUB_UNITS, &[&other], Some(MADE))).unwrap_err();
        assert!(error.to_string().ends_with("neither units nor entries of Enhetsregisteret"), "{error}");
        let absent = setting.folder.path().join("absent.json");
        assert!(setting.read(&from_files(SUB_UNITS, &[&absent], Some(MADE))).is_err());
        let mut cut = national();
        cut.truncate(cut.len() / 2);
        let path = setting.file("cut.json.gz", cut);
        let error = setting.read(&from_files(SUB_UNITS, &[&path], Some(MADE))).unwrap_err();
        assert!(error.to_string().starts_with("the file is cut short"), "{error}");
        let source = setting.source(SUB_UNITS);
        assert_eq!((source.failures, source.last_success_at), (4, None));
        assert!(source.last_error.unwrap().starts_with("the file is cut short"));
        // What had come of it stays, and the whole file adds the rest.
        let path = setting.file("cut.json.gz", national());
        setting.read(&from_files(SUB_UNITS, &[&path], Some(MADE))).unwrap();
        assert_eq!(setting.count("register_units"), 2425);
        assert_eq!(setting.source(SUB_UNITS).failures, 0);
    }

    fn a_file_of_a_time_to_come_is_refused(store: TestStore) {
        let setting = Setting::new(store);
        let path = setting.file("underenheter.json", format!("[{}]", sub_unit(1, "BEDR", None)));
        let error = setting.read(&from_files(SUB_UNITS, &[&path], Some("2026-12-24T04:00:00Z"))).unwrap_err();
        assert!(matches!(error, IngestError::AsOfAhead { .. }), "{error}");
        assert_eq!(setting.count("register_units"), 0);
        // A feed that is dated ahead is read as of now.
        let feed = r#"{"_embedded":{"oppdaterteUnderenheter":[{"oppdateringsid":7,"dato":"2036-11-21T05:00:00.000Z","organisasjonsnummer":"000000001","endringstype":"Endring"}]}}"#;
        let (feed, unit) = (setting.file("feed.json", feed), setting.file("unit.json", sub_unit(1, "BEDR", None)));
        let fetch = setting.read(&from_files(SUB_UNITS, &[&feed, &unit], None)).unwrap();
        assert_eq!(fetch.findings, ["something is dated ahead of now, and read as of now: 2036-11-21T05:00:00Z"]);
        let since = instant("2026-11-27T14:00:00Z");
        assert_eq!(setting.states(RegisterKey::Enhetsregisteret, "000000001")[0].since, since);
        assert_eq!(setting.source(SUB_UNITS).data_as_of, Some(since));
    }

    fn what_is_a_persons_is_not_kept(store: TestStore) {
        let setting = Setting::new(store);
        let head = |number: usize, name: &str, form: &str| {
            format!("{{\"organisasjonsnummer\":\"{number:09}\",\"navn\":\"{name}\",\"organisasjonsform\":{{\"kode\":\"{form}\"}},\"respons_klasse\":\"Enhet\"}}")
        };
        let place = |number: usize, parent: usize, trade: &str| {
            sub_unit(number, "BEDR", Some(5)).replace("964965137", &format!("{parent:09}")).replace("85.201", trade)
                .replace("SKOLE", if parent == 2 || parent == 4 { "KARI NORDMANN" } else { "SKOLE" })
        };
        // 1 and 3 are companies, 2 and 4 persons; 4 and 9 are not known while the places are read. 11 is a shop of a company.
        let heads = setting.file("heads.json", format!("[{},{},{}]", head(1, "AS", "AS"), head(2, "KARI NORDMANN", "ENK"), head(3, "BARNEHAGE AS", "AS")));
        let subs = [
            place(11, 1, "47.110"), place(12, 2, "47.110"), place(13, 2, "88.911"), place(14, 4, "47.110"), place(15, 4, "88.911"),
            place(16, 3, "88.911"), place(17, 9, "47.110"), place(18, 9, "88.911"),
        ];
        let subs = setting.file("subs.json", format!("[{}]", subs.join(",")));
        setting.read(&from_files(SourceName::EnhetsregisteretUnits, &[&heads], Some(MADE))).unwrap();
        let fetch = setting.read(&from_files(SUB_UNITS, &[&subs], Some(MADE))).unwrap();
        assert_eq!((fetch.records, fetch.changed, fetch.personal), (8, 4, 4));
        let kept = |number: &str| !setting.states(RegisterKey::Enhetsregisteret, number).is_empty();
        for (number, expected) in [("11", true), ("12", false), ("13", false), ("14", false), ("15", true), ("16", true), ("17", false), ("18", true)] {
            assert_eq!(kept(&format!("0000000{number}")), expected, "{number}");
        }
        // Once it is known whose a kindergarten is, it goes, and does not come back.
        let more = setting.file("more.json", format!("[{}]", head(4, "KARI NORDMANN", "ENK")));
        setting.read(&from_files(SourceName::EnhetsregisteretUnits, &[&more], Some("2026-11-21T04:00:00Z"))).unwrap();
        assert!(!kept("000000015"));
        setting.read(&from_files(SUB_UNITS, &[&subs], Some("2026-11-22T04:00:00Z"))).unwrap();
        assert!(!kept("000000015"));
        let rows = setting.rows();
        assert!(!rows.values().flatten().any(|row| row.contains("KARI")), "{rows:?}");
        assert_eq!(rows["register_persons"].len(), 2);
    }
}
