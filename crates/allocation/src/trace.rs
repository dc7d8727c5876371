//! Why an amount is what it is: a tree of steps from records and rules to the result.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ExactAmount, Headcount, HeadcountSubject, Nok, Quantity};

/// The explanation of one line of a plan; [`Trace::sentences`] tells it in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    /// The budget year of the amount.
    pub year: i16,
    /// The last step, with the steps that it rests on below it.
    pub root: Step,
}

/// One step of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What the step does.
    pub component: Component,
    /// The key of the funding model that rules; empty where none holds.
    pub rule: String,
    /// The version of the funding model; zero where none holds.
    pub rule_version: u32,
    /// The legal basis of the rule.
    pub legal_basis: String,
    /// How the result follows, in the words of the model document.
    pub formula: String,
    /// Whose people are counted, in a [`Component::Headcount`] step.
    pub subject: Option<HeadcountSubject>,
    /// What the step reads.
    pub inputs: Vec<TraceInput>,
    /// What the step gives.
    pub result: TraceValue,
    /// How the result was rounded, where it was.
    pub rounding: Option<Rounding>,
    /// The steps whose results this one uses, in order.
    pub steps: Vec<Self>,
}

/// The kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// The amount of a project in a year: the sum of its components, rounded.
    ProjectYear,
    /// The amount per project.
    Base,
    /// The rate times all that is counted.
    PerHead,
    /// One party's count of one unit kind and measure.
    Headcount,
    /// No funding model holds in the year.
    NoModel,
    /// The project has no parties, so that there is nothing to fund.
    NoParties,
}

/// A value that a step reads, with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceInput {
    /// The field that was read, such as `base`, `rate` or `headcount`.
    pub label: String,
    /// The value.
    pub value: TraceValue,
    /// The source of the record; `None` for what the model itself states.
    pub source: Option<String>,
    /// The date at which the record held.
    pub date: Option<Date>,
    /// Whether it is an invented value for practice.
    pub practice: bool,
}

/// A value in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum TraceValue {
    /// Money, to the øre.
    Amount(Nok),
    /// Money before rounding.
    Exact(ExactAmount),
    /// A count that is used.
    Count(Quantity),
    /// What a register says.
    Headcount(Headcount),
    /// There is no value, and the flags of the line say why.
    Missing,
}

/// How a result was rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rounding {
    /// The method.
    pub method: RoundingMethod,
    /// The unit to which it was rounded.
    pub unit: Nok,
    /// The exact amount before.
    pub before: ExactAmount,
}

/// Methods of rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMethod {
    /// To the nearest unit, a half away from zero.
    NearestHalfAwayFromZero,
}
