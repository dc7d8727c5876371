//! Computations of a plan: a pure function of its inputs (rule 9).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Nok, Plan, PlanInput};

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
        Entry::new("run.create", "run", self.id).with("inputHash", self.input_hash.as_str())
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
            .find(|line| line.project_id == project_id && line.year == year)
            .map(|line| line.amount)
    }
}
