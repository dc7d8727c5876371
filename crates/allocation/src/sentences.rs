//! Traces told in words, for case officers and letters.

use jiff::civil::Date;

use crate::trace::{Component, Step, Trace, TraceInput, TraceValue};
use crate::{Headcount, Language, Measure, UnitKind};

impl Trace {
    /// The explanation as whole sentences, in the order in which one would compute by hand: rule, base, each
    /// headcount, rate, sum and rounding.
    pub fn sentences(&self, language: Language) -> Vec<String> {
        let mut sentences = Vec::new();
        tell(&self.root, self.year, language, &mut sentences);
        sentences
    }
}

fn tell(step: &Step, year: i16, language: Language, sentences: &mut Vec<String>) {
    if step.component == Component::ProjectYear {
        sentences.push(rule(step, year, language));
    }
    for below in &step.steps {
        tell(below, year, language, sentences);
    }
    sentences.push(match step.component {
        Component::ProjectYear => amount(step, year, language),
        Component::Base => base(step, language),
        Component::PerHead => per_head(step, language),
        Component::Headcount => headcount(step, language),
        Component::NoModel => no_model(year, language),
        Component::NoParties => no_parties(language),
    });
}

fn rule(step: &Step, year: i16, language: Language) -> String {
    let (key, version, basis) = (&step.rule, step.rule_version, &step.legal_basis);
    match language {
        Language::Nb => {
            format!(
                "Beløpet for {year} følger tildelingsmodellen {key}, versjon {version} (hjemmel: {basis})."
            )
        }
        Language::Nn => {
            format!(
                "Beløpet for {year} følgjer tildelingsmodellen {key}, versjon {version} (heimel: {basis})."
            )
        }
        Language::En => format!(
            "The amount for {year} follows the funding model {key}, version {version} (legal basis: {basis})."
        ),
    }
}

fn base(step: &Step, language: Language) -> String {
    let amount = value(step.result, language);
    match language {
        Language::Nb | Language::Nn => format!("Grunnbeløpet per prosjekt er {amount}."),
        Language::En => format!("The base amount per project is {amount}."),
    }
}

fn per_head(step: &Step, language: Language) -> String {
    let input = |label: &str| {
        let found = step.inputs.iter().find(|input| input.label == label);
        value(found.map_or(TraceValue::Missing, |input| input.value), language)
    };
    let (rate, count, product) = (input("rate"), input("headcount"), value(step.result, language));
    match (language, step.result) {
        (Language::Nb, TraceValue::Missing) => format!("Satsen er {rate}, men antallet er ikke kjent."),
        (Language::Nn, TraceValue::Missing) => format!("Satsen er {rate}, men talet er ikkje kjent."),
        (Language::En, TraceValue::Missing) => format!("The rate is {rate}, but the headcount is not known."),
        (Language::Nb | Language::Nn, _) => format!("Satsen er {rate}, og {rate} × {count} er {product}."),
        (Language::En, _) => format!("The rate is {rate}, and {rate} × {count} is {product}."),
    }
}

fn amount(step: &Step, year: i16, language: Language) -> String {
    let (TraceValue::Amount(result), Some(rounding)) = (step.result, step.rounding) else {
        return match language {
            Language::Nb => format!("Beløpet for {year} kan ikke regnes ut ennå."),
            Language::Nn => format!("Beløpet for {year} kan ikkje reknast ut enno."),
            Language::En => format!("The amount for {year} cannot be computed yet."),
        };
    };
    let (before, after) = (rounding.before.human(language), result.human(language));
    match language {
        Language::Nb => format!("Til sammen {before}, avrundet til nærmeste hele krone: {after}."),
        Language::Nn => format!("Til saman {before}, avrunda til næraste heile krone: {after}."),
        Language::En => format!("Together {before}, rounded to the nearest whole krone: {after}."),
    }
}

fn headcount(step: &Step, language: Language) -> String {
    let Some(subject) = &step.subject else { return String::new() };
    let measure = measure_in_kind(subject.measure, subject.unit_kind, language);
    let party = format!("{} ({measure})", subject.name);
    let records =
        step.inputs.iter().map(|input| record(input, step.result, language)).collect::<Vec<_>>().join("; ");
    let used = value(step.result, language);
    let registered = step.inputs.first().map(|input| input.value);
    match (language, registered, step.result) {
        (Language::Nb, None, _) => format!("{party}: ingen opplysning er registrert."),
        (Language::Nn, None, _) => format!("{party}: inga opplysning er registrert."),
        (Language::En, None, _) => format!("{party}: nothing is recorded."),
        (Language::Nb, _, TraceValue::Missing) => format!("{party}: antallet er ikke avklart ({records})."),
        (Language::Nn, _, TraceValue::Missing) => format!("{party}: talet er ikkje avklart ({records})."),
        (Language::En, _, TraceValue::Missing) => format!("{party}: the count is not settled ({records})."),
        (Language::Nb, Some(TraceValue::Headcount(Headcount::Withheld)), _) => {
            format!("{party}: registeret skjuler tallet, og {used} er lagt til grunn ({records}).")
        }
        (Language::Nn, Some(TraceValue::Headcount(Headcount::Withheld)), _) => {
            format!("{party}: registeret skjuler talet, og {used} er lagt til grunn ({records}).")
        }
        (Language::En, Some(TraceValue::Headcount(Headcount::Withheld)), _) => {
            format!("{party}: the register withholds the count, and {used} is assumed ({records}).")
        }
        _ => format!("{party}: {used} ({records})."),
    }
}

/// What a record says and where it stands; a number that is used as it is needs no repeating.
fn record(input: &TraceInput, used: TraceValue, language: Language) -> String {
    let said = match (input.value, used) {
        (TraceValue::Headcount(Headcount::Known(_)), TraceValue::Count(_)) => String::new(),
        _ => format!("{}, ", value(input.value, language)),
    };
    let source = input.source.as_deref().unwrap_or_default();
    let date = input.date.map(|date| day(date, language)).unwrap_or_default();
    let practice = match (input.practice, language) {
        (false, _) => "",
        (true, Language::Nb | Language::Nn) => ", øvingsverdi",
        (true, Language::En) => ", practice value",
    };
    format!("{said}{date}, {source}{practice}")
}

fn no_model(year: i16, language: Language) -> String {
    match language {
        Language::Nb => format!("Ingen tildelingsmodell gjelder for {year}."),
        Language::Nn => format!("Ingen tildelingsmodell gjeld for {year}."),
        Language::En => format!("No funding model holds for {year}."),
    }
}

fn no_parties(language: Language) -> String {
    match language {
        Language::Nb => "Prosjektet har ingen deltakere.",
        Language::Nn => "Prosjektet har ingen deltakarar.",
        Language::En => "The project has no parties.",
    }
    .to_owned()
}

fn value(value: TraceValue, language: Language) -> String {
    match value {
        TraceValue::Amount(amount) => amount.human(language),
        TraceValue::Exact(exact) => exact.human(language),
        TraceValue::Count(count) | TraceValue::Headcount(Headcount::Known(count)) => {
            language.localise(&count.to_string())
        }
        TraceValue::Headcount(Headcount::Withheld) => match language {
            Language::Nb | Language::Nn => "skjult (1\u{2013}4)".to_owned(),
            Language::En => "withheld (1\u{2013}4)".to_owned(),
        },
        TraceValue::Headcount(Headcount::NoneRegistered) => match language {
            Language::Nb | Language::Nn => "ingen registrert".to_owned(),
            Language::En => "none registered".to_owned(),
        },
        TraceValue::Headcount(Headcount::Unknown) | TraceValue::Missing => match language {
            Language::Nb => "ukjent".to_owned(),
            Language::Nn => "ukjend".to_owned(),
            Language::En => "unknown".to_owned(),
        },
    }
}

fn measure_in_kind(measure: Measure, kind: UnitKind, language: Language) -> String {
    let (what, place) = match language {
        Language::Nb => (
            ["ansatte", "årsverk", "barn"][measure as usize],
            ["barnehage", "grunnskole", "videregående skole"][kind as usize],
        ),
        Language::Nn => (
            ["tilsette", "årsverk", "barn"][measure as usize],
            ["barnehage", "grunnskule", "vidaregåande skule"][kind as usize],
        ),
        Language::En => (
            ["employees", "man-years", "children"][measure as usize],
            ["kindergarten", "primary school", "upper secondary school"][kind as usize],
        ),
    };
    match language {
        Language::Nb | Language::Nn => format!("{what} i {place}"),
        Language::En => format!("{what} in {place}"),
    }
}

fn day(date: Date, language: Language) -> String {
    match language {
        Language::Nb | Language::Nn => date.strftime("%d.%m.%Y").to_string(),
        Language::En => date.strftime("%-d %B %Y").to_string(),
    }
}
