//! Impact reports: what a new run moves is told first, and accepted before anything pre-notified moves.

use std::collections::BTreeMap;

use tildel_domain::allocation::{LineState, Nok, impact};
use tildel_domain::grant::{Grant, GrantState, GrantYearState};
use tildel_domain::id::ImpactReportId;
use tildel_domain::impact::{ImpactReport, ImpactReportState, amount_of, moves_of, runs_of_stale_promises};
use tildel_domain::policy::Operation;
use tildel_domain::run::Run;
use tildel_domain::scheme::Frame;
use tildel_domain::{Refusal, RefusalCode};
pub use tildel_storage::impact_reports::ImpactReportFilter;
use tildel_storage::{Page, PageRequest, grants, impact_reports, runs};

use crate::context::{Context, Expected};
use crate::decisions::lock_frame;
use crate::failure::Outcome;
use crate::plans;

/// Impact reports that the caller may know of: those of its office, or all for the directorate.
pub fn list(
    cx: &mut Context<'_>,
    filter: &ImpactReportFilter,
    page: &PageRequest,
) -> Outcome<Page<ImpactReport>> {
    cx.require(Operation::ImpactReportList)?;
    let filter = ImpactReportFilter { visible_office: cx.actor.only_office(), ..filter.clone() };
    Ok(impact_reports::page(cx.db, &filter, page)?)
}

/// One impact report; those of other offices do not exist for the caller.
pub fn read(cx: &mut Context<'_>, id: ImpactReportId) -> Outcome<ImpactReport> {
    cx.require(Operation::ImpactReportRead)?;
    let report: ImpactReport = cx.find(id)?;
    if cx.actor.only_office().is_some_and(|office_id| office_id != report.office_id) {
        return Err(Refusal::not_found("impact report").into());
    }
    Ok(report)
}

/// Tells what a new run moves. A report that nobody accepted gives way to the new one, which says all that still waits.
pub(crate) fn report(
    cx: &mut Context<'_>,
    before: Option<&Run>,
    run: &Run,
    standing: &[Grant],
) -> Outcome<()> {
    let waiting = impact_reports::lock_open(cx.db, run.office_id, run.scheme_id)?;
    let between = before.map(|before| impact::impact((&before.input, &before.plan), (&run.input, &run.plan)));
    let mut since = BTreeMap::new();
    for run_id in runs_of_stale_promises(run, standing) {
        // A run of before 0.1.0 can not be read any more.
        if let Some(told) = runs::find(cx.db, run_id)? {
            since.insert(run_id, impact::impact((&told.input, &told.plan), (&run.input, &run.plan)));
        }
    }
    let (moves, state) = moves_of(between.unwrap_or_default(), run, standing, &since);
    if let Some(mut waiting) = waiting {
        cx.transition(&mut waiting, ImpactReport::supersede)?;
    }
    // The first run of a plan moves nothing that was there before, unless it differs from what was told to somebody.
    if moves.is_empty() || (before.is_none() && state == ImpactReportState::Informative) {
        return Ok(());
    }
    let report = ImpactReport {
        id: cx.new_id(),
        office_id: run.office_id,
        scheme_id: run.scheme_id,
        run_id: run.id,
        previous_run_id: before.map(|before| before.id),
        moves,
        state,
        created_at: cx.now,
        accepted_by: None,
        accepted_at: None,
        version: 1,
    };
    let entry = report.store();
    cx.create(report, entry)?;
    Ok(())
}

/// Accepts a report: what is pre-notified moves to the amounts of its run, within the frames, and the plan is computed again.
pub fn accept(cx: &mut Context<'_>, id: ImpactReportId, expected: Expected) -> Outcome<ImpactReport> {
    cx.require(Operation::ImpactReportAccept)?;
    let seen = read(cx, id)?;
    // Grants before the report: the order in which a recomputation locks them.
    let mut standing = grants::lock_for(cx.db, seen.office_id, seen.scheme_id)?;
    standing.retain(|grant| grant.state != GrantState::Declined);
    let mut report: ImpactReport = cx.lock(id, expected)?;
    let (actor, now) = (cx.actor.clone(), cx.now);
    cx.transition(&mut report, |report| report.accept(&actor, now))?;
    let run = plans::find_run(cx, report.run_id)?;
    let mut growth: BTreeMap<i16, Vec<Nok>> = BTreeMap::new();
    for grant in &mut standing {
        for (year, amount) in told_moves(&report, &run, grant)? {
            let mut grown = None;
            cx.transition(grant, |grant| {
                let (by, entry) = grant
                    .follow_report(year, amount, run.id, report.id)?
                    .ok_or_else(|| Refusal::new(RefusalCode::DecidedAmountFixed).with("year", year))?;
                grown = Some(by);
                Ok(entry)
            })?;
            growth.entry(year).or_default().extend(grown);
        }
    }
    for (year, growths) in growth {
        // All of a year at once: what one gets more another may get less.
        let net =
            Nok::checked_sum(growths).map_err(|_| Refusal::invalid("/", "amounts that can be added up"))?;
        let mut frame: Frame = lock_frame(cx, report.office_id, report.scheme_id, year)?;
        cx.transition(&mut frame, |frame| frame.commit(net))?;
    }
    plans::enqueue(cx, report.office_id, report.scheme_id)?;
    Ok(report)
}

/// The years of a grant that an accepted report moves: those still pre-notified with the amount that the report was made on. Where
/// a decision came between, it stands.
fn told_moves(report: &ImpactReport, run: &Run, grant: &Grant) -> Result<Vec<(i16, Nok)>, Refusal> {
    let project = grant.id.to_string();
    let mut moves = Vec::new();
    for told in &report.moves {
        let stands = |year: &&tildel_domain::grant::GrantYear| {
            year.year == told.year && year.state == GrantYearState::PreNotified && year.promised == told.from
        };
        if told.project != project
            || told.state != LineState::PreNotified
            || !grant.years.iter().any(|year| stands(&year))
        {
            continue;
        }
        let pending = || Refusal::new(RefusalCode::AmountPending).with("year", told.year);
        let amount = amount_of(run, grant.id, told.year).ok_or_else(pending)?;
        if Some(amount) != told.from {
            moves.push((told.year, amount));
        }
    }
    Ok(moves)
}
