//! Who receives an amount, and what follows from it. `docs/bundle.md`, section 10.

use std::collections::BTreeMap;

use super::counting::ceased;
use super::divide::divide_ore;
use super::entitlement::Entitlement;
use super::index::{Index, OrgId, ProjectId, Rules};
use super::result::{Flag, FlagCode, Instalment, PlanLine, Recipient};
use crate::instalments::{InstalmentError, payments};
use crate::model::PayTo;
use crate::money::Overflow;
use crate::{Exact, Nok, Share};

/// Fills in what follows from the amount of a line.
pub(super) fn follow_up(
    index: &Index<'_>,
    rules: &Rules<'_>,
    project: ProjectId,
    entitlement: &Entitlement,
    line: &mut PlanLine,
) -> Result<(), Overflow> {
    let Some(amount) = line.amount else { return Ok(()) };
    let model = rules.model;
    let part = |share: Share| Exact::from(amount).checked_mul(share.exact())?.nearest(model.unit);
    if !model.own_contribution.is_zero() {
        line.own_contribution = Some(part(model.own_contribution)?);
    }
    if !model.provider_share.is_zero() {
        let provider = part(model.provider_share)?;
        line.provider = Some(provider);
        line.owner = Some(amount.checked_sub(provider)?);
    }
    line.recipients = recipients(index, rules, project, entitlement, line.year, amount)?;
    if !model.instalments.is_empty() {
        let profile: Vec<Share> = model.instalments.iter().map(|instalment| instalment.share).collect();
        let paid = index.projects[project].promise(line.year).map_or(&[][..], |promised| &promised.paid);
        let paid_count = paid.len();
        let spread = payments(amount, &profile, paid, model.unit).map_err(|error| match error {
            InstalmentError::Overflow(overflow) => overflow,
            // The check has seen to it that no more was paid than the profile has.
            InstalmentError::TooManyPaid { .. } => Overflow,
        })?;
        line.instalments = model
            .instalments
            .iter()
            .zip(spread.amounts)
            .enumerate()
            .map(|(place, (share, amount))| Instalment {
                date: share.date.clone(),
                amount,
                paid: place < paid_count,
            })
            .collect();
        line.unpaid = Some(spread.unpaid).filter(|unpaid| *unpaid != Nok::ZERO);
        line.overpaid = Some(spread.overpaid).filter(|overpaid| *overpaid != Nok::ZERO);
        if line.overpaid.is_some() {
            line.flags.push(Flag::of_line(FlagCode::Overpaid));
        }
    }
    Ok(())
}

fn recipients(
    index: &Index<'_>,
    rules: &Rules<'_>,
    project: ProjectId,
    entitlement: &Entitlement,
    year: i16,
    amount: Nok,
) -> Result<Vec<Recipient>, Overflow> {
    let granted = &index.projects[project];
    let mut weights: BTreeMap<OrgId, Exact> = match rules.model.pay_to {
        PayTo::Lead => BTreeMap::from([(granted.lead, Exact::whole(1))]),
        PayTo::Parties => {
            let nothing = entitlement.by_party.iter().all(|weight| weight.is_zero());
            let weight = |weight: &Exact| if nothing { Exact::whole(1) } else { *weight };
            granted.parties.iter().copied().zip(entitlement.by_party.iter().map(weight)).collect()
        }
    };
    // Successors of successors are followed too. Who has the longest way ahead goes first, so that everybody is met once with
    // all of the weight: following each way by itself would take exponential time.
    let next_gone = |weights: &BTreeMap<OrgId, Exact>| {
        let gone = weights.keys().copied().filter(|party| ceased(&index.organisations[*party], year));
        gone.max_by_key(|party| index.organisations[*party].generations)
    };
    while let Some(gone) = next_gone(&weights) {
        let weight = weights.remove(&gone).unwrap_or(Exact::ZERO);
        for (successor, share) in &index.organisations[gone].successors {
            let part = weight.checked_mul(share.exact())?;
            let sum = weights.entry(*successor).or_insert(Exact::ZERO);
            *sum = sum.checked_add(part)?;
        }
    }
    let parts = divide_ore(amount, &weights.values().copied().collect::<Vec<_>>())?;
    Ok(weights
        .keys()
        .zip(parts)
        .filter(|(_, part)| *part != Nok::ZERO)
        .map(|(organisation, amount)| Recipient {
            organisation: index.organisations[*organisation].input.number.clone(),
            amount,
        })
        .collect())
}
