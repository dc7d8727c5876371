//! What is different in a scenario.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::allocation::Nok;
use tildel_usecases::domain::allocation::scenario::Change;
use utoipa::ToSchema;

use super::project::{ScenarioOrganisation, ScenarioProject};
use crate::body::Money;
use crate::problem::Problem;
use crate::routes::frames::FrameStatus;
use crate::routes::funding_models::{FundingModelDocument, model_of};
use crate::routes::headcounts::{Measure, Ownership, UnitKind};

/// One thing that is different in a scenario.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScenarioChange {
    /// The frame of a year; what is absent stays as it is.
    SetFrame {
        /// The budget year.
        #[schema(minimum = 1990, maximum = 2100)]
        year: i16,
        /// The money.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
        /// The number of projects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 10000)]
        places: Option<u32>,
        /// How certain it is; expected where a year had no frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<FrameStatus>,
    },
    /// A version of a funding model, which is added or takes the place of the one of the same key and version.
    SetModel {
        /// The model.
        #[schema(value_type = FundingModelDocument)]
        document: Value,
    },
    /// The amount of a base component, in all versions that have it.
    SetBase {
        /// The component's name.
        #[schema(min_length = 1, max_length = 1000)]
        component: String,
        /// The amount.
        amount: Money,
    },
    /// The one rate of a component per head, in all versions that have it.
    SetRate {
        /// The component's name.
        #[schema(min_length = 1, max_length = 1000)]
        component: String,
        /// The amount per person and year.
        rate: Money,
    },
    /// The share set aside for newcomers, in all versions that have one.
    SetNewcomerShare {
        /// The part of the frame: a fraction, a decimal or a percentage, such as `3/10`.
        #[schema(pattern = r"^[0-9]{1,12}([./][0-9]{1,12})?%?$")]
        share: String,
    },
    /// A headcount at a date.
    #[serde(rename_all = "camelCase")]
    SetHeadcount {
        /// The organisation number.
        #[schema(pattern = "^[0-9]{9}$")]
        organisation_number: String,
        /// The kind of unit.
        unit_kind: UnitKind,
        /// What is counted.
        measure: Measure,
        /// Of which units, where that is told apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ownership: Option<Ownership>,
        /// The date from which it holds.
        #[schema(value_type = String, format = Date)]
        date: Date,
        /// The count, with at most three decimals.
        #[schema(pattern = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
        count: String,
    },
    /// A project of the reserve list is let in.
    Admit {
        /// Its reference.
        #[schema(min_length = 1, max_length = 100)]
        reference: String,
        /// The first year in which it is funded.
        #[schema(minimum = 1990, maximum = 2100)]
        year: i16,
    },
    /// A project ends before a year.
    DropOut {
        /// Its reference.
        #[schema(min_length = 1, max_length = 100)]
        reference: String,
        /// The first year in which it is not funded.
        #[schema(minimum = 1990, maximum = 2100)]
        year: i16,
    },
    /// A project joins, with the organisations that are new with it.
    AddProject {
        /// The project.
        project: ScenarioProject,
        /// Its organisations, as far as the plan does not know them.
        #[serde(default)]
        #[schema(max_items = 50)]
        organisations: Vec<ScenarioOrganisation>,
    },
}

fn money(amount: Option<&Money>, pointer: &str) -> Result<Option<Nok>, Refusal> {
    amount.map(|amount| amount.read(pointer)).transpose()
}

impl ScenarioChange {
    /// Reads a change at a place of a body.
    pub(super) fn read(self, at: &str) -> Result<Change, Problem> {
        let field = |name: &str| format!("{at}/{name}");
        Ok(match self {
            Self::SetFrame { year, amount, places, status } => Change::SetFrame {
                year,
                amount: money(amount.as_ref(), &field("amount"))?,
                places,
                status: status.map(Into::into),
            },
            Self::SetModel { document } => {
                Change::SetModel { model: Box::new(model_of(&document, &field("document"))?) }
            }
            Self::SetBase { component, amount } => {
                Change::SetBase { component, amount: amount.read(&field("amount"))? }
            }
            Self::SetRate { component, rate } => {
                Change::SetRate { component, rate: rate.read(&field("rate"))? }
            }
            Self::SetNewcomerShare { share } => Change::SetNewcomerShare {
                share: share.parse().map_err(|error| Refusal::invalid(&field("share"), error))?,
            },
            Self::SetHeadcount { organisation_number, unit_kind, measure, ownership, date, count } => {
                Change::SetHeadcount {
                    organisation: organisation_number,
                    unit_kind: unit_kind.into(),
                    measure: measure.into(),
                    ownership: ownership.map(Into::into),
                    date,
                    value: count.parse().map_err(|error| Refusal::invalid(&field("count"), error))?,
                }
            }
            Self::Admit { reference, year } => Change::Admit { reference, year },
            Self::DropOut { reference, year } => Change::DropOut { reference, year },
            Self::AddProject { project, organisations } => Change::AddProject {
                project: Box::new(project.into()),
                organisations: organisations
                    .into_iter()
                    .enumerate()
                    .map(|(index, organisation)| organisation.read(&field(&format!("organisations/{index}"))))
                    .collect::<Result<_, _>>()?,
            },
        })
    }
}

impl From<Change> for ScenarioChange {
    fn from(change: Change) -> Self {
        match change {
            Change::SetFrame { year, amount, places, status } => Self::SetFrame {
                year,
                amount: amount.map(Into::into),
                places,
                status: status.map(Into::into),
            },
            Change::SetModel { model } => {
                // A model that was read can be written.
                Self::SetModel { document: serde_json::to_value(model).unwrap_or_default() }
            }
            Change::SetBase { component, amount } => Self::SetBase { component, amount: amount.into() },
            Change::SetRate { component, rate } => Self::SetRate { component, rate: rate.into() },
            Change::SetNewcomerShare { share } => Self::SetNewcomerShare { share: share.to_string() },
            Change::SetHeadcount { organisation, unit_kind, measure, ownership, date, value } => {
                Self::SetHeadcount {
                    organisation_number: organisation,
                    unit_kind: unit_kind.into(),
                    measure: measure.into(),
                    ownership: ownership.map(Into::into),
                    date,
                    count: value.to_string(),
                }
            }
            Change::Admit { reference, year } => Self::Admit { reference, year },
            Change::DropOut { reference, year } => Self::DropOut { reference, year },
            Change::AddProject { project, organisations } => Self::AddProject {
                project: (*project).into(),
                organisations: organisations.into_iter().map(Into::into).collect(),
            },
        }
    }
}
