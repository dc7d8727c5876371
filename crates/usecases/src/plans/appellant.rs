//! An appellant as the run of the decision would have known it, from what was recorded when the run was computed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tildel_domain::allocation::{OrganisationInput, ProjectInput, ProjectStatus};
use tildel_domain::appeal_rerun::Appellant;
use tildel_domain::application::Application;
use tildel_domain::headcount_choice::choose;
use tildel_domain::id::{ForumId, GrantId, OrganisationId};
use tildel_domain::organisation::OrganisationHeadcount;
use tildel_domain::recommendation::Recommendation;
use tildel_domain::run::Run;
use tildel_storage::{headcounts, organisations, recommendations};
use uuid::Uuid;

use crate::context::Context;
use crate::decisions::parties_with_employees;
use crate::failure::Outcome;

/// The appellant of an application, with its grant if it has one.
pub(crate) fn appellant(
    cx: &mut Context<'_>,
    run: &Run,
    application: &Application,
    grant: Option<(GrantId, &str)>,
) -> Outcome<Appellant> {
    let ids = parties_with_employees(application);
    let mut records: BTreeMap<OrganisationId, Vec<OrganisationHeadcount>> = BTreeMap::new();
    for headcount in headcounts::list_for(cx.db, &ids)? {
        if was_there(headcount.id.into(), run.created_at) {
            records.entry(headcount.organisation_id).or_default().push(headcount);
        }
    }
    let mut found = BTreeMap::new();
    for organisation in organisations::find_many(cx.db, &ids)? {
        found.insert(organisation.id, organisation);
    }
    let mut inputs = Vec::with_capacity(ids.len());
    for id in &ids {
        let Some(organisation) = found.get(id) else { continue };
        inputs.push(OrganisationInput {
            number: organisation.number.clone().into(),
            name: organisation.name.clone(),
            municipality: organisation.municipality_number.clone(),
            ceased: None,
            successors: Vec::new(),
            headcounts: records.remove(id).map(|theirs| choose(&theirs).records).unwrap_or_default(),
        });
    }
    let mut numbers = inputs.iter().map(|organisation| organisation.number.clone());
    // Of each forum the version that was signed off then, whatever was corrected since.
    let mut then: BTreeMap<ForumId, Recommendation> = BTreeMap::new();
    for advice in recommendations::ever_signed_in_round(cx.db, application.round_id)? {
        let was_signed = advice.signed_at.is_some_and(|at| at <= run.created_at);
        if was_signed && then.get(&advice.forum_id).is_none_or(|known| known.number < advice.number) {
            then.insert(advice.forum_id, advice);
        }
    }
    let ranks =
        then.values().flat_map(|advice| &advice.lines).filter(|line| line.application_id == application.id);
    // The run knows a grant by its own id, and an application that waits by its.
    let in_run =
        grant.filter(|(id, _)| run.input.projects.iter().any(|project| project.id == id.to_string()));
    let (id, reference) = match in_run {
        Some((id, reference)) => (id.to_string(), reference.to_owned()),
        None => (application.id.to_string(), application.reference.clone()),
    };
    let project = ProjectInput {
        id,
        reference,
        title: application.content.title.clone(),
        first_year: run.input.first_year,
        last_year: run.input.last_year,
        status: ProjectStatus::Running,
        priority: ranks.filter_map(|line| line.rank).min(),
        lead: numbers.next().unwrap_or_default(),
        partners: numbers.collect(),
        supporters: Vec::new(),
        tags: Vec::new(),
        renewals: Vec::new(),
        years: Vec::new(),
    };
    Ok(Appellant { project, organisations: inputs })
}

/// Whether something with an id of version 7, which begins with the milliseconds of its making, was recorded at an instant. What is
/// only added has no other mark of its age.
pub(crate) fn was_there(id: Uuid, at: Timestamp) -> bool {
    let milliseconds = id.as_u128() >> 80;
    u128::try_from(at.as_millisecond()).is_ok_and(|at| milliseconds <= at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_its_thing_was_made() {
        let at: Timestamp = "2020-06-19T10:00:00.123Z".parse().unwrap();
        let made = |milliseconds: i64| {
            Uuid::from_u128((u128::try_from(milliseconds).unwrap() << 80) | (7 << 76) | 0x1234)
        };
        assert!(was_there(made(at.as_millisecond()), at));
        assert!(was_there(made(at.as_millisecond() - 1), at));
        assert!(!was_there(made(at.as_millisecond() + 1), at));
    }
}
