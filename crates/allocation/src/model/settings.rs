//! The choices that a model makes, one type each.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::apportionment::Method;
use crate::{Measure, Nok, Ownership, Quantity, Share, UnitKind};

/// How amounts that must add up to the frame are rounded.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Whole parts, and what is left to the largest remainders (Hare).
    #[default]
    LargestRemainder,
    /// Sainte-Laguë (Webster).
    SainteLague,
    /// Sainte-Laguë with 7/5 as the first divisor.
    ModifiedSainteLague,
    /// D'Hondt (Jefferson).
    Dhondt,
    /// Adams.
    Adams,
    /// Huntington-Hill.
    HuntingtonHill,
    /// Dean.
    Dean,
    /// Each to the nearest; what is missing or too much falls on the project with the tag `remainder`.
    Nearest,
}

impl Rounding {
    /// The method of apportionment, if it is one.
    pub const fn method(self) -> Option<Method> {
        Some(match self {
            Self::LargestRemainder => Method::LargestRemainder,
            Self::SainteLague => Method::SainteLague,
            Self::ModifiedSainteLague => Method::ModifiedSainteLague,
            Self::Dhondt => Method::DHondt,
            Self::Adams => Method::Adams,
            Self::HuntingtonHill => Method::HuntingtonHill,
            Self::Dean => Method::Dean,
            Self::Nearest => return None,
        })
    }
}

/// How amounts are fitted to the frame.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Not at all; a shortfall is told.
    #[default]
    Entitlement,
    /// The part per head is scaled down, the rest is kept.
    ScaleRate,
    /// Everything is scaled down.
    ScaleAll,
    /// Full amounts down the list until the money ends.
    ByPriority,
    /// The rate is solved so that the frame is used up.
    Exhaust,
}

impl Fit {
    /// Whether money limits who is let in: where amounts shrink instead, it does not.
    pub const fn money_limits(self) -> bool {
        matches!(self, Self::Entitlement | Self::ByPriority)
    }
}

/// Limits of a project's amount in a year; the strictest one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// For the project.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub project: Option<Nok>,
    /// For each counted person.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_head: Option<Nok>,
    /// For each municipality in the project.
    #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub municipality: Option<Nok>,
}

/// Whether grants are renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Renewal {
    /// Each year after the first must be renewed; until then it is conditional.
    Required,
}

/// How waiting projects are let in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Admission {
    /// In which order, or by which rule.
    #[serde(default)]
    pub rule: AdmissionRule,
    /// What happens when the next project does not fit the money.
    #[serde(default)]
    pub on_shortage: OnShortage,
    /// The largest part of a later year's frame that may be bound when a project is let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub commit_ceiling: Option<Share>,
    /// The part of a year's money that an account may keep; one year's part where nothing else is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub account_cap: Option<Share>,
    /// What is done with the money that equal shares leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
}

/// Who is let in first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionRule {
    /// The recommended order.
    #[default]
    List,
    /// Newcomers first, within the share set aside for them.
    ReservedShare,
    /// Those who were served least.
    LeastServed,
    /// Perpetual Quota (Lackner, AAAI 2020).
    PerpetualQuota,
    /// Perpetual Consensus (Lackner, AAAI 2020).
    PerpetualConsensus,
    /// Yearly accounts that are spent by the method of equal shares and carried over.
    Accounts,
}

/// What happens when the next project does not fit the money.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OnShortage {
    /// Nobody after it is let in.
    #[default]
    Stop,
    /// It is passed over.
    Skip,
    /// It gets the rest, and nobody after it is let in.
    Partial,
}

/// How a count of yearly accounts is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// Down the list while money lasts.
    List,
}

/// What becomes of the difference between a decided amount and what it would be today.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// It is told, and nothing moves.
    #[default]
    None,
    /// It is settled in the next open year.
    Next,
    /// It is spread over the open years.
    Spread,
}

/// Who receives the money.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PayTo {
    /// The lead of the project.
    #[default]
    Lead,
    /// Each party, by what its people gave.
    Parties,
}

/// A part of a year's amount that is paid at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstalmentShare {
    /// The day of the year, `"03-15"`; absent where it is not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))]
    pub date: Option<String>,
    /// The part of the amount.
    #[schemars(with = "String")]
    pub share: Share,
}

/// Which headcounts a component counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountFilter {
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted there.
    pub measure: Measure,
    /// Only units of this ownership; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
}

/// A rate that holds from a date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rate {
    /// The first day; absent for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// The amount per person and year.
    #[serde(with = "crate::money::plain")]
    #[schemars(with = "String")]
    pub rate: Nok,
}

/// A band of sizes with its lump.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Band {
    /// The smallest size; the band ends where the next begins.
    #[schemars(with = "String")]
    pub from: Quantity,
    /// The amount for the size.
    #[serde(with = "crate::money::plain")]
    #[schemars(with = "String")]
    pub amount: Nok,
    /// What is added for each person.
    #[serde(with = "crate::money::plain")]
    #[schemars(with = "String")]
    pub rate: Nok,
}

/// What a base amount is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasePer {
    /// Once for a project.
    Project,
    /// For each party.
    Partner,
    /// For each municipality among the parties.
    Municipality,
}

/// Whose size finds the band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LumpPer {
    /// The project's.
    Project,
    /// Each party's.
    Partner,
}

/// How money that is set aside is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Divide {
    /// Alike.
    Equal,
    /// By what each is entitled to.
    ByEntitlement,
}
