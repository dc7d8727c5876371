//! Plans: computed again whenever something that they rest on changes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use tildel_domain::allocation::{self, FrameInput, HeadcountRecord, PartyInput, PlanInput, ProjectInput};
use tildel_domain::application::Application;
use tildel_domain::grant::{Grant, GrantState};
use tildel_domain::id::{OfficeId, OrganisationId, RunId, SchemeId};
use tildel_domain::organisation::Organisation;
use tildel_domain::policy::Operation;
use tildel_domain::run::Run;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::{Entry, Refusal};
use tildel_storage::runs;
pub use tildel_storage::runs::RunFilter;
use tildel_storage::{Page, PageRequest, frames, funding_models, grants, headcounts, organisations};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::jobs::Job;

/// Puts the recomputation of a plan into the queue; one that is waiting there already serves both.
pub(crate) fn enqueue(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<()> {
    request(cx, office_id, scheme_id).map(|_| ())
}

fn request(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<Uuid> {
    let now = cx.now;
    cx.enqueue(&Job::PlanRecompute { office_id, scheme_id }, now, Some(office_id))
}

/// Recomputes all plans of a scheme, as its model has changed.
pub(crate) fn enqueue_for_scheme(cx: &mut Context<'_>, scheme_id: SchemeId) -> Outcome<()> {
    for (office_id, scheme_id) in grants::plans_of_scheme(cx.db, scheme_id)? {
        enqueue(cx, office_id, scheme_id)?;
    }
    Ok(())
}

/// Recomputes all plans that rest on the employees of an organisation.
pub(crate) fn enqueue_for_organisation(cx: &mut Context<'_>, organisation_id: OrganisationId) -> Outcome<()> {
    for (office_id, scheme_id) in grants::plans_of_organisation(cx.db, organisation_id)? {
        enqueue(cx, office_id, scheme_id)?;
    }
    Ok(())
}

/// Asks for a recomputation; returns the id of the operation that tells how it goes.
pub fn recompute_request(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<Uuid> {
    cx.require(Operation::PlanRecompute)?;
    cx.actor.require_office(office_id)?;
    let _office: Office = cx.find_referenced(office_id, "/officeId")?;
    let _scheme: Scheme = cx.find_referenced(scheme_id, "/schemeId")?;
    request(cx, office_id, scheme_id)
}

/// Runs.
pub fn run_list(cx: &mut Context<'_>, filter: &RunFilter, page: &PageRequest) -> Outcome<Page<Run>> {
    cx.require(Operation::RunList)?;
    Ok(runs::page(cx.db, filter, page)?)
}

/// One run.
pub fn run_read(cx: &mut Context<'_>, id: RunId) -> Outcome<Run> {
    cx.require(Operation::RunRead)?;
    runs::find(cx.db, id)?.ok_or_else(|| Failure::from(Refusal::not_found("run")))
}

/// Computes the plan of an office and scheme as things stand. A run is stored only if its inputs differ from the last
/// one's; the grants' planned amounts follow it. Promised amounts never move (rule 8).
///
/// Returns the run that stands, and whether it is new; none while there is nothing to plan.
pub fn recompute(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
) -> Outcome<Option<(RunId, bool)>> {
    let mut standing = grants::lock_for(cx.db, office_id, scheme_id)?;
    standing.retain(|grant| grant.state != GrantState::Declined);
    if standing.is_empty() {
        return Ok(None);
    }
    let input = input_of(cx, office_id, scheme_id, &standing)?;
    let input_hash = hash_of(&input)?;
    if let Some(latest) = runs::latest(cx.db, office_id, scheme_id)?
        && latest.input_hash == input_hash
    {
        return Ok(Some((latest.id, false)));
    }
    let plan = allocation::plan(&input).map_err(|error| Refusal::invalid("/", error))?;
    let run = Run { id: cx.new_id(), office_id, scheme_id, input_hash, input, plan, created_at: cx.now };
    runs::insert(cx.db, &run)?;
    cx.note(run.store(), Some(office_id), &run)?;
    for mut grant in standing {
        follow(cx, &run, &mut grant)?;
    }
    Ok(Some((run.id, true)))
}

/// Lets a grant follow a run, where its planned amounts differ.
fn follow(cx: &mut Context<'_>, run: &Run, grant: &mut Grant) -> Outcome<()> {
    let id = grant.id;
    let amount_of = |year| run.amount(id, year).flatten();
    let differs = grant.years.iter().any(|year| year.planned != amount_of(year.year));
    if !differs {
        return Ok(());
    }
    cx.transition(grant, |grant| {
        let unchanged = || Entry::new("grant.plan", "grant", id);
        Ok(grant.plan(run.id, amount_of).unwrap_or_else(unchanged))
    })
}

/// Equal inputs have equal hashes: the input is put into canonical order, and JSON maps are sorted.
fn hash_of(input: &PlanInput) -> Result<String, serde_json::Error> {
    let text = serde_json::to_value(input)?.to_string();
    Ok(hex::encode(Sha256::digest(text.as_bytes())))
}

/// Everything that the plan rests on, as it stands now.
fn input_of(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    standing: &[Grant],
) -> Outcome<PlanInput> {
    let office: Office = cx.find(office_id)?;
    let scheme: Scheme = cx.find(scheme_id)?;
    let models = funding_models::list_for(cx.db, scheme_id)?;
    let frames = frames::list_for(cx.db, office_id, scheme_id)?;
    let mut projects = Vec::with_capacity(standing.len());
    for grant in standing {
        projects.push(project_of(cx, grant)?);
    }
    let years = || standing.iter().flat_map(|grant| grant.years.iter().map(|year| year.year));
    let mut input = PlanInput {
        scheme_key: scheme.key,
        office_key: office.key,
        first_year: years().min().unwrap_or(scheme.first_year),
        last_year: years().max().unwrap_or(scheme.last_year),
        models: models.into_iter().map(|published| published.model).collect(),
        frames: frames
            .into_iter()
            .map(|frame| FrameInput {
                year: frame.year,
                amount: frame.amount,
                places: frame.places,
                status: frame.status,
            })
            .collect(),
        projects,
    };
    input.canonicalise();
    Ok(input)
}

fn project_of(cx: &mut Context<'_>, grant: &Grant) -> Outcome<ProjectInput> {
    let application: Application = cx.find(grant.application_id)?;
    let party_ids = crate::decisions::parties_with_employees(&application);
    let mut counts: BTreeMap<OrganisationId, Vec<HeadcountRecord>> = BTreeMap::new();
    for headcount in headcounts::list_for(cx.db, &party_ids)? {
        counts.entry(headcount.organisation_id).or_default().push(headcount.record);
    }
    let parties: Vec<Organisation> = organisations::find_many(cx.db, &party_ids)?;
    let years = || grant.years.iter().map(|year| year.year);
    Ok(ProjectInput {
        id: grant.id.to_string(),
        reference: grant.reference.clone(),
        title: grant.title.clone(),
        first_year: years().min().unwrap_or_default(),
        last_year: years().max().unwrap_or_default(),
        parties: parties
            .into_iter()
            .map(|party| PartyInput {
                headcounts: counts.remove(&party.id).unwrap_or_default(),
                organisation_number: party.number.into(),
                name: party.name,
            })
            .collect(),
    })
}

/// The run that stands.
pub fn run_latest(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<Option<Run>> {
    cx.require(Operation::RunRead)?;
    Ok(runs::latest(cx.db, office_id, scheme_id)?)
}
