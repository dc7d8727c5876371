//! The table of amounts: projects × years in whole kroner, with sums both ways.

use std::collections::BTreeSet;

use tildel_domain::letter_content::{PrioritisedProject, ProjectAmounts, RunAmounts};

use crate::compose::ComposeError;
use crate::document::Table;
use crate::language::grouped;

const ORE_PER_KRONE: i64 = 100;
/// Shown where a project has no amount in a year that another has.
const NO_AMOUNT: &str = "\u{2013}";

/// Words of the table.
pub(crate) struct TableTexts {
    pub(crate) caption: String,
    pub(crate) project: String,
    pub(crate) total: String,
}

/// The table of `amounts`, rows in the order of `projects`.
pub(crate) fn table(
    projects: &[PrioritisedProject],
    amounts: &RunAmounts,
    texts: TableTexts,
) -> Result<Table, ComposeError> {
    if !texts.caption.contains(&amounts.run) {
        return Err(ComposeError::RunNotNamed { run: amounts.run.clone() });
    }
    if let Some(line) = amounts.lines.iter().find(|line| !projects.iter().any(|p| p.name == line.project)) {
        return Err(ComposeError::UnknownProject { project: line.project.clone() });
    }
    let years: BTreeSet<i16> =
        amounts.lines.iter().flat_map(|line| line.years.iter().map(|amount| amount.year)).collect();
    let lines: Vec<&ProjectAmounts> =
        projects.iter().map(|project| line_of(amounts, &project.name)).collect::<Result<_, _>>()?;

    let mut rows = Vec::with_capacity(lines.len());
    for line in &lines {
        let mut row = vec![line.project.clone()];
        for year in &years {
            row.push(amount_of(line, *year)?.map_or_else(|| NO_AMOUNT.to_owned(), kroner));
        }
        row.push(kroner(sum(lines_of_years(line))?));
        rows.push(row);
    }
    let mut totals = vec![texts.total.clone()];
    for year in &years {
        let of_year = lines.iter().map(|line| amount_of(line, *year)).collect::<Result<Vec<_>, _>>()?;
        totals.push(kroner(sum(of_year.into_iter().flatten())?));
    }
    totals.push(kroner(sum(lines.iter().flat_map(|line| lines_of_years(line)))?));

    let mut columns = vec![texts.project];
    columns.extend(years.iter().map(i16::to_string));
    columns.push(texts.total);
    Ok(Table { caption: texts.caption, columns, rows, totals })
}

/// The one line of a project.
fn line_of<'a>(amounts: &'a RunAmounts, project: &str) -> Result<&'a ProjectAmounts, ComposeError> {
    let mut lines = amounts.lines.iter().filter(|line| line.project == project);
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(line),
        _ => Err(ComposeError::NotOneLine { project: project.to_owned() }),
    }
}

/// The amount of a project in a year in kroner; `None` where the run has none.
fn amount_of(line: &ProjectAmounts, year: i16) -> Result<Option<i64>, ComposeError> {
    let mut found = line.years.iter().filter(|amount| amount.year == year);
    let Some(amount) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(ComposeError::NotOneLine { project: format!("{} {year}", line.project) });
    }
    if amount.amount_ore % ORE_PER_KRONE != 0 {
        return Err(ComposeError::NotWholeKroner { amount_ore: amount.amount_ore });
    }
    Ok(Some(amount.amount_ore / ORE_PER_KRONE))
}

fn lines_of_years(line: &ProjectAmounts) -> impl Iterator<Item = i64> {
    line.years.iter().map(|amount| amount.amount_ore / ORE_PER_KRONE)
}

fn sum(kroner: impl IntoIterator<Item = i64>) -> Result<i64, ComposeError> {
    kroner.into_iter().try_fold(0_i64, i64::checked_add).ok_or(ComposeError::SumTooLarge)
}

fn kroner(kroner: i64) -> String {
    grouped(&kroner.to_string())
}
