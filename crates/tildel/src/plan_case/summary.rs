//! What the command line says of a plan.

use std::fmt::Write as _;

use tildel_allocation::{Bundle, Nok};

/// A table of the years, with a line for all of them.
pub(super) fn summary(title: &str, bundle: &Bundle) -> String {
    let mut rows = vec![["year", "given", "total", "left", "short", "lines", "waiting"].map(str::to_owned)];
    for year in &bundle.result.years {
        let waiting = bundle.result.waiting.iter().filter(|waiting| waiting.year == year.year).count();
        let without = match year.lines_without_amount {
            0 => String::new(),
            without => format!(" ({without} without amount)"),
        };
        rows.push([
            year.year.to_string(),
            money(year.given),
            year.total.to_string(),
            money(year.left),
            money(year.shortfall),
            format!("{}{without}", year.lines),
            waiting.to_string(),
        ]);
    }
    let mut text = format!(
        "{title}: {} {}, run {}\n",
        bundle.input.office,
        bundle.input.scheme,
        &bundle.input_hash[..12]
    );
    let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
        // Nothing can go wrong when text is written to a text.
        let _ = writeln!(text, "  {}", cells.join("  "));
    }
    text
}

fn money(amount: Option<Nok>) -> String {
    amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string())
}
