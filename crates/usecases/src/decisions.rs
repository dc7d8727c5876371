//! Decisions: prepared by a case officer, approved by another person, and then in force; their recipients are told, may appeal,
//! and at last they are final.

mod carry_out;
mod course;
mod effect;
mod view;

use tildel_domain::application::Application;
use tildel_domain::decision::{Decision, DecisionMatter, DecisionState, GrantAdvice};
use tildel_domain::grant::Grant;
use tildel_domain::id::{AppealId, ApplicationId, DecisionId, GrantId, OfficeId, RoundId, RunId};
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::Recommendation;
use tildel_domain::round::Round;
use tildel_domain::run::Run;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::{Actor, Entry, Refusal, RefusalCode};
use tildel_storage::decisions;
pub use tildel_storage::decisions::DecisionFilter;
use tildel_storage::{Page, PageRequest, applications, grants, recommendations, recusals, references, runs};

pub(crate) use carry_out::{lock_frame, parties_with_employees};
pub use course::settle_when_due;
pub(crate) use course::{appeal_facts, note_notification, settle};
pub use effect::{DecisionEffect, FrameEffect, GrantEffect, PlanEffect, PlanLineEffect, PromiseEffect};
pub use view::{DecisionView, LineView};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::renewals;
use crate::rounds::staff_office;
use carry_out::Ground;
use tildel_domain::appeal::Appeal;

/// Decisions that the caller may know of.
pub fn list(
    cx: &mut Context<'_>,
    filter: &DecisionFilter,
    page: &PageRequest,
) -> Outcome<Page<DecisionView>> {
    cx.require(Operation::DecisionList)?;
    let filter = DecisionFilter { drafts_of_office: staff_office(&cx.actor), ..filter.clone() };
    let Page { items, next } = decisions::page(cx.db, &filter, page)?;
    Ok(Page { items: view::all(cx, items)?, next })
}

/// One decision.
pub fn read(cx: &mut Context<'_>, id: DecisionId) -> Outcome<DecisionView> {
    let decision = find(cx, id)?;
    view::one(cx, decision, None)
}

fn find(cx: &mut Context<'_>, id: DecisionId) -> Outcome<Decision> {
    cx.require(Operation::DecisionRead)?;
    let decision: Decision = cx.find(id)?;
    if !decision.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("decision").into());
    }
    Ok(decision)
}

/// Prepares a decision: on awards, on amounts, or on renewals; with an appeal, the new decision on what was appealed.
pub fn create(
    cx: &mut Context<'_>,
    matter: &DecisionMatter,
    appeal_id: Option<AppealId>,
) -> Outcome<DecisionView> {
    cx.require(Operation::DecisionCreate)?;
    let appeal = appeal_id.map(|id| unanswered_appeal(cx, id)).transpose()?;
    let decision = match matter {
        DecisionMatter::Award { round_id, lines } => {
            let round: Round = cx.find_referenced(*round_id, "/matter/roundId")?;
            let decision = draft(cx, (round.office_id, round.budget_year), matter, appeal_id)?;
            require_fit(cx, &lines.iter().map(|line| line.application_id).collect::<Vec<_>>())?;
            let (applications, advice) = round_matter(cx, *round_id)?;
            let entry = match appeal {
                Some(appeal) => {
                    let application = appealed_in(&appeal, &applications)?;
                    decision.prepare_appeal_award(lines, &round, application, &advice, &cx.actor)?
                }
                None => decision.prepare_award(lines, &round, &applications, &advice, &cx.actor)?,
            };
            cx.create(decision, entry)?
        }
        DecisionMatter::Amounts { run_id, lines } => {
            let run = find_run(cx, *run_id)?;
            let year = lines.iter().map(|line| line.year).min().unwrap_or(run.plan_first_year());
            let decision = draft(cx, (run.office_id, year), matter, appeal_id)?;
            let ids: Vec<GrantId> = lines.iter().map(|line| line.grant_id).collect();
            let grants = grants::find_many(cx.db, &ids)?;
            require_fit(cx, &grants.iter().map(|grant| grant.application_id).collect::<Vec<_>>())?;
            if let Some(appeal) = &appeal {
                check_appealed_grants(appeal, &grants)?;
            }
            let advice = advice_on(cx, &grants)?;
            let entry = decision.prepare_amounts(lines, &run, &with_advice(&grants, &advice), &cx.actor)?;
            cx.create(decision, entry)?
        }
        DecisionMatter::Renewals { scheme_id, year, lines } => {
            if appeal.is_some() {
                return Err(Refusal::invalid(
                    "/matter/kind",
                    "an award or amounts, as an appeal is answered",
                )
                .into());
            }
            let scheme: Scheme = cx.find_referenced(*scheme_id, "/matter/schemeId")?;
            let decision = draft(cx, (renewals::office_of(cx)?, *year), matter, None)?;
            let (grants, advice) = renewals::facts(cx, decision.office_id, scheme.id, *year)?;
            let is_decided = |grant: &&Grant| lines.iter().any(|line| line.grant_id == grant.id);
            let decided = grants.iter().filter(is_decided);
            require_fit(cx, &decided.map(|grant| grant.application_id).collect::<Vec<_>>())?;
            let about = (scheme.id, *year);
            let entry = decision.prepare_renewals(about, lines, &grants, &advice, &cx.actor)?;
            cx.create(decision, entry)?
        }
    };
    view::one(cx, decision, None)
}

/// Refuses who has an interest in one of these applications: who prepares a decision is as little fit as who makes it
/// (forvaltningsloven § 6).
pub(crate) fn require_fit(cx: &mut Context<'_>, applications: &[ApplicationId]) -> Outcome<()> {
    let interests = recusals::on_applications(cx.db, applications)?;
    let person_id = cx.actor.person_id;
    if interests.iter().any(|recusal| Some(recusal.person_id) == person_id) {
        return Err(Refusal::new(RefusalCode::Recused).into());
    }
    Ok(())
}

fn draft(
    cx: &mut Context<'_>,
    (office_id, year): (OfficeId, i16),
    matter: &DecisionMatter,
    appeal_id: Option<AppealId>,
) -> Outcome<Decision> {
    let prepared_by = cx.actor.person()?;
    let office: Office = cx.find(office_id)?;
    let number = references::next(cx.db, &office.key, year)?;
    Ok(Decision {
        id: cx.new_id(),
        reference: crate::applications::reference(&office, year, number),
        office_id,
        matter: matter.clone(),
        state: DecisionState::Draft,
        prepared_by,
        approved_by: None,
        approved_at: None,
        appeal_id,
        notified_at: None,
        notices: Vec::new(),
        version: 1,
    })
}

/// An appeal that the caller's office upheld and has not answered by a new decision.
fn unanswered_appeal(cx: &mut Context<'_>, id: AppealId) -> Outcome<Appeal> {
    let appeal: Appeal = cx.find_referenced(id, "/appealId")?;
    if !appeal.is_visible_to(&cx.actor) {
        return Err(Refusal::new(RefusalCode::UnknownReference)
            .with("thing", "appeal")
            .at("/appealId")
            .into());
    }
    appeal.require_unanswered()?;
    Ok(appeal)
}

fn appealed_in<'a>(appeal: &Appeal, applications: &'a [Application]) -> Result<&'a Application, Refusal> {
    let appealed = applications.iter().find(|application| application.id == appeal.application_id);
    appealed.ok_or_else(|| Refusal::invalid("/matter/roundId", "the round of the appealed application"))
}

fn check_appealed_grants(appeal: &Appeal, grants: &[Grant]) -> Result<(), Refusal> {
    if grants.iter().all(|grant| grant.application_id == appeal.application_id) {
        return Ok(());
    }
    Err(Refusal::invalid("/matter/lines", "amounts of the grant that was appealed, and of no other"))
}

fn round_matter(cx: &mut Context<'_>, round_id: RoundId) -> Outcome<(Vec<Application>, Vec<Recommendation>)> {
    let applications = applications::list_in_round(cx.db, round_id)?;
    let recommendations = recommendations::signed_in_round(cx.db, round_id)?;
    Ok((applications, recommendations))
}

/// What the forums advised on the rounds of grants.
fn advice_on(cx: &mut Context<'_>, grants: &[Grant]) -> Outcome<Vec<Recommendation>> {
    let mut round_ids: Vec<RoundId> = grants.iter().map(|grant| grant.round_id).collect();
    round_ids.sort_unstable();
    round_ids.dedup();
    Ok(recommendations::signed_in_rounds(cx.db, &round_ids)?)
}

fn with_advice<'a>(grants: &'a [Grant], advice: &'a [Recommendation]) -> Vec<GrantAdvice<'a>> {
    grants.iter().map(|grant| GrantAdvice { grant, recommendations: advice }).collect()
}

fn find_run(cx: &mut Context<'_>, run_id: RunId) -> Outcome<Run> {
    let refusal = || Refusal::new(RefusalCode::UnknownReference).with("thing", "run").at("/matter/runId");
    Ok(runs::find(cx.db, run_id)?.ok_or_else(refusal)?)
}

fn change(
    cx: &mut Context<'_>,
    id: DecisionId,
    expected: Expected,
    transition: impl FnOnce(&mut Decision, &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Decision> {
    // Another office's draft does not exist for the caller.
    find(cx, id)?;
    let mut decision: Decision = cx.lock(id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut decision, |decision| transition(decision, &actor))?;
    Ok(decision)
}

/// Hands a decision to the second person. A dry run tells what an approval would do.
pub fn propose(cx: &mut Context<'_>, id: DecisionId, expected: Expected) -> Outcome<DecisionView> {
    cx.require(Operation::DecisionPropose)?;
    let standing = find(cx, id)?;
    let ground = Ground::lock(cx, &standing)?;
    require_fit(cx, &ground.applications(&standing.matter))?;
    if !cx.is_dry_run() {
        let decision = change(cx, id, expected, Decision::propose)?;
        return view::one(cx, decision, None);
    }
    let decision = change(cx, id, expected, Decision::propose)?;
    let effect = effect::of(cx, &decision, ground)?;
    view::one(cx, decision, Some(effect))
}

/// Sends a proposal back.
pub fn send_back(
    cx: &mut Context<'_>,
    id: DecisionId,
    expected: Expected,
    reason: &str,
) -> Outcome<DecisionView> {
    cx.require(Operation::DecisionSendBack)?;
    let decision = change(cx, id, expected, |decision, actor| decision.send_back(actor, reason))?;
    view::one(cx, decision, None)
}

/// Approves a decision: frames are charged, grants are made or amounts promised, and plans are computed again. A dry run tells
/// of all that.
pub fn approve(cx: &mut Context<'_>, id: DecisionId, expected: Expected) -> Outcome<DecisionView> {
    cx.require(Operation::DecisionApprove)?;
    // Round first, then decision: the order in which everybody locks.
    let standing = find(cx, id)?;
    let ground = Ground::lock(cx, &standing)?;
    let recusals = recusals::on_applications(cx.db, &ground.applications(&standing.matter))?;
    let now = cx.now;
    let decision = change(cx, id, expected, |decision, actor| decision.approve(&recusals, actor, now))?;
    if cx.is_dry_run() {
        let effect = effect::of(cx, &decision, ground)?;
        return view::one(cx, decision, Some(effect));
    }
    carry_out::carry_out(cx, &decision, ground)?;
    view::one(cx, decision, None)
}
