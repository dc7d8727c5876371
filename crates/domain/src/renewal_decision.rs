//! What an office decides on the grants that run, from what its forums advise (rule 5).

use serde::{Deserialize, Serialize};
use tildel_allocation::RenewalOutcome;

use crate::decision::Decision;
use crate::departure::{Departure, DepartureReason, Justification};
use crate::grant::Grant;
use crate::id::{ForumId, GrantId, RecommendationId, SchemeId};
use crate::recommendation::Recommendation;
use crate::refusal::{Refusal, RefusalCode};
use crate::renewal_advice::{RenewalAdvice, require_all, require_waiting};
use crate::{Actor, Entry};

/// The decision on one grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalLine {
    /// The grant.
    pub grant_id: GrantId,
    /// Whether it goes on.
    pub outcome: RenewalOutcome,
    /// What is asked for in return, if something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// The kind of reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The legal basis of a departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

impl RenewalLine {
    /// How the line departs from a forum's line (rule 5). Amounts are decided apart, from a run.
    pub fn departure_from(&self, advised: &RenewalAdvice) -> Option<Departure> {
        if self.outcome != advised.outcome {
            Some(Departure::Outcome)
        } else if self.conditions != advised.conditions {
            Some(Departure::Conditions)
        } else {
            None
        }
    }

    /// How the line says why it departs.
    pub fn justification(&self) -> Justification<'_> {
        Justification {
            reason_code: self.reason_code,
            reason: self.reason.as_deref(),
            legal_basis: self.legal_basis.as_deref(),
        }
    }
}

/// What a forum advised on the grant that a line decides, and how the line departs from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdvisedRenewal {
    /// The recommendation.
    pub recommendation_id: RecommendationId,
    /// The forum.
    pub forum_id: ForumId,
    /// What it advised.
    pub line: RenewalAdvice,
    /// In what the decision departs from it; none where it follows.
    pub departure: Option<Departure>,
}

/// The advice of each forum on a grant, with how it is departed from.
pub fn renewal_advised_by(line: &RenewalLine, recommendations: &[Recommendation]) -> Vec<AdvisedRenewal> {
    let advised = advice_on(line.grant_id, recommendations).map(|(recommendation, advised)| AdvisedRenewal {
        recommendation_id: recommendation.id,
        forum_id: recommendation.forum_id,
        line: advised.clone(),
        departure: line.departure_from(advised),
    });
    advised.collect()
}

impl Decision {
    /// Prepares a decision on the renewal of grants, from the recommendations that were signed off.
    pub fn prepare_renewals(
        &self,
        (scheme_id, year): (SchemeId, i16),
        lines: &[RenewalLine],
        grants: &[Grant],
        recommendations: &[Recommendation],
        actor: &Actor,
    ) -> Result<Entry, Refusal> {
        actor.require_office(self.office_id)?;
        check_renewals(year, lines, grants, recommendations)?;
        Ok(Entry::new("decision.create", "decision", self.id)
            .with("schemeId", scheme_id.to_string())
            .with("year", year))
    }
}

/// Checks a decision on renewals: a forum has judged, each grant that waits for a word on the year has a line, and a line that
/// departs from a recommendation has a reason and a legal basis (rule 5).
pub fn check_renewals(
    year: i16,
    lines: &[RenewalLine],
    grants: &[Grant],
    recommendations: &[Recommendation],
) -> Result<(), Refusal> {
    if recommendations.is_empty() {
        return Err(Refusal::new(RefusalCode::RecommendationMissing));
    }
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/matter/lines/{index}");
        let grant = require_waiting(line.grant_id, year, grants, &pointer)?;
        if lines[..index].iter().any(|other| other.grant_id == line.grant_id) {
            return Err(Refusal::invalid(&format!("{pointer}/grantId"), "each grant once"));
        }
        if line.outcome == RenewalOutcome::Stopped && line.conditions.is_some() {
            return Err(Refusal::invalid(
                &format!("{pointer}/conditions"),
                "no conditions where a grant is stopped",
            ));
        }
        let mut advised = advice_on(line.grant_id, recommendations).peekable();
        // Of a grant that no forum has judged, the office alone can not say that it ends.
        if advised.peek().is_none() {
            return Err(Refusal::new(RefusalCode::RecommendationMissing));
        }
        if advised.any(|(_, advised)| line.departure_from(advised).is_some()) {
            line.justification().require(&grant.reference, &pointer)?;
        }
    }
    require_all(lines.iter().map(|line| line.grant_id), year, grants, "/matter/lines")
}

/// What the forums advise on a grant, the newest recommendation last.
pub fn advice_on(
    grant_id: GrantId,
    recommendations: &[Recommendation],
) -> impl Iterator<Item = (&Recommendation, &RenewalAdvice)> {
    let line_of = move |recommendation: &'_ Recommendation| {
        recommendation.renewals.iter().position(|line| line.grant_id == grant_id)
    };
    recommendations.iter().filter_map(move |recommendation| {
        let index = line_of(recommendation)?;
        Some((recommendation, &recommendation.renewals[index]))
    })
}
