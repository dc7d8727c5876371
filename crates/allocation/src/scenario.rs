//! What-if: an input with some things changed. Nothing of it touches the plan that it came from.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{Component, Rate};
use crate::{
    FrameInput, FrameStatus, FundingModel, Headcount, HeadcountRecord, Measure, Nok, OrganisationInput,
    Ownership, PlanInput, ProjectInput, ProjectStatus, Quantity, RenewalInput, RenewalOutcome, Share,
    UnitKind,
};

/// One thing that is different in a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// The frame of a year; what is absent stays as it is.
    SetFrame {
        /// The budget year.
        year: i16,
        /// The money.
        #[serde(default, with = "crate::money::plain::option", skip_serializing_if = "Option::is_none")]
        amount: Option<Nok>,
        /// The number of projects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        places: Option<u32>,
        /// How certain it is; expected where a year had no frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<FrameStatus>,
    },
    /// A version of a funding model, which is added or takes the place of the one of the same key and version.
    SetModel {
        /// The model.
        model: Box<FundingModel>,
    },
    /// The amount of a base component, in all versions that have it.
    SetBase {
        /// The component's name.
        component: String,
        /// The amount.
        #[serde(with = "crate::money::plain")]
        amount: Nok,
    },
    /// The one rate of a component per head, in all versions that have it.
    SetRate {
        /// The component's name.
        component: String,
        /// The amount per person and year.
        #[serde(with = "crate::money::plain")]
        rate: Nok,
    },
    /// The share set aside for newcomers, in all versions that have one.
    SetNewcomerShare {
        /// The part of the frame.
        share: Share,
    },
    /// A headcount at a date.
    SetHeadcount {
        /// The organisation's number.
        organisation: String,
        /// The kind of unit.
        unit_kind: UnitKind,
        /// What is counted.
        measure: Measure,
        /// Of which units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ownership: Option<Ownership>,
        /// The date from which it holds.
        date: Date,
        /// The count.
        value: Quantity,
    },
    /// A project of the waiting list is let in.
    Admit {
        /// Its reference.
        reference: String,
        /// The first year in which it is funded.
        year: i16,
    },
    /// A project ends before a year.
    DropOut {
        /// Its reference.
        reference: String,
        /// The first year in which it is not funded.
        year: i16,
    },
    /// A project joins, with the organisations that are new with it.
    AddProject {
        /// The project.
        project: Box<ProjectInput>,
        /// Its organisations, as far as the plan does not know them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        organisations: Vec<OrganisationInput>,
    },
}

/// A change that can not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("/{index}{field}: {problem}")]
pub struct ChangeError {
    /// Which change, from 0.
    pub index: usize,
    /// The field of the change, as a JSON pointer.
    pub field: &'static str,
    /// What is wrong.
    pub problem: ChangeProblem,
}

/// Why a change can not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeProblem {
    /// No project has the reference.
    #[error("the plan has no project {0}")]
    UnknownProject(String),
    /// The project is not on the waiting list.
    #[error("the project {0} does not wait")]
    NotWaiting(String),
    /// No organisation has the number.
    #[error("the plan has no organisation {0}")]
    UnknownOrganisation(String),
    /// No model has such a component.
    #[error("no funding model of the plan has such a component {0:?}")]
    UnknownComponent(String),
    /// A project with this id or reference is there already.
    #[error("the plan has a project {0} already")]
    ProjectThere(String),
}

/// An input with changes, in their order.
///
/// # Errors
/// The first change that names something the plan does not have. Whether the changed input can be computed is for
/// [`crate::plan`] to say.
pub fn apply(input: &PlanInput, changes: &[Change]) -> Result<PlanInput, ChangeError> {
    let mut scenario = input.clone();
    for (index, change) in changes.iter().enumerate() {
        apply_one(&mut scenario, change).map_err(|(field, problem)| ChangeError { index, field, problem })?;
    }
    scenario.canonicalise();
    Ok(scenario)
}

type Refused = (&'static str, ChangeProblem);

fn apply_one(input: &mut PlanInput, change: &Change) -> Result<(), Refused> {
    match change {
        Change::SetFrame { year, amount, places, status } => {
            set_frame(input, *year, *amount, *places, *status);
            Ok(())
        }
        Change::SetModel { model } => {
            input.models.retain(|other| (&other.key, other.version) != (&model.key, model.version));
            input.models.push((**model).clone());
            Ok(())
        }
        Change::SetBase { component: name, amount: new } => {
            in_components(input, "/component", name, |component| match component {
                Component::Base { id, amount, .. } if id == name => {
                    *amount = *new;
                    true
                }
                _ => false,
            })
        }
        Change::SetRate { component: name, rate } => {
            in_components(input, "/component", name, |component| match component {
                Component::PerHead { id, rates, .. } if id == name => {
                    *rates = vec![Rate { from: None, rate: *rate }];
                    true
                }
                _ => false,
            })
        }
        Change::SetNewcomerShare { share: new } => {
            in_components(input, "/share", crate::model::NEWCOMERS, |component| match component {
                Component::Share { purpose, share, .. } if purpose == crate::model::NEWCOMERS => {
                    *share = *new;
                    true
                }
                _ => false,
            })
        }
        Change::SetHeadcount { organisation, unit_kind, measure, ownership, date, value } => {
            let record = HeadcountRecord {
                unit_kind: *unit_kind,
                measure: *measure,
                ownership: *ownership,
                date: *date,
                value: Headcount::Known(*value),
                source: "scenario".to_owned(),
                practice: false,
                unit: None,
            };
            set_headcount(input, organisation, record)
        }
        Change::Admit { reference, year } => {
            let project = project(input, reference)?;
            if project.status != ProjectStatus::Waiting {
                return Err(("/reference", ChangeProblem::NotWaiting(reference.clone())));
            }
            project.status = ProjectStatus::Running;
            project.first_year = project.first_year.max(*year);
            project.last_year = project.last_year.max(project.first_year);
            Ok(())
        }
        Change::DropOut { reference, year } => {
            let project = project(input, reference)?;
            project.renewals.retain(|renewal| renewal.year != *year);
            project.renewals.push(RenewalInput { year: *year, outcome: RenewalOutcome::Stopped });
            Ok(())
        }
        Change::AddProject { project, organisations } => {
            let there = |other: &ProjectInput| other.id == project.id || other.reference == project.reference;
            if input.projects.iter().any(there) {
                return Err(("/project", ChangeProblem::ProjectThere(project.reference.clone())));
            }
            for organisation in organisations {
                if !input.organisations.iter().any(|other| other.number == organisation.number) {
                    input.organisations.push(organisation.clone());
                }
            }
            input.projects.push((**project).clone());
            Ok(())
        }
    }
}

fn set_frame(
    input: &mut PlanInput,
    year: i16,
    amount: Option<Nok>,
    places: Option<u32>,
    status: Option<FrameStatus>,
) {
    // The frame that counts is the decided one, if there is one.
    let ruling =
        input.frames.iter().filter(|frame| frame.year == year).max_by_key(|frame| frame.status).cloned();
    let mut frame =
        ruling.unwrap_or(FrameInput { year, status: FrameStatus::Expected, amount: None, places: None });
    input.frames.retain(|other| other.year != year);
    frame.amount = amount.or(frame.amount);
    frame.places = places.or(frame.places);
    frame.status = status.unwrap_or(frame.status);
    input.frames.push(frame);
}

fn in_components(
    input: &mut PlanInput,
    field: &'static str,
    name: &str,
    mut change: impl FnMut(&mut Component) -> bool,
) -> Result<(), Refused> {
    let mut found = false;
    for component in input.models.iter_mut().flat_map(|model| &mut model.components) {
        found |= change(component);
    }
    if found { Ok(()) } else { Err((field, ChangeProblem::UnknownComponent(name.to_owned()))) }
}

fn set_headcount(input: &mut PlanInput, number: &str, record: HeadcountRecord) -> Result<(), Refused> {
    let organisation = input
        .organisations
        .iter_mut()
        .find(|organisation| organisation.number == number)
        .ok_or_else(|| ("/organisation", ChangeProblem::UnknownOrganisation(number.to_owned())))?;
    let same = |other: &HeadcountRecord| {
        (other.unit_kind, other.measure, other.ownership, other.date)
            == (record.unit_kind, record.measure, record.ownership, record.date)
    };
    organisation.headcounts.retain(|other| !same(other));
    organisation.headcounts.push(record);
    Ok(())
}

fn project<'i>(input: &'i mut PlanInput, reference: &str) -> Result<&'i mut ProjectInput, Refused> {
    input
        .projects
        .iter_mut()
        .find(|project| project.reference == reference)
        .ok_or_else(|| ("/reference", ChangeProblem::UnknownProject(reference.to_owned())))
}
