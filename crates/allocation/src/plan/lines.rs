//! The lines of a year: what is decided, and what is open.

use super::admission::Admitted;
use super::fit::FitOutcome;
use super::index::ProjectId;
use super::recipients::follow_up;
use super::result::{Flag, FlagCode, LineState, PlanLine};
use super::year::{Computation, State};
use crate::model::{Renewal, Settlement};
use crate::money::Overflow;
use crate::text::Shown;
use crate::trace::{Step, StepInput, StepKind};
use crate::{FrameStatus, Nok};

impl Computation<'_, '_> {
    /// A line with what all lines have.
    fn line(&self, project: ProjectId, trace: Step) -> PlanLine {
        let input = self.index.projects[project].input;
        let promise = self.index.projects[project].promise(self.year);
        PlanLine {
            project: input.id.clone(),
            reference: input.reference.clone(),
            year: self.year,
            amount: None,
            state: promise.map(|promised| promised.state).into(),
            admitted: false,
            conditional: false,
            promised: None,
            computed: None,
            difference: None,
            fitted: None,
            set_aside: None,
            adjust: None,
            flags: Vec::new(),
            recipients: Vec::new(),
            own_contribution: None,
            provider: None,
            owner: None,
            instalments: Vec::new(),
            overpaid: None,
            unpaid: None,
            trace,
        }
    }

    pub(super) fn decided_line(
        &mut self,
        state: &mut State,
        project: ProjectId,
        amount: Nok,
        outcome: Option<(&FitOutcome, usize)>,
    ) -> Result<PlanLine, Overflow> {
        let mut line = self.line(project, Step::empty(StepKind::Decided));
        line.amount = Some(amount);
        let promise = self.index.projects[project].promise(self.year);
        line.trace.inputs.push(StepInput {
            run: promise.and_then(|promised| promised.run.clone()),
            decision: promise.and_then(|promised| promised.decision.clone()),
            ..StepInput::plain("amount", amount)
        });
        line.trace.result = Some(amount.text());
        let Some(rules) = self.rules else {
            line.flags.push(Flag::of_line(FlagCode::ModelMissing));
            return Ok(line);
        };
        line.trace.rule = Some(rules.rule.clone());
        line.trace.basis = Some(rules.basis.clone());
        let Some(mut found) = self.entitlements[project].take() else { return Ok(line) };
        line.flags.append(&mut found.flags);
        if let Some((outcome, place)) = outcome {
            let fitted = &outcome.fitted[place];
            if let Some(base) = fitted.amount {
                let computed = base.checked_add(fitted.set_aside_sum()?)?;
                let difference = computed.checked_sub(amount)?;
                line.trace.inputs.push(StepInput::plain("computed", computed));
                line.trace.inputs.push(StepInput::plain("difference", difference));
                line.computed = Some(computed);
                line.difference = Some(difference);
                if rules.model.settlement != Settlement::None {
                    state.due[project] = state.due[project].checked_add(difference)?;
                }
            }
            let entitlement_step = std::mem::replace(&mut found.trace, Step::empty(StepKind::Entitlement));
            line.trace.steps.push(outcome.step(rules, place, entitlement_step));
            line.trace.steps.extend(outcome.set_aside_steps(rules, place));
        }
        follow_up(self.index, rules, project, &found, &mut line)?;
        Ok(line)
    }

    pub(super) fn open_line(
        &mut self,
        state: &mut State,
        project: ProjectId,
        adjust: Option<Nok>,
        admitted: &Admitted,
        outcome: Option<(&FitOutcome, usize)>,
    ) -> Result<PlanLine, Overflow> {
        let now = state.admitted.get(&project) == Some(&self.year);
        let (Some(rules), Some((outcome, place))) = (self.rules, outcome) else {
            let mut line = self.line(project, Step::empty(StepKind::NoModel));
            line.flags.push(Flag::of_line(FlagCode::ModelMissing));
            self.open_details(state, project, now, &mut line);
            return Ok(line);
        };
        let Some(mut found) = self.entitlements[project].take() else { return Err(Overflow) };
        let mut line = self.line(project, Step::empty(StepKind::Amount));
        line.admitted = now;
        if admitted.by_completion.contains(&project) {
            line.flags.push(Flag::of_line(FlagCode::ByCompletion));
        }
        line.flags.append(&mut found.flags);
        line.trace.rule = Some(rules.rule.clone());
        line.trace.basis = Some(rules.basis.clone());
        let entitlement_step = std::mem::replace(&mut found.trace, Step::empty(StepKind::Entitlement));
        line.trace.steps.push(outcome.step(rules, place, entitlement_step));
        line.trace.steps.extend(outcome.set_aside_steps(rules, place));
        let fitted = &outcome.fitted[place];
        if let Some(base) = fitted.amount {
            let set_aside = fitted.set_aside_sum()?;
            let adjust = adjust.unwrap_or(Nok::ZERO);
            let mut amount = base.checked_add(set_aside)?.checked_add(adjust)?;
            if amount < Nok::ZERO {
                state.due[project] = state.due[project].checked_add(amount)?;
                amount = Nok::ZERO;
            }
            line.amount = Some(amount);
            line.fitted = Some(base);
            line.set_aside = Some(set_aside).filter(|part| *part != Nok::ZERO);
            line.adjust = Some(adjust).filter(|part| *part != Nok::ZERO);
            line.trace.result = Some(amount.text());
            if adjust != Nok::ZERO {
                // What was due before is what is due now and what was settled; a shortfall below zero went back to it.
                let back = base.checked_add(set_aside)?.checked_add(adjust)?.min(Nok::ZERO);
                let due = state.due[project].checked_sub(back)?.checked_add(adjust)?;
                line.trace.steps.push(Step {
                    rule: Some(rules.rule.clone()),
                    basis: Some(rules.basis.clone()),
                    inputs: vec![StepInput::plain("due", due)],
                    result: Some(adjust.text()),
                    ..Step::empty(StepKind::Settlement)
                });
            }
        }
        self.open_details(state, project, now, &mut line);
        if fitted.exhausted {
            line.flags.push(Flag::of_line(FlagCode::FrameExhausted));
        }
        follow_up(self.index, rules, project, &found, &mut line)?;
        Ok(line)
    }

    /// What an open line has with and without a model.
    fn open_details(&self, state: &State, project: ProjectId, now: bool, line: &mut PlanLine) {
        let granted = &self.index.projects[project];
        let required = self.rules.is_some_and(|rules| rules.model.renewal == Some(Renewal::Required));
        let first_funded = state.admitted.get(&project).copied().unwrap_or(granted.input.first_year);
        let pending = required && self.year > first_funded && !granted.renewed(self.year);
        if pending {
            line.flags.push(Flag::of_line(FlagCode::RenewalPending));
        }
        let certain = self.frame.is_some_and(|frame| frame.status == FrameStatus::Decided);
        line.admitted = now;
        line.conditional = !certain || pending;
        if line.state == LineState::PreNotified {
            line.promised = granted.promise(self.year).map(|promised| promised.amount);
        }
    }
}
