//! Municipalities and counties: those of Rogaland as they are and were, and Ålesund and Haram.

/// Number and name of what is valid since 2024.
pub(crate) const MUNICIPALITIES: &[(&str, &str)] = &[
    ("1101", "Eigersund"),
    ("1103", "Stavanger"),
    ("1106", "Haugesund"),
    ("1108", "Sandnes"),
    ("1111", "Sokndal"),
    ("1112", "Lund"),
    ("1114", "Bjerkreim"),
    ("1119", "Hå"),
    ("1120", "Klepp"),
    ("1121", "Time"),
    ("1122", "Gjesdal"),
    ("1124", "Sola"),
    ("1127", "Randaberg"),
    ("1130", "Strand"),
    ("1133", "Hjelmeland"),
    ("1134", "Suldal"),
    ("1135", "Sauda"),
    ("1144", "Kvitsøy"),
    ("1145", "Bokn"),
    ("1146", "Tysvær"),
    ("1149", "Karmøy"),
    ("1151", "Utsira"),
    ("1160", "Vindafjord"),
    ("1508", "Ålesund"),
    ("1580", "Haram"),
];

/// Counties.
pub(crate) const COUNTIES: &[(&str, &str)] =
    &[("11", "Rogaland"), ("15", "Møre og Romsdal"), ("46", "Vestland")];

/// Old number and name, new number and name, and the day, of counties.
pub(crate) const COUNTY_CHANGES: &[(&str, &str, &str, &str, &str)] = &[
    ("12", "Hordaland", "46", "Vestland", "2020-01-01"),
    ("14", "Sogn og Fjordane", "46", "Vestland", "2020-01-01"),
];

/// Old number and name, new number and name, and the day.
pub(crate) const CHANGES: &[(&str, &str, &str, &str, &str)] = &[
    ("1102", "Sandnes", "1108", "Sandnes", "2020-01-01"),
    ("1129", "Forsand", "1108", "Sandnes", "2020-01-01"),
    ("1103", "Stavanger", "1103", "Stavanger", "2020-01-01"),
    ("1141", "Finnøy", "1103", "Stavanger", "2020-01-01"),
    ("1142", "Rennesøy", "1103", "Stavanger", "2020-01-01"),
    ("1534", "Haram", "1507", "Ålesund", "2020-01-01"),
    ("1507", "Ålesund", "1508", "Ålesund", "2024-01-01"),
    ("1507", "Ålesund", "1580", "Haram", "2024-01-01"),
];

/// The name of a municipality.
pub(crate) fn name_of(number: &str) -> &'static str {
    MUNICIPALITIES.iter().find(|(known, _)| *known == number).map_or("", |(_, name)| name)
}
