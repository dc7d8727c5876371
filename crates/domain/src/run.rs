//! Computations of a plan: a pure function of its inputs (rule 9).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Bundle, BundleError, Nok, Plan, PlanInput, PlanLine, ProjectStatus};

use crate::Entry;
use crate::id::{GrantId, OfficeId, RunId, SchemeId};

/// One computation of the plan of an office and scheme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Id.
    pub id: RunId,
    /// The office.
    pub office_id: OfficeId,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// SHA-256, in hexadecimal, of the canonical JSON of the input: equal inputs have equal hashes.
    pub input_hash: String,
    /// The same of the result.
    pub result_hash: String,
    /// Everything that the result rests on.
    pub input: PlanInput,
    /// The result.
    pub plan: Plan,
    /// When it was computed.
    pub created_at: Timestamp,
}

impl Run {
    /// The entry for the journal.
    pub fn store(&self) -> Entry {
        Entry::new("run.create", "run", self.id)
            .with("inputHash", self.input_hash.as_str())
            .with("resultHash", self.result_hash.as_str())
    }

    /// The file from which anybody can compute the run again, as `docs/bundle.md` describes it.
    pub fn bundle(&self) -> Result<String, BundleError> {
        let bundle = Bundle {
            input: self.input.clone(),
            input_hash: self.input_hash.clone(),
            result: self.plan.clone(),
            result_hash: self.result_hash.clone(),
        };
        bundle.to_json()
    }

    /// The lines of grants, as opposed to those of projects that a plan lets in from the waiting list.
    pub fn lines_of_grants(&self) -> impl Iterator<Item = &PlanLine> {
        let running: std::collections::BTreeSet<&str> = self
            .input
            .projects
            .iter()
            .filter(|project| project.status == ProjectStatus::Running)
            .map(|project| project.id.as_str())
            .collect();
        self.plan.lines.iter().filter(move |line| running.contains(line.project.as_str()))
    }

    /// The first year that the run plans.
    pub fn plan_first_year(&self) -> i16 {
        self.input.first_year
    }

    /// The amount of a grant in a year: none if the run has no such line, `Some(None)` while the amount is pending.
    pub fn amount(&self, grant_id: GrantId, year: i16) -> Option<Option<Nok>> {
        let project_id = grant_id.to_string();
        self.plan
            .lines
            .iter()
            .find(|line| line.project == project_id && line.year == year)
            .map(|line| line.amount)
    }
}
