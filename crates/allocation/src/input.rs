//! Everything that a plan is computed from.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FundingModel, HeadcountRecord, Nok, Share};

/// The whole input of one computation; the same input gives the same plan on any machine, for ever.
///
/// The meaning of each part is in `docs/bundle.md`, section 3.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanInput {
    /// The office that plans, by its key.
    pub office: String,
    /// The grant scheme, by its key.
    pub scheme: String,
    /// The first budget year of the horizon.
    pub first_year: i16,
    /// The last budget year of the horizon.
    pub last_year: i16,
    /// Money left from before the horizon.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub carried_in: Option<Nok>,
    /// The funding models, in all versions that may hold in the horizon.
    pub models: Vec<FundingModel>,
    /// The frames of the years.
    pub frames: Vec<FrameInput>,
    /// The organisations that occur, and the successors of those that ceased.
    pub organisations: Vec<OrganisationInput>,
    /// The projects: those that are granted and those that wait.
    pub projects: Vec<ProjectInput>,
    /// Who was funded before, from elsewhere than this input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<ServedYear>,
}

/// The money and the places that the office has in a year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FrameInput {
    /// The budget year.
    pub year: i16,
    /// Whether the frame is certain.
    pub status: FrameStatus,
    /// The money; `None` where only places are given.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Nok>,
    /// The number of projects that may be funded; `None` where it is not limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
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

/// An organisation with its people and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationInput {
    /// The organisation number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The municipality number, where it is or lies in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<String>,
    /// The day on which it ceased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceased: Option<Date>,
    /// Who came after it, with the shares that add up to the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<SuccessorInput>,
    /// The headcounts known of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headcounts: Vec<HeadcountRecord>,
}

/// Who came after an organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuccessorInput {
    /// The successor's number.
    pub organisation: String,
    /// The part of the old organisation that went to it.
    pub share: Share,
}

/// A year in which an organisation was funded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServedYear {
    /// The organisation's number.
    pub organisation: String,
    /// The budget year.
    pub year: i16,
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
    /// Whether it is granted or waits.
    pub status: ProjectStatus,
    /// The place on the list; absent comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    /// The number of the organisation that answers for it.
    pub lead: String,
    /// The numbers of the other parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<String>,
    /// The numbers of organisations that support it without being parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supporters: Vec<String>,
    /// Purposes that it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What the forum said of its later years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewals: Vec<RenewalInput>,
    /// What was promised for its years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<PromisedYear>,
}

/// Whether a project is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Granted.
    Running,
    /// On the waiting list.
    Waiting,
}

/// What the forum said of a later year of a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalInput {
    /// The budget year.
    pub year: i16,
    /// What was said.
    pub outcome: RenewalOutcome,
}

/// Whether a project goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenewalOutcome {
    /// It goes on in the year.
    Renewed,
    /// It ends before the year.
    Stopped,
}

/// What was promised for a year of a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PromisedYear {
    /// The budget year.
    pub year: i16,
    /// How firmly.
    pub state: PromiseState,
    /// The amount.
    #[serde(with = "crate::money::plain")]
    pub amount: Nok,
    /// The run that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The decision that promised it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The instalments that were paid.
    #[serde(default, with = "crate::money::plain::list", skip_serializing_if = "Vec::is_empty")]
    pub paid: Vec<Nok>,
}

/// How firm a promise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// Told with the reservation that the budget is decided; a new run may show another amount.
    PreNotified,
    /// Decided: it stands.
    Decided,
}

impl PlanInput {
    /// Sorts every list whose order means nothing by its whole content, so that equal inputs have equal JSON and equal
    /// hashes, however they were put together.
    pub fn canonicalise(&mut self) {
        self.models.sort_unstable();
        self.frames.sort_unstable();
        for organisation in &mut self.organisations {
            organisation.headcounts.sort_unstable();
            organisation.successors.sort_unstable();
        }
        self.organisations.sort_unstable();
        for project in &mut self.projects {
            project.partners.sort_unstable();
            project.supporters.sort_unstable();
            project.tags.sort_unstable();
            project.renewals.sort_unstable();
            project.years.sort_unstable();
        }
        self.projects.sort_unstable();
        self.history.sort_unstable();
    }
}

impl ProjectInput {
    /// The numbers of the parties: the lead and the partners.
    pub fn parties(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.lead.as_str()).chain(self.partners.iter().map(String::as_str))
    }
}
