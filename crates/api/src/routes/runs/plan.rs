//! The result of a run: a line per project and year, and a total per year.

use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation;
use utoipa::ToSchema;

use super::trace::{Explanation, HeadcountSubject, TraceStep};
use crate::body::Money;
use crate::routes::frames::FrameStatus;

/// What a reader must know about an amount, or about its absence.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanFlagCode {
    /// A register withholds the count; the model's assumption was used.
    WithheldAssumed,
    /// There is no record, or the register has no answer: no amount can be given.
    HeadcountUnknown,
    /// Several records of the newest date contradict each other: no amount can be given.
    HeadcountConflict,
    /// The register says that none are registered; counted as zero.
    NoneRegistered,
    /// The amount rests on an invented practice value.
    PracticeHeadcount,
    /// No funding model holds in the year: no amount can be given.
    ModelMissing,
    /// The project has no parties: no amount can be given.
    NoParties,
}

/// A remark on an amount.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanFlag {
    /// What it is about.
    pub code: PlanFlagCode,
    /// Whose people it is about, where it is about people.
    #[schema(required)]
    pub subject: Option<HeadcountSubject>,
    /// What was assumed, where something was.
    #[schema(required)]
    pub assumed: Option<String>,
    /// The date of the contradicting records, where there are such.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
}

impl From<allocation::Flag> for PlanFlag {
    fn from(flag: allocation::Flag) -> Self {
        use allocation::Flag;
        let (code, subject, assumed, date) = match flag {
            Flag::WithheldAssumed { subject, assumed } => {
                (PlanFlagCode::WithheldAssumed, Some(subject), Some(assumed.to_string()), None)
            }
            Flag::HeadcountUnknown(subject) => (PlanFlagCode::HeadcountUnknown, Some(subject), None, None),
            Flag::HeadcountConflict { subject, date } => {
                (PlanFlagCode::HeadcountConflict, Some(subject), None, Some(date))
            }
            Flag::NoneRegistered(subject) => (PlanFlagCode::NoneRegistered, Some(subject), None, None),
            Flag::PracticeHeadcount(subject) => (PlanFlagCode::PracticeHeadcount, Some(subject), None, None),
            Flag::ModelMissing => (PlanFlagCode::ModelMissing, None, None, None),
            Flag::NoParties => (PlanFlagCode::NoParties, None, None, None),
        };
        Self { code, subject: subject.map(Into::into), assumed, date }
    }
}

/// What one project is entitled to in one year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanLine {
    /// The grant that is the project.
    #[schema(value_type = uuid::Uuid)]
    pub project_id: String,
    /// The reference of the grant.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// Whole kroner; null where the flags say what is missing.
    #[schema(required)]
    pub amount: Option<Money>,
    /// What a reader must know about the amount.
    pub flags: Vec<PlanFlag>,
    /// Why the amount is what it is, in sentences.
    pub explanation: Explanation,
    /// Why the amount is what it is, as a tree: the last step, with the steps that it rests on below it.
    pub trace: TraceStep,
}

impl From<allocation::PlanLine> for PlanLine {
    fn from(line: allocation::PlanLine) -> Self {
        Self {
            project_id: line.project_id,
            reference: line.reference,
            year: line.year,
            amount: line.amount.map(Into::into),
            flags: line.flags.into_iter().map(Into::into).collect(),
            explanation: (&line.trace).into(),
            trace: line.trace.root.into(),
        }
    }
}

/// The total of a year against its frame.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearTotal {
    /// The budget year.
    pub year: i16,
    /// The sum of the amounts that are known.
    pub total: Money,
    /// How many projects are funded in the year.
    pub lines: u32,
    /// How many of them have no amount, so that the total is too low.
    pub lines_without_amount: u32,
    /// The money of the year, where a frame gives it.
    #[schema(required)]
    pub frame: Option<Money>,
    /// Whether the frame is decided.
    #[schema(required)]
    pub frame_status: Option<FrameStatus>,
    /// By how much the total exceeds the frame, where it does; nothing is fitted.
    #[schema(required)]
    pub shortfall: Option<Money>,
    /// The places of the year, where a frame limits them.
    #[schema(required)]
    pub places: Option<u32>,
    /// By how many projects the places are exceeded, where they are.
    #[schema(required)]
    pub places_short: Option<u32>,
}

impl From<allocation::YearTotal> for YearTotal {
    fn from(year: allocation::YearTotal) -> Self {
        Self {
            year: year.year,
            total: year.total.into(),
            lines: year.lines,
            lines_without_amount: year.lines_without_amount,
            frame: year.frame.map(Into::into),
            frame_status: year.frame_status.map(Into::into),
            shortfall: year.shortfall.map(Into::into),
            places: year.places,
            places_short: year.places_short,
        }
    }
}

/// The result of a run.
#[derive(Serialize, ToSchema)]
pub struct Plan {
    /// One line per project and funded year, by project id and year.
    pub lines: Vec<PlanLine>,
    /// One total per year.
    pub years: Vec<YearTotal>,
}

impl From<allocation::Plan> for Plan {
    fn from(plan: allocation::Plan) -> Self {
        Self {
            lines: plan.lines.into_iter().map(Into::into).collect(),
            years: plan.years.into_iter().map(Into::into).collect(),
        }
    }
}
