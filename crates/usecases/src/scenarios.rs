//! Scenarios: what would be. They read the newest run and write nothing but themselves, not even a journal entry: thinking
//! aloud is no act.

use tildel_domain::Refusal;
use tildel_domain::allocation::compare::{Comparison, Computed, compare};
use tildel_domain::allocation::scenario::Change;
use tildel_domain::id::{OfficeId, RunId, ScenarioId, SchemeId};
use tildel_domain::policy::Operation;
use tildel_domain::run::Run;
use tildel_domain::scenario::Scenario;
use tildel_domain::scheme::{Office, Scheme};
use tildel_domain::{Actor, RefusalCode};
pub use tildel_storage::scenarios::ScenarioFilter;
use tildel_storage::{Page, PageRequest, runs, scenarios};

use crate::aggregate::Aggregate as _;
use crate::context::{Context, Expected};
use crate::failure::Outcome;

/// What a scenario is made of.
#[derive(Clone, Debug)]
pub struct ScenarioContent {
    /// What it is called.
    pub name: String,
    /// What is different from the plan, in order.
    pub changes: Vec<Change>,
}

/// A scenario beside another plan.
#[derive(Clone, Debug)]
pub struct ScenarioComparison {
    /// The scenario.
    pub id: ScenarioId,
    /// The scenario that it is compared with; none for the plan in force.
    pub with_scenario_id: Option<ScenarioId>,
    /// The run that the plan in force is, where it is compared with that.
    pub with_run_id: Option<RunId>,
    /// How the scenario differs from it.
    pub comparison: Comparison,
}

/// Scenarios that the caller may know of: those of its office, or all for the directorate.
pub fn list(cx: &mut Context<'_>, filter: &ScenarioFilter, page: &PageRequest) -> Outcome<Page<Scenario>> {
    cx.require(Operation::ScenarioList)?;
    let filter = ScenarioFilter { visible_office: cx.actor.only_office(), ..filter.clone() };
    Ok(scenarios::page(cx.db, &filter, page)?)
}

/// One scenario; those of other offices do not exist for the caller.
pub fn read(cx: &mut Context<'_>, id: ScenarioId) -> Outcome<Scenario> {
    cx.require(Operation::ScenarioRead)?;
    find(cx, id)
}

fn find(cx: &mut Context<'_>, id: ScenarioId) -> Outcome<Scenario> {
    let scenario: Scenario = cx.find(id)?;
    if cx.actor.only_office().is_some_and(|office_id| office_id != scenario.office_id) {
        return Err(Refusal::not_found("scenario").into());
    }
    Ok(scenario)
}

/// Makes a scenario on the plan of an office and scheme.
pub fn create(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    content: &ScenarioContent,
) -> Outcome<Scenario> {
    cx.require(Operation::ScenarioCreate)?;
    let _office: Office = cx.find_referenced(office_id, "/officeId")?;
    let _scheme: Scheme = cx.find_referenced(scheme_id, "/schemeId")?;
    let scenario = Scenario {
        id: cx.new_id(),
        office_id,
        scheme_id,
        name: content.name.clone(),
        changes: content.changes.clone(),
        created_by: cx.actor.person()?,
        created_at: cx.now,
        outcome: None,
        version: 1,
    };
    scenario.check(&cx.actor)?;
    scenarios::insert(cx.db, &scenario)?;
    Ok(scenario)
}

/// Gives a scenario another name or other changes.
pub fn update(
    cx: &mut Context<'_>,
    id: ScenarioId,
    expected: Expected,
    content: &ScenarioContent,
) -> Outcome<Scenario> {
    cx.require(Operation::ScenarioUpdate)?;
    change(cx, id, expected, |scenario, actor| {
        scenario.set(content.name.clone(), content.changes.clone(), actor)
    })
}

/// Takes a scenario away; returns what it was.
pub fn delete(cx: &mut Context<'_>, id: ScenarioId, expected: Expected) -> Outcome<Scenario> {
    cx.require(Operation::ScenarioDelete)?;
    find(cx, id)?;
    let scenario: Scenario = cx.lock(id, expected)?;
    cx.actor.require_office(scenario.office_id)?;
    scenarios::delete(cx.db, &scenario)?;
    Ok(scenario)
}

/// Computes a scenario on top of the newest run.
pub fn run(cx: &mut Context<'_>, id: ScenarioId, expected: Expected) -> Outcome<Scenario> {
    cx.require(Operation::ScenarioRun)?;
    let seen = find(cx, id)?;
    let base = in_force(cx, &seen)?;
    let now = cx.now;
    change(cx, id, expected, |scenario, actor| scenario.compute(&base, actor, now))
}

fn change(
    cx: &mut Context<'_>,
    id: ScenarioId,
    expected: Expected,
    transition: impl FnOnce(&mut Scenario, &Actor) -> Result<(), Refusal>,
) -> Outcome<Scenario> {
    find(cx, id)?;
    let mut scenario: Scenario = cx.lock(id, expected)?;
    transition(&mut scenario, &cx.actor)?;
    scenario.update(cx.db)?;
    Ok(scenario)
}

fn in_force(cx: &mut Context<'_>, scenario: &Scenario) -> Outcome<Run> {
    let latest = runs::latest(cx.db, scenario.office_id, scenario.scheme_id)?;
    Ok(latest.ok_or_else(|| Refusal::new(RefusalCode::PlanMissing))?)
}

/// How a scenario differs from another one of the same plan, or from the plan in force.
pub fn comparison(
    cx: &mut Context<'_>,
    id: ScenarioId,
    with: Option<ScenarioId>,
) -> Outcome<ScenarioComparison> {
    cx.require(Operation::ScenarioCompare)?;
    let scenario = find(cx, id)?;
    let after = scenario.computed()?;
    let after = (&after.input, &after.plan);
    let compared = |before: Computed<'_>| {
        compare(before, after).map_err(|_| Refusal::invalid("/", "amounts that can be added up"))
    };
    if let Some(with) = with {
        let other = find(cx, with)?;
        if (other.office_id, other.scheme_id) != (scenario.office_id, scenario.scheme_id) {
            return Err(Refusal::invalid("/with", "a scenario of the same office and scheme")
                .without_pointer()
                .into());
        }
        let before = other.computed()?;
        let comparison = compared((&before.input, &before.plan))?;
        return Ok(ScenarioComparison { id, with_scenario_id: Some(with), with_run_id: None, comparison });
    }
    let run = in_force(cx, &scenario)?;
    let comparison = compared((&run.input, &run.plan))?;
    Ok(ScenarioComparison { id, with_scenario_id: None, with_run_id: Some(run.id), comparison })
}
