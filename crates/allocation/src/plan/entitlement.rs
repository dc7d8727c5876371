//! What a project is entitled to in a year, before anything is fitted to a frame.

use std::sync::Arc;

use super::counting::{count, groups};
use super::index::{ComponentRules, Index, OrgId, Project, Rules};
use super::result::{Flag, FlagCode};
use crate::model::{Component, Limits};
use crate::money::Overflow;
use crate::text::Shown;
use crate::trace::{Step, StepInput, StepKind};
use crate::{Exact, Nok, Quantity};

/// An entitlement with its parts, its limits and its explanation.
pub(super) struct Entitlement {
    /// Base and lump, and what is per head; none while a headcount is missing.
    pub(super) parts: Option<Parts>,
    pub(super) flags: Vec<Flag>,
    pub(super) trace: Step,
    /// For each party, what its own people and the bases and lumps per partner gave; what is missing counts nothing.
    pub(super) by_party: Vec<Exact>,
}

/// The parts of a known entitlement.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) fixed: Exact,
    pub(super) per_head: Exact,
    pub(super) low: Nok,
    pub(super) high: Option<Nok>,
    /// What the project would get without a frame: within the limits, to the nearest unit.
    pub(super) cost: Nok,
}

impl Parts {
    /// The entitlement without limits.
    pub(super) fn sum(&self) -> Result<Exact, Overflow> {
        self.fixed.checked_add(self.per_head)
    }

    /// A value within the limits.
    pub(super) fn within(&self, value: Exact) -> Exact {
        let raised = value.max(Exact::from(self.low));
        self.high.map_or(raised, |high| raised.min(Exact::from(high)))
    }
}

/// The fixed part and the part per head; none if one of them is missing.
type Sums = Option<(Exact, Exact)>;

/// What one component came to.
pub(super) struct Outcome {
    pub(super) exact: Option<Exact>,
    pub(super) step: Step,
}

/// The computation of one entitlement.
pub(super) struct Evaluation<'i, 'a> {
    pub(super) index: &'i Index<'a>,
    pub(super) rules: &'i Rules<'a>,
    pub(super) parties: &'i [OrgId],
    pub(super) municipalities: u32,
    pub(super) year: i16,
    pub(super) flags: Vec<Flag>,
    pub(super) by_party: Vec<Exact>,
}

/// Computes the entitlement of a project in a year.
pub(super) fn entitlement(
    index: &Index<'_>,
    rules: &Rules<'_>,
    project: &Project<'_>,
    year: i16,
) -> Result<Entitlement, Overflow> {
    let mut evaluation = Evaluation::new(index, rules, &project.parties, project.municipalities, year);
    let (sums, steps) = evaluation.components()?;
    let mut trace = Step {
        rule: Some(rules.rule.clone()),
        basis: Some(rules.basis.clone()),
        steps,
        ..Step::empty(StepKind::Entitlement)
    };
    let parts = match sums {
        None => None,
        Some((fixed, per_head)) => {
            let (low, high) = evaluation.limits()?;
            let mut parts = Parts { fixed, per_head, low, high, cost: Nok::ZERO };
            let within = parts.within(parts.sum()?);
            parts.cost = within.nearest(rules.model.unit)?;
            if low > Nok::ZERO {
                trace.inputs.push(StepInput::plain("low", low));
            }
            if let Some(high) = high {
                trace.inputs.push(StepInput::plain("high", high));
            }
            trace.result = Some(within.text());
            Some(parts)
        }
    };
    Ok(Entitlement { parts, flags: evaluation.flags, trace, by_party: evaluation.by_party })
}

/// What the entitlement of a project with one party would be, without limits; a component that is missing counts nothing.
pub(super) fn weight(
    index: &Index<'_>,
    rules: &Rules<'_>,
    organisation: OrgId,
    year: i16,
) -> Result<Exact, Overflow> {
    let mut evaluation = Evaluation::new(index, rules, std::slice::from_ref(&organisation), 1, year);
    let mut sum = Exact::ZERO;
    for component in &rules.components {
        if let Some(outcome) = evaluation.component(component)? {
            sum = sum.checked_add(outcome.exact.unwrap_or(Exact::ZERO))?;
        }
    }
    Ok(sum)
}

impl<'i, 'a> Evaluation<'i, 'a> {
    fn new(
        index: &'i Index<'a>,
        rules: &'i Rules<'a>,
        parties: &'i [OrgId],
        municipalities: u32,
        year: i16,
    ) -> Self {
        let by_party = vec![Exact::ZERO; parties.len()];
        Self { index, rules, parties, municipalities, year, flags: Vec::new(), by_party }
    }

    /// The fixed part and the part per head, and the steps; no parts if one is missing.
    fn components(&mut self) -> Result<(Sums, Vec<Step>), Overflow> {
        let mut sums = Some((Exact::ZERO, Exact::ZERO));
        let mut steps = Vec::with_capacity(self.rules.components.len());
        let rules = self.rules;
        for component in &rules.components {
            let Some(outcome) = self.component(component)? else { continue };
            let per_head = matches!(component.component, Component::PerHead { .. });
            sums = match (sums, outcome.exact) {
                (Some((fixed, heads)), Some(exact)) if per_head => Some((fixed, heads.checked_add(exact)?)),
                (Some((fixed, heads)), Some(exact)) => Some((fixed.checked_add(exact)?, heads)),
                _ => None,
            };
            steps.push(outcome.step);
        }
        Ok((sums, steps))
    }

    /// One component; none for money set aside, which no entitlement holds.
    fn component(&mut self, component: &ComponentRules<'_>) -> Result<Option<Outcome>, Overflow> {
        let outcome = match component.component {
            Component::Base { per, amount, .. } => self.base(*per, *amount)?,
            Component::PerHead { rates, count, .. } if self.rules.model.split_year => {
                self.per_head_split(rates, count)?
            }
            Component::PerHead { rates, count, .. } => self.per_head(rates, count)?,
            Component::Lump { per, bands, count, .. } => self.lump(*per, bands, count)?,
            Component::Share { .. } => return Ok(None),
        };
        let step = Step {
            rule: Some(component.rule.clone()),
            basis: Some(component.basis.clone()),
            result: outcome.exact.map(|exact| exact.text()),
            ..outcome.step
        };
        Ok(Some(Outcome { step, ..outcome }))
    }

    /// The lowest and the highest amount of the project, in whole units.
    fn limits(&mut self) -> Result<(Nok, Option<Nok>), Overflow> {
        let model = self.rules.model;
        let (floors, caps) = (model.floors.as_ref(), model.caps.as_ref());
        let per_head = |limits: Option<&Limits>| limits.and_then(|limits| limits.per_head);
        let heads = if per_head(floors).is_some() || per_head(caps).is_some() {
            self.heads()?
        } else {
            Quantity::ZERO
        };
        let municipalities = Exact::whole(i128::from(self.municipalities));
        let all = |limits: Option<&Limits>| -> Result<Vec<Exact>, Overflow> {
            let Some(limits) = limits else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            found.extend(limits.project.map(Exact::from));
            found.extend(limits.per_head.map(|amount| Exact::product(amount, heads)));
            if let Some(amount) = limits.municipality {
                found.push(Exact::from(amount).checked_mul(municipalities)?);
            }
            Ok(found)
        };
        let low = all(floors)?.into_iter().max().unwrap_or(Exact::ZERO).max(Exact::ZERO).up(model.unit)?;
        let high = all(caps)?.into_iter().min().map(|high| high.down(model.unit)).transpose()?;
        match high {
            Some(high) if low > high => {
                // Nothing else raises this one.
                self.flags.push(Flag::of_line(FlagCode::LimitsCrossed));
                Ok((high, Some(high)))
            }
            _ => Ok((low, high)),
        }
    }

    /// The people of all parties under all different filters.
    fn heads(&self) -> Result<Quantity, Overflow> {
        let mut heads = Quantity::ZERO;
        for party in self.parties {
            let organisation = &self.index.organisations[*party];
            for filter in &self.rules.heads {
                for group in groups(organisation, *filter, self.year) {
                    let counted =
                        count(self.rules, organisation, *filter, &group, self.year, &mut Vec::new())?;
                    heads = heads.checked_add(counted.count.unwrap_or(Quantity::ZERO))?;
                }
            }
        }
        Ok(heads)
    }
}

/// The rule of a component, for steps outside the entitlement.
pub(super) fn named(component: &ComponentRules<'_>, kind: StepKind) -> Step {
    let (rule, basis): (Arc<str>, Arc<str>) = (component.rule.clone(), component.basis.clone());
    Step { rule: Some(rule), basis: Some(basis), ..Step::empty(kind) }
}
