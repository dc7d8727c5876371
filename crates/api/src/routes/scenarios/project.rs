//! Projects and organisations that join in a scenario.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::{
    Headcount, HeadcountRecord, OrganisationInput, ProjectInput, ProjectStatus, SuccessorInput,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::wire_enum;
use crate::routes::headcounts::{HeadcountStatus, HeadcountValue, Measure, Ownership, UnitKind};

wire_enum! {
    /// Whether a project is granted.
    ScenarioProjectStatus = ProjectStatus {
        /// Granted.
        Running,
        /// On the reserve list.
        Waiting,
    }
}

/// A project that joins.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioProject {
    /// An id of its own.
    pub id: Uuid,
    /// A reference of its own.
    #[schema(min_length = 1, max_length = 100)]
    pub reference: String,
    /// The title.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The first year that is funded.
    #[schema(minimum = 1990, maximum = 2100)]
    pub first_year: i16,
    /// The last year that is funded.
    #[schema(minimum = 1990, maximum = 2100)]
    pub last_year: i16,
    /// Whether it is granted, or waits.
    pub status: ScenarioProjectStatus,
    /// The place on the list; absent comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 10000)]
    pub priority: Option<u32>,
    /// The organisation number of the one who answers for it.
    #[schema(pattern = "^[0-9]{9}$")]
    pub lead: String,
    /// The organisation numbers of the other parties.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub partners: Vec<PartyNumber>,
}

/// An organisation number.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(pattern = "^[0-9]{9}$")]
pub struct PartyNumber(pub String);

impl From<ScenarioProject> for ProjectInput {
    fn from(project: ScenarioProject) -> Self {
        Self {
            id: project.id.to_string(),
            reference: project.reference,
            title: project.title,
            first_year: project.first_year,
            last_year: project.last_year,
            status: project.status.into(),
            priority: project.priority,
            lead: project.lead,
            partners: project.partners.into_iter().map(|number| number.0).collect(),
            supporters: Vec::new(),
            tags: Vec::new(),
            renewals: Vec::new(),
            years: Vec::new(),
        }
    }
}

impl From<ProjectInput> for ScenarioProject {
    fn from(project: ProjectInput) -> Self {
        Self {
            // It was read from an id.
            id: project.id.parse().unwrap_or_default(),
            reference: project.reference,
            title: project.title,
            first_year: project.first_year,
            last_year: project.last_year,
            status: project.status.into(),
            priority: project.priority,
            lead: project.lead,
            partners: project.partners.into_iter().map(PartyNumber).collect(),
        }
    }
}

/// Who comes after an organisation.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioSuccessor {
    /// The organisation number.
    #[schema(pattern = "^[0-9]{9}$")]
    pub organisation_number: String,
    /// The part that goes to it; the parts add up to the whole.
    #[schema(pattern = r"^[0-9]{1,12}([./][0-9]{1,12})?%?$")]
    pub share: String,
}

/// A headcount of an organisation that joins.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioHeadcount {
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Of which units, where that is told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// The date at which it held.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// What is known of it.
    pub status: HeadcountStatus,
    /// The count: given when, and only when, the status is `known`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
    pub count: Option<String>,
}

/// An organisation that joins.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioOrganisation {
    /// The organisation number.
    #[schema(pattern = "^[0-9]{9}$")]
    pub number: String,
    /// The name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The municipality number, where it is or lies in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9]{4}$")]
    pub municipality_number: Option<String>,
    /// The day on which it ceases; with its successors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub ceased: Option<Date>,
    /// Who comes after it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub successors: Vec<ScenarioSuccessor>,
    /// The headcounts known of it.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub headcounts: Vec<ScenarioHeadcount>,
}

/// Where the headcounts of a scenario come from.
const SOURCE: &str = "scenario";

impl ScenarioOrganisation {
    /// Reads it at a place of a body.
    pub(super) fn read(self, at: &str) -> Result<OrganisationInput, Refusal> {
        let mut successors = Vec::with_capacity(self.successors.len());
        for (index, successor) in self.successors.into_iter().enumerate() {
            let place = format!("{at}/successors/{index}/share");
            let share = successor.share.parse().map_err(|error| Refusal::invalid(&place, error))?;
            successors.push(SuccessorInput { organisation: successor.organisation_number, share });
        }
        let mut headcounts = Vec::with_capacity(self.headcounts.len());
        for (index, headcount) in self.headcounts.into_iter().enumerate() {
            headcounts.push(headcount.read(&format!("{at}/headcounts/{index}"))?);
        }
        Ok(OrganisationInput {
            number: self.number,
            name: self.name,
            municipality: self.municipality_number,
            ceased: self.ceased,
            successors,
            headcounts,
        })
    }
}

impl ScenarioHeadcount {
    fn read(self, at: &str) -> Result<HeadcountRecord, Refusal> {
        let place = format!("{at}/count");
        let value = match (self.status, self.count) {
            (HeadcountStatus::Known, Some(count)) => {
                Headcount::Known(count.parse().map_err(|error| Refusal::invalid(&place, error))?)
            }
            (HeadcountStatus::Withheld, None) => Headcount::Withheld,
            (HeadcountStatus::NoneRegistered, None) => Headcount::NoneRegistered,
            (HeadcountStatus::Unknown, None) => Headcount::Unknown,
            _ => return Err(Refusal::invalid(&place, "a count when, and only when, the status is known")),
        };
        Ok(HeadcountRecord {
            unit_kind: self.unit_kind.into(),
            measure: self.measure.into(),
            ownership: self.ownership.map(Into::into),
            date: self.date,
            value,
            source: SOURCE.to_owned(),
            practice: false,
            unit: None,
        })
    }
}

impl From<OrganisationInput> for ScenarioOrganisation {
    fn from(organisation: OrganisationInput) -> Self {
        Self {
            number: organisation.number,
            name: organisation.name,
            municipality_number: organisation.municipality,
            ceased: organisation.ceased,
            successors: organisation
                .successors
                .into_iter()
                .map(|successor| ScenarioSuccessor {
                    organisation_number: successor.organisation,
                    share: successor.share.to_string(),
                })
                .collect(),
            headcounts: organisation
                .headcounts
                .into_iter()
                .map(|record| {
                    let HeadcountValue { status, count } = record.value.into();
                    ScenarioHeadcount {
                        unit_kind: record.unit_kind.into(),
                        measure: record.measure.into(),
                        ownership: record.ownership.map(Into::into),
                        date: record.date,
                        status,
                        count,
                    }
                })
                .collect(),
        }
    }
}
