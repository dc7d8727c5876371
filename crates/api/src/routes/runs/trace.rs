//! Why an amount is what it is, as a tree and in sentences.

use jiff::civil::Date;
use serde::Serialize;
use tildel_usecases::domain::allocation::{self, Language, model};
use utoipa::ToSchema;

use crate::body::{Money, wire_enum};
use crate::routes::headcounts::{CountedUnit, Measure, Ownership, UnitKind};

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

impl Explanation {
    /// Tells a trace of a year.
    pub fn of(trace: &allocation::Step, year: i16) -> Self {
        let sentences = |language| trace.sentences(language, year);
        Self { nb: sentences(Language::Nb), nn: sentences(Language::Nn), en: sentences(Language::En) }
    }
}

wire_enum! {
    /// What a step does.
    TraceStepKind = allocation::StepKind {
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
}

wire_enum! {
    /// How amounts are fitted to the frame.
    TraceFit = model::Fit {
        /// Not at all.
        Entitlement,
        /// The part per head is scaled down.
        ScaleRate,
        /// Everything is scaled down.
        ScaleAll,
        /// Full amounts down the list until the money ends.
        ByPriority,
        /// The rate is solved so that the frame is used up.
        Exhaust,
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
    /// Of which units, where that is told apart.
    #[schema(required)]
    pub ownership: Option<Ownership>,
}

impl From<allocation::StepSubject> for HeadcountSubject {
    fn from(subject: allocation::StepSubject) -> Self {
        Self {
            organisation_number: subject.organisation.to_string(),
            name: subject.organisation_name.to_string(),
            unit_kind: subject.unit_kind.into(),
            measure: subject.measure.into(),
            ownership: subject.ownership.map(Into::into),
        }
    }
}

/// A value that a step reads, with its origin. The forms of values are those of `docs/bundle.md`, section 2.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceInput {
    /// The name of the value, such as `amount`, `rate` or `headcount`.
    pub name: String,
    /// The value.
    pub value: String,
    /// The date at which the record held.
    #[schema(required, value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// The source of the record; null for what the model itself states.
    #[schema(required)]
    pub source: Option<String>,
    /// Whether it is an invented value for practice.
    pub practice: bool,
    /// The unit that was counted, where the organisation's units are counted one by one.
    #[schema(required)]
    pub unit: Option<CountedUnit>,
    /// The run that a decided amount came from.
    #[schema(required)]
    pub run: Option<String>,
    /// The decision that it was made by.
    #[schema(required)]
    pub decision: Option<String>,
}

impl From<allocation::StepInput> for TraceInput {
    fn from(input: allocation::StepInput) -> Self {
        Self {
            name: input.name.into_owned(),
            value: input.value.into(),
            date: input.date,
            source: input.source.map(Into::into),
            practice: input.practice,
            unit: input.unit.map(|unit| (*unit).into()),
            run: input.run,
            decision: input.decision,
        }
    }
}

/// How a result was rounded.
#[derive(Serialize, ToSchema)]
pub struct TraceRounding {
    /// The method: `nearest`, or a method of apportionment.
    pub method: String,
    /// The unit to which it was rounded.
    pub unit: Money,
    /// The exact amount before: kroner as a fraction in lowest terms.
    pub before: String,
}

impl From<allocation::StepRounding> for TraceRounding {
    fn from(rounding: allocation::StepRounding) -> Self {
        Self {
            method: rounding.method.into_owned(),
            unit: rounding.unit.into(),
            before: rounding.before.into(),
        }
    }
}

/// One step of a computation, with the steps that it rests on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceStep {
    /// What the step does.
    pub step: TraceStepKind,
    /// The rule, `key@version` of the model or `key@version#component`; null where none is applied.
    #[schema(required)]
    pub rule: Option<String>,
    /// The legal basis of the rule.
    #[schema(required)]
    pub basis: Option<String>,
    /// How amounts were fitted, in a step that fits.
    #[schema(required)]
    pub fit: Option<TraceFit>,
    /// Whose people are counted, where people are.
    #[schema(required)]
    pub subject: Option<HeadcountSubject>,
    /// What the step reads.
    pub inputs: Vec<TraceInput>,
    /// What the step gives; null where it is missing, and the flags of the line say why.
    #[schema(required)]
    pub result: Option<String>,
    /// How the result was rounded, where it was.
    #[schema(required)]
    pub rounding: Option<TraceRounding>,
    /// The steps whose results this one uses, in order.
    #[schema(no_recursion)]
    pub steps: Vec<Self>,
}

impl From<allocation::Step> for TraceStep {
    fn from(step: allocation::Step) -> Self {
        Self {
            step: step.step.into(),
            rule: step.rule.map(|rule| rule.to_string()),
            basis: step.basis.map(|basis| basis.to_string()),
            fit: step.fit.map(Into::into),
            subject: step.subject.map(|subject| (*subject).into()),
            inputs: step.inputs.into_iter().map(Into::into).collect(),
            result: step.result.map(Into::into),
            rounding: step.rounding.map(|rounding| (*rounding).into()),
            steps: step.steps.into_iter().map(Into::into).collect(),
        }
    }
}
