//! Decisions: prepared by a case officer, approved by another person, and then in force.

use std::collections::BTreeMap;

use tildel_domain::application::{Application, ApplicationState, PartyRole};
use tildel_domain::decision::{
    AmountLine, AwardLine, DecidedOutcome, Decision, DecisionMatter, DecisionState, check_award,
};
use tildel_domain::grant::{Grant, GrantState, GrantYear};
use tildel_domain::id::{ApplicationId, DecisionId, GrantId, OfficeId, RoundId, RunId};
use tildel_domain::organisation::Organisation;
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::Recommendation;
use tildel_domain::round::Round;
use tildel_domain::run::Run;
use tildel_domain::scheme::{Frame, Office, Scheme};
use tildel_domain::{Actor, Entry, Refusal, RefusalCode};
use tildel_storage::decisions;
pub use tildel_storage::decisions::DecisionFilter;
use tildel_storage::{Page, PageRequest, applications, frames, recommendations, recusals, references, runs};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::plans;
use crate::renewals;
use crate::rounds::staff_office;

/// Decisions that the caller may know of.
pub fn list(cx: &mut Context<'_>, filter: &DecisionFilter, page: &PageRequest) -> Outcome<Page<Decision>> {
    cx.require(Operation::DecisionList)?;
    let filter = DecisionFilter { drafts_of_office: staff_office(&cx.actor), ..filter.clone() };
    Ok(decisions::page(cx.db, &filter, page)?)
}

/// One decision.
pub fn read(cx: &mut Context<'_>, id: DecisionId) -> Outcome<Decision> {
    cx.require(Operation::DecisionRead)?;
    let decision: Decision = cx.find(id)?;
    if !decision.is_visible_to(&cx.actor) {
        return Err(Refusal::not_found("decision").into());
    }
    Ok(decision)
}

/// Prepares a decision: on awards, on amounts, or on renewals.
pub fn create(cx: &mut Context<'_>, matter: &DecisionMatter) -> Outcome<Decision> {
    cx.require(Operation::DecisionCreate)?;
    let prepared_by = cx.actor.person()?;
    let draft = |cx: &mut Context<'_>, office_id: OfficeId, year: i16| -> Outcome<Decision> {
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
            version: 1,
        })
    };
    match matter {
        DecisionMatter::Award { round_id, lines } => {
            let round: Round = cx.find_referenced(*round_id, "/matter/roundId")?;
            let decision = draft(cx, round.office_id, round.budget_year)?;
            let (applications, recommendations) = round_matter(cx, *round_id)?;
            let entry = decision.prepare_award(lines, &round, &applications, &recommendations, &cx.actor)?;
            cx.create(decision, entry)
        }
        DecisionMatter::Amounts { run_id, lines } => {
            let run = find_run(cx, *run_id)?;
            let year = lines.iter().map(|line| line.year).min().unwrap_or(run.plan_first_year());
            let decision = draft(cx, run.office_id, year)?;
            let entry = decision.prepare_amounts(lines, &run, &cx.actor)?;
            cx.create(decision, entry)
        }
        DecisionMatter::Renewals { scheme_id, year, lines } => {
            let scheme: Scheme = cx.find_referenced(*scheme_id, "/matter/schemeId")?;
            let decision = draft(cx, renewals::office_of(cx)?, *year)?;
            let (grants, advice) = renewals::facts(cx, decision.office_id, scheme.id, *year)?;
            let matter = (scheme.id, *year);
            let entry = decision.prepare_renewals(matter, lines, &grants, &advice, &cx.actor)?;
            cx.create(decision, entry)
        }
    }
}

fn round_matter(cx: &mut Context<'_>, round_id: RoundId) -> Outcome<(Vec<Application>, Vec<Recommendation>)> {
    let applications = applications::list_in_round(cx.db, round_id)?;
    let recommendations = recommendations::signed_in_round(cx.db, round_id)?;
    Ok((applications, recommendations))
}

fn find_run(cx: &mut Context<'_>, run_id: RunId) -> Outcome<Run> {
    let refusal = || Refusal::new(RefusalCode::UnknownReference).with("thing", "run").at("/matter/runId");
    Ok(runs::find(cx.db, run_id)?.ok_or_else(refusal)?)
}

/// Reads a decision to change it; another office's draft does not exist for the caller.
fn lock(cx: &mut Context<'_>, id: DecisionId, expected: Expected) -> Outcome<Decision> {
    read(cx, id)?;
    cx.lock(id, expected)
}

fn change(
    cx: &mut Context<'_>,
    id: DecisionId,
    expected: Expected,
    transition: impl FnOnce(&mut Decision, &Actor) -> Result<Entry, Refusal>,
) -> Outcome<Decision> {
    let mut decision = lock(cx, id, expected)?;
    let actor = cx.actor.clone();
    cx.transition(&mut decision, |decision| transition(decision, &actor))?;
    Ok(decision)
}

/// Hands a decision to the second person.
pub fn propose(cx: &mut Context<'_>, id: DecisionId, expected: Expected) -> Outcome<Decision> {
    cx.require(Operation::DecisionPropose)?;
    change(cx, id, expected, Decision::propose)
}

/// Sends a proposal back.
pub fn send_back(
    cx: &mut Context<'_>,
    id: DecisionId,
    expected: Expected,
    reason: &str,
) -> Outcome<Decision> {
    cx.require(Operation::DecisionSendBack)?;
    change(cx, id, expected, |decision, actor| decision.send_back(actor, reason))
}

/// Approves a decision: frames are charged, grants are made or amounts promised, and plans are computed again.
pub fn approve(cx: &mut Context<'_>, id: DecisionId, expected: Expected) -> Outcome<Decision> {
    cx.require(Operation::DecisionApprove)?;
    // Round first, then decision: the order in which everybody locks.
    let matter = read(cx, id)?.matter;
    match &matter {
        DecisionMatter::Award { round_id, lines } => {
            let round: Round = cx.lock(*round_id, Expected::Any)?;
            let decision = approve_plainly(cx, id, expected, &concerned(lines))?;
            award(cx, &decision, round, lines)?;
            Ok(decision)
        }
        DecisionMatter::Amounts { run_id, lines } => {
            let grants = lock_grants(cx, lines)?;
            let applications: Vec<_> = grants.values().map(|grant| grant.application_id).collect();
            let decision = approve_plainly(cx, id, expected, &applications)?;
            promise(cx, &decision, *run_id, lines, grants)?;
            Ok(decision)
        }
        DecisionMatter::Renewals { scheme_id, year, lines } => {
            let concerned = renewals::concerned(cx, lines)?;
            let decision = approve_plainly(cx, id, expected, &concerned)?;
            renewals::carry_out(cx, &decision, (*scheme_id, *year), lines)?;
            Ok(decision)
        }
    }
}

fn concerned(lines: &[AwardLine]) -> Vec<ApplicationId> {
    lines.iter().map(|line| line.application_id).collect()
}

fn approve_plainly(
    cx: &mut Context<'_>,
    id: DecisionId,
    expected: Expected,
    applications: &[ApplicationId],
) -> Outcome<Decision> {
    let recusals = recusals::on_applications(cx.db, applications)?;
    let now = cx.now;
    change(cx, id, expected, |decision, actor| decision.approve(&recusals, actor, now))
}

/// Carries an award out.
fn award(cx: &mut Context<'_>, decision: &Decision, mut round: Round, lines: &[AwardLine]) -> Outcome<()> {
    let (applications, recommendations) = round_matter(cx, round.id)?;
    // The world may have moved since the proposal, so the lines are checked against it once more.
    check_award(lines, &round, &applications, &recommendations)?;
    let granted = lines.iter().filter(|line| line.outcome == DecidedOutcome::Granted).count();
    take_places(cx, &round, u32::try_from(granted).unwrap_or(u32::MAX))?;
    for line in lines {
        let mut application: Application = cx.lock(line.application_id, Expected::Any)?;
        let state = match line.outcome {
            DecidedOutcome::Granted => ApplicationState::Granted,
            DecidedOutcome::Declined => ApplicationState::Declined,
            DecidedOutcome::Deferred => ApplicationState::Deferred,
        };
        cx.transition(&mut application, |application| application.note_decision(state))?;
        if let (DecidedOutcome::Granted, Some(first), Some(last)) =
            (line.outcome, line.first_year, line.last_year)
        {
            make_grant(cx, decision, &round, &application, first..=last)?;
        }
    }
    cx.transition(&mut round, Round::note_decision)?;
    plans::enqueue(cx, round.office_id, round.scheme_id)
}

fn take_places(cx: &mut Context<'_>, round: &Round, count: u32) -> Outcome<()> {
    if count == 0 {
        return Ok(());
    }
    let mut frame = lock_frame(cx, round.office_id, round.scheme_id, round.budget_year)?;
    cx.transition(&mut frame, |frame| frame.take_places(count))
}

/// The frame of a year, kept from others; what is promised for a year stands in its frame.
pub(crate) fn lock_frame(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: tildel_domain::id::SchemeId,
    year: i16,
) -> Outcome<Frame> {
    let refusal = || Refusal::new(RefusalCode::FrameUnknown).with("year", year);
    Ok(frames::lock_for(cx.db, office_id, scheme_id, year)?.ok_or_else(refusal)?)
}

fn make_grant(
    cx: &mut Context<'_>,
    decision: &Decision,
    round: &Round,
    application: &Application,
    years: std::ops::RangeInclusive<i16>,
) -> Outcome<Grant> {
    let office: Office = cx.find(round.office_id)?;
    let lead_id = application.lead()?.organisation_id;
    let lead: Organisation = cx.find(lead_id)?;
    let number = references::next(cx.db, &office.key, round.budget_year)?;
    let grant = Grant {
        id: cx.new_id(),
        reference: crate::applications::reference(&office, round.budget_year, number),
        application_id: application.id,
        round_id: round.id,
        office_id: round.office_id,
        scheme_id: round.scheme_id,
        decision_id: decision.id,
        lead_id,
        name: application.content.project_name.clone().unwrap_or(lead.name),
        title: application.content.title.clone(),
        state: GrantState::Offered,
        stopped_from: None,
        years: years.map(GrantYear::new).collect(),
        answered_at: None,
        version: 1,
    };
    let entry = Entry::new("grant.create", "grant", grant.id).with("decisionId", decision.id.to_string());
    cx.create(grant, entry)
}

fn lock_grants(cx: &mut Context<'_>, lines: &[AmountLine]) -> Outcome<BTreeMap<GrantId, Grant>> {
    let mut grants = BTreeMap::new();
    let ids: std::collections::BTreeSet<GrantId> = lines.iter().map(|line| line.grant_id).collect();
    // In the order of their ids, as everybody locks them.
    for id in ids {
        grants.insert(id, cx.lock::<Grant>(id, Expected::Any)?);
    }
    Ok(grants)
}

/// Carries amounts out: year by year against the frame, then grant by grant.
fn promise(
    cx: &mut Context<'_>,
    decision: &Decision,
    run_id: RunId,
    lines: &[AmountLine],
    mut grants: BTreeMap<GrantId, Grant>,
) -> Outcome<()> {
    let run = find_run(cx, run_id)?;
    let mut by_year: BTreeMap<i16, Vec<&AmountLine>> = BTreeMap::new();
    for line in lines {
        by_year.entry(line.year).or_default().push(line);
    }
    for (year, lines) in by_year {
        let mut frame = lock_frame(cx, run.office_id, run.scheme_id, year)?;
        for line in lines {
            let Some(grant) = grants.get_mut(&line.grant_id) else { continue };
            if grant.state == GrantState::Declined {
                return Err(Refusal::wrong_state("grant", grant.state.as_str(), "offered, accepted").into());
            }
            let mut growth = None;
            cx.transition(grant, |grant| {
                let (grown, entry) = grant.promise(year, line.amount, run_id, decision.id, frame.status)?;
                growth = Some(grown);
                Ok(entry)
            })?;
            if let Some(growth) = growth {
                cx.transition(&mut frame, |frame| frame.commit(growth))?;
            }
        }
    }
    // What is promised is part of what the plan rests on.
    plans::enqueue(cx, run.office_id, run.scheme_id)
}

/// Who leads and who else takes part in an application, the lead first: what letters and plans name.
pub(crate) fn parties_with_employees(application: &Application) -> Vec<tildel_domain::id::OrganisationId> {
    let mut parties: Vec<_> =
        application.parties.iter().filter(|party| party.role != PartyRole::Provider).collect();
    parties.sort_by_key(|party| party.role != PartyRole::Lead);
    parties.into_iter().map(|party| party.organisation_id).collect()
}
