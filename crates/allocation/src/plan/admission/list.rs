//! Rules that go down a list: a share reserved for newcomers, and those who were served least first.

use super::Trial;
use crate::model::Component;
use crate::money::Overflow;
use crate::plan::index::ProjectId;
use crate::{Exact, Nok, Share};

/// Newcomers within what is reserved for them, then all in their order.
pub(super) fn reserved_share(trial: &mut Trial<'_, '_>, known: &[ProjectId]) -> Result<(), Overflow> {
    let year = trial.year;
    let share = year.rules.model.components.iter().find_map(|component| match component {
        Component::Share { purpose, share, .. } if purpose == crate::model::NEWCOMERS => Some(*share),
        _ => None,
    });
    let frame = Exact::from(year.frame.unwrap_or(Nok::ZERO));
    let pot = share.unwrap_or(Share::ZERO).exact().checked_mul(frame)?.down(year.rules.model.unit)?;
    let mut left = pot;
    let mut rest = Vec::with_capacity(known.len());
    for project in known {
        let cost = year.cost(*project).unwrap_or(Nok::ZERO);
        let within_pot = served_years(trial, *project).iter().all(|years| *years == 0) && cost <= left;
        if within_pot && !trial.ended && trial.step(*project)? {
            left = left.checked_sub(cost)?;
        } else {
            rest.push(*project);
        }
    }
    trial.all(&rest)
}

/// By the average number of years in which the parties were served, the lowest first.
pub(super) fn least_served(trial: &mut Trial<'_, '_>, known: Vec<ProjectId>) -> Result<(), Overflow> {
    let mut order = Vec::with_capacity(known.len());
    for project in known {
        let years = served_years(trial, project);
        let parties = i128::try_from(years.len()).map_err(|_| Overflow)?;
        let sum = years.iter().map(|years| i128::try_from(*years)).sum::<Result<i128, _>>();
        let average = Exact::fraction(sum.map_err(|_| Overflow)?, parties).ok_or(Overflow)?;
        order.push((average, project));
    }
    order.sort_unstable();
    let order: Vec<ProjectId> = order.into_iter().map(|(_, project)| project).collect();
    trial.all(&order)
}

/// In how many years before this one each party was served.
fn served_years(trial: &Trial<'_, '_>, project: ProjectId) -> Vec<usize> {
    let year = trial.year;
    let parties = &year.index.projects[project].parties;
    parties.iter().map(|party| year.served[*party].range(..year.year).count()).collect()
}
