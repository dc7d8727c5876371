//! What an appellant would have got: the run of the decision computed again, as it was then.

use tildel_domain::allocation::compare::{Comparison, compare};
use tildel_domain::appeal::Appeal;
use tildel_domain::appeal_rerun::{AppealRerun, Assumption, recompute};
use tildel_domain::application::Application;
use tildel_domain::decision::{Decision, DecisionMatter};
use tildel_domain::grant::Grant;
use tildel_domain::id::{AppealId, AppealRerunId, GrantId};
use tildel_domain::policy::Operation;
use tildel_domain::round::Round;
use tildel_domain::run::Run;
use tildel_domain::{Refusal, RefusalCode};
pub use tildel_storage::appeal_reruns::AppealRerunFilter;
use tildel_storage::{Page, PageRequest, appeal_reruns, decisions, grants, runs};

use crate::appeals::{self, visible_to};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::plans;

/// A rerun beside the run of the decision.
#[derive(Clone, Debug)]
pub struct ComparedRerun {
    /// The rerun.
    pub rerun: AppealRerun,
    /// The run of the decision.
    pub run_input_hash: String,
    /// How the rerun differs from it: what the appellant would have got, and what others.
    pub comparison: Comparison,
}

/// Reruns that the caller may know of.
pub fn list(
    cx: &mut Context<'_>,
    filter: &AppealRerunFilter,
    page: &PageRequest,
) -> Outcome<Page<ComparedRerun>> {
    cx.require(Operation::AppealRerunList)?;
    let (visible_office, visible_appellant) = visible_to(&cx.actor);
    let filter = AppealRerunFilter { visible_office, visible_appellant, ..filter.clone() };
    let Page { items, next } = appeal_reruns::page(cx.db, &filter, page)?;
    let mut compared = Vec::with_capacity(items.len());
    for rerun in items {
        compared.push(beside_run(cx, rerun)?);
    }
    Ok(Page { items: compared, next })
}

/// One rerun; those for appeals of others do not exist for the caller.
pub fn read(cx: &mut Context<'_>, id: AppealRerunId) -> Outcome<ComparedRerun> {
    cx.require(Operation::AppealRerunRead)?;
    let missing = || Failure::from(Refusal::not_found("rerun"));
    let rerun = appeal_reruns::find(cx.db, id)?.ok_or_else(missing)?;
    let appeal: Appeal = cx.find(rerun.appeal_id)?;
    if !appeal.is_visible_to(&cx.actor) {
        return Err(missing());
    }
    beside_run(cx, rerun)
}

fn beside_run(cx: &mut Context<'_>, rerun: AppealRerun) -> Outcome<ComparedRerun> {
    let run = plans::find_run(cx, rerun.run_id)?;
    let comparison = compare((&run.input, &run.plan), (&rerun.input, &rerun.plan))
        .map_err(|_| Refusal::invalid("/", "amounts that can be added up"))?;
    Ok(ComparedRerun { rerun, run_input_hash: run.input_hash, comparison })
}

/// Computes the run of the appealed decision again. Nothing follows from it: it is information for whoever rules.
pub fn create(cx: &mut Context<'_>, appeal_id: AppealId, assumption: &Assumption) -> Outcome<ComparedRerun> {
    cx.require(Operation::AppealRerunCreate)?;
    let appeal: Appeal = cx.find_referenced(appeal_id, "/appealId")?;
    cx.actor.require_office(appeal.office_id)?;
    let appeal = appeals::find(cx, appeal.id)?;
    let application: Application = cx.find(appeal.application_id)?;
    let grant = grant_of(cx, &application)?;
    let run = run_of_decision(cx, &appeal, &application)?;
    let known = grant.as_ref().map(|grant| (grant.id, grant.reference.as_str()));
    let appellant = plans::appellant(cx, &run, &application, known)?;
    let bundle = recompute(&run, &appellant, assumption, &cx.actor)?;
    let rerun = AppealRerun {
        id: cx.new_id(),
        appeal_id,
        run_id: run.id,
        assumption: assumption.clone(),
        computed_by: cx.actor.person()?,
        computed_at: cx.now,
        input_hash: bundle.input_hash,
        result_hash: bundle.result_hash,
        input: bundle.input,
        plan: bundle.result,
    };
    appeal_reruns::insert(cx.db, &rerun)?;
    cx.note(rerun.store(), Some(appeal.office_id), &rerun)?;
    beside_run(cx, rerun)
}

fn grant_of(cx: &mut Context<'_>, application: &Application) -> Outcome<Option<Grant>> {
    let grants = grants::list_in_round(cx.db, application.round_id)?;
    Ok(grants.into_iter().find(|grant| grant.application_id == application.id))
}

/// The run that the decision rests on: of amounts the one that they are from; of an award the one of the first decision on its
/// amounts before the appeal, else the first one after it that knows its grants, or, where it granted nothing, the one that
/// stood when it was made. All of these are fixed once the decision is made, so it is the same whenever it is asked for.
fn run_of_decision(cx: &mut Context<'_>, appeal: &Appeal, application: &Application) -> Outcome<Run> {
    let decision: Decision = cx.find(appeal.decision_id)?;
    let run = match &decision.matter {
        DecisionMatter::Amounts { run_id, .. } => runs::find(cx.db, *run_id)?,
        // What was renewed or stopped was so in the plan that stood when it was decided.
        DecisionMatter::Renewals { scheme_id, .. } => match decision.approved_at {
            Some(approved_at) => runs::last_before(cx.db, decision.office_id, *scheme_id, approved_at)?,
            None => None,
        },
        DecisionMatter::Award { round_id, .. } => {
            let grants = grants::list_in_round(cx.db, *round_id)?;
            let made = grants.into_iter().filter(|grant| grant.decision_id == decision.id);
            let made: Vec<GrantId> = made.map(|grant| grant.id).collect();
            match run_of_amounts(cx, appeal, &decision, &made)? {
                Some(run) => Some(run),
                None => run_of_award(cx, &decision, application, made.is_empty())?,
            }
        }
    };
    Ok(run.ok_or_else(|| Refusal::new(RefusalCode::PlanMissing))?)
}

fn run_of_award(
    cx: &mut Context<'_>,
    award: &Decision,
    application: &Application,
    granted_nothing: bool,
) -> Outcome<Option<Run>> {
    let round: Round = cx.find(application.round_id)?;
    let Some(approved_at) = award.approved_at else { return Ok(None) };
    let (office_id, scheme_id) = (award.office_id, round.scheme_id);
    if granted_nothing && let Some(run) = runs::last_before(cx.db, office_id, scheme_id, approved_at)? {
        return Ok(Some(run));
    }
    Ok(runs::first_since(cx.db, office_id, scheme_id, approved_at)?)
}

fn run_of_amounts(
    cx: &mut Context<'_>,
    appeal: &Appeal,
    award: &Decision,
    made: &[GrantId],
) -> Outcome<Option<Run>> {
    let mut first: Option<Decision> = None;
    for decision in decisions::amounts_in_force(cx.db, award.office_id)? {
        let DecisionMatter::Amounts { lines, .. } = &decision.matter else { continue };
        let is_before_appeal =
            decision.approved_at.is_some_and(|approved_at| approved_at <= appeal.registered_at);
        let is_earlier = first.as_ref().is_none_or(|first| decision.approved_at < first.approved_at);
        if is_before_appeal && is_earlier && lines.iter().any(|line| made.contains(&line.grant_id)) {
            first = Some(decision);
        }
    }
    match first.map(|decision| decision.matter) {
        Some(DecisionMatter::Amounts { run_id, .. }) => Ok(runs::find(cx.db, run_id)?),
        _ => Ok(None),
    }
}
