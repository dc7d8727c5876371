//! Udir's registers and statistics.

use jiff::civil::date;
use tildel_allocation::Headcount;
use tildel_registers::Table;
use tildel_registers::enhetsregisteret::IndustryStandard;
use tildel_registers::statistikkbanken::read_statistics;
use tildel_registers::udir::{Relation, UdirPage, UdirUnit};

use crate::{known, recorded};

fn unit(name: &str) -> Option<UdirUnit> {
    Some(UdirUnit::read(&recorded(name)?).unwrap())
}

#[test]
fn schools() {
    if let Some(school) = unit("udir-nsr/v4-enhet-974552124.json") {
        // An ordinary municipal school with 65 employees, attached to an ORGL.
        assert_eq!((school.headcount(), school.is_private()), (known(65), Some(false)));
        assert!(school.is_school() && school.is_primary_school() && !school.has_ended());
        assert_eq!(school.above(&Relation::Attachment).unwrap().number.as_str(), "930004480");
        assert_eq!(school.above(&Relation::Owner).unwrap().number.as_str(), "935478715");
        assert_eq!(school.county.unwrap().governor.unwrap().as_str(), "974761319");
        assert_eq!(school.began_on, Some(date(1969, 2, 1)));
        assert_eq!(school.industries[0].standard(), Some(IndustryStandard::Sn2025));
    }
    if let Some(school) = unit("udir-nsr/v4-enhet-990672938.json") {
        assert_eq!(school.is_private(), Some(true));
        assert_eq!(school.approval.as_ref().unwrap().law.as_deref(), Some("privatskoleloven"));
        assert_eq!(school.above(&Relation::Supervisor).unwrap().number.as_str(), "970018131");
    }
    if let Some(school) = unit("udir-nsr/v4-enhet-U90099017.json") {
        assert!(school.is_outside_norway() && school.number.organisation().is_none());
        assert_eq!(school.headcount(), Headcount::Unknown);
        assert_eq!(school.location.unwrap().postal_code, None, "an empty text is missing");
    }
    if let Some(school) = unit("udir-nsr/v4-enhet-975270920.json") {
        assert!(school.has_ended());
        assert_eq!(school.ended_on, Some(date(2024, 8, 25)));
        assert_eq!(school.headcount(), Headcount::Unknown);
        assert_eq!(school.industries[0].standard(), Some(IndustryStandard::Sn2007), "the old code is kept");
    }
    if let Some(school) = unit("udir-nsr/v3-enhet-974738465.json") {
        // Version 3 has a range, here of one number: 96 to 96.
        assert_eq!((school.headcount(), school.pupils), (known(96), Some(456)));
        assert_eq!(school.municipality.as_ref().unwrap().number, "4601");
        assert_eq!(school.above(&Relation::Owner).unwrap().number.as_str(), "964338531");
        assert_eq!(school.began_on, Some(date(1965, 12, 31)));
    }
}

#[test]
fn kindergartens() {
    if let Some(kindergarten) = unit("udir-nbr/v4-enhet-975315053.json") {
        // Inactive in BASIL and yet open, with 9 employees and 36 children; relation ids are this register's own.
        assert!(kindergarten.is_kindergarten() && !kindergarten.has_ended());
        assert_eq!((kindergarten.headcount(), kindergarten.children), (known(9), Some(36)));
        assert_eq!(kindergarten.above(&Relation::Owner).unwrap().number.as_str(), "964965226");
        assert_eq!(kindergarten.above(&Relation::Attachment).unwrap().number.as_str(), "983518648");
    }
    if let Some(body) = recorded("udir-nbr/v3-enheter-sample-2023.csv") {
        let table = Table::read(&body).unwrap();
        assert_eq!(table.rows().len(), 9);
        assert_eq!(table.rows().filter(|row| row.get("ErBarnehage") == Some("True")).count(), 1);
    }
    if let Some(body) = recorded("udir-nbr/barnehagefakta-1012899.json") {
        // Employees in bins are no count: the page is no source of ours, and that it is JSON of its number is all that is asked here.
        let page: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&page["ansatte"]["antallFra"], &page["ansatte"]["antallTil"]), (&20.into(), &24.into()));
    }
}

#[test]
fn lists_of_schools() {
    if let Some(body) = recorded("udir-nsr/v4-enheter-side-1.json") {
        let page = UdirPage::read(&body).unwrap();
        assert_eq!(
            (page.units.len(), page.page, page.pages, page.total),
            (5, Some(1), Some(3670), Some(18_350))
        );
        assert_eq!(page.next(), Some(2));
        assert_eq!(page.units[0].number.as_str(), "U99999999", "the made-up school of production");
    }
    if let Some(body) = recorded("udir-nsr/v4-enheter-kommune-3201-excerpt.json") {
        let list = UdirPage::read(&body).unwrap();
        assert_eq!((list.units.len(), list.total, list.next()), (13, None, None));
        // A company that teaches is a school by `ErSkole` and by no narrower flag.
        let company = list.units.iter().find(|unit| unit.number.as_str() == "917852804").unwrap();
        assert!(!company.is_primary_school && !company.is_upper_secondary && !company.is_basic_education);
    }
    if let Some(body) = recorded("udir-nsr/grunnskoler-2025.csv") {
        let table = Table::read(&body).unwrap();
        assert_eq!(table.rows().len(), 2811);
        let numbers: std::collections::BTreeSet<_> =
            table.rows().filter_map(|row| row.get("organisasjonsnummer")).collect();
        assert_eq!(numbers.len(), 2801);
        let count =
            |test: &dyn Fn(tildel_registers::Row<'_>) -> bool| table.rows().filter(|row| test(*row)).count();
        assert_eq!(count(&|row| row.get("eierform") == Some("Privat")), 284);
        assert_eq!(count(&|row| row.get("fylkesnummer") == Some("11")), 256);
        assert_eq!(count(&|row| row.get("trinn_fra").is_none()), 119);
    }
}

#[test]
fn pupils_of_gsi() {
    let Some(body) = recorded("udir-statistikk/gsi-elever-2025-26-excerpt.json") else { return };
    let statistics = read_statistics(&body).unwrap();
    assert_eq!((statistics.rows.len(), statistics.columns.len()), (28, 4));
    assert_eq!(statistics.columns[0], "Antall elever");
    let row = |code| statistics.rows.iter().find(|row| row.code.as_deref() == Some(code)).unwrap();
    assert_eq!(row("11").cells, [known(63_911), known(4496), known(4122), known(239)]);
    assert_eq!(row("1145").cells[1], Headcount::Withheld);
    assert_eq!(row("4636").cells[1], known(0), "a true zero");
    assert_eq!(row("03").cells, row("0301").cells, "Oslo on both levels");
    assert_eq!(row("2100").name, "Svalbard");
}
