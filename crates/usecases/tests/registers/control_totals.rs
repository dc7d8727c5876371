//! Sums of units held against tables of SSB.

use tildel_domain::Actor;
use tildel_domain::allocation::{Headcount, UnitKind};
use tildel_domain::control_total::Agreement;
use tildel_domain::source::{FetchState, SourceName};
use tildel_storage::PageRequest;
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::Credentials;
use tildel_usecases::control_totals::{self, Control, ControlTotalFilter};
use tildel_usecases::sources::{Asked, IngestError};

use crate::klass::{CHANGES, CODES};
use crate::server::{Reply, Server};
use crate::setting::{Setting, from_files};

const READ: &str = "2026-11-27T09:00:00Z";

/// A table of one year, as PxWeb writes it.
fn table(id: &str, contents: &str, year: i16, cells: &[(&str, &str)]) -> String {
    let codes: Vec<String> = cells.iter().map(|(code, _)| format!("\"{code}\"")).collect();
    let values: Vec<&str> = cells.iter().map(|(_, value)| *value).collect();
    format!(
        r#"{{"label":"{id}: Nøkkeltall","id":["Region","ContentsCode","Tid"],"size":[{},1,1],
        "dimension":{{"Region":{{"category":{{"index":[{}]}}}},"ContentsCode":{{"category":{{"index":["{contents}"]}}}},
        "Tid":{{"category":{{"index":["{year}"]}}}}}},"value":[{}]}}"#,
        cells.len(),
        codes.join(","),
        values.join(","),
    )
}

/// A sub-unit; without a number of employees, one to four are registered and withheld.
fn unit(number: u32, trade: &str, place: &str, employees: Option<u32>) -> String {
    let employees = employees.map(|count| format!("\"antallAnsatte\":{count},")).unwrap_or_default();
    format!(
        r#"{{"organisasjonsnummer":"{number}","navn":"ENHET {number}","organisasjonsform":{{"kode":"BEDR"}},{employees}
        "harRegistrertAntallAnsatte":true,"overordnetEnhet":"964965226","naeringskode1":{{"kode":"{trade}"}},
        "beliggenhetsadresse":{{"kommunenummer":"{place}"}},"respons_klasse":"Underenhet"}}"#
    )
}

/// Stavanger: kindergartens with 40, 25 and one to four. Eigersund: one with 30, and a school with 20.
fn units() -> String {
    let units = [
        unit(310_000_001, "85.100", "1103", Some(40)),
        unit(310_000_002, "88.911", "1103", Some(25)),
        unit(310_000_003, "85.100", "1103", None),
        unit(310_000_004, "85.100", "1101", Some(30)),
        unit(310_000_005, "85.201", "1101", Some(20)),
    ];
    format!("[{}]", units.join(","))
}

fn listed(setting: &Setting, filter: ControlTotalFilter) -> Vec<Control> {
    let page = PageRequest::first(100);
    let credentials = Credentials::Internal(Actor::SYSTEM);
    setting
        .service
        .read_blocking(&credentials, |cx| control_totals::list(cx, filter, None, &page))
        .unwrap()
        .items
}

both_backends! {
    /// At the end of 2018 Stavanger, Finnøy and Rennesøy had 45, 20 and 15 together 80 employees; 0.9 × 80 = 72 is more than 65 + 4 = 69. Eigersund
    /// had 31; 0.9 × 31 = 27.9 ≤ 30 ≤ 34.1 = 1.1 × 31. Its schools had 30 man-years, and 20 people can not do 0.9 × 30 = 27.
    fn sums_are_held_against_tables(store: TestStore) {
        let setting = Setting::new(store);
        let kindergartens =
            table("12562", "Ansatte", 2018, &[("1103", "45"), ("1141", "20"), ("1142", "15"), ("1101", "31"), ("EAK", "111")]);
        let schools = table("11981", "Arsverk", 2023, &[("1101", "30"), ("1507", "100.5")]);
        let (kindergartens, schools) = (setting.file("12562.json", kindergartens), setting.file("11981.json", schools));
        let asked = from_files(SourceName::Pxweb, &[&kindergartens, &schools], Some(READ));
        let fetch = setting.read(&asked).unwrap();
        // The group EAK is no municipality.
        assert_eq!((fetch.records, fetch.changed), (6, 6));
        assert_eq!(fetch.findings, Vec::<String>::new(), "no register was read");
        assert!(listed(&setting, ControlTotalFilter::default()).iter().all(|control| control.sums.is_empty()));

        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        setting.read(&from_files(SourceName::KlassMunicipalities, &[&changes, &codes], None)).unwrap();
        let file = setting.file("units.json", units());
        setting.read(&from_files(SourceName::EnhetsregisteretSubUnits, &[&file], Some(READ))).unwrap();
        let again = setting.read(&asked).unwrap();
        assert_eq!((again.state, again.changed), (FetchState::Unchanged, 0));
        assert_eq!(again.findings, [
            "1103 Stavanger, kindergartens: Enhetsregisteret has 66 to 69 employees (units: 3); table 12562 (Ansatte) says 80 employees in 2018",
            "1101 Eigersund, primary schools: Enhetsregisteret has 20 employees (units: 1); table 11981 (Arsverk) says 30 man-years in 2023",
        ]);

        let controls = listed(&setting, ControlTotalFilter::default());
        let told: Vec<_> = controls.iter().map(|control| (control.municipality_number.as_str(), control.year, control.sums[0].agreement)).collect();
        assert_eq!(told, [
            ("1101", 2018, Agreement::Agrees),
            ("1103", 2018, Agreement::Less),
            ("1101", 2023, Agreement::Less),
            // What is Ålesund's and what is Haram's of 100.5 nobody can say.
            ("1508", 2023, Agreement::Open),
            ("1580", 2023, Agreement::Open),
        ]);
        let stavanger = &controls[1];
        assert_eq!(stavanger.total, Headcount::Known("80".parse().unwrap()));
        assert_eq!(stavanger.counted_as, ["1103", "1141", "1142"]);
        assert_eq!(controls[0].counted_as, Vec::<String>::new());
        assert_eq!(controls[3].counted_as, ["1507"]);
        let schools = ControlTotalFilter { unit_kind: Some(UnitKind::PrimarySchool), year: Some(2018) };
        assert_eq!(listed(&setting, schools), []);
    }

    /// 1141 ended with 2019 and is no municipality's in a table of 2024; 1100 never was. A unit that a register still has in 1141 counts in
    /// Stavanger by a table of 2018: 20 of 20.
    fn numbers_of_nobody_are_passed_over(store: TestStore) {
        let setting = Setting::new(store);
        let (changes, codes) = (setting.file("changes.json", CHANGES), setting.file("codes.json", CODES));
        setting.read(&from_files(SourceName::KlassMunicipalities, &[&changes, &codes], None)).unwrap();
        let late = setting.file("units.json", format!("[{}]", unit(310_000_001, "85.100", "1141", Some(20))));
        setting.read(&from_files(SourceName::EnhetsregisteretSubUnits, &[&late], Some(READ))).unwrap();
        let schools = setting.file("11981.json", table("11981", "Arsverk", 2024, &[("1103", "0"), ("1141", "9"), ("1100", "9")]));
        let kindergartens = setting.file("12562.json", table("12562", "Ansatte", 2018, &[("1103", "0"), ("1141", "20")]));
        let fetch = setting.read(&from_files(SourceName::Pxweb, &[&schools, &kindergartens], Some(READ))).unwrap();
        assert_eq!(fetch.findings, Vec::<String>::new());
        let told: Vec<_> = listed(&setting, ControlTotalFilter::default()).into_iter()
            .map(|control| (control.municipality_number, control.year, control.sums[0].sum.units)).collect();
        assert_eq!(told, [("1103".to_owned(), 2018, 1), ("1103".to_owned(), 2024, 0)]);
    }

    fn a_newer_year_stands_beside_the_older(store: TestStore) {
        let setting = Setting::new(store);
        for (year, count) in [(2024, "31"), (2025, "33"), (2025, "34")] {
            let file = setting.file("12562.json", table("12562", "Ansatte", year, &[("1101", count)]));
            assert_eq!(setting.read(&from_files(SourceName::Pxweb, &[&file], Some(READ))).unwrap().changed, 1);
        }
        let of = |year| {
            let controls = listed(&setting, ControlTotalFilter { unit_kind: None, year });
            controls.iter().map(|control| (control.year, control.total)).collect::<Vec<_>>()
        };
        let known = |count: u32| Headcount::Known(tildel_domain::allocation::Quantity::from_whole(count));
        assert_eq!(of(None), [(2025, known(34))]);
        assert_eq!(of(Some(2024)), [(2024, known(31))]);
    }

    fn a_table_that_is_not_named_or_is_empty_changes_nothing(store: TestStore) {
        let setting = Setting::new(store);
        let good = setting.file("good.json", table("12562", "Ansatte", 2025, &[("1101", "31")]));
        setting.read(&from_files(SourceName::Pxweb, &[&good], Some(READ))).unwrap();
        for (wrong, says) in [
            (table("06913", "Ansatte", 2025, &[("1101", "32")]), "06913 is not named in sources.control_totals"),
            (table("12562", "Barn", 2025, &[("1101", "32")]), "there is no code `Ansatte`"),
            (table("12562", "Ansatte", 2025, &[("EAK", "32")]), "without anything in it"),
        ] {
            let file = setting.file("wrong.json", wrong);
            let error = setting.read(&from_files(SourceName::Pxweb, &[&file], Some(READ))).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
        let controls = listed(&setting, ControlTotalFilter::default());
        assert_eq!(controls.len(), 1);
        assert_eq!(controls[0].total, Headcount::Known("31".parse().unwrap()));
    }

    fn each_table_is_asked_for_by_its_variable(store: TestStore) {
        let server = Server::start(|url, _| match url.path() {
            "/pxweb/tables/12562/data" => Reply::json(table("12562", "Ansatte", 2025, &[("1101", "31")])),
            "/pxweb/tables/11981/data" => Reply::json(table("11981", "Arsverk", 2025, &[("1101", "null")])),
            _ => Reply::json("{}"),
        });
        let setting = Setting::with_server(store, &server.base);
        let fetch = setting.read(&Asked::of(SourceName::Pxweb)).unwrap();
        assert_eq!((fetch.state, fetch.records), (FetchState::Done, 2));
        let asked = server.asked();
        assert!(asked[0].contains("valuecodes%5bregion%5d=*&valuecodes%5bcontentscode%5d=ansatte&valuecodes%5btid%5d=top%281%29"), "{}", asked[0]);
        let controls = listed(&setting, ControlTotalFilter::default());
        assert_eq!(controls[1].total, Headcount::Unknown, "a gap is not zero");
    }

    fn without_a_table_there_is_nothing_to_ask(store: TestStore) {
        let setting = Setting::with_controls(store, &"http://127.0.0.1:9/".parse().unwrap(), Vec::new());
        assert!(matches!(setting.read(&Asked::of(SourceName::Pxweb)), Err(IngestError::NoControls)));
    }
}
