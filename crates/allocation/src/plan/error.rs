//! Why no plan can be computed.

use super::check::MAX_HORIZON_YEARS;
use crate::{ModelError, Nok};

/// Why no plan can be computed at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The input contradicts itself.
    #[error("{pointer}: {problem}")]
    Input {
        /// The field, as a JSON pointer into the input.
        pointer: String,
        /// What is wrong with it.
        problem: InputProblem,
    },
    /// What is decided for a year is more than what there is.
    #[error(
        "{pointer}: {decided} is decided for {year}, but only {given} is given; raise the frame or decide anew"
    )]
    FrameBelowDecided {
        /// The frame, as a JSON pointer into the input.
        pointer: String,
        /// The year.
        year: i16,
        /// The sum of what is decided.
        decided: Nok,
        /// The frame with what was carried into the year.
        given: Nok,
    },
    /// An amount or a count of a project does not fit.
    #[error("the amount of the project {project_id} in {year} does not fit the range of amounts")]
    LineOverflow {
        /// The project.
        project_id: String,
        /// The year.
        year: i16,
    },
    /// A sum of a year does not fit.
    #[error("the amounts of {year} do not fit the range of amounts")]
    YearOverflow {
        /// The year.
        year: i16,
    },
}

/// What is wrong with a field of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputProblem {
    /// The last year lies before the first.
    #[error("the last year {last_year} is before the first year {first_year}")]
    YearsReversed {
        /// The first year.
        first_year: i16,
        /// The last year.
        last_year: i16,
    },
    /// The horizon is longer than [`MAX_HORIZON_YEARS`].
    #[error("the horizon of {years} years is longer than {MAX_HORIZON_YEARS}")]
    HorizonTooLong {
        /// The years from the first to the last.
        years: i32,
    },
    /// A year that no calendar has.
    #[error("give a year from 1 to 9998")]
    YearOutsideCalendar,
    /// A funding model is not usable.
    #[error("{}", joined(.0))]
    Model(Vec<ModelError>),
    /// The same thing stands twice.
    #[error("{0} stands twice")]
    Twice(String),
    /// Models of different keys hold in the same year, and nothing says which one rules.
    #[error("the funding models {first:?} and {second:?} both hold in {year}")]
    CompetingModels {
        /// The year.
        year: i16,
        /// One key.
        first: String,
        /// The other key.
        second: String,
    },
    /// An amount is below zero.
    #[error("the amount {0} is below zero")]
    Negative(Nok),
    /// A project has nobody who answers for it.
    #[error("the project has no lead, so there is nobody to fund")]
    EmptyProject,
    /// A number is not among the organisations.
    #[error("the organisation {0} is not among the organisations")]
    UnknownOrganisation(String),
    /// A date of end without successors, or successors without one.
    #[error("give both the day on which it ceased and its successors, or none of them")]
    SuccessorsIncomplete,
    /// The shares of successors do not add up to the whole.
    #[error("the shares of the successors add up to {0}, not to 1")]
    SharesNotWhole(String),
    /// An organisation comes after itself.
    #[error("the organisation {0} is its own successor, by way of others or at once")]
    SuccessorCycle(String),
    /// More instalments were paid than the model has.
    #[error("{paid} instalments were paid, but the model has {profile}")]
    TooManyPaid {
        /// How many were paid.
        paid: usize,
        /// How many there are.
        profile: usize,
    },
}

fn joined(errors: &[ModelError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
