//! One year of a plan. `docs/bundle.md`, section 6.

use std::collections::{BTreeMap, BTreeSet};

use super::PlanError;
use super::admission::{Admitted, Memory, Setting, admit};
use super::entitlement::{Entitlement, entitlement};
use super::fit::{Entry, FitOutcome, fit};
use super::index::{Index, ProjectId, Rules};
use super::result::{PlanLine, Waiting, WaitingReason, YearTotal};
use crate::model::Settlement;
use crate::money::Overflow;
use crate::{Exact, FrameInput, Nok, ProjectStatus};

/// What goes on from year to year.
pub(super) struct State {
    carry: Nok,
    /// In which year each project was let in by this plan.
    pub(super) admitted: BTreeMap<ProjectId, i16>,
    /// Differences of decided years that are not settled yet.
    pub(super) due: Vec<Nok>,
    /// In which years each organisation was served.
    served: Vec<BTreeSet<i16>>,
    memory: Memory,
}

impl State {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut served = vec![BTreeSet::new(); index.organisations.len()];
        let place = |number: &str| {
            index
                .organisations
                .binary_search_by(|organisation| organisation.input.number.as_str().cmp(number))
                .ok()
        };
        for entry in &index.input.history {
            if let Some(organisation) = place(&entry.organisation) {
                served[organisation].insert(entry.year);
            }
        }
        for project in index.projects.iter().filter(|project| project.input.status == ProjectStatus::Running)
        {
            let before = project.input.first_year
                ..index.input.first_year.min(project.input.last_year.saturating_add(1));
            for party in &project.parties {
                served[*party].extend(before.clone());
            }
        }
        Self {
            carry: index.input.carried_in.unwrap_or(Nok::ZERO),
            admitted: BTreeMap::new(),
            due: vec![Nok::ZERO; index.projects.len()],
            served,
            memory: Memory::default(),
        }
    }
}

/// One year while it is computed.
pub(super) struct Computation<'y, 'a> {
    pub(super) index: &'y Index<'a>,
    pub(super) rules: Option<&'y Rules<'a>>,
    pub(super) year: i16,
    pub(super) frame: Option<&'a FrameInput>,
    given: Option<Nok>,
    active: Vec<ProjectId>,
    /// By project.
    pub(super) entitlements: Vec<Option<Entitlement>>,
}

/// Computes a year: its lines, its total, and who waits.
pub(super) fn year(
    index: &Index<'_>,
    state: &mut State,
    year: i16,
) -> Result<(Vec<PlanLine>, YearTotal, Vec<Waiting>), PlanError> {
    let year_overflow = |_: Overflow| PlanError::YearOverflow { year };
    state.memory.perpetual.begin(index, year).map_err(year_overflow)?;
    let rules = index.rules(year);
    let frame = index.frame(year);
    let given = frame
        .and_then(|frame| frame.amount)
        .map(|amount| amount.checked_add(state.carry))
        .transpose()
        .map_err(year_overflow)?;
    let active = active(index, state, year);
    let candidates = if rules.is_some() { candidates(index, state, year) } else { Vec::new() };
    let mut entitlements: Vec<Option<Entitlement>> = (0..index.projects.len()).map(|_| None).collect();
    if let Some(rules) = rules {
        for project in active.iter().chain(&candidates) {
            let found = entitlement(index, rules, &index.projects[*project], year).map_err(|_| {
                PlanError::LineOverflow { project_id: index.projects[*project].input.id.clone(), year }
            })?;
            entitlements[*project] = Some(found);
        }
    }
    let decided = active.iter().filter_map(|project| index.projects[*project].decided(year));
    let decided = Nok::checked_sum(decided.map(|promised| promised.amount)).map_err(year_overflow)?;
    if let Some(given) = given.filter(|given| decided > *given) {
        let place = index.input.frames.iter().position(|other| Some(other) == frame);
        let pointer = format!("/frames/{}/amount", place.unwrap_or_default());
        return Err(PlanError::FrameBelowDecided { pointer, year, decided, given });
    }
    let mut computation = Computation { index, rules, year, frame, given, active, entitlements };
    computation.run(state, &candidates).map_err(year_overflow)
}

/// The projects that are funded in a year before anybody is let in, in their order.
fn active(index: &Index<'_>, state: &State, year: i16) -> Vec<ProjectId> {
    (0..index.projects.len())
        .filter(|id| {
            let project = &index.projects[*id];
            let granted = project.input.status == ProjectStatus::Running || state.admitted.contains_key(id);
            project.decided(year).is_some() || (granted && project.spans(year) && !project.stopped(year))
        })
        .collect()
}

/// The waiting projects that could be let in, in their order.
fn candidates(index: &Index<'_>, state: &State, year: i16) -> Vec<ProjectId> {
    (0..index.projects.len())
        .filter(|id| {
            let project = &index.projects[*id];
            project.input.status == ProjectStatus::Waiting
                && !state.admitted.contains_key(id)
                && project.spans(year)
                && !project.stopped(year)
                && project.decided(year).is_none()
        })
        .collect()
}

impl Computation<'_, '_> {
    fn run(
        &mut self,
        state: &mut State,
        candidates: &[ProjectId],
    ) -> Result<(Vec<PlanLine>, YearTotal, Vec<Waiting>), Overflow> {
        let decided_sum = Nok::checked_sum(self.active.iter().filter_map(|project| self.decided(*project)))?;
        let adjust = self.settle(state)?;
        let adjust_sum = Nok::checked_sum(adjust.values().copied())?;
        let available =
            self.given.map(|given| given.checked_sub(decided_sum)?.checked_sub(adjust_sum)).transpose()?;
        let admitted = self.admit(state, candidates, available)?;
        for project in &admitted.projects {
            state.admitted.insert(*project, self.year);
        }
        let everyone: Vec<ProjectId> = self.active.iter().chain(&admitted.projects).copied().collect();
        let open: Vec<ProjectId> =
            everyone.iter().copied().filter(|project| self.decided(*project).is_none()).collect();
        let fitted = self.fit(&open, available)?;
        let again = if open.len() < everyone.len() { self.fit(&everyone, self.given)? } else { None };
        let mut lines = Vec::with_capacity(everyone.len());
        let mut seats = 0..open.len();
        for (place, project) in everyone.iter().enumerate() {
            let line = if let Some(amount) = self.decided(*project) {
                let outcome = again.as_ref().map(|again| (again, place));
                self.decided_line(state, *project, amount, outcome)?
            } else {
                // The open ones stand in the order of everyone.
                let seat = seats.next();
                let adjust = adjust.get(project).copied();
                self.open_line(state, *project, adjust, &admitted, fitted.as_ref().zip(seat))?
            };
            lines.push(line);
        }
        let total = self.total(state, &lines, &admitted, fitted)?;
        for (line, project) in lines.iter().zip(&everyone) {
            if line.amount.is_some_and(|amount| amount > Nok::ZERO) {
                for party in &self.index.projects[*project].parties {
                    state.served[*party].insert(self.year);
                }
            }
        }
        let waiting =
            admitted.reasons.iter().map(|(project, reason)| self.waiting(*project, *reason)).collect();
        Ok((lines, total, waiting))
    }

    fn decided(&self, project: ProjectId) -> Option<Nok> {
        self.index.projects[project].decided(self.year).map(|promised| promised.amount)
    }

    fn frame_amount(&self) -> Option<Nok> {
        self.frame.and_then(|frame| frame.amount)
    }

    /// What each open project with an entitlement settles this year.
    fn settle(&self, state: &mut State) -> Result<BTreeMap<ProjectId, Nok>, Overflow> {
        let mut adjust = BTreeMap::new();
        let Some(rules) = self.rules else { return Ok(adjust) };
        for project in &self.active {
            let known = self.entitlements[*project].as_ref().is_some_and(|found| found.parts.is_some());
            if self.decided(*project).is_some() || !known {
                continue;
            }
            let due = state.due[*project];
            let now = match rules.model.settlement {
                Settlement::None => Nok::ZERO,
                Settlement::Next => due,
                Settlement::Spread => {
                    let years = i128::from(self.index.last_year(*project)) - i128::from(self.year) + 1;
                    Exact::from(due).checked_div(Exact::whole(years.max(1)))?.nearest(Nok::from_ore(1))?
                }
            };
            state.due[*project] = due.checked_sub(now)?;
            adjust.insert(*project, now);
        }
        Ok(adjust)
    }

    fn admit(
        &self,
        state: &mut State,
        candidates: &[ProjectId],
        available: Option<Nok>,
    ) -> Result<Admitted, Overflow> {
        let nobody = || Admitted {
            projects: Vec::new(),
            by_completion: BTreeSet::new(),
            reasons: BTreeMap::new(),
            accounts: Vec::new(),
            uncovered: Nok::ZERO,
        };
        let Some(rules) = self.rules else { return Ok(nobody()) };
        let costs = Nok::checked_sum(
            self.active
                .iter()
                .filter(|project| self.decided(**project).is_none())
                .filter_map(|project| self.entitlements[*project].as_ref()?.parts.map(|parts| parts.cost)),
        )?;
        let money_left = available
            .filter(|_| rules.model.fit.money_limits())
            .map(|available| available.checked_sub(costs))
            .transpose()?;
        let used = i64::try_from(self.active.len()).map_err(|_| Overflow)?;
        let places_left = self.frame.and_then(|frame| frame.places).map(|places| i64::from(places) - used);
        let setting = Setting {
            index: self.index,
            rules,
            year: self.year,
            frame: self.frame_amount(),
            entitlements: &self.entitlements,
            active: &self.active,
            candidates,
            served: &state.served,
        };
        admit(&setting, &mut state.memory, places_left, money_left)
    }

    /// The fit of projects, in the order in which they are served; none without a model.
    fn fit(&self, projects: &[ProjectId], available: Option<Nok>) -> Result<Option<FitOutcome>, Overflow> {
        let Some(rules) = self.rules else { return Ok(None) };
        let entries: Vec<Entry<'_>> = projects
            .iter()
            .filter_map(|project| {
                Some(Entry { project: *project, entitlement: self.entitlements[*project].as_ref()? })
            })
            .collect();
        fit(self.index, rules, &entries, available, self.frame_amount()).map(Some)
    }

    fn total(
        &self,
        state: &mut State,
        lines: &[PlanLine],
        admitted: &Admitted,
        fitted: Option<FitOutcome>,
    ) -> Result<YearTotal, Overflow> {
        let count = |number: usize| u32::try_from(number).map_err(|_| Overflow);
        let total = Nok::checked_sum(lines.iter().filter_map(|line| line.amount))?;
        let places = self.frame.and_then(|frame| frame.places);
        let places_used = count(lines.len())?;
        let nonzero = |amount: Nok| Some(amount).filter(|amount| *amount != Nok::ZERO);
        let mut year = YearTotal {
            year: self.year,
            model: self.rules.map(|rules| rules.rule.to_string()),
            frame_status: self.frame.map(|frame| frame.status),
            frame: self.frame_amount(),
            carried_in: nonzero(state.carry),
            given: self.given,
            total,
            lines: places_used,
            lines_without_amount: count(lines.iter().filter(|line| line.amount.is_none()).count())?,
            shortfall: None,
            left: None,
            carried_out: None,
            lapsed: None,
            factor: None,
            places,
            places_used,
            places_short: places
                .and_then(|places| places_used.checked_sub(places))
                .filter(|short| *short > 0),
            ties: Vec::new(),
            accounts: admitted.accounts.clone(),
            uncovered: nonzero(admitted.uncovered),
        };
        if let Some(fitted) = fitted {
            year.factor = fitted.factor.map(super::result::ratio_text);
            year.ties = fitted.ties;
        }
        state.carry = Nok::ZERO;
        if let (Some(given), Some(frame)) = (self.given, self.frame_amount()) {
            let left = given.checked_sub(total)?.max(Nok::ZERO);
            let most = match self.rules {
                Some(rules) => {
                    rules.model.carry_over.exact().checked_mul(Exact::from(frame))?.down(Nok::from_ore(1))?
                }
                None => Nok::ZERO,
            };
            let carried_out = left.min(most);
            state.carry = carried_out;
            year.shortfall = nonzero(total.checked_sub(given)?.max(Nok::ZERO));
            year.left = nonzero(left);
            year.carried_out = nonzero(carried_out);
            year.lapsed = nonzero(left.checked_sub(carried_out)?);
        }
        Ok(year)
    }

    fn waiting(&self, project: ProjectId, reason: WaitingReason) -> Waiting {
        let input = self.index.projects[project].input;
        Waiting { project: input.id.clone(), reference: input.reference.clone(), year: self.year, reason }
    }
}
