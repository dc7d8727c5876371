//! Sentences on people: headcounts, rates and sizes.

use std::collections::BTreeSet;

use super::words::{day, measure_in_kind, origin, register_says};
use super::{count, exact, money, pick};
use crate::Language;
use crate::trace::Step;

pub(super) fn headcount(step: &Step, language: Language) -> String {
    let Some(subject) = &step.subject else { return String::new() };
    let party = format!("{} ({})", subject.organisation_name, measure_in_kind(subject, language));
    if step.inputs.is_empty() {
        return pick(
            language,
            format!("{party}: ingen opplysning er registrert."),
            format!("{party}: inga opplysning er registrert."),
            format!("{party}: nothing is recorded."),
        );
    }
    let used = step.result.as_deref();
    let records = step
        .inputs
        .iter()
        .map(|input| {
            let origin = origin(input, language);
            match &input.unit {
                Some(unit) => {
                    let says = register_says(&input.value, language);
                    format!("{} ({}) {says}, {origin}", unit.name, unit.number)
                }
                None if used == Some(input.value.as_str()) => origin,
                None => format!("{}, {origin}", register_says(&input.value, language)),
            }
        })
        .collect::<Vec<_>>()
        .join("; ");
    let sum = sum_of_units(step, language);
    if used.is_none() {
        return pick(
            language,
            format!("{party}: antallet er ikke avklart ({sum}{records})."),
            format!("{party}: talet er ikkje avklart ({sum}{records})."),
            format!("{party}: the count is not settled ({sum}{records})."),
        );
    }
    let used = count(used, language);
    if let [first] = step.inputs.as_slice()
        && first.unit.is_none()
        && first.value == "withheld"
    {
        return pick(
            language,
            format!("{party}: registeret skjuler tallet, og {used} er lagt til grunn ({records})."),
            format!("{party}: registeret skjuler talet, og {used} er lagt til grunn ({records})."),
            format!("{party}: the register withholds the count, and {used} is assumed ({records})."),
        );
    }
    format!("{party}: {used} ({sum}{records}).")
}

/// What comes before the records of units that are counted one by one: `summen av 3 enheter: `, and that a withheld count is
/// assumed; nothing where the organisation is counted as a whole.
fn sum_of_units(step: &Step, language: Language) -> String {
    let units: BTreeSet<&str> = step
        .inputs
        .iter()
        .filter_map(|input| input.unit.as_deref())
        .map(|unit| unit.number.as_str())
        .collect();
    let number = units.len();
    let assumed = if step.result.is_some() && step.inputs.iter().any(|input| input.value == "withheld") {
        pick(
            language,
            ", der et tall som registeret skjuler, er anslått".to_owned(),
            ", der eit tal som registeret skjuler, er anslått".to_owned(),
            ", where a count that the register withholds is assumed".to_owned(),
        )
    } else {
        String::new()
    };
    match number {
        0 => String::new(),
        1 => pick(
            language,
            format!("summen av 1 enhet{assumed}: "),
            format!("summen av 1 eining{assumed}: "),
            format!("sum of 1 unit{assumed}: "),
        ),
        _ => pick(
            language,
            format!("summen av {number} enheter{assumed}: "),
            format!("summen av {number} einingar{assumed}: "),
            format!("sum of {number} units{assumed}: "),
        ),
    }
}

pub(super) fn per_head(step: &Step, language: Language) -> String {
    let Some(rate) = step.input("rate") else {
        let Some(sum) = &step.result else { return missing(language) };
        let sum = exact(Some(sum), language);
        return pick(
            language,
            format!("Til sammen {sum} for de delene av året."),
            format!("Til saman {sum} for dei delane av året."),
            format!("Together {sum} for these parts of the year."),
        );
    };
    let rate = money(Some(rate), language);
    let Some(heads) = step.input("headcount") else {
        return pick(
            language,
            format!("Satsen er {rate}, men antallet er ikke kjent."),
            format!("Satsen er {rate}, men talet er ikkje kjent."),
            format!("The rate is {rate}, but the headcount is not known."),
        );
    };
    let (heads, product) = (count(Some(heads), language), exact(step.result.as_deref(), language));
    let norwegian = format!("Satsen er {rate}, og {rate} × {heads} er {product}.");
    pick(
        language,
        norwegian.clone(),
        norwegian,
        format!("The rate is {rate}, and {rate} × {heads} is {product}."),
    )
}

fn missing(language: Language) -> String {
    pick(
        language,
        "Antallet er ikke kjent for hele året.".to_owned(),
        "Talet er ikkje kjent for heile året.".to_owned(),
        "The headcount is not known for the whole year.".to_owned(),
    )
}

pub(super) fn piece(step: &Step, language: Language) -> String {
    let from = step.input("from").and_then(|from| from.parse().ok()).map(|from| day(from, language));
    let (from, days) = (from.unwrap_or_default(), count(step.input("days"), language));
    let rate = money(step.input("rate"), language);
    if step.result.is_none() {
        return String::new();
    }
    let part = exact(step.result.as_deref(), language);
    pick(
        language,
        format!("Fra {from} i {days} dager er satsen {rate}, som gir {part}."),
        format!("Frå {from} i {days} dagar er satsen {rate}, som gir {part}."),
        format!("From {from} for {days} days the rate is {rate}, which gives {part}."),
    )
}

pub(super) fn lump(step: &Step, language: Language) -> String {
    let Some(_) = &step.result else { return missing(language) };
    let sizes = step.inputs.iter().filter(|input| input.name == "headcount");
    let sizes = sizes.map(|input| count(Some(&input.value), language)).collect::<Vec<_>>().join("; ");
    let amount = exact(step.result.as_deref(), language);
    pick(
        language,
        format!("Beløpet etter størrelse ({sizes}) er {amount}."),
        format!("Beløpet etter storleik ({sizes}) er {amount}."),
        format!("The amount by size ({sizes}) is {amount}."),
    )
}
