//! The practice data: the five municipalities of the letter, and schools and kindergartens that nobody has.

use jiff::Timestamp;

use crate::scene::{Employees, Trade, Unit, with_check_digit};

/// Number, name, number of the place, and employees in all.
const MUNICIPALITIES: [(&str, &str, &str, u32); 5] = [
    ("964965137", "SANDNES KOMMUNE", "1108", 9_884),
    ("964978573", "GJESDAL KOMMUNE", "1122", 1_512),
    ("864969682", "KLEPP KOMMUNE", "1120", 2_348),
    ("859223672", "TIME KOMMUNE", "1121", 2_496),
    ("964969590", "HÅ KOMMUNE", "1119", 2_898),
];

/// Name, kind, and employees of the units that each municipality has.
const UNITS: [(&str, Trade, u32); 6] = [
    ("SOLBAKKEN BARNEHAGE", Trade::Kindergarten, 24),
    ("ELVETUNET BARNEHAGE", Trade::Kindergarten, 17),
    ("LYNGHEIA FAMILIEBARNEHAGE", Trade::Kindergarten, 3),
    ("ØVRE SKOLE", Trade::PrimarySchool, 46),
    ("NEDRE SKOLE", Trade::PrimarySchool, 38),
    ("JÆRTUN UNGDOMSSKOLE", Trade::PrimarySchool, 52),
];

/// All units: each municipality, its department of education, and below that its schools and kindergartens; and one independent school.
pub(crate) fn units(at: Timestamp) -> impl Iterator<Item = Unit> {
    let mut numbers = (31_100_020..31_100_200_u32).filter_map(with_check_digit);
    let mut all = Vec::new();
    let mut next = || numbers.next().unwrap_or_default();
    let unit =
        |number: String, name: String, trade, parent: Option<&str>, owner: Option<&str>, place, employees| {
            Unit {
                number,
                name,
                trade,
                is_sub: !matches!(trade, Trade::Municipality | Trade::Part | Trade::Company),
                is_private: trade == Trade::Company,
                parent: parent.map(str::to_owned),
                owner: owner.map(str::to_owned),
                municipality: place,
                employees: Employees::of(employees),
                employees_on: "2026-10-01".to_owned(),
                deleted_on: None,
                is_removed: false,
                written_at: at,
            }
        };
    for (number, name, place, employees) in MUNICIPALITIES {
        let short = name.trim_end_matches(" KOMMUNE");
        all.push(unit(number.to_owned(), name.to_owned(), Trade::Municipality, None, None, place, employees));
        let department = next();
        let department_name = format!("{name} OPPVEKST");
        all.push(unit(
            department.clone(),
            department_name,
            Trade::Part,
            Some(number),
            Some(number),
            place,
            0,
        ));
        for (unit_name, trade, employees) in UNITS {
            let full = format!("{short} {unit_name}");
            all.push(unit(next(), full, trade, Some(&department), Some(number), place, employees));
        }
    }
    // The independent school of the practice case, which has one place of work.
    let company = "311000160";
    all.push(unit(company.to_owned(), "ØVINGSFRISKOLEN".to_owned(), Trade::Company, None, None, "1108", 21));
    let school = unit(
        next(),
        "ØVINGSFRISKOLEN".to_owned(),
        Trade::PrimarySchool,
        Some(company),
        Some(company),
        "1108",
        21,
    );
    all.push(Unit { is_private: true, ..school });
    all.into_iter()
}
