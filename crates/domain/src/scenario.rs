//! Scenarios: plans that nobody follows, to see what would be.
//!
//! A scenario is thinking aloud. It stands beside the plan, reads it, and writes nothing but itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::scenario::{Change, apply};
use tildel_allocation::{Bundle, BundleError, Plan, PlanInput};

use crate::Actor;
use crate::id::{OfficeId, PersonId, RunId, ScenarioId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::run::Run;

/// What a scenario came to when it was computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioOutcome {
    /// The run whose input was changed.
    pub run_id: RunId,
    /// When it was computed.
    pub computed_at: Timestamp,
    /// SHA-256 of the changed input, as of a run.
    pub input_hash: String,
    /// The same of the result.
    pub result_hash: String,
    /// The changed input.
    pub input: PlanInput,
    /// The result.
    pub plan: Plan,
}

/// A plan with changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Id.
    pub id: ScenarioId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// What it is called.
    pub name: String,
    /// What is different from the plan, in order.
    pub changes: Vec<Change>,
    /// Who made it.
    pub created_by: PersonId,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it came to; none until it is computed, and again when it is changed.
    pub outcome: Option<ScenarioOutcome>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Scenario {
    /// Checks what it is made of.
    pub fn check(&self, actor: &Actor) -> Result<(), Refusal> {
        actor.require_office(self.office_id)?;
        if self.name.trim().is_empty() {
            return Err(Refusal::invalid("/name", "a name"));
        }
        Ok(())
    }

    /// Gives it another name or other changes; what it came to is out of date then.
    pub fn set(&mut self, name: String, changes: Vec<Change>, actor: &Actor) -> Result<(), Refusal> {
        let next = Self { name, changes, outcome: None, ..self.clone() };
        next.check(actor)?;
        *self = next;
        Ok(())
    }

    /// Computes it on top of a run.
    pub fn compute(&mut self, run: &Run, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
        actor.require_office(self.office_id)?;
        let not_computable =
            |problem: String| Refusal::new(RefusalCode::ScenarioNotComputable).with("problem", problem);
        let input = apply(&run.input, &self.changes)
            .map_err(|error| not_computable(error.problem.to_string()).with("change", error.index))?;
        let bundle = Bundle::compute(input).map_err(|error| match error {
            BundleError::Plan(error) => not_computable(error.to_string()),
            other => not_computable(other.to_string()),
        })?;
        self.outcome = Some(ScenarioOutcome {
            run_id: run.id,
            computed_at: now,
            input_hash: bundle.input_hash,
            result_hash: bundle.result_hash,
            input: bundle.input,
            plan: bundle.result,
        });
        Ok(())
    }

    /// What it came to, or a refusal that says to compute it first.
    pub fn computed(&self) -> Result<&ScenarioOutcome, Refusal> {
        let missing = || Refusal::new(RefusalCode::ScenarioNotRun).with("name", &self.name);
        self.outcome.as_ref().ok_or_else(missing)
    }
}
