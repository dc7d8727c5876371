//! The multi-year plan: amounts per project and year, and totals against the frames.

mod check;
mod compute;
mod counting;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FrameStatus, Measure, ModelError, Nok, Quantity, Trace, UnitKind};

pub use check::MAX_HORIZON_YEARS;
pub use compute::plan;

/// The result of [`plan`]: a line per project and year, and a total per year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// One line per project and funded year, by project id and year.
    pub lines: Vec<PlanLine>,
    /// One total per year of the horizon.
    pub years: Vec<YearTotal>,
}

/// What one project is entitled to in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLine {
    /// The project's id.
    pub project_id: String,
    /// The project's reference for people.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// Whole kroner; `None` where the flags say what is missing.
    pub amount: Option<Nok>,
    /// What a reader must know about the amount.
    pub flags: Vec<Flag>,
    /// Why the amount is what it is.
    pub trace: Trace,
}

/// One headcount that a model asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadcountSubject {
    /// The organisation number of the party.
    pub organisation_number: String,
    /// The name of the party.
    pub name: String,
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
}

/// What a reader must know about an amount, or about its absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Flag {
    /// A register withholds the count; the model's assumption was used.
    WithheldAssumed {
        /// Whose count.
        #[serde(flatten)]
        subject: HeadcountSubject,
        /// What was assumed.
        assumed: Quantity,
    },
    /// There is no record, or the register has no answer: no amount can be given.
    HeadcountUnknown(HeadcountSubject),
    /// Several records of the newest date contradict each other: no amount can be given.
    HeadcountConflict {
        /// Whose count.
        #[serde(flatten)]
        subject: HeadcountSubject,
        /// The date of the contradicting records.
        date: Date,
    },
    /// The register says that none are registered; counted as zero.
    NoneRegistered(HeadcountSubject),
    /// The amount rests on an invented practice value.
    PracticeHeadcount(HeadcountSubject),
    /// No funding model holds in the year: no amount can be given.
    ModelMissing,
    /// The project has no parties: no amount can be given.
    NoParties,
}

/// The total of a year against its frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YearTotal {
    /// The budget year.
    pub year: i16,
    /// The sum of the amounts that are known.
    pub total: Nok,
    /// How many projects are funded in the year.
    pub lines: u32,
    /// How many of them have no amount, so that the total is too low.
    pub lines_without_amount: u32,
    /// The money of the year, where a frame gives it.
    pub frame: Option<Nok>,
    /// Whether the frame is certain.
    pub frame_status: Option<FrameStatus>,
    /// By how much the total exceeds the frame, where it does; nothing is fitted.
    pub shortfall: Option<Nok>,
    /// The places of the year, where a frame limits them.
    pub places: Option<u32>,
    /// By how many projects the places are exceeded, where they are.
    pub places_short: Option<u32>,
}

/// Why no plan can be computed at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// `lastYear` lies before `firstYear`, in the horizon or in a project.
    #[error("the last year {last_year} is before the first year {first_year}{}", of_project(.project_id.as_deref()))]
    YearsReversed {
        /// The project; `None` for the horizon.
        project_id: Option<String>,
        /// The first year.
        first_year: i16,
        /// The last year.
        last_year: i16,
    },
    /// The horizon is longer than [`MAX_HORIZON_YEARS`].
    #[error("the horizon of {years} years is longer than {MAX_HORIZON_YEARS}")]
    HorizonTooLong {
        /// The years from the first to the last.
        years: i32,
    },
    /// A funding model is not usable.
    #[error("the funding model {key:?} version {version} is invalid: {}", joined(.errors))]
    InvalidModel {
        /// The model's key.
        key: String,
        /// The model's version.
        version: u32,
        /// All that is wrong.
        errors: Vec<ModelError>,
    },
    /// Two models have the same key and version.
    #[error("the funding model {key:?} version {version} is given twice")]
    DuplicateModel {
        /// The models' key.
        key: String,
        /// The models' version.
        version: u32,
    },
    /// Models of different keys hold in the same year, and nothing says which one rules.
    #[error("the funding models {first:?} and {second:?} both hold in {year}")]
    CompetingModels {
        /// The year.
        year: i16,
        /// One key.
        first: String,
        /// The other key.
        second: String,
    },
    /// Two frames of one year have the same status.
    #[error("the frame of {year} is given twice with the same status")]
    DuplicateFrame {
        /// The year.
        year: i16,
    },
    /// A frame is below zero.
    #[error("the frame of {year} is below zero")]
    NegativeFrame {
        /// The year.
        year: i16,
    },
    /// Two projects have the same id.
    #[error("the project {project_id} is given twice")]
    DuplicateProject {
        /// The id.
        project_id: String,
    },
    /// A party stands twice in a project and would count twice.
    #[error("the party {organisation_number} is given twice in the project {project_id}")]
    DuplicateParty {
        /// The project.
        project_id: String,
        /// The party.
        organisation_number: String,
    },
    /// An amount or a count of a project does not fit.
    #[error("the amount of the project {project_id} in {year} does not fit the range of amounts")]
    LineOverflow {
        /// The project.
        project_id: String,
        /// The year.
        year: i16,
    },
    /// The total of a year does not fit.
    #[error("the total of {year} does not fit the range of amounts")]
    TotalOverflow {
        /// The year.
        year: i16,
    },
}

fn of_project(project_id: Option<&str>) -> String {
    project_id.map(|id| format!(" of the project {id}")).unwrap_or_default()
}

fn joined(errors: &[ModelError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
