//! Klass.

use std::collections::BTreeSet;

use jiff::civil::date;
use tildel_registers::klass::{KlassFile, read_changes, read_codes, read_correspondences};

use crate::recorded;

#[test]
fn lists_of_codes() {
    if let Some(body) = recorded("ssb-klass/131-codesAt-2022.json") {
        let codes = read_codes(&body).unwrap();
        assert_eq!(codes.len(), 357);
        assert_eq!(codes.iter().filter(|code| code.is_unspecified()).count(), 1);
        assert!(codes.iter().all(|code| code.parent.is_none() && code.from.is_none() && code.to.is_none()));
        assert!(codes.iter().any(|code| (code.code.as_str(), code.name.as_str()) == ("0301", "Oslo")));
        assert!(matches!(KlassFile::read(&body), Ok(KlassFile::Codes(_))));
    }
    if let Some(body) = recorded("ssb-klass/104-codes-from-2022-07-10.json") {
        let codes = read_codes(&body).unwrap();
        assert_eq!((codes.len(), codes.iter().filter(|code| code.is_unspecified()).count()), (12, 1));
        // Validity is of the range that was asked for.
        assert!(codes.iter().all(|code| code.from == Some(date(2022, 7, 10))));
    }
    if let Some(body) = recorded("ssb-klass/6-sn2007-codesAt.json") {
        let codes = read_codes(&body).unwrap();
        assert_eq!(codes.len(), 1811);
        let levels: BTreeSet<_> = codes.iter().map(|code| code.level).collect();
        assert_eq!(levels, (1..=5).map(Some).collect());
        let kindergartens = codes.iter().find(|code| code.code == "88.911").unwrap();
        assert_eq!((kindergartens.name.as_str(), kindergartens.level), ("Barnehager", Some(5)));
    }
}

#[test]
fn changes() {
    for (name, count) in [
        ("ssb-klass/131-changes-2013-2024.json", 529),
        ("ssb-klass/131-changes-2024.json", 118),
        ("ssb-klass/131-changes-2026.json", 6),
    ] {
        let Some(body) = recorded(name) else { continue };
        let changes = read_changes(&body).unwrap();
        assert_eq!(changes.len(), count, "{name}");
        assert!(changes.iter().all(|change| change.old.is_some() && change.new.is_some()));
        assert!(matches!(KlassFile::read(&body), Ok(KlassFile::Changes(_))));
    }
}

#[test]
fn organisation_numbers_of_municipalities() {
    let Some(body) = recorded("ssb-klass/corr-1236-orgnr-kommunenr.csv") else { return };
    assert!(std::str::from_utf8(&body).is_err(), "the file is in a single-byte encoding");
    let rows = read_correspondences(&body).unwrap();
    assert_eq!(rows.len(), 356);
    let of = |target: &str| rows.iter().find(|row| row.target == target).unwrap();
    assert_eq!(of("1108").source, "964965137");
    assert_eq!(of("3811").target_name.as_deref(), Some("Færder"));
}
