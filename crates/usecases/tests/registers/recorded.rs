//! Recorded answers, whose counts the page beside them says. They lie outside the repository and are only read where they are.

use std::path::PathBuf;

use tildel_domain::allocation::{Headcount, Quantity, UnitKind};
use tildel_domain::register::RegisterKey;
use tildel_domain::source::SourceName;
use tildel_test_support::{TestStore, both_backends};
use tildel_usecases::sources;

use crate::setting::{Setting, from_files, system};

fn recorded(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TILDEL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = shared.join("data/sources").join(name);
    if !path.exists() {
        println!("{} is absent: it was not read", path.display());
        return None;
    }
    Some(path)
}

/// Reads recorded files and tells records, changes and what could not be read; none where a file is absent.
fn read(setting: &Setting, source: SourceName, names: &[&str]) -> Option<(i64, i64, i64)> {
    let paths: Vec<PathBuf> = names.iter().map(|name| recorded(name)).collect::<Option<_>>()?;
    let paths: Vec<&std::path::Path> = paths.iter().map(PathBuf::as_path).collect();
    let fetch = setting.read(&from_files(source, &paths, Some("2026-11-20T04:00:00Z"))).unwrap();
    let rows = setting.rows();
    let again = setting.read(&from_files(source, &paths, Some("2026-11-20T04:00:00Z"))).unwrap();
    assert_eq!(again.changed, 0, "{names:?}");
    assert_eq!(setting.rows(), rows, "{names:?}");
    Some((fetch.records, fetch.changed, fetch.unreadable))
}

both_backends! {
    fn files_of_enhetsregisteret(store: TestStore) {
        let setting = Setting::new(store);
        let (head, sub) = (SourceName::EnhetsregisteretUnits, SourceName::EnhetsregisteretSubUnits);
        for (source, name, expected) in [
            (head, "brreg/enheter-komm-2023.json", (358, 358, 0)),
            // Places of work of which nobody can tell whether they are a person's, as what is above them was not read.
            (sub, "brreg/pia-lastned-alle-response.json", (2, 0, 0)),
            (head, "brreg/doc-enheter-details-response.json", (1, 1, 0)),
            (head, "brreg/doc-enheter-search-empty-response.json", (0, 0, 0)),
            (head, "brreg/enheter-search-asa-5-v2.json", (5, 5, 0)),
        ] {
            if let Some(counts) = read(&setting, source, &[name]) {
                assert_eq!(counts, expected, "{name}");
            }
        }
        // Ten entries; each of the units is also on the page of the search, and one of them is removed for good.
        let both = ["brreg/pia-oppdatering-underenhet-response.json", "brreg/pia-underenhet-response.json"];
        if let Some((records, ..)) = read(&setting, sub, &both) {
            assert_eq!(records, 20);
            assert_eq!(setting.states(RegisterKey::Enhetsregisteret, "111111111"), []);
            assert_eq!(setting.count("register_removals"), 1);
            // Sandnes: 9 884 employees by the file of the municipalities.
            let sandnes = setting.states(RegisterKey::Enhetsregisteret, "964965137").remove(0).unit;
            assert_eq!(sandnes.headcount, Headcount::Known(Quantity::from_whole(9884)));
            assert_eq!((sandnes.form.as_deref(), sandnes.municipality_number.as_deref()), (Some("KOMM"), Some("1108")));
            assert_eq!((sandnes.is_sub_unit, sandnes.unit_kind), (false, None));
        }
    }

    fn files_of_udir(store: TestStore) {
        let setting = Setting::new(store);
        let nsr = SourceName::Nsr;
        for (source, name, expected) in [
            (nsr, "udir-nsr/v4-enhet-974552124.json", (1, 1, 0)),
            (nsr, "udir-nsr/v4-enhet-975270920.json", (1, 1, 0)),
            // Abroad, and a list, which has no employees.
            (nsr, "udir-nsr/v4-enhet-U90099017.json", (1, 0, 0)),
            (nsr, "udir-nsr/v4-enheter-side-1.json", (5, 0, 0)),
            (SourceName::Nbr, "udir-nbr/v4-enhet-975315053.json", (1, 1, 0)),
        ] {
            if let Some(counts) = read(&setting, source, &[name]) {
                assert_eq!(counts, expected, "{name}");
            }
        }
        if recorded("udir-nbr/v4-enhet-975315053.json").is_some() {
            let school = setting.states(RegisterKey::Nsr, "974552124").remove(0).unit;
            assert_eq!(school.headcount, Headcount::Known(Quantity::from_whole(65)));
            let kindergarten = setting.states(RegisterKey::Nbr, "975315053").remove(0).unit;
            assert_eq!(kindergarten.headcount, Headcount::Known(Quantity::from_whole(9)));
            assert_eq!((kindergarten.unit_kind, kindergarten.ended_on), (Some(UnitKind::Kindergarten), None));
            assert!(setting.states(RegisterKey::Nsr, "975270920")[0].unit.ended_on.is_some(), "closed by a merger");
        }
    }

    fn files_of_klass_and_kartverket(store: TestStore) {
        let setting = Setting::new(store);
        let klass = SourceName::KlassMunicipalities;
        if let Some((records, changed, _)) = read(&setting, klass, &["ssb-klass/131-changes-2013-2024.json"]) {
            assert_eq!((records, changed), (529, 529));
        }
        if let Some((records, ..)) = read(&setting, klass, &["ssb-klass/131-changes-2024.json"]) {
            assert_eq!(records, 118);
        }
        // 357 with 9999, which is no place.
        if let Some((records, changed, _)) = read(&setting, klass, &["ssb-klass/131-codesAt-2022.json"]) {
            assert_eq!((records, changed), (357, 356));
            let history = setting.service.read_blocking(&system(), sources::municipality_history).unwrap();
            assert_eq!(history.as_of(jiff::civil::date(2024, 6, 1)).len(), 357);
        }
        if let Some((records, ..)) = read(&setting, SourceName::KlassCounties, &["ssb-klass/104-codes-from-2022-07-10.json"]) {
            assert_eq!(records, 12);
        }
        let asked = recorded("kartverket/kommuner-2023.json");
        if let Some(path) = asked {
            let fetch = setting.read(&from_files(SourceName::Kartverket, &[&path], Some("2023-06-01T10:00:00Z"))).unwrap();
            assert_eq!((fetch.records, fetch.findings), (356, Vec::new()));
        }
    }
}
