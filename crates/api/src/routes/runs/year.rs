//! The years of a plan: totals against the frames, accounts, and who waits.

use serde::Serialize;
use tildel_usecases::domain::allocation;
use utoipa::ToSchema;

use crate::body::{Money, wire_enum};
use crate::routes::frames::FrameStatus;

/// The total of a year against its frame.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearTotal {
    /// The budget year.
    pub year: i16,
    /// The model that holds, `key@version`.
    #[schema(required)]
    pub model: Option<String>,
    /// Whether the frame is decided.
    #[schema(required)]
    pub frame_status: Option<FrameStatus>,
    /// The money of the year, where a frame gives it.
    #[schema(required)]
    pub frame: Option<Money>,
    /// What came from the year before.
    #[schema(required)]
    pub carried_in: Option<Money>,
    /// The two together.
    #[schema(required)]
    pub given: Option<Money>,
    /// The sum of the amounts that are known.
    pub total: Money,
    /// How many projects are funded in the year.
    pub lines: u32,
    /// How many of them have no amount, so that the total is too low.
    pub lines_without_amount: u32,
    /// By how much the total exceeds what is given, where it does.
    #[schema(required)]
    pub shortfall: Option<Money>,
    /// What is not used.
    #[schema(required)]
    pub left: Option<Money>,
    /// What of that goes to the next year.
    #[schema(required)]
    pub carried_out: Option<Money>,
    /// What of it is lost.
    #[schema(required)]
    pub lapsed: Option<Money>,
    /// What the scaled part was multiplied with, where amounts were rounded together: a fraction in lowest terms.
    #[schema(required)]
    pub factor: Option<String>,
    /// The places of the year, where a frame limits them.
    #[schema(required)]
    pub places: Option<u32>,
    /// How many projects there are.
    pub places_used: u32,
    /// By how many projects the places are exceeded, where they are.
    #[schema(required)]
    pub places_short: Option<u32>,
    /// Ties that were met in rounding: another outcome would have been as good.
    pub ties: Vec<PlanTie>,
    /// The accounts of the year, where the model lets projects in by accounts.
    pub accounts: Vec<PlanAccount>,
    /// What ongoing projects cost beyond what the accounts could pay.
    #[schema(required)]
    pub uncovered: Option<Money>,
}

impl From<allocation::YearTotal> for YearTotal {
    fn from(year: allocation::YearTotal) -> Self {
        Self {
            year: year.year,
            model: year.model,
            frame_status: year.frame_status.map(Into::into),
            frame: year.frame.map(Into::into),
            carried_in: year.carried_in.map(Into::into),
            given: year.given.map(Into::into),
            total: year.total.into(),
            lines: year.lines,
            lines_without_amount: year.lines_without_amount,
            shortfall: year.shortfall.map(Into::into),
            left: year.left.map(Into::into),
            carried_out: year.carried_out.map(Into::into),
            lapsed: year.lapsed.map(Into::into),
            factor: year.factor,
            places: year.places,
            places_used: year.places_used,
            places_short: year.places_short,
            ties: year.ties.into_iter().map(Into::into).collect(),
            accounts: year.accounts.into_iter().map(Into::into).collect(),
            uncovered: year.uncovered.map(Into::into),
        }
    }
}

/// A tie met in rounding.
#[derive(Serialize, ToSchema)]
pub struct PlanTie {
    /// The references of those that were equally entitled.
    pub among: Vec<String>,
    /// How many units they shared out.
    pub units: u64,
}

impl From<allocation::RoundingTie> for PlanTie {
    fn from(tie: allocation::RoundingTie) -> Self {
        Self { among: tie.among, units: tie.units }
    }
}

/// An organisation's account in a year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanAccount {
    /// The organisation number.
    pub organisation_number: String,
    /// Its part of the year's money.
    pub part: Money,
    /// What it had from before.
    pub carried_in: Money,
    /// What it paid for projects.
    pub spent: Money,
    /// What it keeps.
    pub carried_out: Money,
    /// What went back, above what it may keep.
    pub returned: Money,
}

impl From<allocation::Account> for PlanAccount {
    fn from(account: allocation::Account) -> Self {
        Self {
            organisation_number: account.organisation,
            part: account.part.into(),
            carried_in: account.carried_in.into(),
            spent: account.spent.into(),
            carried_out: account.carried_out.into(),
            returned: account.returned.into(),
        }
    }
}

wire_enum! {
    /// Why a project of the reserve list is not let in.
    PlanWaitingReason = allocation::WaitingReason {
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
}

/// A project of the reserve list that is not let in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanWaiting {
    /// The project: an application.
    #[schema(value_type = uuid::Uuid)]
    pub project_id: String,
    /// Its reference.
    pub reference: String,
    /// The budget year.
    pub year: i16,
    /// Why.
    pub reason: PlanWaitingReason,
}

impl From<allocation::Waiting> for PlanWaiting {
    fn from(waiting: allocation::Waiting) -> Self {
        Self {
            project_id: waiting.project,
            reference: waiting.reference,
            year: waiting.year,
            reason: waiting.reason.into(),
        }
    }
}
