//! What must hold of an input before anything is computed.

use std::collections::BTreeSet;

use super::PlanError;
use crate::{Nok, PlanInput, ProjectInput};

/// The most years that one plan covers; schemes last about five.
pub const MAX_HORIZON_YEARS: i32 = 50;

/// Refuses inputs that are contradictory or would count something twice.
pub(super) fn check(input: &PlanInput) -> Result<(), PlanError> {
    check_years(None, input.first_year, input.last_year)?;
    let years = i32::from(input.last_year) - i32::from(input.first_year) + 1;
    if years > MAX_HORIZON_YEARS {
        return Err(PlanError::HorizonTooLong { years });
    }
    check_models(input)?;
    check_frames(input)?;
    let mut project_ids = BTreeSet::new();
    for project in &input.projects {
        if !project_ids.insert(&project.id) {
            return Err(PlanError::DuplicateProject { project_id: project.id.clone() });
        }
        check_project(project)?;
    }
    Ok(())
}

fn check_years(project_id: Option<&str>, first_year: i16, last_year: i16) -> Result<(), PlanError> {
    if last_year < first_year {
        let project_id = project_id.map(str::to_owned);
        return Err(PlanError::YearsReversed { project_id, first_year, last_year });
    }
    Ok(())
}

fn check_models(input: &PlanInput) -> Result<(), PlanError> {
    let mut versions = BTreeSet::new();
    for model in &input.models {
        model.validate().map_err(|errors| PlanError::InvalidModel {
            key: model.key.clone(),
            version: model.version,
            errors,
        })?;
        if !versions.insert((&model.key, model.version)) {
            return Err(PlanError::DuplicateModel { key: model.key.clone(), version: model.version });
        }
    }
    for year in input.first_year..=input.last_year {
        let keys: BTreeSet<_> =
            input.models.iter().filter(|model| model.holds_in(year)).map(|model| &model.key).collect();
        if let (Some(first), Some(second)) = (keys.first(), keys.iter().nth(1)) {
            let (first, second) = ((*first).clone(), (*second).clone());
            return Err(PlanError::CompetingModels { year, first, second });
        }
    }
    Ok(())
}

fn check_frames(input: &PlanInput) -> Result<(), PlanError> {
    let mut seen = BTreeSet::new();
    for frame in &input.frames {
        let year = frame.year;
        if !seen.insert((year, frame.status)) {
            return Err(PlanError::DuplicateFrame { year });
        }
        if frame.amount.is_some_and(|amount| amount < Nok::ZERO) {
            return Err(PlanError::NegativeFrame { year });
        }
    }
    Ok(())
}

fn check_project(project: &ProjectInput) -> Result<(), PlanError> {
    check_years(Some(&project.id), project.first_year, project.last_year)?;
    let mut numbers = BTreeSet::new();
    for party in &project.parties {
        if !numbers.insert(&party.organisation_number) {
            return Err(PlanError::DuplicateParty {
                project_id: project.id.clone(),
                organisation_number: party.organisation_number.clone(),
            });
        }
    }
    Ok(())
}
