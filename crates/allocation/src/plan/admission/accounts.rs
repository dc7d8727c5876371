//! Yearly accounts: each organisation has its part of the money, spends it by the method of equal shares, and keeps what is left.
//!
//! Equal shares after D. Peters, G. Pierczyński and P. Skowron, *Proportional Participatory Budgeting with Additive Utilities*,
//! `NeurIPS` 2021, with cost as satisfaction. What joins it with instalments, carry-over and newcomers is our own construction; see
//! decision 0009.

use std::collections::BTreeMap;

use super::{Trial, electorate};
use crate::apportionment::Method;
use crate::money::Overflow;
use crate::plan::divide::{divide, divide_ore};
use crate::plan::entitlement::weight;
use crate::plan::index::{OrgId, ProjectId};
use crate::plan::result::{Account, WaitingReason};
use crate::{Exact, Nok, Share};

/// What is remembered from year to year.
#[derive(Default)]
pub(in crate::plan) struct Accounts {
    /// What each organisation has kept.
    carried: BTreeMap<OrgId, Nok>,
    /// Who paid what for a project in the year in which it was let in.
    paid: BTreeMap<ProjectId, BTreeMap<OrgId, Nok>>,
}

/// The accounts of one year.
struct Balances(BTreeMap<OrgId, Nok>);

impl Balances {
    fn of(&self, voter: OrgId) -> Nok {
        self.0.get(&voter).copied().unwrap_or(Nok::ZERO)
    }

    fn sum(&self, voters: impl IntoIterator<Item = OrgId>) -> Result<Nok, Overflow> {
        Nok::checked_sum(voters.into_iter().map(|voter| self.of(voter)))
    }

    /// Takes an amount in proportion to weights, never more than there is. Tells who paid what.
    fn take(
        &mut self,
        amount: Nok,
        weights: &BTreeMap<OrgId, Exact>,
    ) -> Result<BTreeMap<OrgId, Nok>, Overflow> {
        let payers: Vec<(OrgId, Exact)> = weights
            .iter()
            .filter(|(voter, weight)| weight.is_positive() && self.0.contains_key(voter))
            .map(|(voter, weight)| (*voter, *weight))
            .collect();
        let there = self.sum(payers.iter().map(|(voter, _)| *voter))?;
        let payments: Vec<Nok> = if there <= amount {
            payers.iter().map(|(voter, _)| self.of(*voter)).collect()
        } else {
            let bounds = |place: usize| (0, u64::try_from(self.of(payers[place].0).ore()).ok());
            let weights: Vec<Exact> = payers.iter().map(|(_, weight)| *weight).collect();
            let divided = divide(amount.ore(), &weights, bounds, Method::LargestRemainder)?;
            divided.parts.into_iter().map(Nok::from_ore).collect()
        };
        let mut paid = BTreeMap::new();
        for ((voter, _), payment) in payers.into_iter().zip(payments) {
            if let Some(balance) = self.0.get_mut(&voter) {
                *balance = balance.checked_sub(payment)?;
            }
            paid.insert(voter, payment);
        }
        Ok(paid)
    }

    /// The payment t under which each of the voters pays the lower of the balance and t and all together pay the cost.
    fn equal_payment(&self, voters: &[OrgId], cost: Nok) -> Result<Option<Exact>, Overflow> {
        let mut balances: Vec<Nok> = voters.iter().map(|voter| self.of(*voter)).collect();
        balances.sort_unstable();
        let mut missing = cost;
        for (place, balance) in balances.iter().enumerate() {
            let payers = i64::try_from(balances.len() - place).map_err(|_| Overflow)?;
            let reaches = balance.ore().checked_mul(payers).is_none_or(|all| all >= missing.ore());
            if reaches {
                return Ok(Exact::fraction(i128::from(missing.ore()), i128::from(payers)));
            }
            missing = missing.checked_sub(*balance)?;
        }
        Ok(None)
    }
}

/// A year of accounts.
pub(super) fn spend(
    trial: &mut Trial<'_, '_>,
    memory: &mut Accounts,
    mut remaining: Vec<ProjectId>,
) -> Result<(), Overflow> {
    let year = trial.year;
    let Some(frame) = year.frame else {
        for project in remaining {
            trial.admitted.reasons.insert(project, WaitingReason::Money);
        }
        return Ok(());
    };
    let voters: Vec<OrgId> = electorate(year.index, year.year).into_iter().collect();
    if voters.is_empty() {
        // Decided years of projects that begin later: nobody can pay them.
        return ongoing_first(trial, memory, &mut Balances(BTreeMap::new()), &BTreeMap::new());
    }
    let weights = voters
        .iter()
        .map(|voter| weight(year.index, year.rules, *voter, year.year))
        .collect::<Result<Vec<Exact>, Overflow>>()?;
    let parts = divide_ore(frame, &weights)?;
    let mut balances = Balances(BTreeMap::new());
    for (voter, part) in voters.iter().zip(&parts) {
        let carried = memory.carried.get(voter).copied().unwrap_or(Nok::ZERO);
        balances.0.insert(*voter, carried.checked_add(*part)?);
    }
    let given = balances.0.clone();
    let no_weight = weights.iter().all(|weight| weight.is_zero());
    let weight_of: BTreeMap<OrgId, Exact> = voters
        .iter()
        .copied()
        .zip(weights.iter().map(|weight| if no_weight { Exact::whole(1) } else { *weight }))
        .collect();
    ongoing_first(trial, memory, &mut balances, &weight_of)?;
    equal_shares(trial, memory, &mut balances, &mut remaining)?;
    if trial.year.rules.model.admission.completion.is_some() {
        complete(trial, memory, &mut balances, &mut remaining)?;
    } else {
        for project in trial.open(&remaining)? {
            trial.admitted.reasons.insert(project, WaitingReason::Accounts);
        }
    }
    close(trial, memory, &voters, &parts, &given, &balances)
}

/// Projects that run already take their cost before anything new is let in.
fn ongoing_first(
    trial: &mut Trial<'_, '_>,
    memory: &Accounts,
    balances: &mut Balances,
    weight_of: &BTreeMap<OrgId, Exact>,
) -> Result<(), Overflow> {
    let year = trial.year;
    for project in year.active {
        let Some(cost) = year.takes(*project) else { continue };
        let running = year.index.projects[*project].input.status == crate::ProjectStatus::Running;
        let weights: BTreeMap<OrgId, Exact> = if running {
            let voters = year.index.projects[*project].voters.iter();
            voters.filter_map(|voter| Some((*voter, *weight_of.get(voter)?))).collect()
        } else {
            let paid = memory.paid.get(project).into_iter().flatten();
            paid.map(|(voter, amount)| (*voter, Exact::from(*amount))).collect()
        };
        let paid = balances.take(cost, &weights)?;
        let uncovered = cost.checked_sub(Nok::checked_sum(paid.into_values())?)?;
        trial.admitted.uncovered = trial.admitted.uncovered.checked_add(uncovered)?;
    }
    Ok(())
}

/// The method of equal shares over what can be let in.
fn equal_shares(
    trial: &mut Trial<'_, '_>,
    memory: &mut Accounts,
    balances: &mut Balances,
    remaining: &mut Vec<ProjectId>,
) -> Result<(), Overflow> {
    let year = trial.year;
    for project in remaining.clone() {
        if year.cost(project) == Some(Nok::ZERO) && trial.fits(project)?.is_none() {
            trial.let_in(project)?;
            remaining.retain(|other| *other != project);
        }
    }
    loop {
        let mut best: Option<(Exact, Exact, ProjectId)> = None;
        for project in trial.open(remaining)? {
            let cost = year.cost(project).unwrap_or(Nok::ZERO);
            let voters = &year.index.projects[project].voters;
            if cost <= Nok::ZERO || balances.sum(voters.iter().copied())? < cost {
                continue;
            }
            let Some(payment) = balances.equal_payment(voters, cost)? else { continue };
            let price = payment.checked_div(Exact::from(cost))?;
            if best.is_none_or(|(lowest, _, _)| price < lowest) {
                best = Some((price, payment, project));
            }
        }
        let Some((_, payment, winner)) = best else { return Ok(()) };
        let cost = year.cost(winner).unwrap_or(Nok::ZERO);
        let voters = &year.index.projects[winner].voters;
        let weights: BTreeMap<OrgId, Exact> =
            voters.iter().map(|voter| (*voter, Exact::from(balances.of(*voter)).min(payment))).collect();
        let paid = balances.take(cost, &weights)?;
        memory.paid.insert(winner, paid);
        trial.let_in(winner)?;
        remaining.retain(|project| *project != winner);
    }
}

/// Down the list, with money of all accounts.
fn complete(
    trial: &mut Trial<'_, '_>,
    memory: &mut Accounts,
    balances: &mut Balances,
    remaining: &mut Vec<ProjectId>,
) -> Result<(), Overflow> {
    for project in remaining.clone() {
        let cost = trial.year.cost(project).unwrap_or(Nok::ZERO);
        let there = Nok::checked_sum(balances.0.values().copied())?;
        let short = (cost > there).then_some(WaitingReason::Accounts);
        if let Some(reason) = trial.fits(project)?.or(short) {
            // Its last trial: who is let in after it changes nothing about why it was not.
            trial.admitted.reasons.insert(project, reason);
            continue;
        }
        let weights: BTreeMap<OrgId, Exact> =
            balances.0.iter().map(|(voter, balance)| (*voter, Exact::from(*balance))).collect();
        let paid = balances.take(cost, &weights)?;
        memory.paid.insert(project, paid);
        trial.let_in(project)?;
        trial.admitted.by_completion.insert(project);
        remaining.retain(|other| *other != project);
    }
    Ok(())
}

/// Writes the accounts of the year, and what is kept.
fn close(
    trial: &mut Trial<'_, '_>,
    memory: &mut Accounts,
    voters: &[OrgId],
    parts: &[Nok],
    given: &BTreeMap<OrgId, Nok>,
    balances: &Balances,
) -> Result<(), Overflow> {
    let year = trial.year;
    let cap = year.rules.model.admission.account_cap.unwrap_or(Share::ONE);
    for (voter, part) in voters.iter().zip(parts) {
        let balance = balances.of(*voter);
        let most = cap.exact().checked_mul(Exact::from(*part))?.down(Nok::from_ore(1))?;
        let carried_out = balance.min(most);
        let had = given.get(voter).copied().unwrap_or(Nok::ZERO);
        trial.admitted.accounts.push(Account {
            organisation: year.index.organisations[*voter].input.number.clone(),
            part: *part,
            carried_in: had.checked_sub(*part)?,
            spent: had.checked_sub(balance)?,
            carried_out,
            returned: balance.checked_sub(carried_out)?,
        });
        memory.carried.insert(*voter, carried_out);
    }
    Ok(())
}
