//! Why an amount is what it is, as a tree and in sentences.

use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation::{self, Language};
use utoipa::ToSchema;

use crate::body::{Money, wire_enum};
use crate::routes::headcounts::{HeadcountStatus, Measure, UnitKind};

/// The explanation of an amount in sentences, in the order in which one would compute by hand.
#[derive(Serialize, ToSchema)]
pub struct Explanation {
    /// Bokmål.
    pub nb: Vec<String>,
    /// Nynorsk.
    pub nn: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl From<&allocation::Trace> for Explanation {
    fn from(trace: &allocation::Trace) -> Self {
        let sentences = |language| trace.sentences(language);
        Self { nb: sentences(Language::Nb), nn: sentences(Language::Nn), en: sentences(Language::En) }
    }
}

wire_enum! {
    /// What a step does.
    TraceComponent = allocation::Component {
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
}

wire_enum! {
    /// A method of rounding.
    RoundingMethod = allocation::RoundingMethod {
        /// To the nearest unit, a half away from zero.
        NearestHalfAwayFromZero,
    }
}

/// Whose people are counted.
#[derive(Serialize, ToSchema)]
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

impl From<allocation::HeadcountSubject> for HeadcountSubject {
    fn from(subject: allocation::HeadcountSubject) -> Self {
        Self {
            organisation_number: subject.organisation_number,
            name: subject.name,
            unit_kind: subject.unit_kind.into(),
            measure: subject.measure.into(),
        }
    }
}

/// A value in a trace.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TraceValue {
    /// Money, to the øre.
    Amount {
        /// The amount.
        amount: Money,
    },
    /// Money before rounding.
    Exact {
        /// Kroner with at most five decimals.
        kroner: String,
    },
    /// A count that is used.
    Count {
        /// The count, with at most three decimals.
        count: String,
    },
    /// What a register says.
    Headcount {
        /// What kind of answer it is.
        status: HeadcountStatus,
        /// The count, where the status is `known`.
        #[schema(required)]
        count: Option<String>,
    },
    /// There is no value, and the flags of the line say why.
    Missing,
}

impl From<allocation::TraceValue> for TraceValue {
    fn from(value: allocation::TraceValue) -> Self {
        use allocation::{Headcount, TraceValue as Domain};
        let without_count = |status| Self::Headcount { status, count: None };
        match value {
            Domain::Amount(amount) => Self::Amount { amount: amount.into() },
            Domain::Exact(exact) => Self::Exact { kroner: exact.to_string() },
            Domain::Count(count) => Self::Count { count: count.to_string() },
            Domain::Headcount(Headcount::Known(count)) => {
                Self::Headcount { status: HeadcountStatus::Known, count: Some(count.to_string()) }
            }
            Domain::Headcount(Headcount::Withheld) => without_count(HeadcountStatus::Withheld),
            Domain::Headcount(Headcount::NoneRegistered) => without_count(HeadcountStatus::NoneRegistered),
            Domain::Headcount(Headcount::Unknown) => without_count(HeadcountStatus::Unknown),
            Domain::Missing => Self::Missing,
        }
    }
}

/// A value that a step reads, with its origin.
#[derive(Serialize, ToSchema)]
pub struct TraceInput {
    /// The field that was read, such as `base`, `rate` or `headcount`.
    pub label: String,
    /// The value.
    pub value: TraceValue,
    /// The source of the record; null for what the model itself states.
    #[schema(required)]
    pub source: Option<String>,
    /// The date at which the record held.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// Whether it is an invented value for practice.
    pub practice: bool,
}

impl From<allocation::TraceInput> for TraceInput {
    fn from(input: allocation::TraceInput) -> Self {
        Self {
            label: input.label,
            value: input.value.into(),
            source: input.source,
            date: input.date,
            practice: input.practice,
        }
    }
}

/// How a result was rounded.
#[derive(Serialize, ToSchema)]
pub struct Rounding {
    /// The method.
    pub method: RoundingMethod,
    /// The unit to which it was rounded.
    pub unit: Money,
    /// The exact amount before: kroner with at most five decimals.
    pub before: String,
}

impl From<allocation::Rounding> for Rounding {
    fn from(rounding: allocation::Rounding) -> Self {
        Self {
            method: rounding.method.into(),
            unit: rounding.unit.into(),
            before: rounding.before.to_string(),
        }
    }
}

/// One step of a computation, with the steps that it rests on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceStep {
    /// What the step does.
    pub component: TraceComponent,
    /// The key of the funding model that rules; empty where none holds.
    pub rule: String,
    /// The version of the funding model; zero where none holds.
    pub rule_version: u32,
    /// The legal basis of the rule.
    pub legal_basis: String,
    /// How the result follows.
    pub formula: String,
    /// Whose people are counted, where people are.
    #[schema(required)]
    pub subject: Option<HeadcountSubject>,
    /// What the step reads.
    pub inputs: Vec<TraceInput>,
    /// What the step gives.
    pub result: TraceValue,
    /// How the result was rounded, where it was.
    #[schema(required)]
    pub rounding: Option<Rounding>,
    /// The steps whose results this one uses, in order.
    #[schema(no_recursion)]
    pub steps: Vec<Self>,
}

impl From<allocation::Step> for TraceStep {
    fn from(step: allocation::Step) -> Self {
        Self {
            component: step.component.into(),
            rule: step.rule,
            rule_version: step.rule_version,
            legal_basis: step.legal_basis,
            formula: step.formula,
            subject: step.subject.map(Into::into),
            inputs: step.inputs.into_iter().map(Into::into).collect(),
            result: step.result.into(),
            rounding: step.rounding.map(Into::into),
            steps: step.steps.into_iter().map(Into::into).collect(),
        }
    }
}
