//! The yearly checks of a plan: do the accounts balance, how evenly is money shared, and are newcomers let in.
//!
//! The **share** of an organisation is the money of the projects that it is in or behind, each divided by the number of those in and
//! behind it: J. Maly, S. Rey, U. Endriss and M. Lackner, *Fairness in Participatory Budgeting via Equality of
//! Resources*, AAMAS 2023. It adds up over years, so that it is the natural ledger of a forum.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::money::Overflow;
use crate::plan::ratio_text;
use crate::{Exact, Nok, Plan, PlanInput, ProjectInput, ProjectStatus};

/// How many years back shares are added up.
const WINDOWS: [i16; 3] = [1, 3, 5];
/// How long an organisation is a newcomer, in years.
const NEWCOMER_YEARS: i16 = 3;

/// The checks of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct YearChecks {
    /// The budget year.
    pub year: i16,
    /// What does not hold of the accounts; empty where all balance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountProblem>,
    /// Shares over the last year, three and five, as far as the plan reaches back.
    pub windows: Vec<Window>,
    /// Organisations in their first three years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newcomers: Vec<Newcomer>,
}

/// Something that does not hold of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountProblem {
    /// The organisation's number.
    pub organisation: String,
    /// What it is.
    pub problem: AccountProblemKind,
}

/// What may not hold of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountProblemKind {
    /// A part, a payment or what is kept is below zero.
    BelowZero,
    /// What was given is not what was spent, kept and returned.
    NotBalanced,
    /// What was brought in is not what was kept the year before.
    CarryLost,
}

/// Shares over some years up to a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// How many years.
    pub years: i16,
    /// The Gini coefficient of the shares: a fraction, 0 where all are alike.
    pub gini: String,
    /// The share of each organisation that is in or behind a project begun by then, by number: kroner as a fraction.
    pub shares: BTreeMap<String, Exact>,
}

/// How an organisation fares in its first years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Newcomer {
    /// The organisation's number.
    pub organisation: String,
    /// The year in which its first project begins or waits.
    pub since: i16,
    /// Its share since then: kroner as a fraction.
    pub share: Exact,
    /// What its account was given as its part since then; absent where the year has no accounts.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub part: Option<Nok>,
}

/// The checks of all years of a plan.
pub fn yearly_checks(input: &PlanInput, plan: &Plan) -> Result<Vec<YearChecks>, Overflow> {
    let ledger = Ledger::new(input, plan)?;
    let mut kept: BTreeMap<&str, Nok> = BTreeMap::new();
    let mut checks = Vec::with_capacity(plan.years.len());
    for total in &plan.years {
        let mut accounts = Vec::new();
        for account in &total.accounts {
            let mut problem = |holds: bool, problem| {
                if !holds {
                    accounts.push(AccountProblem { organisation: account.organisation.clone(), problem });
                }
            };
            let amounts =
                [account.part, account.carried_in, account.spent, account.carried_out, account.returned];
            problem(amounts.iter().all(|amount| *amount >= Nok::ZERO), AccountProblemKind::BelowZero);
            let given = account.part.checked_add(account.carried_in)?;
            let used = Nok::checked_sum([account.spent, account.carried_out, account.returned])?;
            problem(given == used, AccountProblemKind::NotBalanced);
            let before = kept.insert(&account.organisation, account.carried_out).unwrap_or(Nok::ZERO);
            problem(account.carried_in == before, AccountProblemKind::CarryLost);
        }
        let windows =
            WINDOWS.into_iter().map(|years| ledger.window(total.year, years)).collect::<Result<_, _>>()?;
        checks.push(YearChecks {
            year: total.year,
            accounts,
            windows,
            newcomers: ledger.newcomers(total.year, plan)?,
        });
    }
    Ok(checks)
}

/// What each organisation's share was in each year.
struct Ledger<'i> {
    shares: BTreeMap<(&'i str, i16), Exact>,
    /// The year in which each organisation's first project begins.
    since: BTreeMap<&'i str, i16>,
    /// Those who were funded before the plan.
    known_before: BTreeSet<&'i str>,
}

impl<'i> Ledger<'i> {
    fn new(input: &'i PlanInput, plan: &Plan) -> Result<Self, Overflow> {
        let projects: BTreeMap<&str, &'i ProjectInput> =
            input.projects.iter().map(|project| (project.id.as_str(), project)).collect();
        let mut since: BTreeMap<&str, i16> = BTreeMap::new();
        let mut known_before: BTreeSet<&str> =
            input.history.iter().map(|served| served.organisation.as_str()).collect();
        for project in &input.projects {
            for voter in voters(project) {
                let first = since.entry(voter).or_insert(project.first_year);
                *first = project.first_year.min(*first);
            }
            if project.status == ProjectStatus::Running && project.first_year < input.first_year {
                known_before.extend(project.parties());
            }
        }
        let mut shares: BTreeMap<(&str, i16), Exact> = BTreeMap::new();
        for line in &plan.lines {
            let (Some(amount), Some(project)) = (line.amount, projects.get(line.project.as_str())) else {
                continue;
            };
            let behind = voters(project);
            let number = i128::try_from(behind.len()).map_err(|_| Overflow)?;
            let part = Exact::from(amount).checked_div(Exact::whole(number))?;
            for voter in behind {
                let share = shares.entry((voter, line.year)).or_insert(Exact::ZERO);
                *share = share.checked_add(part)?;
            }
        }
        Ok(Self { shares, since, known_before })
    }

    /// The share of an organisation from one year to another, both included.
    fn share(&self, organisation: &'i str, from: i16, to: i16) -> Result<Exact, Overflow> {
        Exact::checked_sum(
            self.shares.range((organisation, from)..=(organisation, to)).map(|(_, share)| *share),
        )
    }

    fn window(&self, year: i16, years: i16) -> Result<Window, Overflow> {
        let from = year.saturating_sub(years - 1);
        let mut shares = BTreeMap::new();
        for (organisation, since) in &self.since {
            if *since <= year {
                shares.insert((*organisation).to_owned(), self.share(organisation, from, year)?);
            }
        }
        let gini = gini(shares.values().copied().collect())?;
        Ok(Window { years, gini: ratio_text(gini), shares })
    }

    fn newcomers(&self, year: i16, plan: &Plan) -> Result<Vec<Newcomer>, Overflow> {
        let new = |since: i16| since <= year && year < since.saturating_add(NEWCOMER_YEARS);
        let mut newcomers = Vec::new();
        for (organisation, since) in &self.since {
            if !new(*since) || self.known_before.contains(organisation) {
                continue;
            }
            let parts: Vec<Nok> = plan
                .years
                .iter()
                .filter(|total| (*since..=year).contains(&total.year))
                .flat_map(|total| &total.accounts)
                .filter(|account| account.organisation == **organisation)
                .map(|account| account.part)
                .collect();
            newcomers.push(Newcomer {
                organisation: (*organisation).to_owned(),
                since: *since,
                share: self.share(organisation, *since, year)?,
                part: if parts.is_empty() { None } else { Some(Nok::checked_sum(parts)?) },
            });
        }
        Ok(newcomers)
    }
}

fn voters(project: &ProjectInput) -> BTreeSet<&str> {
    project.parties().chain(project.supporters.iter().map(String::as_str)).collect()
}

/// The Gini coefficient of amounts of at least zero, exact: `Σ (2i − n − 1) x_i ÷ (n Σ x)` over ascending x, with i from 1; 0 where
/// there is nothing to share.
pub(crate) fn gini(mut amounts: Vec<Exact>) -> Result<Exact, Overflow> {
    amounts.sort_unstable();
    let n = i128::try_from(amounts.len()).map_err(|_| Overflow)?;
    let total = Exact::checked_sum(amounts.iter().copied())?;
    if total.is_zero() {
        return Ok(Exact::ZERO);
    }
    let mut weighted = Exact::ZERO;
    for (place, amount) in amounts.into_iter().enumerate() {
        let place = i128::try_from(place).map_err(|_| Overflow)?;
        weighted = weighted.checked_add(amount.checked_mul(Exact::whole(2 * (place + 1) - n - 1))?)?;
    }
    weighted.checked_div(total.checked_mul(Exact::whole(n))?)
}
