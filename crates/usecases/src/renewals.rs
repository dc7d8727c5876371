//! Renewals: each year the forums judge which running grants go on, and the office decides.

use tildel_domain::allocation::{Nok, RenewalOutcome};
use tildel_domain::decision::Decision;
use tildel_domain::grant::{Grant, GrantRenewal};
use tildel_domain::id::{ApplicationId, GrantId, GrantRenewalId, OfficeId, RecommendationId, SchemeId};
use tildel_domain::policy::Operation;
use tildel_domain::recommendation::Recommendation;
use tildel_domain::renewal_advice::{RenewalAdvice, RenewalMatter};
use tildel_domain::renewal_decision::{RenewalLine, advice_on, check_renewals};
use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::{Page, PageRequest, grant_renewals, grants, recommendations};

use crate::context::Context;
use crate::failure::{Failure, Outcome};

/// A line of a recommendation on renewals, as it is written.
#[derive(Clone, Debug)]
pub struct NewRenewalAdvice {
    /// The grant.
    pub grant_id: GrantId,
    /// Whether it should go on.
    pub outcome: RenewalOutcome,
    /// The amount of the year, if the forum advises one.
    pub amount: Option<Nok>,
    /// What the forum asks for in return.
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
}

/// Renewals, of one grant or of all.
pub fn list(
    cx: &mut Context<'_>,
    grant_id: Option<GrantId>,
    page: &PageRequest,
) -> Outcome<Page<GrantRenewal>> {
    cx.require(Operation::RenewalList)?;
    Ok(grant_renewals::page(cx.db, grant_id, page)?)
}

/// One renewal.
pub fn read(cx: &mut Context<'_>, id: GrantRenewalId) -> Outcome<GrantRenewal> {
    cx.require(Operation::RenewalRead)?;
    grant_renewals::find(cx.db, id)?.ok_or_else(|| Failure::from(Refusal::not_found("renewal")))
}

/// Lines of a recommendation, each with the application of its grant, by which interests are known.
pub(crate) fn with_applications(
    cx: &mut Context<'_>,
    lines: &[NewRenewalAdvice],
) -> Outcome<Vec<RenewalAdvice>> {
    let mut judged = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let grant: Grant = cx.find_referenced(line.grant_id, &format!("/renewals/lines/{index}/grantId"))?;
        judged.push(RenewalAdvice {
            grant_id: line.grant_id,
            application_id: grant.application_id,
            outcome: line.outcome,
            amount: line.amount,
            conditions: line.conditions.clone(),
            reason: line.reason.clone(),
        });
    }
    Ok(judged)
}

/// The applications of the grants that wait for a word on a year.
pub(crate) fn applications_waiting(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    matter: RenewalMatter,
) -> Outcome<Vec<ApplicationId>> {
    let grants = grants::list_for(cx.db, office_id, matter.scheme_id)?;
    let waiting = grants.iter().filter(|grant| grant.awaits_judgement(matter.year));
    Ok(waiting.map(|grant| grant.application_id).collect())
}

/// The office that a new decision on renewals is of: the caller's.
pub(crate) fn office_of(cx: &Context<'_>) -> Result<OfficeId, Refusal> {
    cx.actor.office_id.ok_or_else(|| Refusal::new(RefusalCode::OtherOffice))
}

/// What a decision on renewals is held against: the grants, and what the forums advise.
pub(crate) fn facts(
    cx: &mut Context<'_>,
    office_id: OfficeId,
    scheme_id: SchemeId,
    year: i16,
) -> Outcome<(Vec<Grant>, Vec<Recommendation>)> {
    let grants = grants::list_for(cx.db, office_id, scheme_id)?;
    let recommendations = recommendations::signed_on_renewals(cx.db, office_id, scheme_id, year)?;
    Ok((grants, recommendations))
}

/// Carries a decision out on the locked grants of the office and scheme: renewals are recorded, and grants that are not
/// renewed end.
pub(crate) fn carry_out(
    cx: &mut Context<'_>,
    decision: &Decision,
    (scheme_id, year): (SchemeId, i16),
    lines: &[RenewalLine],
    mut grants: Vec<Grant>,
) -> Outcome<()> {
    let recommendations = recommendations::signed_on_renewals(cx.db, decision.office_id, scheme_id, year)?;
    // The world may have moved since the proposal, so the lines are checked against it once more.
    check_renewals(year, lines, &grants, &recommendations).map_err(Refusal::without_pointer)?;
    let recorded_by = cx.actor.person()?;
    for line in lines {
        let Some(grant) = grants.iter_mut().find(|grant| grant.id == line.grant_id) else { continue };
        let Some((recommendation_id, advised)) = followed(line, &recommendations) else { continue };
        let before = grant_renewals::list_for(cx.db, &[grant.id])?;
        let renewal = GrantRenewal {
            id: cx.new_id_after(before.last().map(|newest| newest.id)),
            grant_id: grant.id,
            year,
            outcome: line.outcome,
            conditions: line.conditions.clone(),
            reason: line.reason.clone().unwrap_or_else(|| advised.reason.clone()),
            decision_id: Some(decision.id),
            recommendation_id: Some(recommendation_id),
            recorded_by,
            recorded_at: cx.now,
        };
        grant_renewals::insert(cx.db, &renewal)?;
        cx.note(renewal.record(), Some(grant.office_id), &renewal)?;
        cx.transition(grant, |grant| grant.judge(year, line.outcome, decision.id))?;
    }
    Ok(())
}

/// The advice that a line rests on: the newest that says the same, or where none does the newest.
fn followed<'a>(
    line: &RenewalLine,
    recommendations: &'a [Recommendation],
) -> Option<(RecommendationId, &'a RenewalAdvice)> {
    let advice: Vec<_> = advice_on(line.grant_id, recommendations).collect();
    let same = advice.iter().rev().find(|(_, advised)| line.departure_from(advised).is_none());
    same.or(advice.last()).map(|(recommendation, advised)| (recommendation.id, *advised))
}
