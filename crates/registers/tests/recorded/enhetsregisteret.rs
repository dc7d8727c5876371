//! Enhetsregisteret.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use tildel_allocation::Headcount;
use tildel_registers::bulk::{BulkItem, BulkLimits, BulkReader};
use tildel_registers::enhetsregisteret::{
    FeedAction, FeedChange, FeedCursor, FeedPage, SearchPage, Unit, UnitAnswer, UnitKind,
};
use tildel_registers::fetch::{Answer, Found};
use tildel_registers::{RegisterNumber, Table};

use crate::{known, recorded};

fn units(body: Vec<u8>) -> Vec<Unit> {
    let mut reader = BulkReader::open(std::io::Cursor::new(body), BulkLimits::default(), None).unwrap();
    let mut units = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            BulkItem::Unit(unit) => units.push(*unit),
            BulkItem::Unreadable { record, error } => panic!("record {record}: {error}"),
        }
    }
    units
}

#[test]
fn all_municipalities_of_2023() {
    let Some(body) = recorded("brreg/enheter-komm-2023.json") else { return };
    let units = units(body);
    assert_eq!(units.len(), 358);
    assert!(units.iter().all(|unit| unit.form.as_ref().unwrap().code == "KOMM" && !unit.is_personal()));
    assert!(units.iter().all(|unit| unit.number.organisation().is_some()), "each number checks");
    // 356 numbers of municipalities; 1507 has three units, two of them registered ahead of the split of 2024.
    let mut by_number: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    for unit in &units {
        by_number.entry(unit.municipality().unwrap()).or_default().push(unit);
    }
    assert_eq!(by_number.len(), 356);
    let shared: Vec<_> = by_number.iter().filter(|(_, units)| units.len() > 1).collect();
    assert_eq!(shared.len(), 1);
    assert_eq!((*shared[0].0, shared[0].1.len()), ("1507", 3));
    assert_eq!(shared[0].1.iter().filter(|unit| unit.is_preregistered()).count(), 2);
    // The five of the letter, with their employees by the fact sheet.
    for (number, municipality, employees) in [
        ("964965137", "1108", 9884),
        ("964978573", "1122", 1512),
        ("864969682", "1120", 2348),
        ("859223672", "1121", 2496),
        ("964969590", "1119", 2898),
    ] {
        let unit = units.iter().find(|unit| unit.number.as_str() == number).unwrap();
        assert_eq!(
            (unit.municipality(), unit.headcount()),
            (Some(municipality), known(employees)),
            "{number}"
        );
    }
    let most = units.iter().filter_map(|unit| unit.employees).max();
    assert_eq!(most, Some(31_738));
    assert!(units.iter().any(|unit| unit.headcount() == Headcount::NoneRegistered));
}

#[test]
fn synthetic_and_bulk_files() {
    if let Some(body) = recorded("brreg/enheter-komm-synthetic.json") {
        assert_eq!(units(body).len(), 20);
    }
    let Some(body) = recorded("brreg/pia-lastned-alle-response.json") else { return };
    let units = units(body);
    let numbers: Vec<_> = units.iter().map(|unit| unit.number.as_str()).collect();
    assert_eq!(numbers, ["123456789", "987654321"]);
    // Anonymous numbers: kept as written, no organisation numbers. An old answer shows a count below five.
    assert!(units.iter().all(|unit| unit.number.organisation().is_none() && unit.headcount() == known(2)));
    assert_eq!(units[0].kind(), Some(UnitKind::Sub));
    assert_eq!((units[0].municipality(), units[1].municipality()), (Some("3025"), None));
}

#[test]
fn the_feed_with_all_kinds_of_change() {
    let Some(body) = recorded("brreg/pia-oppdatering-underenhet-response.json") else { return };
    let page = FeedPage::read(&body).unwrap();
    assert_eq!((page.entries.len(), page.total), (10, 10));
    let of = |change| page.entries.iter().filter(|entry| entry.change == change).count();
    assert_eq!([of(FeedChange::Removed), of(FeedChange::Deleted), of(FeedChange::Changed)], [1, 5, 4]);
    assert_eq!(page.entries[0].at, "2022-07-05T04:01:39.613Z".parse().unwrap());
    let batch = FeedCursor::START.take(&page.entries);
    assert_eq!(batch.cursor.next_id(), 14_757_206);
    assert_eq!(batch.actions[0], (14_757_180, RegisterNumber::new("111111111"), FeedAction::Purge));
}

#[test]
fn pages_of_searches() {
    for (name, units, total, has_next) in [
        ("brreg/pia-underenhet-response.json", 10, None, None),
        // This one and the second page below are last pages that link to a next one.
        ("brreg/doc-enheter-search-response.json", 1, Some(1), Some(false)),
        ("brreg/doc-enheter-search-page1-response.json", 2, Some(3), Some(true)),
        ("brreg/doc-enheter-search-page2-response.json", 1, Some(3), Some(false)),
        ("brreg/doc-enheter-search-empty-response.json", 0, Some(0), Some(false)),
        ("brreg/doc-underenheter-search-response.json", 1, Some(1), Some(false)),
        ("brreg/doc-underenheter-search-empty-response.json", 0, Some(0), Some(false)),
        ("brreg/enheter-search-asa-5-v2.json", 5, Some(219), Some(true)),
    ] {
        let Some(body) = recorded(name) else { continue };
        let page = SearchPage::read(&body).unwrap();
        assert_eq!(page.units.len(), units, "{name}");
        assert!(total.is_none_or(|total| total == page.total), "{name}: {}", page.total);
        assert!(has_next.is_none_or(|has_next| has_next == page.has_next), "{name}");
        assert!(page.is_within_window());
    }
}

#[test]
fn single_units_live_and_deleted() {
    let read = |name| {
        let body = recorded(name)?;
        Some(UnitAnswer::read(&Answer { found: Found::Content, body, ..Answer::default() }).unwrap())
    };
    if let Some(answer) = read("brreg/doc-enheter-details-response.json") {
        let UnitAnswer::Live(unit) = answer else { panic!("it lives") };
        assert_eq!((unit.number.as_str(), unit.name.as_str()), ("112233445", "SESAM STASJON"));
        assert_eq!((unit.headcount(), unit.municipality()), (known(50), Some("0301")));
        // Of the recorded lines, one is empty; of the business address, two are null.
        let lines = |address: &Option<tildel_registers::enhetsregisteret::Address>| {
            address.as_ref().unwrap().lines.len()
        };
        assert_eq!((lines(&unit.postal_address), lines(&unit.business_address)), (2, 1));
    }
    if let Some(answer) = read("brreg/doc-enheter-details-deleted-response.json") {
        let UnitAnswer::Deleted(unit) = answer else { panic!("it is deleted") };
        assert_eq!(unit.deleted_on, Some(date(2017, 10, 20)));
        assert_eq!(unit.form.unwrap().retired_on, Some(date(2017, 7, 17)));
    }
    if let Some(answer) = read("brreg/doc-underenheter-details-response.json") {
        let UnitAnswer::Live(unit) = answer else { panic!("it lives") };
        assert_eq!((unit.parent.as_ref().unwrap().as_str(), unit.kind()), ("112233445", Some(UnitKind::Sub)));
    }
    if let Some(answer) = read("brreg/doc-underenheter-details-deleted-response.json") {
        let UnitAnswer::Deleted(unit) = answer else { panic!("it is deleted") };
        assert_eq!((unit.deleted_on, unit.closed_on), (Some(date(2017, 10, 20)), Some(date(2017, 10, 5))));
        assert_eq!(unit.headcount(), Headcount::Unknown);
    }
    if let Some(answer) = read("brreg/enhet-923609016-v2.json") {
        let UnitAnswer::Live(unit) = answer else { panic!("it lives") };
        assert_eq!((unit.number.as_str(), unit.kind()), ("923609016", Some(UnitKind::Head)));
        assert_eq!((unit.headcount(), unit.employees_on), (known(21_408), Some(date(2026, 3, 12))));
    }
}

#[test]
fn every_field_that_is_read_was_seen_by_who_counted_them() {
    let Some(body) = recorded("brreg/field-prevalence-2026-06.csv") else { return };
    let table = Table::read(&body).unwrap();
    assert_eq!(table.rows().len(), 929);
    let seen: BTreeSet<&str> = table.rows().filter_map(|row| row.get("path")).collect();
    for path in [
        "organisasjonsnummer",
        "navn",
        "organisasjonsform.kode",
        "respons_klasse",
        "overordnetEnhet",
        "harRegistrertAntallAnsatte",
        "antallAnsatte",
        "registreringsdatoAntallAnsatteEnhetsregisteret",
        "naeringskode1.kode",
        "hjelpeenhetskode.kode",
        "institusjonellSektorkode.kode",
        "beliggenhetsadresse.kommunenummer",
        "forretningsadresse.adresse[]",
        "postadresse.postnummer",
        "registreringsdatoEnhetsregisteret",
        "oppstartsdato",
        "slettedato",
        "konkurs",
        "underAvvikling",
        "underTvangsavviklingEllerTvangsopplosning",
    ] {
        assert!(seen.contains(path), "{path}");
    }
    // Withheld counts are the common case: of 323 sub-units 71 have a count registered and 17 show it (the fact sheet, 1.4).
    let of = |path| {
        let row = table.rows().find(|row| {
            let is_sub =
                row.get("endpoint") == Some("underenhet") && row.get("segment") == Some("BEDR|ordinary");
            is_sub && row.get("path") == Some(path)
        });
        row.and_then(|row| row.get("records_with_field")).and_then(|count| count.parse::<u32>().ok())
    };
    assert_eq!(of("registreringsdatoAntallAnsatteEnhetsregisteret"), Some(71));
    assert_eq!(of("antallAnsatte"), Some(17));
    assert_eq!(of("harRegistrertAntallAnsatte"), Some(323));
}
