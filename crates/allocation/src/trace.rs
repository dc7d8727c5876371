//! Why an amount is what it is: a tree of steps from records and rules to the result.
//!
//! The steps are specified in `docs/bundle.md`, section 12; [`Step::sentences`] tells them in words.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::Fit;
use crate::text::{Shown, Text};
use crate::{CountedUnit, Measure, Nok, Ownership, UnitKind};

/// One step of a computation, with the steps that it rests on below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// What the step does.
    pub step: StepKind,
    /// The rule, `key@version` of the model or `key@version#component`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Arc<str>>,
    /// The legal basis of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Arc<str>>,
    /// How amounts were fitted, in a [`StepKind::Fit`] step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
    /// Whose people are counted, in a [`StepKind::Headcount`] step.
    #[serde(flatten)]
    pub subject: Option<Box<StepSubject>>,
    /// What the step reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<StepInput>,
    /// What the step gives, in the forms of the bundle; none where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Text>,
    /// How the result was rounded, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Box<StepRounding>>,
    /// The steps whose results this one uses, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Self>,
}

/// Whose people are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepSubject {
    /// The organisation number.
    pub organisation: Arc<str>,
    /// The name.
    pub organisation_name: Arc<str>,
    /// The kind of unit.
    pub unit_kind: UnitKind,
    /// What is counted.
    pub measure: Measure,
    /// Of which units, where that is told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
}

/// The kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// No funding model holds in the year.
    NoModel,
    /// A decided amount, which stands.
    Decided,
    /// The amount of a year: what was fitted, set aside and settled.
    Amount,
    /// The amount fitted to the frame and rounded.
    Fit,
    /// The sum of the components within the limits.
    Entitlement,
    /// A fixed amount.
    Base,
    /// A rate times people.
    PerHead,
    /// A part of the year with one rate and one count.
    Piece,
    /// An amount by size.
    Lump,
    /// One party's count.
    Headcount,
    /// A share of money that is set aside for a purpose.
    SetAside,
    /// A difference from earlier years.
    Settlement,
}

/// A value that a step reads, with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepInput {
    /// The name of the value, such as `rate`.
    pub name: Cow<'static, str>,
    /// The value, in the forms of the bundle.
    pub value: Text,
    /// The date at which the record held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The source of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// Whether it is an invented value for practice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
    /// The unit that was counted, where the organisation's units are counted one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Box<CountedUnit>>,
    /// The run that a decided amount came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The decision that it was made by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

impl StepInput {
    /// A value without a record of its own.
    pub(crate) fn plain(name: &'static str, value: impl Shown) -> Self {
        Self {
            name: Cow::Borrowed(name),
            value: value.text(),
            date: None,
            source: None,
            practice: false,
            unit: None,
            run: None,
            decision: None,
        }
    }
}

/// How a result was rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepRounding {
    /// The method, `nearest` or a method of apportionment.
    pub method: Cow<'static, str>,
    /// The unit to which it was rounded.
    #[serde(with = "crate::money::plain")]
    pub unit: Nok,
    /// The exact amount before, kroner as a fraction.
    pub before: Text,
}

impl Step {
    /// A step that reads nothing and gives nothing.
    pub(crate) fn empty(step: StepKind) -> Self {
        Self {
            step,
            rule: None,
            basis: None,
            fit: None,
            subject: None,
            inputs: Vec::new(),
            result: None,
            rounding: None,
            steps: Vec::new(),
        }
    }

    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs.iter().find(|input| input.name == name).map(|input| input.value.as_str())
    }
}
