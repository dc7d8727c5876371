//! Sentences on amounts: rules, limits, fitting, and what came before.

use super::words::method;
use super::{exact, money, pick};
use crate::Language;
use crate::model::Fit;
use crate::trace::{Step, StepKind};

pub(super) fn rule(step: &Step, year: i16, language: Language) -> String {
    let (Some(rule), Some(basis)) = (&step.rule, &step.basis) else { return String::new() };
    let (key, version) = rule.split_once('@').unwrap_or((rule, "?"));
    pick(
        language,
        format!("Beløpet for {year} følger tildelingsmodellen {key}, versjon {version} (hjemmel: {basis})."),
        format!("Beløpet for {year} følgjer tildelingsmodellen {key}, versjon {version} (heimel: {basis})."),
        format!(
            "The amount for {year} follows the funding model {key}, version {version} (legal basis: {basis})."
        ),
    )
}

pub(super) fn base(step: &Step, language: Language) -> String {
    let amount = money(step.input("amount"), language);
    match step.input("times") {
        None | Some("1") => pick(
            language,
            format!("Grunnbeløpet er {amount}."),
            format!("Grunnbeløpet er {amount}."),
            format!("The base amount is {amount}."),
        ),
        Some(times) => {
            let product = exact(step.result.as_deref(), language);
            pick(
                language,
                format!("Grunnbeløpet er {times} × {amount}, som er {product}."),
                format!("Grunnbeløpet er {times} × {amount}, som er {product}."),
                format!("The base amount is {times} × {amount}, which is {product}."),
            )
        }
    }
}

/// Limits are told only where they changed the sum.
pub(super) fn limits(step: &Step, language: Language) -> String {
    let result = step.result.as_deref().and_then(|result| result.parse::<crate::Exact>().ok());
    let at = |name: &str| {
        let limit = step.input(name)?.parse::<crate::Nok>().ok()?;
        (result == Some(limit.into())).then(|| limit.human(language))
    };
    if let Some(low) = at("low") {
        return pick(
            language,
            format!("Det laveste beløpet, {low}, gjelder."),
            format!("Det lågaste beløpet, {low}, gjeld."),
            format!("The lowest amount, {low}, holds."),
        );
    }
    if let Some(high) = at("high") {
        return pick(
            language,
            format!("Det høyeste beløpet, {high}, gjelder."),
            format!("Det høgaste beløpet, {high}, gjeld."),
            format!("The highest amount, {high}, holds."),
        );
    }
    String::new()
}

pub(super) fn fit(step: &Step, language: Language) -> String {
    let Some(result) = step.result.as_deref() else { return String::new() };
    let fitted = money(Some(result), language);
    let Some(rounding) = &step.rounding else {
        let available = money(step.input("available"), language);
        return pick(
            language,
            format!("Etter prioritering innenfor {available} får prosjektet {fitted}."),
            format!("Etter prioritering innanfor {available} får prosjektet {fitted}."),
            format!("By priority within {available} the project gets {fitted}."),
        );
    };
    let before = exact(Some(&rounding.before), language);
    let how = method(&rounding.method, language);
    let krone = rounding.unit == crate::Nok::from_ore(100);
    let unit = match (krone, language) {
        (true, Language::Nb) => "hele krone".to_owned(),
        (true, Language::Nn) => "heile krone".to_owned(),
        (true, Language::En) => "whole krone".to_owned(),
        (false, _) => rounding.unit.human(language),
    };
    if step.input("factor").is_none() {
        return pick(
            language,
            format!("Til sammen {before}, {how} {unit}: {fitted}."),
            format!("Til saman {before}, {how} {unit}: {fitted}."),
            format!("Together {before}, {how} {unit}: {fitted}."),
        );
    }
    let available = money(step.input("available"), language);
    let factor = step.input("factor").unwrap_or_default();
    let what = match (step.fit, language) {
        (Some(Fit::ScaleAll), Language::Nb | Language::Nn) => "alt",
        (Some(Fit::ScaleAll), Language::En) => "everything",
        (_, Language::Nb) => "delen per ansatt",
        (_, Language::Nn) => "delen per tilsett",
        (_, Language::En) => "the part per head",
    };
    pick(
        language,
        format!(
            "For å passe til {available} er {what} ganget med {factor}: {before}, {how} ({unit}): {fitted}."
        ),
        format!(
            "For å passe til {available} er {what} gonga med {factor}: {before}, {how} ({unit}): {fitted}."
        ),
        format!(
            "To fit {available}, {what} is multiplied with {factor}: {before}, {how} ({unit}): {fitted}."
        ),
    )
}

pub(super) fn set_aside(step: &Step, language: Language) -> String {
    let (pot, part) = (money(step.input("pot"), language), money(step.result.as_deref(), language));
    let sharers = step.input("sharers").unwrap_or_default();
    let several = sharers != "1";
    let (nb, en) = if several { ("prosjekter", "projects") } else { ("prosjekt", "project") };
    pick(
        language,
        format!("Av {pot} som er satt av og delt på {sharers} {nb}, kommer {part}."),
        format!("Av {pot} som er sett av og delt på {sharers} prosjekt, kjem {part}."),
        format!("Of {pot} set aside and shared by {sharers} {en}, {part} is added."),
    )
}

pub(super) fn settlement(step: &Step, language: Language) -> String {
    let (due, now) = (money(step.input("due"), language), money(step.result.as_deref(), language));
    pick(
        language,
        format!("Av {due} som står igjen fra vedtatte år, gjøres {now} opp nå."),
        format!("Av {due} som står att frå vedtekne år, blir {now} gjort opp no."),
        format!("Of {due} outstanding from decided years, {now} is settled now."),
    )
}

/// The sum is told where it is not what was fitted, or where there is none.
pub(super) fn amount(step: &Step, year: i16, language: Language) -> String {
    let Some(result) = step.result.as_deref() else {
        return pick(
            language,
            format!("Beløpet for {year} kan ikke regnes ut ennå."),
            format!("Beløpet for {year} kan ikkje reknast ut enno."),
            format!("The amount for {year} cannot be computed yet."),
        );
    };
    if step.steps.iter().all(|below| below.step == StepKind::Fit) {
        return String::new();
    }
    let amount = money(Some(result), language);
    pick(
        language,
        format!("Beløpet for {year} er {amount}."),
        format!("Beløpet for {year} er {amount}."),
        format!("The amount for {year} is {amount}."),
    )
}

pub(super) fn decided(step: &Step, year: i16, language: Language) -> String {
    let amount = money(step.input("amount"), language);
    pick(
        language,
        format!("Beløpet for {year} er vedtatt: {amount}. Det står fast."),
        format!("Beløpet for {year} er vedteke: {amount}. Det står fast."),
        format!("The amount for {year} is decided: {amount}. It stands."),
    )
}

pub(super) fn as_of_today(language: Language) -> String {
    pick(
        language,
        "Regnet ut på nytt med dagens opplysninger:".to_owned(),
        "Rekna ut på nytt med opplysningane i dag:".to_owned(),
        "Computed again with what is known today:".to_owned(),
    )
}

pub(super) fn difference(step: &Step, language: Language) -> String {
    let Some(difference) = step.input("difference").filter(|difference| *difference != "0.00") else {
        return String::new();
    };
    let (computed, difference) = (money(step.input("computed"), language), money(Some(difference), language));
    pick(
        language,
        format!("I dag ville beløpet vært {computed}, en forskjell på {difference}."),
        format!("I dag ville beløpet vore {computed}, ein skilnad på {difference}."),
        format!("Today the amount would be {computed}, a difference of {difference}."),
    )
}

pub(super) fn no_model(year: i16, language: Language) -> String {
    pick(
        language,
        format!("Ingen tildelingsmodell gjelder for {year}."),
        format!("Ingen tildelingsmodell gjeld for {year}."),
        format!("No funding model holds for {year}."),
    )
}
