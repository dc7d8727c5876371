//! What becomes of a decision after its approval: notification, appeals, and its end.

use std::collections::BTreeSet;

use tildel_domain::appeal_rule::AppealNotice;
use tildel_domain::application::Application;
use tildel_domain::decision::{Decision, DecisionMatter, DecisionState};
use tildel_domain::grant::Grant;
use tildel_domain::id::{ApplicationId, DecisionId, GrantId, RoundId};
use tildel_domain::letter_content::AppealFacts;
use tildel_domain::organisation::Organisation;
use tildel_domain::scheme::Office;
use tildel_domain::text::Language;
use tildel_storage::{appeals, decisions, grants};

use crate::context::{Context, Expected};
use crate::failure::Outcome;
use crate::jobs::Job;

/// The recipients of an award have been told by letter; of its amounts, too, where the letter shows them.
pub(crate) fn note_notification(cx: &mut Context<'_>, id: DecisionId, tells_amounts: bool) -> Outcome<()> {
    let mut told = vec![id];
    if tells_amounts {
        let decision: Decision = cx.find(id)?;
        if let DecisionMatter::Award { round_id, .. } = decision.matter {
            told.extend(amounts_of_round(cx, &decision, round_id)?);
        }
    }
    // In the order of their ids, as everybody locks them.
    told.sort_unstable();
    for id in told {
        let mut decision: Decision = cx.lock(id, Expected::Any)?;
        if decision.state != DecisionState::Approved {
            continue;
        }
        let (notices, now) = (notices(cx, &decision)?, cx.now);
        cx.transition(&mut decision, |decision| decision.note_notification(notices, now))?;
        let due = decision.appeal_period_ends_at().unwrap_or(now);
        cx.enqueue(&Job::DecisionSettle { decision_id: id }, due, Some(decision.office_id))?;
    }
    Ok(())
}

/// The decisions on amounts of grants of the round, and of no others: a letter on the round tells of them.
fn amounts_of_round(cx: &mut Context<'_>, award: &Decision, round_id: RoundId) -> Outcome<Vec<DecisionId>> {
    let of_round: Vec<GrantId> =
        grants::list_in_round(cx.db, round_id)?.into_iter().map(|grant| grant.id).collect();
    let is_told = |decision: &Decision| match &decision.matter {
        DecisionMatter::Amounts { lines, .. } => lines.iter().all(|line| of_round.contains(&line.grant_id)),
        DecisionMatter::Award { .. } | DecisionMatter::Renewals { .. } => false,
    };
    let in_force = decisions::amounts_in_force(cx.db, award.office_id)?;
    Ok(in_force.into_iter().filter(is_told).map(|decision| decision.id).collect())
}

/// What each applicant of a decision is told of the right to appeal.
fn notices(cx: &mut Context<'_>, decision: &Decision) -> Outcome<Vec<AppealNotice>> {
    let office: Office = cx.find(decision.office_id)?;
    let mut notices: Vec<AppealNotice> = Vec::new();
    for application_id in decided_applications(cx, decision)? {
        if notices.iter().any(|notice| notice.application_id == application_id) {
            continue;
        }
        let application: Application = cx.find(application_id)?;
        let lead: Organisation = cx.find(application.lead()?.organisation_id)?;
        notices.push(AppealNotice::of(application_id, &lead, &office, cx.now)?);
    }
    Ok(notices)
}

/// What a letter on a decision tells its applicants of appeals: one for each rule that holds for some of them, in the order of the
/// kinds of applicant.
pub(crate) fn appeal_facts(
    cx: &mut Context<'_>,
    decision: &Decision,
    language: Language,
) -> Outcome<Vec<AppealFacts>> {
    let office: Office = cx.find(decision.office_id)?;
    let mut kinds = BTreeSet::new();
    for application_id in decided_applications(cx, decision)? {
        let application: Application = cx.find(application_id)?;
        let lead: Organisation = cx.find(application.lead()?.organisation_id)?;
        kinds.insert(lead.kind);
    }
    let mut told: Vec<AppealFacts> = Vec::new();
    for kind in kinds {
        let rule = office.appeal_rule(kind);
        let facts = AppealFacts {
            recipient_kinds: Vec::new(),
            has_right: rule.has_right,
            days: rule.days,
            legal_basis: rule.legal_basis.get(language).to_owned(),
            appeal_body: rule.appeal_body.get(language).to_owned(),
        };
        let same = |other: &&mut AppealFacts| {
            AppealFacts { recipient_kinds: Vec::new(), ..(**other).clone() } == facts
        };
        match told.iter_mut().find(same) {
            Some(known) => known.recipient_kinds.push(kind),
            None => told.push(AppealFacts { recipient_kinds: vec![kind], ..facts }),
        }
    }
    Ok(told)
}

fn decided_applications(cx: &mut Context<'_>, decision: &Decision) -> Outcome<Vec<ApplicationId>> {
    match &decision.matter {
        DecisionMatter::Award { lines, .. } => Ok(lines.iter().map(|line| line.application_id).collect()),
        DecisionMatter::Amounts { lines, .. } => {
            applications_of(cx, lines.iter().map(|line| line.grant_id).collect())
        }
        DecisionMatter::Renewals { lines, .. } => {
            applications_of(cx, lines.iter().map(|line| line.grant_id).collect())
        }
    }
}

fn applications_of(cx: &mut Context<'_>, grant_ids: Vec<GrantId>) -> Outcome<Vec<ApplicationId>> {
    let grants: Vec<Grant> = grants::find_many(cx.db, &grant_ids)?;
    Ok(grants.into_iter().map(|grant| grant.application_id).collect())
}

/// Brings a decision to where its appeals and the clock say that it is.
pub(crate) fn settle(cx: &mut Context<'_>, decision: &mut Decision) -> Outcome<bool> {
    let appeals = appeals::against(cx.db, &[decision.id])?;
    let now = cx.now;
    let mut settled = decision.clone();
    let Some(entry) = settled.settle(&appeals, now) else { return Ok(false) };
    cx.transition(decision, |decision| {
        decision.state = settled.state;
        Ok(entry)
    })?;
    Ok(true)
}

/// What the clock does when nobody can appeal in time any more. Doing it twice changes nothing, and where an appeal is open, its
/// closing does it.
pub fn settle_when_due(cx: &mut Context<'_>, id: DecisionId) -> Outcome<bool> {
    let mut decision: Decision = cx.lock(id, Expected::Any)?;
    settle(cx, &mut decision)
}
