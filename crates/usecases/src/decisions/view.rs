//! A decision as it is read: with the advice of each forum beside each line, and with what came of appeals.

use std::collections::BTreeMap;

use tildel_domain::decision::{Decision, DecisionMatter, GrantAdvice};
use tildel_domain::departure::{Advised, advised_by};
use tildel_domain::grant::Grant;
use tildel_domain::id::{ApplicationId, DecisionId, GrantId, RoundId};
use tildel_domain::recommendation::Recommendation;
use tildel_domain::renewal_decision::{AdvisedRenewal, RenewalLine, renewal_advised_by};
use tildel_storage::{appeals, grants, recommendations};

use super::DecisionEffect;
use crate::context::Context;
use crate::failure::Outcome;

/// A line beside the advice.
#[derive(Clone, Debug)]
pub struct LineView {
    /// The application that is decided.
    pub application_id: Option<ApplicationId>,
    /// The grant and the year, of an amount or a renewal.
    pub grant_year: Option<(GrantId, i16)>,
    /// What each forum advised, and how the line departs from it.
    pub advised: Vec<Advised>,
    /// What each forum advised on the renewal of the grant.
    pub advised_renewals: Vec<AdvisedRenewal>,
    /// The decision that takes the place of the line, after an appeal.
    pub superseded_by: Option<DecisionId>,
}

/// A decision as it is read.
#[derive(Clone, Debug)]
pub struct DecisionView {
    /// The decision.
    pub decision: Decision,
    /// Its lines beside the advice, in their order.
    pub lines: Vec<LineView>,
    /// What it does, or would do: of a dry run only.
    pub effect: Option<DecisionEffect>,
}

/// One decision.
pub(super) fn one(
    cx: &mut Context<'_>,
    decision: Decision,
    effect: Option<DecisionEffect>,
) -> Outcome<DecisionView> {
    let sources = Sources::gather(cx, std::slice::from_ref(&decision))?;
    Ok(DecisionView { lines: sources.lines(&decision), decision, effect })
}

/// Many decisions, with as many queries as for one.
pub(super) fn all(cx: &mut Context<'_>, decisions: Vec<Decision>) -> Outcome<Vec<DecisionView>> {
    let sources = Sources::gather(cx, &decisions)?;
    let view = |decision: Decision| DecisionView { lines: sources.lines(&decision), decision, effect: None };
    Ok(decisions.into_iter().map(view).collect())
}

struct Sources {
    grants: BTreeMap<GrantId, Grant>,
    advice: BTreeMap<RoundId, Vec<Recommendation>>,
    renewals: BTreeMap<DecisionId, Vec<Recommendation>>,
    superseding: BTreeMap<(DecisionId, ApplicationId), DecisionId>,
}

impl Sources {
    fn gather(cx: &mut Context<'_>, decisions: &[Decision]) -> Outcome<Self> {
        let mut grant_ids: Vec<GrantId> = Vec::new();
        let mut round_ids: Vec<RoundId> = Vec::new();
        let mut renewals = BTreeMap::new();
        for decision in decisions {
            match &decision.matter {
                DecisionMatter::Award { round_id, .. } => round_ids.push(*round_id),
                DecisionMatter::Amounts { lines, .. } => {
                    grant_ids.extend(lines.iter().map(|line| line.grant_id));
                }
                DecisionMatter::Renewals { scheme_id, year, lines } => {
                    grant_ids.extend(lines.iter().map(|line| line.grant_id));
                    let signed =
                        recommendations::signed_on_renewals(cx.db, decision.office_id, *scheme_id, *year)?;
                    renewals.insert(decision.id, signed);
                }
            }
        }
        let grants: BTreeMap<GrantId, Grant> =
            grants::find_many(cx.db, &grant_ids)?.into_iter().map(|grant| (grant.id, grant)).collect();
        round_ids.extend(grants.values().map(|grant| grant.round_id));
        round_ids.sort_unstable();
        round_ids.dedup();
        let mut advice: BTreeMap<RoundId, Vec<Recommendation>> = BTreeMap::new();
        for recommendation in recommendations::signed_in_rounds(cx.db, &round_ids)? {
            let Some(round_id) = recommendation.round_id else { continue };
            advice.entry(round_id).or_default().push(recommendation);
        }
        let ids: Vec<DecisionId> = decisions.iter().map(|decision| decision.id).collect();
        let followed = appeals::against(cx.db, &ids)?.into_iter().filter_map(|appeal| {
            appeal.followed_by.map(|decision_id| ((appeal.decision_id, appeal.application_id), decision_id))
        });
        Ok(Self { grants, advice, renewals, superseding: followed.collect() })
    }

    fn advice(&self, round_id: RoundId) -> &[Recommendation] {
        self.advice.get(&round_id).map(Vec::as_slice).unwrap_or_default()
    }

    fn lines(&self, decision: &Decision) -> Vec<LineView> {
        let superseded_by =
            |application_id: ApplicationId| self.superseding.get(&(decision.id, application_id)).copied();
        match &decision.matter {
            DecisionMatter::Award { round_id, lines } => {
                let view = |line: &tildel_domain::decision::AwardLine| LineView {
                    application_id: Some(line.application_id),
                    grant_year: None,
                    advised: advised_by(
                        self.advice(*round_id),
                        |advised| advised.application_id == line.application_id,
                        |advised| line.departure_from(advised),
                    )
                    .collect(),
                    advised_renewals: Vec::new(),
                    superseded_by: superseded_by(line.application_id),
                };
                lines.iter().map(view).collect()
            }
            DecisionMatter::Amounts { lines, .. } => {
                lines.iter().map(|line| self.amount_line(line, superseded_by)).collect()
            }
            DecisionMatter::Renewals { year, lines, .. } => {
                let advice = self.renewals.get(&decision.id).map(Vec::as_slice).unwrap_or_default();
                let view = |line: &RenewalLine| LineView {
                    application_id: self.grants.get(&line.grant_id).map(|grant| grant.application_id),
                    grant_year: Some((line.grant_id, *year)),
                    advised: Vec::new(),
                    advised_renewals: renewal_advised_by(line, advice),
                    superseded_by: None,
                };
                lines.iter().map(view).collect()
            }
        }
    }

    fn amount_line(
        &self,
        line: &tildel_domain::decision::AmountLine,
        superseded_by: impl Fn(ApplicationId) -> Option<DecisionId>,
    ) -> LineView {
        let grant_year = Some((line.grant_id, line.year));
        let Some(grant) = self.grants.get(&line.grant_id) else {
            return LineView {
                application_id: None,
                grant_year,
                advised: Vec::new(),
                advised_renewals: Vec::new(),
                superseded_by: None,
            };
        };
        let recommendations = self.advice(grant.round_id);
        let first_year = GrantAdvice { grant, recommendations }.first_year();
        let advised = advised_by(
            recommendations,
            |advised| advised.application_id == grant.application_id,
            |advised| line.departure_from(advised, first_year),
        );
        LineView {
            application_id: Some(grant.application_id),
            grant_year,
            advised: advised.collect(),
            advised_renewals: Vec::new(),
            superseded_by: superseded_by(grant.application_id),
        }
    }
}
