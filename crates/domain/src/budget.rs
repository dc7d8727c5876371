//! Budget ballots: what each application costs, what money there is, and by which method it is spent.

use serde::{Deserialize, Serialize};
use tildel_allocation::{FrameStatus, Nok};
use tildel_voting::{BudgetRule, Completion, MAX_EXACT};

use crate::id::{ApplicationId, FrameId};
use crate::refusal::Refusal;
use crate::scheme::Frame;

/// The digits of an øre below a krone.
pub(crate) const DECIMALS: u32 = 2;
/// Steps of Add1 that the larger of budget and dearest application may hold. Each may be a run of its own while the ballot is
/// kept from others, so there are some seconds' worth of them at most.
const ADD1_STEPS_MAX: u64 = 20_000;
/// The largest step of Add1, in kroner.
const ADD1_STEP_MAX: u32 = 100_000_000;

/// The terms of a count whose outcome is a set of applications within a budget. They are rules like the others, so they stand
/// from the first vote on (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// The method.
    pub rule: BudgetRule,
    /// The money; nothing until the frame that it is taken from is known, and then no ballot can be prepared.
    pub amount: Option<Nok>,
    /// By how many kroner Add1 raises the share of each vote: a power of ten; nothing without Add1.
    pub add1_step: Option<u32>,
    /// The frame that it was taken from, where it was not given.
    pub frame: Option<BudgetFrame>,
    /// What each application costs, each once.
    pub costs: Vec<OptionCost>,
}

/// What an application costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionCost {
    /// The application.
    pub application_id: ApplicationId,
    /// The cost, above zero.
    pub cost: Nok,
}

/// A frame as it stood when a budget was taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetFrame {
    /// The frame.
    pub id: FrameId,
    /// Its budget year.
    pub year: i16,
    /// Whether the Storting had decided it.
    pub status: FrameStatus,
    /// The money.
    pub amount: Nok,
    /// What decisions had promised of it, which the ballot can not spend again.
    pub committed: Nok,
}

impl Budget {
    /// Takes the money from a frame: what decisions have not promised of it yet. A frame without a known amount gives none.
    pub fn take_from(&mut self, frame: Option<&Frame>) {
        let read = frame.and_then(|frame| {
            let amount = frame.amount?;
            let free = amount.checked_sub(frame.committed).ok()?;
            let (id, year, status, committed) = (frame.id, frame.year, frame.status, frame.committed);
            Some((free, BudgetFrame { id, year, status, amount, committed }))
        });
        self.amount = read.map(|(free, _)| free);
        self.frame = read.map(|(_, frame)| frame);
    }

    /// Settles the step of Add1 where it is not given: the smallest power of ten that gives no more steps than can be counted.
    pub fn settle_add1_step(&mut self) {
        if !self.has_add1() || self.add1_step.is_some() {
            return;
        }
        let steps = std::iter::successors(Some(1_u32), |step| step.checked_mul(10));
        let mut fitting = steps.take_while(|step| *step <= ADD1_STEP_MAX).filter(|step| self.fits(*step));
        self.add1_step = fitting.next();
    }

    const fn has_add1(&self) -> bool {
        matches!(
            self.rule,
            BudgetRule::EqualShares {
                completion: Completion::Add1 { .. } | Completion::Add1Utilitarian { .. },
                ..
            }
        )
    }

    fn fits(&self, step: u32) -> bool {
        let costs = self.costs.iter().map(|priced| ore(priced.cost));
        let largest = costs.fold(self.amount_ore(), u64::max);
        largest / (u64::from(step) * 10_u64.pow(DECIMALS)) <= ADD1_STEPS_MAX
    }

    fn check_add1_step(&self) -> Result<(), Refusal> {
        let expected = match self.add1_step {
            None if self.has_add1() => {
                "a step, as budget and costs are too large for any that is chosen by itself"
            }
            Some(_) if !self.has_add1() => "null, as nothing is added without Add1",
            Some(step) if !is_power_of_ten(step) => "a power of ten, up to 100000000 kroner",
            Some(step) if !self.fits(step) => {
                "a larger step: neither the budget nor a cost may hold more than 20000 of them"
            }
            _ => return Ok(()),
        };
        Err(Refusal::invalid("/rules/matter/budget/add1Step", expected))
    }

    /// Checks that there is money, and that each option has its cost.
    pub(crate) fn check(&self, options: &[ApplicationId]) -> Result<(), Refusal> {
        let most = i64::try_from(MAX_EXACT).unwrap_or(i64::MAX);
        let is_countable = |amount: Nok| amount > Nok::ZERO && amount.ore() <= most;
        let Some(amount) = self.amount else {
            let expected = "an amount, as no frame of the round's year is known";
            return Err(Refusal::invalid("/rules/matter/budget/amount", expected));
        };
        if !is_countable(amount) {
            return Err(Refusal::invalid("/rules/matter/budget/amount", "an amount above zero"));
        }
        for (index, priced) in self.costs.iter().enumerate() {
            let at = format!("/rules/matter/budget/costs/{index}");
            let is_repeated =
                self.costs[..index].iter().any(|before| before.application_id == priced.application_id);
            if !options.contains(&priced.application_id) || is_repeated {
                let expected = "an application of the ballot that has no cost yet";
                return Err(Refusal::invalid(&format!("{at}/applicationId"), expected));
            }
            if !is_countable(priced.cost) {
                return Err(Refusal::invalid(&format!("{at}/cost"), "a cost above zero"));
            }
        }
        if self.costs.len() != options.len() {
            return Err(Refusal::invalid("/rules/matter/budget/costs", "a cost for each application"));
        }
        let total = Nok::checked_sum(self.costs.iter().map(|priced| priced.cost));
        if !total.is_ok_and(is_countable) {
            return Err(Refusal::invalid("/rules/matter/budget/costs", "costs that can be added up exactly"));
        }
        self.check_add1_step()
    }

    /// What an application costs, in øre.
    pub(crate) fn cost_ore(&self, application_id: ApplicationId) -> u64 {
        let priced = self.costs.iter().find(|priced| priced.application_id == application_id);
        priced.map_or(0, |priced| ore(priced.cost))
    }

    /// The unit of amounts in a file, in øre as a power of ten: there Add1 goes by single units.
    pub(crate) fn unit_digits(&self) -> u32 {
        DECIMALS + self.add1_step.map_or(0, u32::ilog10)
    }

    /// The step of Add1, in øre.
    pub(crate) fn add1_step_ore(&self) -> u64 {
        10_u64.pow(self.unit_digits())
    }

    /// The money, in øre.
    pub(crate) fn amount_ore(&self) -> u64 {
        self.amount.map_or(0, ore)
    }
}

/// Amounts below zero were refused.
fn ore(amount: Nok) -> u64 {
    u64::try_from(amount.ore()).unwrap_or(0)
}

const fn is_power_of_ten(step: u32) -> bool {
    step > 0 && step <= ADD1_STEP_MAX && step == 10_u32.pow(step.ilog10())
}
