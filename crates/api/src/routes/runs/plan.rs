//! The result of a run: a line per project and year.

use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation;
use utoipa::ToSchema;

use super::trace::{Explanation, TraceStep};
use super::year::{PlanWaiting, YearTotal};
use crate::body::{Money, SignedMoney, wire_enum};
use crate::routes::headcounts::{Measure, Ownership, UnitKind};

wire_enum! {
    /// How firm the amount of a line is.
    PlanLineState = allocation::LineState {
        /// Computed, promised to nobody.
        Planned,
        /// Told with a reservation.
        PreNotified,
        /// Decided; it stands.
        Decided,
    }
}

wire_enum! {
    /// What a reader must know about an amount, or about its absence.
    PlanFlagCode = allocation::FlagCode {
        /// The project was let in by completing the count of accounts.
        ByCompletion,
        /// No funding model holds in the year: no amount can be given.
        ModelMissing,
        /// There is no record, or the register has no answer: no amount can be given.
        HeadcountUnknown,
        /// Several records of the newest date contradict each other: no amount can be given.
        HeadcountConflict,
        /// A register withholds the count; the model's assumption was used.
        WithheldAssumed,
        /// The register says that none are registered; counted as zero.
        NoneRegistered,
        /// The amount rests on an invented practice value.
        PracticeHeadcount,
        /// The organisation has ceased; its last count stands for its successors.
        PredecessorCounts,
        /// A part of the year before the first record was counted with that record.
        HeadcountBackdated,
        /// A floor lies above a cap; the cap holds.
        LimitsCrossed,
        /// The forum has not renewed the year yet.
        RenewalPending,
        /// The money ended before the full amount.
        FrameExhausted,
        /// More was paid than the amount is now.
        Overpaid,
    }
}

/// A remark on an amount.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanFlag {
    /// What it is about.
    pub code: PlanFlagCode,
    /// Whose people it is about, by number, where it is about people.
    #[schema(required)]
    pub organisation_number: Option<String>,
    /// The kind of unit.
    #[schema(required)]
    pub unit_kind: Option<UnitKind>,
    /// What is counted.
    #[schema(required)]
    pub measure: Option<Measure>,
    /// Of which units.
    #[schema(required)]
    pub ownership: Option<Ownership>,
    /// The number of the unit, where the organisation's units are counted one by one.
    #[schema(required)]
    pub unit_number: Option<String>,
    /// The date of the contradicting records, where there are such.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// What was assumed, where something was.
    #[schema(required)]
    pub assumed: Option<String>,
}

impl From<allocation::Flag> for PlanFlag {
    fn from(flag: allocation::Flag) -> Self {
        Self {
            code: flag.code.into(),
            organisation_number: flag.organisation,
            unit_kind: flag.unit_kind.map(Into::into),
            measure: flag.measure.map(Into::into),
            ownership: flag.ownership.map(Into::into),
            unit_number: flag.unit,
            date: flag.date,
            assumed: flag.assumed.map(|count| count.to_string()),
        }
    }
}

/// A part of an amount for one organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanRecipient {
    /// The organisation number.
    pub organisation_number: String,
    /// Its part.
    pub amount: Money,
}

impl From<allocation::Recipient> for PlanRecipient {
    fn from(recipient: allocation::Recipient) -> Self {
        Self { organisation_number: recipient.organisation, amount: recipient.amount.into() }
    }
}

/// A payment of a year.
#[derive(Serialize, ToSchema)]
pub struct PlanInstalment {
    /// The day of the year as month and day, such as `03-15`, where it is fixed.
    #[schema(required)]
    pub date: Option<String>,
    /// The amount.
    pub amount: Money,
    /// Whether it is paid already.
    pub paid: bool,
}

impl From<allocation::Instalment> for PlanInstalment {
    fn from(instalment: allocation::Instalment) -> Self {
        Self { date: instalment.date, amount: instalment.amount.into(), paid: instalment.paid }
    }
}

/// What one project gets in one year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanLine {
    /// The project: a grant, or an application of the reserve list.
    #[schema(value_type = uuid::Uuid)]
    pub project_id: String,
    /// Its reference.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// The amount; null where the flags say what is missing.
    #[schema(required)]
    pub amount: Option<Money>,
    /// How firm the amount is.
    pub state: PlanLineState,
    /// Whether the plan lets the project in from the reserve list in this year.
    pub admitted: bool,
    /// Whether it depends on a budget or a renewal that is not there yet.
    pub conditional: bool,
    /// What was pre-notified, where something was.
    #[schema(required)]
    pub promised: Option<Money>,
    /// What a decided amount would be today.
    #[schema(required)]
    pub computed: Option<Money>,
    /// By how much that is more than what was decided.
    #[schema(required)]
    pub difference: Option<SignedMoney>,
    /// What was fitted to the frame.
    #[schema(required)]
    pub fitted: Option<Money>,
    /// What comes from money set aside.
    #[schema(required)]
    pub set_aside: Option<Money>,
    /// What settles differences of earlier years.
    #[schema(required)]
    pub adjust: Option<SignedMoney>,
    /// What a reader must know about the amount.
    pub flags: Vec<PlanFlag>,
    /// Who receives the money; the parts add up to the amount.
    pub recipients: Vec<PlanRecipient>,
    /// What the project adds of its own (egenandel).
    #[schema(required)]
    pub own_contribution: Option<Money>,
    /// What of the amount is the provider's.
    #[schema(required)]
    pub provider: Option<Money>,
    /// What of the amount is the owner's.
    #[schema(required)]
    pub owner: Option<Money>,
    /// In which parts the amount is paid.
    pub instalments: Vec<PlanInstalment>,
    /// What was paid above the amount.
    #[schema(required)]
    pub overpaid: Option<Money>,
    /// What is left to pay after the last instalment.
    #[schema(required)]
    pub unpaid: Option<Money>,
    /// Why the amount is what it is, in sentences.
    pub explanation: Explanation,
    /// Why the amount is what it is, as a tree: the last step, with the steps that it rests on below it.
    pub trace: TraceStep,
}

impl From<allocation::PlanLine> for PlanLine {
    fn from(line: allocation::PlanLine) -> Self {
        Self {
            explanation: Explanation::of(&line.trace, line.year),
            project_id: line.project,
            reference: line.reference,
            year: line.year,
            amount: line.amount.map(Into::into),
            state: line.state.into(),
            admitted: line.admitted,
            conditional: line.conditional,
            promised: line.promised.map(Into::into),
            computed: line.computed.map(Into::into),
            difference: line.difference.map(Into::into),
            fitted: line.fitted.map(Into::into),
            set_aside: line.set_aside.map(Into::into),
            adjust: line.adjust.map(Into::into),
            flags: line.flags.into_iter().map(Into::into).collect(),
            recipients: line.recipients.into_iter().map(Into::into).collect(),
            own_contribution: line.own_contribution.map(Into::into),
            provider: line.provider.map(Into::into),
            owner: line.owner.map(Into::into),
            instalments: line.instalments.into_iter().map(Into::into).collect(),
            overpaid: line.overpaid.map(Into::into),
            unpaid: line.unpaid.map(Into::into),
            trace: line.trace.into(),
        }
    }
}

/// The result of a run.
#[derive(Serialize, ToSchema)]
pub struct Plan {
    /// One line per project and funded year, by reference and year.
    pub lines: Vec<PlanLine>,
    /// One total per year.
    pub years: Vec<YearTotal>,
    /// Who of the reserve list is not let in, by year and reference.
    pub waiting: Vec<PlanWaiting>,
}

impl From<allocation::Plan> for Plan {
    fn from(plan: allocation::Plan) -> Self {
        Self {
            lines: plan.lines.into_iter().map(Into::into).collect(),
            years: plan.years.into_iter().map(Into::into).collect(),
            waiting: plan.waiting.into_iter().map(Into::into).collect(),
        }
    }
}
