//! The tables and sentences of a plan.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;
use tildel_allocation::{Bundle, Language, Nok};

/// A file to write: its name and its bytes.
pub(super) type File = (String, Vec<u8>);

/// All tables, and the traces in three languages.
pub(super) fn files(bundle: &Bundle) -> Result<Vec<File>> {
    let mut files = vec![
        ("lines.csv".to_owned(), lines(bundle)?),
        ("years.csv".to_owned(), years(bundle)?),
        ("recipients.csv".to_owned(), recipients(bundle)?),
        ("waiting.csv".to_owned(), waiting(bundle)?),
    ];
    for language in Language::ALL {
        files.push((format!("trace.{}.txt", language.code()), traces(bundle, language).into_bytes()));
    }
    Ok(files)
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(header)?;
    for row in rows {
        table.write_record(row)?;
    }
    Ok(table.into_inner()?)
}

fn money(amount: Option<Nok>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

fn number(number: Option<u32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// A word of the bundle.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn yes(is: bool) -> String {
    if is { "yes".to_owned() } else { String::new() }
}

fn titles(bundle: &Bundle) -> BTreeMap<&str, &str> {
    bundle.input.projects.iter().map(|project| (project.reference.as_str(), project.title.as_str())).collect()
}

fn lines(bundle: &Bundle) -> Result<Vec<u8>> {
    let titles = titles(bundle);
    let rows = bundle.result.lines.iter().map(|line| {
        let mut flags: Vec<String> = line.flags.iter().map(|flag| word(&flag.code)).collect();
        // Whom each is about stands in the bundle.
        flags.dedup();
        [
            line.reference.clone(),
            titles.get(line.reference.as_str()).copied().unwrap_or_default().to_owned(),
            line.year.to_string(),
            money(line.amount),
            word(&line.state),
            yes(line.admitted),
            yes(line.conditional),
            money(line.promised),
            money(line.computed),
            money(line.difference),
            money(line.fitted),
            money(line.set_aside),
            money(line.adjust),
            money(line.own_contribution),
            flags.join(" "),
        ]
    });
    let header = [
        "reference",
        "title",
        "year",
        "amount_nok",
        "state",
        "admitted",
        "conditional",
        "promised_nok",
        "computed_nok",
        "difference_nok",
        "fitted_nok",
        "set_aside_nok",
        "adjust_nok",
        "own_contribution_nok",
        "flags",
    ];
    table(header, rows)
}

fn years(bundle: &Bundle) -> Result<Vec<u8>> {
    let rows = bundle.result.years.iter().map(|year| {
        [
            year.year.to_string(),
            year.model.clone().unwrap_or_default(),
            year.frame_status.map(|status| word(&status)).unwrap_or_default(),
            money(year.frame),
            money(year.carried_in),
            money(year.given),
            money(Some(year.total)),
            money(year.shortfall),
            money(year.left),
            money(year.carried_out),
            money(year.lapsed),
            year.factor.clone().unwrap_or_default(),
            year.lines.to_string(),
            year.lines_without_amount.to_string(),
            number(year.places),
            year.places_used.to_string(),
        ]
    });
    let header = [
        "year",
        "model",
        "frame_status",
        "frame_nok",
        "carried_in_nok",
        "given_nok",
        "total_nok",
        "shortfall_nok",
        "left_nok",
        "carried_out_nok",
        "lapsed_nok",
        "factor",
        "lines",
        "lines_without_amount",
        "places",
        "places_used",
    ];
    table(header, rows)
}

/// The names of organisations by their numbers.
pub(super) fn names(bundle: &Bundle) -> BTreeMap<&str, &str> {
    let organisations = bundle.input.organisations.iter();
    organisations.map(|organisation| (organisation.number.as_str(), organisation.name.as_str())).collect()
}

fn recipients(bundle: &Bundle) -> Result<Vec<u8>> {
    let names = names(bundle);
    let rows = bundle.result.lines.iter().flat_map(|line| {
        line.recipients.iter().map(|recipient| {
            [
                recipient.organisation.clone(),
                names.get(recipient.organisation.as_str()).copied().unwrap_or_default().to_owned(),
                line.year.to_string(),
                line.reference.clone(),
                recipient.amount.to_string(),
            ]
        })
    });
    table(["organisation", "name", "year", "reference", "amount_nok"], rows)
}

fn waiting(bundle: &Bundle) -> Result<Vec<u8>> {
    let titles = titles(bundle);
    let rows = bundle.result.waiting.iter().map(|waiting| {
        [
            waiting.year.to_string(),
            waiting.reference.clone(),
            titles.get(waiting.reference.as_str()).copied().unwrap_or_default().to_owned(),
            word(&waiting.reason),
        ]
    });
    table(["year", "reference", "title", "reason"], rows)
}

/// Each amount with the sentences that explain it.
fn traces(bundle: &Bundle, language: Language) -> String {
    let titles = titles(bundle);
    let mut text = String::new();
    for line in &bundle.result.lines {
        let title = titles.get(line.reference.as_str()).copied().unwrap_or_default();
        // Nothing can go wrong when text is written to a text.
        let _ = writeln!(text, "{}, {}: {title}", line.reference, line.year);
        for sentence in line.trace.sentences(language, line.year) {
            let _ = writeln!(text, "  {sentence}");
        }
        text.push('\n');
    }
    text
}
