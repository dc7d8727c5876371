//! Fitting amounts to a frame. `docs/bundle.md`, section 8.

use std::borrow::Cow;

use super::divide::divide;
use super::entitlement::{Entitlement, Parts};
use super::factor::{Solution, solve};
use super::index::{Index, ProjectId, Rules};
use super::result::RoundingTie;
use crate::apportionment::Method;
use crate::model::{Component, Divide, Fit, OnShortage, Rounding};
use crate::money::Overflow;
use crate::text::{Shown, Text};
use crate::trace::{Step, StepInput, StepKind, StepRounding};
use crate::{Exact, Nok};

/// A project to be fitted.
pub(super) struct Entry<'e> {
    pub(super) project: ProjectId,
    pub(super) entitlement: &'e Entitlement,
}

/// What one project got.
#[derive(Default)]
pub(super) struct Fitted {
    /// None while the entitlement is missing.
    pub(super) amount: Option<Nok>,
    /// What comes from money set aside, by component: its place, the pot, the sharers and the part.
    pub(super) set_aside: Vec<SetAside>,
    /// The exact value before rounding, where it was rounded.
    before: Option<Exact>,
    /// Whether it got less than its cost because the money ended.
    pub(super) exhausted: bool,
}

/// A part of a pot.
#[derive(Clone, Copy)]
pub(super) struct SetAside {
    pub(super) component: usize,
    pub(super) pot: Nok,
    pub(super) sharers: usize,
    pub(super) part: Nok,
}

/// What all projects got.
pub(super) struct FitOutcome {
    /// In the order of the entries.
    pub(super) fitted: Vec<Fitted>,
    /// What was there to be fitted to, if known, after what was set aside.
    available: Option<Nok>,
    /// The factor, where values were rounded together.
    pub(super) factor: Option<Exact>,
    pub(super) ties: Vec<RoundingTie>,
    /// Both as the traces of all lines show them.
    shown_available: Option<Text>,
    shown_factor: Option<Text>,
}

impl Fitted {
    /// The sum of the parts of pots.
    pub(super) fn set_aside_sum(&self) -> Result<Nok, Overflow> {
        Nok::checked_sum(self.set_aside.iter().map(|set_aside| set_aside.part))
    }
}

/// Fits a set of projects to what is available. The entries stand in the order in which they are served: active projects first,
/// those let in this year after them.
pub(super) fn fit(
    index: &Index<'_>,
    rules: &Rules<'_>,
    entries: &[Entry<'_>],
    available: Option<Nok>,
    frame: Option<Nok>,
) -> Result<FitOutcome, Overflow> {
    let mut outcome = fit_untold(index, rules, entries, available, frame)?;
    outcome.shown_available = outcome.available.map(|available| available.text());
    outcome.shown_factor = outcome.factor.map(|factor| Text::from(super::result::ratio_text(factor)));
    Ok(outcome)
}

fn fit_untold(
    index: &Index<'_>,
    rules: &Rules<'_>,
    entries: &[Entry<'_>],
    available: Option<Nok>,
    frame: Option<Nok>,
) -> Result<FitOutcome, Overflow> {
    let mut outcome = FitOutcome {
        fitted: entries.iter().map(|_| Fitted::default()).collect(),
        available,
        factor: None,
        ties: Vec::new(),
        shown_available: None,
        shown_factor: None,
    };
    set_aside(index, rules, entries, frame, &mut outcome)?;
    let known: Vec<(usize, Parts)> = entries
        .iter()
        .enumerate()
        .filter_map(|(place, entry)| Some((place, entry.entitlement.parts?)))
        .collect();
    let Some(available) = outcome.available else {
        for (place, parts) in known {
            full(&mut outcome.fitted[place], &parts)?;
        }
        return Ok(outcome);
    };
    match rules.model.fit {
        Fit::Entitlement => {
            for (place, parts) in known {
                full(&mut outcome.fitted[place], &parts)?;
            }
        }
        Fit::ByPriority => by_priority(rules, &known, available, &mut outcome)?,
        Fit::ScaleRate | Fit::ScaleAll => {
            let costs = Nok::checked_sum(known.iter().map(|(_, parts)| parts.cost))?;
            if costs <= available {
                for (place, parts) in known {
                    full(&mut outcome.fitted[place], &parts)?;
                }
            } else {
                scaled(index, rules, entries, &known, available, &mut outcome)?;
            }
        }
        Fit::Exhaust => scaled(index, rules, entries, &known, available, &mut outcome)?,
    }
    Ok(outcome)
}

/// The cost, whatever the frame.
fn full(fitted: &mut Fitted, parts: &Parts) -> Result<(), Overflow> {
    fitted.before = Some(parts.within(parts.sum()?));
    fitted.amount = Some(parts.cost);
    Ok(())
}

/// Full amounts down the list until the money ends.
fn by_priority(
    rules: &Rules<'_>,
    known: &[(usize, Parts)],
    available: Nok,
    outcome: &mut FitOutcome,
) -> Result<(), Overflow> {
    let mut left = available;
    let mut ended = false;
    for (place, parts) in known {
        let amount = if ended {
            Nok::ZERO
        } else if parts.cost <= left {
            parts.cost
        } else {
            match rules.model.admission.on_shortage {
                OnShortage::Skip => Nok::ZERO,
                OnShortage::Stop => {
                    ended = true;
                    Nok::ZERO
                }
                OnShortage::Partial => {
                    ended = true;
                    Exact::from(left).down(rules.model.unit)?.max(Nok::ZERO)
                }
            }
        };
        left = left.checked_sub(amount)?;
        let fitted = &mut outcome.fitted[*place];
        fitted.exhausted = amount < parts.cost;
        fitted.amount = Some(amount);
    }
    Ok(())
}

/// Values under one factor that add up to the target, rounded together; or as near to it as limits let them.
fn scaled(
    index: &Index<'_>,
    rules: &Rules<'_>,
    entries: &[Entry<'_>],
    known: &[(usize, Parts)],
    available: Nok,
    outcome: &mut FitOutcome,
) -> Result<(), Overflow> {
    let unit = rules.model.unit;
    let target = Exact::from(available).down(unit)?;
    let scale_all = rules.model.fit == Fit::ScaleAll;
    let split = |parts: &Parts| -> Result<(Exact, Exact), Overflow> {
        Ok(if scale_all { (Exact::ZERO, parts.sum()?) } else { (parts.fixed, parts.per_head) })
    };
    let mut lines = Vec::with_capacity(known.len());
    for (_, parts) in known {
        let (constant, slope) = split(parts)?;
        lines.push((constant, slope, *parts));
    }
    let apart = |outcome: &mut FitOutcome, values: Vec<Exact>| -> Result<(), Overflow> {
        for ((place, _), value) in known.iter().zip(values) {
            outcome.fitted[*place].amount = Some(value.nearest(unit)?);
            outcome.fitted[*place].before = Some(value);
        }
        Ok(())
    };
    match solve(&lines, Exact::from(target))? {
        Solution::Lowest(values) | Solution::Highest(values) => apart(outcome, values),
        Solution::Factor(factor, values) => {
            outcome.factor = Some(factor);
            let together = round_together(index, rules, entries, known, &values, target)?;
            outcome.ties = together.1;
            for (((place, _), value), amount) in known.iter().zip(values).zip(together.0) {
                outcome.fitted[*place].amount = Some(amount);
                outcome.fitted[*place].before = Some(value);
            }
            Ok(())
        }
    }
}

/// Rounds values that add up to the target to whole units that do.
fn round_together(
    index: &Index<'_>,
    rules: &Rules<'_>,
    entries: &[Entry<'_>],
    known: &[(usize, Parts)],
    values: &[Exact],
    target: Nok,
) -> Result<(Vec<Nok>, Vec<RoundingTie>), Overflow> {
    let unit = rules.model.unit;
    let mut ranked: Vec<ProjectId> = known.iter().map(|(place, _)| entries[*place].project).collect();
    rules.sort_by_rank(index, &mut ranked);
    let seat = |project: ProjectId| known.iter().position(|(place, _)| entries[*place].project == project);
    let seats: Vec<usize> =
        if known.windows(2).all(|pair| entries[pair[0].0].project < entries[pair[1].0].project)
            && ranked.is_sorted()
        {
            (0..known.len()).collect()
        } else {
            ranked.iter().filter_map(|project| seat(*project)).collect()
        };
    let mut amounts = vec![Nok::ZERO; known.len()];
    let Some(method) = rules.model.rounding.method() else {
        for (amount, value) in amounts.iter_mut().zip(values) {
            *amount = value.nearest(unit)?;
        }
        let tagged = |seat: &usize| has_tag(index, entries[known[*seat].0].project, "remainder");
        if let Some(named) = seats.iter().copied().find(tagged).or(seats.first().copied()) {
            let missing = target.checked_sub(Nok::checked_sum(amounts.iter().copied())?)?;
            amounts[named] = amounts[named].checked_add(missing)?;
        }
        return Ok((amounts, Vec::new()));
    };
    let units = |amount: Nok| u64::try_from(amount.ore() / unit.ore()).map_err(|_| Overflow);
    let weights: Vec<Exact> = seats.iter().map(|seat| values[*seat]).collect();
    let mut bounds = Vec::with_capacity(seats.len());
    for seat in &seats {
        let parts = known[*seat].1;
        bounds.push((units(parts.low)?, parts.high.map(units).transpose()?));
    }
    if weights.iter().all(|weight| weight.is_zero()) {
        return Ok((amounts, Vec::new()));
    }
    let divided = divide(target.ore() / unit.ore(), &weights, |place| bounds[place], method)?;
    for (seat, part) in seats.iter().zip(&divided.parts) {
        amounts[*seat] = Nok::from_ore(part.checked_mul(unit.ore()).ok_or(Overflow)?);
    }
    let reference =
        |place: &usize| index.projects[entries[known[seats[*place]].0].project].input.reference.clone();
    let mut ties: Vec<RoundingTie> = divided
        .ties
        .iter()
        .map(|tie| {
            let mut among: Vec<String> = tie.claims.iter().map(reference).collect();
            among.sort_unstable();
            RoundingTie { among, units: tie.units }
        })
        .collect();
    ties.sort_by(|left, right| left.among.cmp(&right.among));
    Ok((amounts, ties))
}

/// Divides what is set aside, which lowers what is available.
fn set_aside(
    index: &Index<'_>,
    rules: &Rules<'_>,
    entries: &[Entry<'_>],
    frame: Option<Nok>,
    outcome: &mut FitOutcome,
) -> Result<(), Overflow> {
    let Some(frame) = frame else { return Ok(()) };
    let unit = rules.model.unit;
    for (component, rule) in rules.components.iter().enumerate() {
        let Component::Share { purpose, share, divide: how, .. } = rule.component else { continue };
        let mut sharers: Vec<(ProjectId, usize)> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.entitlement.parts.is_some() && has_tag(index, entry.project, purpose))
            .map(|(place, entry)| (entry.project, place))
            .collect();
        if purpose == crate::model::NEWCOMERS || sharers.is_empty() {
            continue;
        }
        let mut ranked: Vec<ProjectId> = sharers.iter().map(|(project, _)| *project).collect();
        rules.sort_by_rank(index, &mut ranked);
        sharers.sort_by_key(|(project, _)| ranked.iter().position(|other| other == project));
        let pot = share.exact().checked_mul(Exact::from(frame))?.down(unit)?;
        let mut weights = Vec::with_capacity(sharers.len());
        for (_, place) in &sharers {
            weights.push(match (how, entries[*place].entitlement.parts) {
                (Divide::ByEntitlement, Some(parts)) => parts.sum()?,
                _ => Exact::whole(1),
            });
        }
        if weights.iter().all(|weight| weight.is_zero()) {
            weights.fill(Exact::whole(1));
        }
        let divided = divide(pot.ore() / unit.ore(), &weights, |_| (0, None), Method::LargestRemainder)?;
        for ((_, place), part) in sharers.iter().zip(divided.parts) {
            let part = Nok::from_ore(part.checked_mul(unit.ore()).ok_or(Overflow)?);
            let set_aside = SetAside { component, pot, sharers: sharers.len(), part };
            outcome.fitted[*place].set_aside.push(set_aside);
        }
        outcome.available = outcome.available.map(|available| available.checked_sub(pot)).transpose()?;
    }
    Ok(())
}

fn has_tag(index: &Index<'_>, project: ProjectId, tag: &str) -> bool {
    index.projects[project].input.tags.iter().any(|given| given == tag)
}

impl FitOutcome {
    /// The step that explains one project's fitted amount.
    pub(super) fn step(&self, rules: &Rules<'_>, place: usize, entitlement: Step) -> Step {
        let fitted = &self.fitted[place];
        let together = self.factor.is_some();
        let mut inputs = Vec::with_capacity(2);
        inputs.extend(self.shown_available.clone().map(|available| StepInput::plain("available", available)));
        inputs.extend(self.shown_factor.clone().map(|factor| StepInput::plain("factor", factor)));
        let by_priority = rules.model.fit == Fit::ByPriority;
        let rounding = fitted.before.filter(|_| !by_priority).map(|before| {
            Box::new(StepRounding {
                method: Cow::Borrowed(if together { rounding_name(rules.model.rounding) } else { "nearest" }),
                unit: rules.model.unit,
                before: before.text(),
            })
        });
        Step {
            rule: Some(rules.rule.clone()),
            basis: Some(rules.basis.clone()),
            fit: Some(rules.model.fit),
            inputs,
            result: fitted.amount.map(|amount| amount.text()),
            rounding,
            steps: vec![entitlement],
            ..Step::empty(StepKind::Fit)
        }
    }

    /// The steps that explain one project's parts of what was set aside.
    pub(super) fn set_aside_steps(&self, rules: &Rules<'_>, place: usize) -> Vec<Step> {
        let step = |set_aside: &SetAside| Step {
            inputs: vec![
                StepInput::plain("pot", set_aside.pot),
                StepInput::plain("sharers", u64::try_from(set_aside.sharers).unwrap_or(u64::MAX)),
            ],
            result: Some(set_aside.part.text()),
            ..super::entitlement::named(&rules.components[set_aside.component], StepKind::SetAside)
        };
        self.fitted[place].set_aside.iter().map(step).collect()
    }
}

/// The name of a way of rounding, as documents write it.
const fn rounding_name(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::LargestRemainder => "largest_remainder",
        Rounding::SainteLague => "sainte_lague",
        Rounding::ModifiedSainteLague => "modified_sainte_lague",
        Rounding::Dhondt => "dhondt",
        Rounding::Adams => "adams",
        Rounding::HuntingtonHill => "huntington_hill",
        Rounding::Dean => "dean",
        Rounding::Nearest => "nearest",
    }
}
