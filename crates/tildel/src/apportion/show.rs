//! The result as a table for people, and as JSON for programs.

use std::fmt::Write as _;

use serde_json::json;
use tildel_allocation::Language;
use tildel_allocation::apportionment::Tie;

use super::Split;
use super::arguments::How;

pub(super) fn json(split: &Split) -> String {
    let ties: Vec<_> =
        split.ties.iter().map(|tie| json!({ "among": names(split, tie), "units": tie.units })).collect();
    let alabama: Vec<_> = split
        .alabama
        .iter()
        .map(|loss| {
            json!({ "name": split.names[loss.claim], "part": loss.part, "partWithOneMore": loss.part_with_one_more })
        })
        .collect();
    let mut value = json!({
        "method": method(&split.how),
        "total": split.total,
        "weights": split.written,
        "names": split.names,
        "parts": split.parts,
        "ties": ties,
        "alabama": alabama,
    });
    if let How::Nearest { remainder_on } = &split.how {
        value["remainderOn"] = json!(remainder_on);
    }
    format!("{value}\n")
}

pub(super) fn table(split: &Split) -> String {
    let mut rows = vec![["name", "weight", "part", "share of the weights"].map(str::to_owned)];
    let sum = split.weights.iter().fold(0_u128, |sum, weight| sum.saturating_add(*weight));
    for (place, name) in split.names.iter().enumerate() {
        let share = percent(split.weights[place], sum);
        rows.push([name.clone(), split.written[place].clone(), split.parts[place].to_string(), share]);
    }
    rows.push(["sum".to_owned(), String::new(), split.total.to_string(), String::new()]);
    let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..4).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = [
            format!("{:<width$}", row[0], width = widths[0]),
            format!("{:>width$}", row[1], width = widths[1]),
            format!("{:>width$}", row[2], width = widths[2]),
            format!("{:>width$}", row[3], width = widths[3]),
        ];
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push('\n');
    if split.ties.is_empty() {
        text.push_str("Ties: none\n");
    }
    for tie in &split.ties {
        let names = names(split, tie);
        let units = usize::try_from(tie.units).unwrap_or(usize::MAX).min(names.len());
        // Nothing can go wrong when text is written to a text.
        let _ = writeln!(
            text,
            "Ties: {} are equally entitled to {}; {} by the tie order",
            joined(&names),
            if tie.units == 1 { "1 unit".to_owned() } else { format!("{} units", tie.units) },
            format_args!("{} got {}", joined(&names[..units]), if units == 1 { "it" } else { "one each" }),
        );
    }
    match &split.how {
        How::Method(method) => {
            let _ = writeln!(text, "Method: {} ({method})", method.name(Language::En));
        }
        How::Nearest { remainder_on } => {
            let _ =
                writeln!(text, "Method: each to the nearest, {remainder_on} takes what is left (nearest)");
        }
    }
    for loss in &split.alabama {
        let _ = writeln!(
            text,
            "Alabama paradox: with one unit more in all, {} would get {} in place of {}",
            split.names[loss.claim], loss.part_with_one_more, loss.part
        );
    }
    text
}

fn method(how: &How) -> &'static str {
    match how {
        How::Method(method) => method.key(),
        How::Nearest { .. } => "nearest",
    }
}

fn names<'a>(split: &'a Split, tie: &Tie) -> Vec<&'a str> {
    tie.claims.iter().map(|claim| split.names[*claim].as_str()).collect()
}

fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A share with two decimals, for orientation.
fn percent(mut weight: u128, mut sum: u128) -> String {
    // So large that the last bits show in no decimal.
    while sum > u128::MAX / 20_000 {
        weight >>= 1;
        sum >>= 1;
    }
    let hundredths = (weight * 20_000).checked_div(sum).unwrap_or(0).div_ceil(2);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}
