//! What a plan says.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FrameStatus, Measure, Nok, Ownership, PromiseState, Quantity, Step, UnitKind};

/// The result of a plan: a line per project and year, a total per year, and who waits. `docs/bundle.md`, section 11.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// One line per project and funded year, by reference and year.
    pub lines: Vec<PlanLine>,
    /// One total per year of the horizon.
    pub years: Vec<YearTotal>,
    /// Who was not let in, by year and reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
}

/// What one project gets in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanLine {
    /// The project's id.
    pub project: String,
    /// The project's reference for people.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// The amount; `None` where the flags say what is missing.
    #[serde(with = "crate::money::plain::option")]
    pub amount: Option<Nok>,
    /// How firm the amount is.
    pub state: LineState,
    /// Whether the project was let in from the waiting list in this year.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub admitted: bool,
    /// Whether the amount depends on a budget or a renewal that is not there yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conditional: bool,
    /// What was pre-notified.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub promised: Option<Nok>,
    /// What a decided amount would be today.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub computed: Option<Nok>,
    /// By how much that is more than what was decided.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub difference: Option<Nok>,
    /// What was fitted to the frame.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub fitted: Option<Nok>,
    /// What comes from money set aside.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<Nok>,
    /// What settles differences of earlier years.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub adjust: Option<Nok>,
    /// What a reader must know about the amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Who receives the money, by number; the parts add up to the amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Recipient>,
    /// What the project adds of its own.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub own_contribution: Option<Nok>,
    /// What of the amount is the provider's.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub provider: Option<Nok>,
    /// What of the amount is the owner's.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub owner: Option<Nok>,
    /// In which parts the amount is paid; they add up to it, unless more was paid already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Instalment>,
    /// What was paid above the amount, to be carried over.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub overpaid: Option<Nok>,
    /// What is left to pay after the last instalment.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub unpaid: Option<Nok>,
    /// Why the amount is what it is.
    pub trace: Step,
}

/// How firm the amount of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Computed, promised to nobody.
    Planned,
    /// Told with a reservation.
    PreNotified,
    /// Decided; it stands.
    Decided,
}

impl From<Option<PromiseState>> for LineState {
    fn from(promise: Option<PromiseState>) -> Self {
        match promise {
            None => Self::Planned,
            Some(PromiseState::PreNotified) => Self::PreNotified,
            Some(PromiseState::Decided) => Self::Decided,
        }
    }
}

/// What a reader must know about an amount, or about its absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flag {
    /// What it is.
    pub code: FlagCode,
    /// Whose people it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The kind of unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_kind: Option<UnitKind>,
    /// What is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// Of which units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// The number of the unit, where the organisation's units are counted one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The date of records that contradict each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed: Option<Quantity>,
}

/// The kinds of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagCode {
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

impl Flag {
    /// A flag that is about the line as a whole.
    pub const fn of_line(code: FlagCode) -> Self {
        Self {
            code,
            organisation: None,
            unit_kind: None,
            measure: None,
            ownership: None,
            unit: None,
            date: None,
            assumed: None,
        }
    }
}

/// A part of an amount for one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recipient {
    /// The number.
    pub organisation: String,
    /// Its part.
    #[serde(with = "crate::money::plain")]
    pub amount: Nok,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Instalment {
    /// The day of the year, `"03-15"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The amount.
    #[serde(with = "crate::money::plain")]
    pub amount: Nok,
    /// Whether it is paid already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paid: bool,
}

/// The total of a year against its frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct YearTotal {
    /// The budget year.
    pub year: i16,
    /// The model that holds, `key@version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether the frame is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_status: Option<FrameStatus>,
    /// The money of the year, where a frame gives it.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub frame: Option<Nok>,
    /// What came from the year before.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub carried_in: Option<Nok>,
    /// The two together.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub given: Option<Nok>,
    /// The sum of the amounts that are known.
    #[serde(with = "crate::money::plain")]
    pub total: Nok,
    /// How many projects are funded in the year.
    pub lines: u32,
    /// How many of them have no amount, so that the total is too low.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lines_without_amount: u32,
    /// By how much the total exceeds what is given.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Nok>,
    /// What is not used.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub left: Option<Nok>,
    /// What of that goes to the next year.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub carried_out: Option<Nok>,
    /// What of it is lost.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<Nok>,
    /// What the scaled part was multiplied with, where amounts were rounded together: a fraction in lowest terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// The places of the year, where a frame limits them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
    /// How many projects there are.
    pub places_used: u32,
    /// By how many projects the places are exceeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_short: Option<u32>,
    /// Ties that were met in rounding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<RoundingTie>,
    /// The accounts of the year, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// What ongoing projects cost beyond what the accounts could pay.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    pub uncovered: Option<Nok>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A tie met in rounding: another outcome would have been as good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundingTie {
    /// The references of those that were equally entitled.
    pub among: Vec<String>,
    /// How many units they shared out.
    pub units: u64,
}

/// An organisation's account in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// The number.
    pub organisation: String,
    /// Its part of the year's money.
    #[serde(with = "crate::money::plain")]
    pub part: Nok,
    /// What it had from before.
    #[serde(with = "crate::money::plain")]
    pub carried_in: Nok,
    /// What it paid for projects.
    #[serde(with = "crate::money::plain")]
    pub spent: Nok,
    /// What it keeps.
    #[serde(with = "crate::money::plain")]
    pub carried_out: Nok,
    /// What went back, above what it may keep.
    #[serde(with = "crate::money::plain")]
    pub returned: Nok,
}

/// A project that was not let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiting {
    /// The project's id.
    pub project: String,
    /// The project's reference.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// Why.
    pub reason: WaitingReason,
}

/// Why a project was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingReason {
    /// No amount can be given, so nobody can say whether it fits.
    AmountPending,
    /// No place is left.
    Places,
    /// It would bind too much of a later year.
    CommitCeiling,
    /// The money does not suffice.
    Money,
    /// One before it on the list did not fit.
    AfterStop,
    /// The accounts of its voters do not suffice.
    Accounts,
}

/// A ratio as the bundle writes it.
pub(crate) fn ratio_text(factor: crate::Exact) -> String {
    if factor.denominator() == 1 {
        factor.numerator().to_string()
    } else {
        format!("{}/{}", factor.numerator(), factor.denominator())
    }
}
