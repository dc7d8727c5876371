//! How many people a unit has, and what a register does not tell.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Quantity;

/// What a register says about the number of people; three of the four answers are not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "status", content = "value", rename_all = "snake_case")]
pub enum Headcount {
    /// The register gives the count.
    Known(Quantity),
    /// The register hides a count of one to four for the sake of privacy.
    Withheld,
    /// The register says that none are registered.
    NoneRegistered,
    /// The register has no answer.
    Unknown,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// People employed, whole.
    Employees,
    /// Man-years, with decimals.
    ManYears,
    /// Children enrolled.
    Children,
}

/// The kind of unit where the counted people are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// A kindergarten (barnehage).
    Kindergarten,
    /// A primary or lower secondary school (grunnskole).
    PrimarySchool,
    /// An upper secondary school (videregående skole).
    UpperSecondary,
}

/// Who owns the unit where the counted people are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// A private owner.
    Private,
    /// A municipality, a county municipality or the state.
    Public,
}

/// A school or a kindergarten whose people are counted apart from the others of its organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountedUnit {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// One count from one source at one date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeadcountRecord {
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Who owns the units; none where the count is of all of them, or the source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// The date at which the count held.
    pub date: Date,
    /// The count, or why there is none.
    pub value: Headcount,
    /// Where the count comes from, in words that a reader can follow.
    pub source: String,
    /// Whether this is an invented value for practice, not a fact.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    /// The unit that was counted; none where the count is of all units of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<CountedUnit>,
}
