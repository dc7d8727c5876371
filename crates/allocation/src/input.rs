//! Everything that a plan is computed from.

use serde::{Deserialize, Serialize};

use crate::{FundingModel, HeadcountRecord, Nok};

/// The whole input of one computation; the same input gives the same plan on any machine, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanInput {
    /// The grant scheme, by its key.
    pub scheme_key: String,
    /// The office that plans, by its key.
    pub office_key: String,
    /// The first budget year of the horizon.
    pub first_year: i16,
    /// The last budget year of the horizon.
    pub last_year: i16,
    /// The funding models, in all versions that may hold in the horizon.
    pub models: Vec<FundingModel>,
    /// The frames of the years.
    pub frames: Vec<FrameInput>,
    /// The projects to be funded.
    pub projects: Vec<ProjectInput>,
}

/// The money and the places that the office has in a year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrameInput {
    /// The budget year.
    pub year: i16,
    /// The money; `None` where only places are given.
    pub amount: Option<Nok>,
    /// The number of projects that may be funded; `None` where it is not limited.
    pub places: Option<u32>,
    /// Whether the frame is certain.
    pub status: FrameStatus,
}

/// How certain a frame is; a decided frame goes before an expected one of the same year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameStatus {
    /// Counted on, not decided.
    Expected,
    /// Decided by the budget.
    Decided,
}

/// A project with its parties.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectInput {
    /// The id, a UUID as text.
    pub id: String,
    /// The reference for people, such as `RO-2020-0007`.
    pub reference: String,
    /// The title.
    pub title: String,
    /// The first year that is funded.
    pub first_year: i16,
    /// The last year that is funded.
    pub last_year: i16,
    /// The organisations whose people count: the lead and the partners.
    pub parties: Vec<PartyInput>,
}

/// An organisation in a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartyInput {
    /// The organisation number, nine digits.
    pub organisation_number: String,
    /// The name.
    pub name: String,
    /// The headcounts known of it.
    pub headcounts: Vec<HeadcountRecord>,
}

impl PlanInput {
    /// Sorts every list by its whole content, so that equal inputs have equal JSON and equal hashes, however
    /// they were put together.
    pub fn canonicalise(&mut self) {
        for model in &mut self.models {
            model.counted.sort_unstable();
        }
        self.models.sort_unstable();
        self.frames.sort_unstable();
        for project in &mut self.projects {
            for party in &mut project.parties {
                party.headcounts.sort_unstable();
            }
            project.parties.sort_unstable();
        }
        self.projects.sort_unstable();
    }
}
