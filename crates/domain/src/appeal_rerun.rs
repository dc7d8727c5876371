//! What an appellant would have got: the run of the decision computed again, with the appellant's line changed and all else as it
//! was then.
//!
//! The input of a run is stored with it: models, frames, advice and headcounts as they were. So what came later has no part in the
//! answer, and anybody can compute it again from the two hashes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::scenario::{Change, apply};
use tildel_allocation::{Bundle, OrganisationInput, Plan, PlanInput, ProjectInput, ProjectStatus};

use crate::id::{AppealId, AppealRerunId, PersonId, RunId};
use crate::refusal::{Refusal, RefusalCode};
use crate::run::Run;
use crate::{Actor, Entry};

/// The years for which an application is taken to be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantedYears {
    /// The first year.
    pub first_year: i16,
    /// The last year.
    pub last_year: i16,
}

/// What is taken to be otherwise than it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assumption {
    /// The application is granted instead of declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<GrantedYears>,
    /// Headcounts as the appeal states them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headcounts: Vec<Change>,
}

/// The appellant as the run knew, or would have known, it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appellant {
    /// The project of the application, with the id of its grant if it has one.
    pub project: ProjectInput,
    /// Its parties, with the headcounts that were recorded when the run was computed.
    pub organisations: Vec<OrganisationInput>,
}

/// A run computed again for an appeal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppealRerun {
    /// Id.
    pub id: AppealRerunId,
    /// The appeal.
    pub appeal_id: AppealId,
    /// The run of the decision, whose input was changed.
    pub run_id: RunId,
    /// What was taken to be otherwise.
    pub assumption: Assumption,
    /// Who asked.
    pub computed_by: PersonId,
    /// When.
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

impl AppealRerun {
    /// The entry for the journal.
    pub fn store(&self) -> Entry {
        Entry::new("appeal.rerun", "appeal", self.appeal_id)
            .with("rerunId", self.id.to_string())
            .with("runId", self.run_id.to_string())
            .with("inputHash", self.input_hash.as_str())
            .with("resultHash", self.result_hash.as_str())
    }
}

/// Computes the run of a decision again under an assumption.
pub fn recompute(
    run: &Run,
    appellant: &Appellant,
    assumption: &Assumption,
    actor: &Actor,
) -> Result<Bundle, Refusal> {
    actor.require_office(run.office_id)?;
    if assumption.granted.is_none() && assumption.headcounts.is_empty() {
        return Err(
            Refusal::invalid("/", "a grant, or a headcount, that is taken to be otherwise").without_pointer()
        );
    }
    let mut input = run.input.clone();
    if let Some(granted) = assumption.granted {
        grant(&mut input, appellant, granted)?;
    }
    let not_computable =
        |problem: String| Refusal::new(RefusalCode::ScenarioNotComputable).with("problem", problem);
    let input = apply(&input, &assumption.headcounts).map_err(|error| {
        not_computable(error.problem.to_string()).at(format!("/headcounts/{}{}", error.index, error.field))
    })?;
    Bundle::compute(input).map_err(|error| not_computable(error.to_string()))
}

/// Puts the appellant among the granted projects, in the place that it had on the waiting list if it was there.
fn grant(input: &mut PlanInput, appellant: &Appellant, granted: GrantedYears) -> Result<(), Refusal> {
    let GrantedYears { first_year, last_year } = granted;
    if last_year < first_year || !crate::scheme::YEARS.contains(&first_year) {
        return Err(Refusal::invalid("/granted/lastYear", "a year from firstYear on"));
    }
    let project = &appellant.project;
    let known =
        input.projects.iter().find(|other| other.id == project.id || other.reference == project.reference);
    if known.is_some_and(|known| known.status == ProjectStatus::Running) {
        return Err(Refusal::invalid(
            "/granted",
            "none, as the application is granted in the run of the decision",
        ));
    }
    let waiting = known.cloned();
    input.projects.retain(|other| other.id != project.id && other.reference != project.reference);
    input.projects.push(ProjectInput {
        status: ProjectStatus::Running,
        first_year,
        last_year,
        ..waiting.unwrap_or_else(|| project.clone())
    });
    for organisation in &appellant.organisations {
        if !input.organisations.iter().any(|other| other.number == organisation.number) {
            input.organisations.push(organisation.clone());
        }
    }
    input.first_year = input.first_year.min(first_year);
    input.last_year = input.last_year.max(last_year);
    Ok(())
}
