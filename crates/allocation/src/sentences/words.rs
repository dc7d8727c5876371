//! Words that several sentences need.

use jiff::civil::Date;

use crate::trace::{StepInput, StepSubject};
use crate::{Language, Measure, Ownership, UnitKind};

/// What is counted where: `årsverk i grunnskole`.
pub(super) fn measure_in_kind(subject: &StepSubject, language: Language) -> String {
    let measure = match (subject.measure, language) {
        (Measure::Employees, Language::Nb) => "ansatte",
        (Measure::Employees, Language::Nn) => "tilsette",
        (Measure::Employees, Language::En) => "employees",
        (Measure::ManYears, Language::Nb | Language::Nn) => "årsverk",
        (Measure::ManYears, Language::En) => "man-years",
        (Measure::Children, Language::Nb | Language::Nn) => "barn",
        (Measure::Children, Language::En) => "children",
    };
    let kind = match (subject.unit_kind, language) {
        (UnitKind::Kindergarten, Language::Nb | Language::Nn) => "barnehage",
        (UnitKind::Kindergarten, Language::En) => "kindergarten",
        (UnitKind::PrimarySchool, Language::Nb) => "grunnskole",
        (UnitKind::PrimarySchool, Language::Nn) => "grunnskule",
        (UnitKind::PrimarySchool, Language::En) => "primary school",
        (UnitKind::UpperSecondary, Language::Nb) => "videregående skole",
        (UnitKind::UpperSecondary, Language::Nn) => "vidaregåande skule",
        (UnitKind::UpperSecondary, Language::En) => "upper secondary school",
    };
    let place = match (subject.ownership, language) {
        (None, _) => kind.to_owned(),
        (Some(Ownership::Private), Language::Nb | Language::Nn) => format!("privat {kind}"),
        (Some(Ownership::Private), Language::En) => format!("private {kind}"),
        (Some(Ownership::Public), Language::Nb) => format!("offentlig {kind}"),
        (Some(Ownership::Public), Language::Nn) => format!("offentleg {kind}"),
        (Some(Ownership::Public), Language::En) => format!("public {kind}"),
    };
    match language {
        Language::Nb | Language::Nn => format!("{measure} i {place}"),
        Language::En => format!("{measure} in {place}"),
    }
}

/// What a register says, where it is not a number that is used as it is.
pub(super) fn register_says(value: &str, language: Language) -> String {
    match (value, language) {
        ("withheld", Language::Nb | Language::Nn) => "skjult (1\u{2013}4)".to_owned(),
        ("withheld", Language::En) => "withheld (1\u{2013}4)".to_owned(),
        ("none_registered", Language::Nb | Language::Nn) => "ingen registrert".to_owned(),
        ("none_registered", Language::En) => "none registered".to_owned(),
        ("unknown", Language::Nb) => "ukjent".to_owned(),
        ("unknown", Language::Nn) => "ukjend".to_owned(),
        ("unknown", Language::En) => "unknown".to_owned(),
        (count, _) => language.localise(count),
    }
}

/// Where a record comes from: date, source, and whether it is practice.
pub(super) fn origin(input: &StepInput, language: Language) -> String {
    let date = input.date.map(|date| day(date, language)).unwrap_or_default();
    let source = input.source.as_deref().unwrap_or_default();
    let practice = match (input.practice, language) {
        (false, _) => "",
        (true, Language::Nb | Language::Nn) => ", øvingsverdi",
        (true, Language::En) => ", practice value",
    };
    format!("{date}, {source}{practice}")
}

/// A date for people.
pub(super) fn day(date: Date, language: Language) -> String {
    match language {
        Language::Nb | Language::Nn => date.strftime("%d.%m.%Y").to_string(),
        Language::En => date.strftime("%-d %B %Y").to_string(),
    }
}

/// The name of a way of rounding.
pub(super) fn method(name: &str, language: Language) -> String {
    if name == "nearest" {
        return match language {
            Language::Nb => "avrundet til nærmeste",
            Language::Nn => "avrunda til næraste",
            Language::En => "rounded to the nearest",
        }
        .to_owned();
    }
    let name = name
        .parse::<crate::apportionment::Method>()
        .map_or_else(|_| name.to_owned(), |method| method.name(language).to_owned());
    match language {
        Language::Nb => format!("avrundet etter {name}"),
        Language::Nn => format!("avrunda etter {name}"),
        Language::En => format!("rounded by {name}"),
    }
}
