//! Who is let in from the waiting list in a year. `docs/bundle.md`, section 7.

mod accounts;
mod list;
mod perpetual;

use std::collections::{BTreeMap, BTreeSet};

use super::entitlement::Entitlement;
use super::index::{Index, OrgId, ProjectId, Rules};
use super::result::{Account, WaitingReason};
use crate::model::{AdmissionRule, OnShortage};
use crate::money::Overflow;
use crate::{Exact, Nok};

pub(super) use accounts::Accounts;
pub(super) use perpetual::Perpetual;

/// What a rule remembers from year to year.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) perpetual: Perpetual,
    pub(super) accounts: Accounts,
}

/// What a year's admission needs to know.
pub(super) struct Setting<'y, 'a> {
    pub(super) index: &'y Index<'a>,
    pub(super) rules: &'y Rules<'a>,
    pub(super) year: i16,
    /// The money of the frame, without what was carried.
    pub(super) frame: Option<Nok>,
    /// The entitlements of all active projects and candidates, by project.
    pub(super) entitlements: &'y [Option<Entitlement>],
    /// The active projects, in their order.
    pub(super) active: &'y [ProjectId],
    /// The waiting projects that could be let in, in their order.
    pub(super) candidates: &'y [ProjectId],
    /// In which years each organisation was served before this one.
    pub(super) served: &'y [BTreeSet<i16>],
}

/// What came of it.
pub(super) struct Admitted {
    /// Who was let in, in this order.
    pub(super) projects: Vec<ProjectId>,
    /// Who of them by completing a count of accounts.
    pub(super) by_completion: BTreeSet<ProjectId>,
    /// Why the others were not.
    pub(super) reasons: BTreeMap<ProjectId, WaitingReason>,
    pub(super) accounts: Vec<Account>,
    pub(super) uncovered: Nok,
}

/// The state of a year's admission.
pub(super) struct Trial<'y, 'a> {
    pub(super) year: &'y Setting<'y, 'a>,
    /// None where places are not limited.
    places_left: Option<i64>,
    /// None where money does not limit.
    money_left: Option<Nok>,
    admitted: Admitted,
    ended: bool,
}

impl Setting<'_, '_> {
    /// What a project costs this year without a frame; none while it is not known.
    pub(super) fn cost(&self, project: ProjectId) -> Option<Nok> {
        self.entitlements[project].as_ref()?.parts.map(|parts| parts.cost)
    }

    /// What an active project takes this year: what was decided, else its cost.
    fn takes(&self, project: ProjectId) -> Option<Nok> {
        let decided = self.index.projects[project].decided(self.year);
        decided.map(|promised| promised.amount).or_else(|| self.cost(project))
    }
}

/// Lets projects in.
pub(super) fn admit<'y>(
    year: &'y Setting<'y, '_>,
    memory: &mut Memory,
    places_left: Option<i64>,
    money_left: Option<Nok>,
) -> Result<Admitted, Overflow> {
    let mut trial = Trial {
        year,
        places_left,
        money_left,
        admitted: Admitted {
            projects: Vec::new(),
            by_completion: BTreeSet::new(),
            reasons: BTreeMap::new(),
            accounts: Vec::new(),
            uncovered: Nok::ZERO,
        },
        ended: false,
    };
    let mut known = Vec::with_capacity(year.candidates.len());
    for candidate in year.candidates {
        if year.cost(*candidate).is_some() {
            known.push(*candidate);
        } else {
            trial.admitted.reasons.insert(*candidate, WaitingReason::AmountPending);
        }
    }
    match year.rules.model.admission.rule {
        AdmissionRule::List => trial.all(&known)?,
        AdmissionRule::ReservedShare => list::reserved_share(&mut trial, &known)?,
        AdmissionRule::LeastServed => list::least_served(&mut trial, known)?,
        AdmissionRule::PerpetualQuota => perpetual::rounds(&mut trial, &mut memory.perpetual, known, true)?,
        AdmissionRule::PerpetualConsensus => {
            perpetual::rounds(&mut trial, &mut memory.perpetual, known, false)?;
        }
        AdmissionRule::Accounts => accounts::spend(&mut trial, &mut memory.accounts, known)?,
    }
    let mut admitted = trial.admitted;
    for project in &admitted.projects {
        admitted.reasons.remove(project);
    }
    Ok(admitted)
}

impl Trial<'_, '_> {
    /// Tries projects in an order until one ends the trying.
    fn all(&mut self, order: &[ProjectId]) -> Result<(), Overflow> {
        for project in order {
            self.step(*project)?;
        }
        Ok(())
    }

    /// Tries one project, with all that follows.
    fn step(&mut self, project: ProjectId) -> Result<bool, Overflow> {
        if self.ended {
            // Who was tried before, in another pass, keeps the reason of that.
            self.admitted.reasons.entry(project).or_insert(WaitingReason::AfterStop);
            return Ok(false);
        }
        match self.fits(project)? {
            None => {
                self.let_in(project)?;
                Ok(true)
            }
            Some(WaitingReason::Money) => self.short_of_money(project),
            Some(reason) => {
                self.admitted.reasons.insert(project, reason);
                Ok(false)
            }
        }
    }

    fn short_of_money(&mut self, project: ProjectId) -> Result<bool, Overflow> {
        let on_shortage = self.year.rules.model.admission.on_shortage;
        self.ended = on_shortage != OnShortage::Skip;
        let some_left = self.money_left.is_some_and(|left| left > Nok::ZERO);
        if on_shortage == OnShortage::Partial && some_left {
            self.let_in(project)?;
            self.money_left = Some(Nok::ZERO);
            return Ok(true);
        }
        self.admitted.reasons.insert(project, WaitingReason::Money);
        Ok(false)
    }

    /// Why a project can not be let in now; none if it can.
    fn fits(&self, project: ProjectId) -> Result<Option<WaitingReason>, Overflow> {
        let year = self.year;
        let Some(cost) = year.cost(project) else { return Ok(Some(WaitingReason::AmountPending)) };
        if self.places_left.is_some_and(|places| places <= 0) {
            return Ok(Some(WaitingReason::Places));
        }
        if let Some(ceiling) = year.rules.model.admission.commit_ceiling {
            let last_year = year.index.last_year(project);
            for later in year.year.saturating_add(1)..=last_year {
                let Some(frame) = year.index.frame(later).and_then(|frame| frame.amount) else { continue };
                let bound = year
                    .active
                    .iter()
                    .chain(&self.admitted.projects)
                    .filter(|other| year.index.projects[**other].spans(later))
                    .filter_map(|other| year.takes(*other));
                let bound = Nok::checked_sum(bound)?.checked_add(cost)?;
                if Exact::from(bound) > ceiling.exact().checked_mul(Exact::from(frame))? {
                    return Ok(Some(WaitingReason::CommitCeiling));
                }
            }
        }
        Ok(self.money_left.is_some_and(|left| cost > left).then_some(WaitingReason::Money))
    }

    /// Lets a project in.
    fn let_in(&mut self, project: ProjectId) -> Result<(), Overflow> {
        let cost = self.year.cost(project).unwrap_or(Nok::ZERO);
        self.places_left = self.places_left.map(|places| places - 1);
        self.money_left = self.money_left.map(|left| left.checked_sub(cost)).transpose()?;
        self.admitted.projects.push(project);
        Ok(())
    }

    /// Those of the remaining that could be let in now; the reasons of the others are noted.
    fn open(&mut self, remaining: &[ProjectId]) -> Result<Vec<ProjectId>, Overflow> {
        let mut open = Vec::with_capacity(remaining.len());
        for project in remaining {
            match self.fits(*project)? {
                None => open.push(*project),
                Some(reason) => {
                    self.admitted.reasons.insert(*project, reason);
                }
            }
        }
        Ok(open)
    }
}

/// The voters of all projects that have begun by a year.
fn electorate(index: &Index<'_>, year: i16) -> BTreeSet<OrgId> {
    index
        .projects
        .iter()
        .filter(|project| project.input.first_year <= year)
        .flat_map(|project| project.voters.iter().copied())
        .collect()
}
