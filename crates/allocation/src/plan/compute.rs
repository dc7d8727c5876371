//! From inputs to lines and totals.

use super::check::check;
use super::counting::count_party;
use super::{Flag, Plan, PlanError, PlanLine, YearTotal};
use crate::money::Overflow;
use crate::trace::{Component, Rounding, RoundingMethod, Step, Trace, TraceInput, TraceValue};
use crate::{ExactAmount, FundingModel, Nok, PlanInput, ProjectInput, Quantity};

/// Computes the plan: for each project and year `base + rate × headcount`, in whole kroner.
///
/// Amounts are entitlements: nothing is fitted to the frames, and a shortfall is told on the year. The result
/// does not depend on the order of anything in the input.
///
/// # Errors
/// [`PlanError`] where the input contradicts itself or a number does not fit. What is merely missing (a headcount,
/// a model) gives a line without an amount and a [`Flag`] instead.
pub fn plan(input: &PlanInput) -> Result<Plan, PlanError> {
    let mut canonical = input.clone();
    canonical.canonicalise();
    check(&canonical)?;
    let mut lines = Vec::new();
    for project in &canonical.projects {
        let first_year = project.first_year.max(canonical.first_year);
        let last_year = project.last_year.min(canonical.last_year);
        for year in first_year..=last_year {
            let model = ruling_model(&canonical.models, year);
            let overflow = |_: Overflow| PlanError::LineOverflow { project_id: project.id.clone(), year };
            lines.push(line(project, year, model).map_err(overflow)?);
        }
    }
    let years = (canonical.first_year..=canonical.last_year)
        .map(|year| year_total(&canonical, &lines, year))
        .collect::<Result<_, _>>()?;
    Ok(Plan { lines, years })
}

/// The highest version that holds in the year; the check has seen to it that only one key does.
fn ruling_model(models: &[FundingModel], year: i16) -> Option<&FundingModel> {
    models.iter().filter(|model| model.holds_in(year)).max_by_key(|model| model.version)
}

fn line(project: &ProjectInput, year: i16, model: Option<&FundingModel>) -> Result<PlanLine, Overflow> {
    let (amount, flags, root) = match model {
        None => (None, vec![Flag::ModelMissing], empty_step(Component::NoModel, None)),
        Some(model) if project.parties.is_empty() => {
            (None, vec![Flag::NoParties], empty_step(Component::NoParties, Some(model)))
        }
        Some(model) => entitlement(project, year, model)?,
    };
    Ok(PlanLine {
        project_id: project.id.clone(),
        reference: project.reference.clone(),
        year,
        amount,
        flags,
        trace: Trace { year, root },
    })
}

fn entitlement(
    project: &ProjectInput,
    year: i16,
    model: &FundingModel,
) -> Result<(Option<Nok>, Vec<Flag>, Step), Overflow> {
    let mut flags = Vec::new();
    let mut headcount = Some(Quantity::ZERO);
    let mut steps = Vec::new();
    for party in &project.parties {
        for &(unit_kind, measure) in &model.counted {
            let counted = count_party(model, party, unit_kind, measure, year);
            headcount = match (headcount, counted.count) {
                (Some(sum), Some(count)) => Some(sum.checked_add(count)?),
                _ => None,
            };
            flags.extend(counted.flags);
            steps.push(counted.step);
        }
    }
    let base = ExactAmount::from(model.base);
    let per_head = headcount.map(|count| ExactAmount::product(model.rate, count));
    let exact = per_head.map(|per_head| base.checked_add(per_head)).transpose()?;
    // The one and only rounding of the line.
    let amount = exact.map(ExactAmount::round_to_kroner).transpose()?;
    let root = Step {
        formula: "base + per head".to_owned(),
        result: amount.map_or(TraceValue::Missing, TraceValue::Amount),
        rounding: exact.map(|before| Rounding {
            method: RoundingMethod::NearestHalfAwayFromZero,
            unit: Nok::from_ore(100),
            before,
        }),
        steps: vec![base_step(model), per_head_step(model, headcount, per_head, steps)],
        ..empty_step(Component::ProjectYear, Some(model))
    };
    Ok((amount, flags, root))
}

fn base_step(model: &FundingModel) -> Step {
    Step {
        formula: "base".to_owned(),
        inputs: vec![stated("base", TraceValue::Amount(model.base))],
        result: TraceValue::Exact(ExactAmount::from(model.base)),
        ..empty_step(Component::Base, Some(model))
    }
}

fn per_head_step(
    model: &FundingModel,
    headcount: Option<Quantity>,
    per_head: Option<ExactAmount>,
    steps: Vec<Step>,
) -> Step {
    Step {
        formula: "rate × sum of headcounts".to_owned(),
        inputs: vec![
            stated("rate", TraceValue::Amount(model.rate)),
            stated("headcount", headcount.map_or(TraceValue::Missing, TraceValue::Count)),
        ],
        result: per_head.map_or(TraceValue::Missing, TraceValue::Exact),
        steps,
        ..empty_step(Component::PerHead, Some(model))
    }
}

/// A step that reads nothing and gives nothing, under a model where there is one.
fn empty_step(component: Component, model: Option<&FundingModel>) -> Step {
    Step {
        component,
        rule: model.map(|model| model.key.clone()).unwrap_or_default(),
        rule_version: model.map_or(0, |model| model.version),
        legal_basis: model.map(|model| model.legal_basis.clone()).unwrap_or_default(),
        formula: String::new(),
        subject: None,
        inputs: Vec::new(),
        result: TraceValue::Missing,
        rounding: None,
        steps: Vec::new(),
    }
}

/// A value that the model states or that another step gave, so that it has no record of its own.
fn stated(label: &str, value: TraceValue) -> TraceInput {
    TraceInput { label: label.to_owned(), value, source: None, date: None, practice: false }
}

fn year_total(input: &PlanInput, lines: &[PlanLine], year: i16) -> Result<YearTotal, PlanError> {
    let overflow = |_: Overflow| PlanError::TotalOverflow { year };
    let in_year = || lines.iter().filter(|line| line.year == year);
    let total = Nok::checked_sum(in_year().filter_map(|line| line.amount)).map_err(overflow)?;
    let count = |number: usize| u32::try_from(number).map_err(|_| PlanError::TotalOverflow { year });
    let lines_in_year = count(in_year().count())?;
    let lines_without_amount = count(in_year().filter(|line| line.amount.is_none()).count())?;

    let frame = input.frames.iter().filter(|frame| frame.year == year).max_by_key(|frame| frame.status);
    let frame_amount = frame.and_then(|frame| frame.amount);
    let places = frame.and_then(|frame| frame.places);
    let shortfall = match frame_amount {
        Some(amount) if total > amount => Some(total.checked_sub(amount).map_err(overflow)?),
        _ => None,
    };
    Ok(YearTotal {
        year,
        total,
        lines: lines_in_year,
        lines_without_amount,
        frame: frame_amount,
        frame_status: frame.map(|frame| frame.status),
        shortfall,
        places,
        places_short: places.and_then(|places| lines_in_year.checked_sub(places)).filter(|short| *short > 0),
    })
}
