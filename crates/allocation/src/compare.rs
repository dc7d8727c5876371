//! Two plans beside each other: who gets more or less, in which year, and how evenly.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::money::Overflow;
use crate::plan::ratio_text;
use crate::{Exact, Nok, Plan, PlanInput, ProjectInput, ProjectStatus};

/// How a plan differs from another. Equal plans have empty lists of lines and recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comparison {
    /// The projects and years whose amounts differ, by reference and year.
    pub lines: Vec<LineDifference>,
    /// The recipients and years whose sums differ, by number and year.
    pub recipients: Vec<RecipientDifference>,
    /// All years of both plans.
    pub years: Vec<YearDifference>,
    /// The Gini coefficient of what all parties of the projects receive over all years, 0 where all receive the same: a
    /// fraction in lowest terms. After C. Gini 1912, as the mean difference over twice the mean.
    pub gini: Pair<String>,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pair<T> {
    /// Of the first plan.
    pub from: T,
    /// Of the second plan.
    pub to: T,
}

/// A project's year in two plans; no amount where a plan has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineDifference {
    /// The project's id.
    pub project: String,
    /// Its reference.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// In the first plan.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Nok>,
    /// In the second plan.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Nok>,
}

/// A recipient's year in two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecipientDifference {
    /// The organisation's number.
    pub organisation: String,
    /// The budget year.
    pub year: i16,
    /// In the first plan.
    #[serde(with = "crate::money::plain")]
    pub from: Nok,
    /// In the second plan.
    #[serde(with = "crate::money::plain")]
    pub to: Nok,
}

/// A year in two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct YearDifference {
    /// The budget year.
    pub year: i16,
    /// The total in the first plan.
    #[serde(with = "crate::money::plain")]
    pub from: Nok,
    /// The total in the second plan.
    #[serde(with = "crate::money::plain")]
    pub to: Nok,
    /// How many projects are funded.
    pub projects: Pair<u32>,
    /// Of those who receive money in the year, the part that was never served before: a fraction, 0 without recipients.
    pub first_time: Pair<String>,
}

/// A plan with the input that it came from.
pub type Computed<'p> = (&'p PlanInput, &'p Plan);

/// Compares two plans.
pub fn compare(before: Computed<'_>, after: Computed<'_>) -> Result<Comparison, Overflow> {
    Ok(Comparison {
        lines: lines(before.1, after.1),
        recipients: recipients(before.1, after.1)?,
        years: years(before, after)?,
        gini: Pair { from: gini(before)?, to: gini(after)? },
    })
}

fn lines(before: &Plan, after: &Plan) -> Vec<LineDifference> {
    type Amounts<'p> = (&'p str, Option<Nok>, Option<Nok>);
    let mut all: BTreeMap<(&str, i16), Amounts<'_>> = BTreeMap::new();
    for line in &before.lines {
        all.insert((&line.reference, line.year), (&line.project, line.amount, None));
    }
    for line in &after.lines {
        all.entry((&line.reference, line.year)).or_insert((&line.project, None, None)).2 = line.amount;
    }
    all.into_iter()
        .filter(|(_, (_, from, to))| from != to)
        .map(|((reference, year), (project, from, to))| LineDifference {
            project: project.to_owned(),
            reference: reference.to_owned(),
            year,
            from,
            to,
        })
        .collect()
}

fn received(plan: &Plan) -> Result<BTreeMap<(&str, i16), Nok>, Overflow> {
    let mut received: BTreeMap<(&str, i16), Nok> = BTreeMap::new();
    for line in &plan.lines {
        for recipient in &line.recipients {
            let sum = received.entry((&recipient.organisation, line.year)).or_insert(Nok::ZERO);
            *sum = sum.checked_add(recipient.amount)?;
        }
    }
    Ok(received)
}

fn recipients(before: &Plan, after: &Plan) -> Result<Vec<RecipientDifference>, Overflow> {
    let (before, after) = (received(before)?, received(after)?);
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let amount = |of: &BTreeMap<(&str, i16), Nok>, key| of.get(&key).copied().unwrap_or(Nok::ZERO);
    Ok(keys
        .into_iter()
        .map(|key| RecipientDifference {
            organisation: key.0.to_owned(),
            year: key.1,
            from: amount(&before, key),
            to: amount(&after, key),
        })
        .filter(|difference| difference.from != difference.to)
        .collect())
}

fn years(before: Computed<'_>, after: Computed<'_>) -> Result<Vec<YearDifference>, Overflow> {
    let (first_before, first_after) = (first_time(before)?, first_time(after)?);
    let totals = |plan: &Plan| -> BTreeMap<i16, (Nok, u32)> {
        plan.years.iter().map(|total| (total.year, (total.total, total.lines))).collect()
    };
    let (totals_before, totals_after) = (totals(before.1), totals(after.1));
    let all: BTreeSet<i16> = totals_before.keys().chain(totals_after.keys()).copied().collect();
    let ratio = |of: &BTreeMap<i16, String>, year| of.get(&year).cloned().unwrap_or_else(|| "0".to_owned());
    Ok(all
        .into_iter()
        .map(|year| {
            let (from, to) = (
                totals_before.get(&year).copied().unwrap_or_default(),
                totals_after.get(&year).copied().unwrap_or_default(),
            );
            YearDifference {
                year,
                from: from.0,
                to: to.0,
                projects: Pair { from: from.1, to: to.1 },
                first_time: Pair { from: ratio(&first_before, year), to: ratio(&first_after, year) },
            }
        })
        .collect())
}

/// For each year the part of its recipients that was never served before.
fn first_time((input, plan): Computed<'_>) -> Result<BTreeMap<i16, String>, Overflow> {
    let mut first_served: BTreeMap<&str, i16> = BTreeMap::new();
    let mut serve = |organisation, year: i16| {
        let first = first_served.entry(organisation).or_insert(year);
        *first = year.min(*first);
    };
    for served in &input.history {
        serve(served.organisation.as_str(), served.year);
    }
    for project in input.projects.iter().filter(|project| project.status == ProjectStatus::Running) {
        if project.first_year < input.first_year {
            project.parties().for_each(|party| serve(party, project.first_year));
        }
    }
    let received = received(plan)?;
    for (organisation, year) in received.keys() {
        serve(organisation, *year);
    }
    let mut counts: BTreeMap<i16, (i128, i128)> = BTreeMap::new();
    for (organisation, year) in received.keys() {
        let (first, all) = counts.entry(*year).or_default();
        *all += 1;
        *first += i128::from(first_served.get(organisation) == Some(year));
    }
    counts
        .into_iter()
        .map(|(year, (first, all))| Ok((year, ratio_text(Exact::fraction(first, all).ok_or(Overflow)?))))
        .collect()
}

/// The Gini coefficient over all parties of all projects.
fn gini((input, plan): Computed<'_>) -> Result<String, Overflow> {
    let parties = input.projects.iter().flat_map(ProjectInput::parties);
    let mut sums: BTreeMap<&str, Exact> = parties.map(|party| (party, Exact::ZERO)).collect();
    for ((organisation, _), amount) in received(plan)? {
        let sum = sums.entry(organisation).or_insert(Exact::ZERO);
        *sum = sum.checked_add(Exact::from(amount))?;
    }
    crate::fairness::gini(sums.into_values().collect()).map(ratio_text)
}
