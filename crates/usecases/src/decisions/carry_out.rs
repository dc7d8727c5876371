//! What a decision does: grants are made, amounts promised, or grants renewed and stopped, within the frames.

use std::collections::BTreeMap;

use tildel_domain::appeal::Appeal;
use tildel_domain::application::{Application, ApplicationState, PartyRole};
use tildel_domain::decision::{
    AmountLine, AwardLine, DecidedOutcome, Decision, DecisionMatter, check_amounts, check_appeal_award,
    check_award,
};
use tildel_domain::grant::{Grant, GrantState, GrantYear};
use tildel_domain::id::{ApplicationId, GrantId, OfficeId, OrganisationId, SchemeId};
use tildel_domain::organisation::Organisation;
use tildel_domain::round::Round;
use tildel_domain::run::Run;
use tildel_domain::scheme::{Frame, Office};
use tildel_domain::{Entry, Refusal, RefusalCode};
use tildel_storage::{frames, grants, references};

use super::{advice_on, find_run, round_matter, with_advice};
use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::{plans, renewals};

/// What a decision stands on, kept from others.
pub(super) enum Ground {
    /// The round of an award.
    Round(Box<Round>),
    /// The grants of amounts, and the run that they are from.
    Grants(BTreeMap<GrantId, Grant>, Box<Run>),
    /// The grants of the office and the scheme whose renewal is decided.
    Renewed(OfficeId, SchemeId, Vec<Grant>),
}

impl Ground {
    /// Locks it: before the decision, as everybody does.
    pub(super) fn lock(cx: &mut Context<'_>, decision: &Decision) -> Outcome<Self> {
        match &decision.matter {
            DecisionMatter::Award { round_id, .. } => {
                Ok(Self::Round(Box::new(cx.lock(*round_id, Expected::Any)?)))
            }
            DecisionMatter::Amounts { run_id, lines } => {
                let grants = lock_grants(cx, lines)?;
                Ok(Self::Grants(grants, Box::new(find_run(cx, *run_id)?)))
            }
            DecisionMatter::Renewals { scheme_id, .. } => {
                let grants = grants::lock_for(cx.db, decision.office_id, *scheme_id)?;
                Ok(Self::Renewed(decision.office_id, *scheme_id, grants))
            }
        }
    }

    /// The plan that the decision moves.
    pub(super) fn plan(&self) -> (OfficeId, SchemeId) {
        match self {
            Self::Round(round) => (round.office_id, round.scheme_id),
            Self::Grants(_, run) => (run.office_id, run.scheme_id),
            Self::Renewed(office_id, scheme_id, _) => (*office_id, *scheme_id),
        }
    }

    /// The applications that are decided: whoever has an interest in one of them does not approve.
    pub(super) fn applications(&self, matter: &DecisionMatter) -> Vec<ApplicationId> {
        match (self, matter) {
            (Self::Round(_), DecisionMatter::Award { lines, .. }) => {
                lines.iter().map(|line| line.application_id).collect()
            }
            (Self::Renewed(_, _, grants), DecisionMatter::Renewals { lines, .. }) => {
                let is_decided = |grant: &&Grant| lines.iter().any(|line| line.grant_id == grant.id);
                grants.iter().filter(is_decided).map(|grant| grant.application_id).collect()
            }
            (Self::Grants(grants, _), _) => grants.values().map(|grant| grant.application_id).collect(),
            (Self::Round(_) | Self::Renewed(..), _) => Vec::new(),
        }
    }
}

/// Carries a decision out. The plan is computed again by the worker.
pub(super) fn carry_out(cx: &mut Context<'_>, decision: &Decision, ground: Ground) -> Outcome<()> {
    let (office_id, scheme_id) = ground.plan();
    let appeal = decision.appeal_id.map(|id| cx.lock::<Appeal>(id, Expected::Any)).transpose()?;
    match (&decision.matter, ground) {
        (DecisionMatter::Award { lines, .. }, Ground::Round(round)) => {
            award(cx, decision, *round, lines, appeal.as_ref())?;
        }
        (DecisionMatter::Amounts { lines, .. }, Ground::Grants(grants, run)) => {
            promise(cx, decision, &run, lines, grants)?;
        }
        (DecisionMatter::Renewals { year, lines, .. }, Ground::Renewed(_, _, grants)) => {
            renewals::carry_out(cx, decision, (scheme_id, *year), lines, grants)?;
        }
        (_, Ground::Grants(..) | Ground::Round(_) | Ground::Renewed(..)) => {
            return Err(Refusal::invalid("/matter", "the matter that was locked").into());
        }
    }
    if let Some(mut appeal) = appeal {
        cx.transition(&mut appeal, |appeal| appeal.note_new_decision(decision.id))?;
    }
    plans::enqueue(cx, office_id, scheme_id)
}

/// Carries an award out.
fn award(
    cx: &mut Context<'_>,
    decision: &Decision,
    mut round: Round,
    lines: &[AwardLine],
    appeal: Option<&Appeal>,
) -> Outcome<()> {
    let (applications, recommendations) = round_matter(cx, round.id)?;
    // The world may have moved since the proposal, so the lines are checked against it once more.
    match appeal {
        Some(appeal) => {
            let application = super::appealed_in(appeal, &applications)?;
            check_appeal_award(lines, &round, application, &recommendations)?;
        }
        None => check_award(lines, &round, &applications, &recommendations)?,
    }
    let granted = lines.iter().filter(|line| line.outcome == DecidedOutcome::Granted).count();
    take_places(cx, &round, u32::try_from(granted).unwrap_or(u32::MAX))?;
    for line in lines {
        let mut application: Application = cx.lock(line.application_id, Expected::Any)?;
        let state = match line.outcome {
            DecidedOutcome::Granted => ApplicationState::Granted,
            DecidedOutcome::Declined => ApplicationState::Declined,
            DecidedOutcome::Deferred => ApplicationState::Deferred,
        };
        cx.transition(&mut application, |application| match appeal {
            Some(_) => application.note_appeal_decision(),
            None => application.note_decision(state),
        })?;
        if let (DecidedOutcome::Granted, Some(first), Some(last)) =
            (line.outcome, line.first_year, line.last_year)
        {
            make_grant(cx, decision, &round, &application, first..=last)?;
        }
    }
    if appeal.is_none() {
        cx.transition(&mut round, Round::note_decision)?;
    }
    Ok(())
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
    scheme_id: SchemeId,
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
    run: &Run,
    lines: &[AmountLine],
    mut grants: BTreeMap<GrantId, Grant>,
) -> Outcome<()> {
    // A forum may have advised since the proposal.
    let standing: Vec<Grant> = grants.values().cloned().collect();
    let advice = advice_on(cx, &standing)?;
    check_amounts(lines, run, &with_advice(&standing, &advice))?;
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
                let (grown, entry) = grant.promise(year, line.amount, run.id, decision.id, frame.status)?;
                growth = Some(grown);
                Ok(entry)
            })?;
            if let Some(growth) = growth {
                cx.transition(&mut frame, |frame| frame.commit(growth))?;
            }
        }
    }
    Ok(())
}

/// Who leads and who else takes part in an application, the lead first: what letters and plans name.
pub(crate) fn parties_with_employees(application: &Application) -> Vec<OrganisationId> {
    let mut parties: Vec<_> =
        application.parties.iter().filter(|party| party.role != PartyRole::Provider).collect();
    parties.sort_by_key(|party| party.role != PartyRole::Lead);
    parties.into_iter().map(|party| party.organisation_id).collect()
}
