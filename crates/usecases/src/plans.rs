//! Plans: computed again whenever something that they rest on changes.

mod appellant;
mod effect;
mod input;

use std::collections::BTreeSet;

use tildel_domain::allocation::{self, Bundle, BundleError};
use tildel_domain::grant::{Grant, GrantState};
use tildel_domain::id::{OfficeId, OrganisationId, RunId, SchemeId};
use tildel_domain::organisation::Organisation;
use tildel_domain::policy::Operation;
use tildel_domain::run::Run;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::{Entry, Refusal};
use tildel_storage::runs;
pub use tildel_storage::runs::RunFilter;
use tildel_storage::{Page, PageRequest, grants};
use uuid::Uuid;

use crate::changes;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::impact;
use crate::jobs::Job;
use crate::registry;

pub(crate) use appellant::{appellant, was_there};
pub(crate) use effect::{effect, standing};
pub(crate) use input::Overlay;

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

/// Recomputes all plans that rest on an organisation: on its own people, or as it comes after one that ceased.
pub(crate) fn enqueue_for_organisation(cx: &mut Context<'_>, organisation_id: OrganisationId) -> Outcome<()> {
    for organisation_id in with_predecessors(cx, organisation_id)? {
        for (office_id, scheme_id) in grants::plans_of_organisation(cx.db, organisation_id)? {
            enqueue(cx, office_id, scheme_id)?;
        }
    }
    Ok(())
}

/// An organisation and all that it came after: what is theirs by now goes by what becomes of it.
pub(crate) fn with_predecessors(
    cx: &mut Context<'_>,
    organisation_id: OrganisationId,
) -> Outcome<BTreeSet<OrganisationId>> {
    let organisation: Organisation = cx.find(organisation_id)?;
    let mut all = registry::lineage(cx)?.before(organisation.number.as_str());
    all.insert(organisation_id);
    Ok(all)
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
    find_run(cx, id)
}

/// A run, for those who may read runs or what rests on them.
pub(crate) fn find_run(cx: &mut Context<'_>, id: RunId) -> Outcome<Run> {
    runs::find(cx.db, id)?.ok_or_else(|| Failure::from(Refusal::not_found("run")))
}

/// Computes the plan of an office and scheme as things stand. A run is stored only if its input differs from the last
/// one's; the grants' planned amounts follow it, and a report tells what it moves. Promised amounts never move by
/// themselves (rule 8).
///
/// Returns the run that stands, and whether it is new; none while there is nothing to plan.
pub fn recompute(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
) -> Outcome<Option<(RunId, bool)>> {
    let mut standing = grants::lock_for(cx.db, office_id, scheme_id)?;
    standing.retain(|grant| grant.state != GrantState::Declined);
    let mut input = input::gather(cx, office_id, scheme_id, &standing, &Overlay::default())?;
    if input.projects.is_empty() {
        return Ok(None);
    }
    input.canonicalise();
    let input_hash = allocation::hash_of(&input).map_err(refused)?;
    let latest = runs::latest(cx.db, office_id, scheme_id)?;
    if let Some(latest) = &latest
        && latest.input_hash == input_hash
    {
        return Ok(Some((latest.id, false)));
    }
    let bundle = Bundle::compute(input).map_err(refused)?;
    let run = Run {
        id: cx.new_id_after(latest.as_ref().map(|latest| latest.id)),
        office_id,
        scheme_id,
        input_hash: bundle.input_hash,
        result_hash: bundle.result_hash,
        input: bundle.input,
        plan: bundle.result,
        created_at: cx.now,
    };
    runs::insert(cx.db, &run)?;
    cx.note(run.store(), Some(office_id), &run)?;
    for grant in &mut standing {
        follow(cx, &run, grant)?;
    }
    impact::report(cx, latest.as_ref(), &run, &standing)?;
    changes::reassess_plan(cx, office_id, scheme_id)?;
    Ok(Some((run.id, true)))
}

/// An input that gives no plan.
pub(super) fn refused(error: BundleError) -> Refusal {
    Refusal::invalid("/", error)
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

/// The file from which anybody can compute a run again: its name and its bytes.
pub fn run_bundle(cx: &mut Context<'_>, id: RunId) -> Outcome<(String, String)> {
    cx.require(Operation::RunBundleRead)?;
    let run = find_run(cx, id)?;
    let office: Office = cx.find(run.office_id)?;
    let scheme: Scheme = cx.find(run.scheme_id)?;
    // Read back from the database, so the bytes are shown to be those that were hashed.
    let bundle = run.bundle().map_err(refused)?;
    Ok((format!("{}-{}-{}.json", office.key, scheme.key, &run.input_hash[..12]), bundle))
}

/// The run that stands.
pub fn run_latest(cx: &mut Context<'_>, office_id: OfficeId, scheme_id: SchemeId) -> Outcome<Option<Run>> {
    cx.require(Operation::RunRead)?;
    Ok(runs::latest(cx.db, office_id, scheme_id)?)
}
