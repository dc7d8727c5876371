//! Two plans beside each other.

use serde::Serialize;
use tildel_usecases::domain::allocation::compare;
use tildel_usecases::scenarios::ScenarioComparison;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Money, resource};

/// A number before and after.
#[derive(Serialize, ToSchema)]
pub struct ComparedCounts {
    /// In the other plan.
    pub from: u32,
    /// In the scenario.
    pub to: u32,
}

/// A ratio before and after, each a fraction in lowest terms such as `1/3`.
#[derive(Serialize, ToSchema)]
pub struct ComparedRatios {
    /// In the other plan.
    pub from: String,
    /// In the scenario.
    pub to: String,
}

impl From<compare::Pair<String>> for ComparedRatios {
    fn from(pair: compare::Pair<String>) -> Self {
        Self { from: pair.from, to: pair.to }
    }
}

/// A project and year whose amounts differ.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedLine {
    /// The project: a grant, or an application of the reserve list.
    #[schema(value_type = Uuid)]
    pub project_id: String,
    /// Its reference.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// In the other plan; null for none.
    #[schema(required)]
    pub from: Option<Money>,
    /// In the scenario; null for none.
    #[schema(required)]
    pub to: Option<Money>,
}

/// A recipient and year whose sums differ.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedRecipient {
    /// The organisation number.
    pub organisation_number: String,
    /// The budget year.
    pub year: i16,
    /// In the other plan.
    pub from: Money,
    /// In the scenario.
    pub to: Money,
}

/// A year of both plans.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedYear {
    /// The budget year.
    pub year: i16,
    /// The total of the other plan.
    pub from: Money,
    /// The total of the scenario.
    pub to: Money,
    /// How many projects are funded.
    pub projects: ComparedCounts,
    /// Of those who receive money in the year, the part that was never served before.
    pub first_time: ComparedRatios,
}

/// How a scenario differs from another plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The scenario.
    pub scenario_id: Uuid,
    /// The scenario that it is compared with; null for the plan in force.
    #[schema(required)]
    pub with_scenario_id: Option<Uuid>,
    /// The run that is the plan in force, where it is compared with that.
    #[schema(required)]
    pub with_run_id: Option<Uuid>,
    /// The projects and years whose amounts differ, by reference and year.
    pub lines: Vec<ComparedLine>,
    /// The recipients and years whose sums differ, by number and year.
    pub recipients: Vec<ComparedRecipient>,
    /// All years of both plans.
    pub years: Vec<ComparedYear>,
    /// The Gini coefficient of what the parties receive over all years: 0 where all receive the same.
    pub gini: ComparedRatios,
}

resource!(ScenarioComparison => Comparison at "/v1/scenarios", unversioned);

impl From<ScenarioComparison> for Comparison {
    fn from(compared: ScenarioComparison) -> Self {
        let comparison = compared.comparison;
        Self {
            scenario_id: compared.id.into(),
            with_scenario_id: compared.with_scenario_id.map(Into::into),
            with_run_id: compared.with_run_id.map(Into::into),
            lines: comparison.lines.into_iter().map(Into::into).collect(),
            recipients: comparison.recipients.into_iter().map(Into::into).collect(),
            years: comparison.years.into_iter().map(Into::into).collect(),
            gini: comparison.gini.into(),
        }
    }
}

impl From<compare::LineDifference> for ComparedLine {
    fn from(line: compare::LineDifference) -> Self {
        Self {
            project_id: line.project,
            reference: line.reference,
            year: line.year,
            from: line.from.map(Into::into),
            to: line.to.map(Into::into),
        }
    }
}

impl From<compare::RecipientDifference> for ComparedRecipient {
    fn from(recipient: compare::RecipientDifference) -> Self {
        Self {
            organisation_number: recipient.organisation,
            year: recipient.year,
            from: recipient.from.into(),
            to: recipient.to.into(),
        }
    }
}

impl From<compare::YearDifference> for ComparedYear {
    fn from(year: compare::YearDifference) -> Self {
        Self {
            year: year.year,
            from: year.from.into(),
            to: year.to.into(),
            projects: ComparedCounts { from: year.projects.from, to: year.projects.to },
            first_time: year.first_time.into(),
        }
    }
}
