//! What a decision does, told without doing it: a dry run carries the decision out, computes the plan again, compares, and undoes
//! it all.

use std::collections::{BTreeMap, BTreeSet};

use tildel_domain::Refusal;
use tildel_domain::allocation::Nok;
use tildel_domain::allocation::compare::{RecipientDifference, YearDifference, compare};
use tildel_domain::decision::Decision;
use tildel_domain::grant::{Grant, GrantYearState};
use tildel_domain::id::{ApplicationId, GrantId, OfficeId, OrganisationId, RunId, SchemeId};
use tildel_domain::run::Run;
use tildel_domain::scheme::Frame;
use tildel_domain::text::Language;
use tildel_storage::{frames, grants, runs};

use super::carry_out::{Ground, carry_out};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::plans;

/// A frame before and after.
#[derive(Clone, Debug)]
pub struct FrameEffect {
    /// Before the decision.
    pub before: Frame,
    /// After it.
    pub after: Frame,
}

/// A grant that the decision makes.
#[derive(Clone, Debug)]
pub struct GrantEffect {
    /// The application.
    pub application_id: ApplicationId,
    /// The recipient who answers for it.
    pub lead_id: OrganisationId,
    /// Name of the project.
    pub name: String,
    /// First year.
    pub first_year: i16,
    /// Last year.
    pub last_year: i16,
}

/// A promise that the decision makes or changes.
#[derive(Clone, Debug)]
pub struct PromiseEffect {
    /// The grant.
    pub grant_id: GrantId,
    /// The year.
    pub year: i16,
    /// What was promised before.
    pub before: Option<Nok>,
    /// What is promised after.
    pub after: Option<Nok>,
    /// How firm it is after.
    pub state: GrantYearState,
}

/// A project's year in the plan before and after. A project is known by its application, whether it waits or is granted.
#[derive(Clone, Debug)]
pub struct PlanLineEffect {
    /// The application.
    pub application_id: ApplicationId,
    /// The grant, if there is one before the decision.
    pub grant_id: Option<GrantId>,
    /// The year.
    pub year: i16,
    /// In the plan before.
    pub before: Option<Nok>,
    /// In the plan after.
    pub after: Option<Nok>,
}

/// The plan before and after.
#[derive(Clone, Debug)]
pub struct PlanEffect {
    /// The run that is the plan before; none where nothing was planned.
    pub run_id: Option<RunId>,
    /// The lines that differ.
    pub lines: Vec<PlanLineEffect>,
    /// The recipients and years whose sums differ.
    pub recipients: Vec<RecipientDifference>,
    /// All years of both plans.
    pub years: Vec<YearDifference>,
}

/// What a decision does.
#[derive(Clone, Debug)]
pub struct DecisionEffect {
    /// The frames of the office and scheme, by year.
    pub frames: Vec<FrameEffect>,
    /// The grants that are made.
    pub grants: Vec<GrantEffect>,
    /// The promises that are made or changed.
    pub promises: Vec<PromiseEffect>,
    /// The plan; none where it can not be computed, or there is nothing to plan.
    pub plan: Option<PlanEffect>,
    /// Why the plan can not be computed.
    pub plan_problem: Option<String>,
}

/// Carries a decision out and tells what that does. Only for a dry run, as all of it has to be undone.
pub(super) fn of(cx: &mut Context<'_>, decision: &Decision, ground: Ground) -> Outcome<DecisionEffect> {
    let (office_id, scheme_id) = ground.plan();
    // The plan locks all grants, so they are locked here already: before the frames, as everybody does.
    let grants_before = grants::lock_for(cx.db, office_id, scheme_id)?;
    let frames_before = frames::list_for(cx.db, office_id, scheme_id)?;
    let run_before = runs::latest(cx.db, office_id, scheme_id)?;
    carry_out(cx, decision, ground)?;
    let grants_after = grants::list_for(cx.db, office_id, scheme_id)?;
    let frames_after = frames::list_for(cx.db, office_id, scheme_id)?;
    let (plan, plan_problem) =
        match plan_effect(cx, (office_id, scheme_id), run_before, &grants_before, &grants_after) {
            Ok(plan) => (plan, None),
            // The worker would be refused, too: the decision stands, and the plan waits.
            Err(Failure::Refused(refusal)) => (None, Some(refusal.detail(Language::En))),
            Err(other) => return Err(other),
        };
    Ok(DecisionEffect {
        frames: frame_effects(frames_before, &frames_after),
        grants: new_grants(&grants_before, &grants_after),
        promises: promises(&grants_before, &grants_after),
        plan,
        plan_problem,
    })
}

fn frame_effects(before: Vec<Frame>, after: &[Frame]) -> Vec<FrameEffect> {
    let mut effects: Vec<FrameEffect> = before
        .into_iter()
        .filter_map(|before| {
            let after = after.iter().find(|after| after.id == before.id)?.clone();
            Some(FrameEffect { before, after })
        })
        .collect();
    effects.sort_by_key(|effect| effect.after.year);
    effects
}

fn new_grants(before: &[Grant], after: &[Grant]) -> Vec<GrantEffect> {
    let is_new = |grant: &&Grant| !before.iter().any(|known| known.id == grant.id);
    let mut made: Vec<&Grant> = after.iter().filter(is_new).collect();
    made.sort_by(|one, other| one.reference.cmp(&other.reference));
    let effect = |grant: &Grant| GrantEffect {
        application_id: grant.application_id,
        lead_id: grant.lead_id,
        name: grant.name.clone(),
        first_year: grant.years.first().map(|year| year.year).unwrap_or_default(),
        last_year: grant.years.last().map(|year| year.year).unwrap_or_default(),
    };
    made.into_iter().map(effect).collect()
}

fn promises(before: &[Grant], after: &[Grant]) -> Vec<PromiseEffect> {
    let mut effects = Vec::new();
    for grant in after {
        let Some(known) = before.iter().find(|known| known.id == grant.id) else { continue };
        for (was, is) in known.years.iter().zip(&grant.years) {
            if (was.promised, was.state) != (is.promised, is.state) {
                effects.push(PromiseEffect {
                    grant_id: grant.id,
                    year: is.year,
                    before: was.promised,
                    after: is.promised,
                    state: is.state,
                });
            }
        }
    }
    effects
}

fn plan_effect(
    cx: &mut Context<'_>,
    (office_id, scheme_id): (OfficeId, SchemeId),
    before: Option<Run>,
    grants_before: &[Grant],
    grants_after: &[Grant],
) -> Outcome<Option<PlanEffect>> {
    if plans::recompute(cx, office_id, scheme_id)?.is_none() {
        return Ok(None);
    }
    let Some(after) = runs::latest(cx.db, office_id, scheme_id)? else { return Ok(None) };
    let applications: BTreeMap<String, ApplicationId> =
        grants_after.iter().map(|grant| (grant.id.to_string(), grant.application_id)).collect();
    let amounts = |run: &Run| amounts_by_application(run, &applications);
    let (was, is) = (before.as_ref().map(amounts).unwrap_or_default(), amounts(&after));
    let keys: BTreeSet<_> = was.keys().chain(is.keys()).copied().collect();
    let grant_of = |id: ApplicationId| grants_before.iter().find(|grant| grant.application_id == id);
    let lines = keys.into_iter().filter_map(|key| {
        let (before, after) = (was.get(&key).copied().flatten(), is.get(&key).copied().flatten());
        let grant_id = grant_of(key.0).map(|grant| grant.id);
        let line = PlanLineEffect { application_id: key.0, grant_id, year: key.1, before, after };
        (before != after).then_some(line)
    });
    let lines = lines.collect();
    // Where nothing was planned, the plan after is compared with one that has no lines.
    let (run_id, base) = match before {
        Some(before) => (Some(before.id), before),
        None => (None, without_lines(&after)),
    };
    let compared = compare((&base.input, &base.plan), (&after.input, &after.plan))
        .map_err(|_| Refusal::invalid("/", "amounts that can be added up"))?;
    Ok(Some(PlanEffect { run_id, lines, recipients: compared.recipients, years: compared.years }))
}

fn without_lines(run: &Run) -> Run {
    let mut empty = run.clone();
    empty.plan.lines.clear();
    empty.plan.years.clear();
    empty
}

type Amounts = BTreeMap<(ApplicationId, i16), Option<Nok>>;

/// The amounts of a plan by application: grants are projects by their own ids, the waiting list by those of the applications.
fn amounts_by_application(run: &Run, applications: &BTreeMap<String, ApplicationId>) -> Amounts {
    let application_of = |project: &str| {
        let waiting = || project.parse().ok().map(ApplicationId);
        applications.get(project).copied().or_else(waiting)
    };
    let lines = run.plan.lines.iter();
    lines.filter_map(|line| Some(((application_of(&line.project)?, line.year), line.amount))).collect()
}
