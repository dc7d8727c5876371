//! What an office decides on the grants that run, from what its forums advise (rule 5).

use serde::{Deserialize, Serialize};
use tildel_allocation::RenewalOutcome;

use crate::decision::Decision;
use crate::grant::Grant;
use crate::id::{GrantId, SchemeId};
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
    /// The reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The legal basis of a departure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

/// Where a line departs from what a forum advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalDeparture {
    /// In whether the grant goes on.
    Outcome,
    /// In the conditions.
    Conditions,
}

impl RenewalLine {
    /// How the line departs from a forum's line (rule 5). Amounts are decided apart, from a run.
    pub fn departure_from(&self, advised: &RenewalAdvice) -> Option<RenewalDeparture> {
        if self.outcome != advised.outcome {
            Some(RenewalDeparture::Outcome)
        } else if self.conditions != advised.conditions {
            Some(RenewalDeparture::Conditions)
        } else {
            None
        }
    }

    /// Refuses a departure that is not explained: a reason and a legal basis.
    fn require_explained(&self, reference: &str, pointer: &str) -> Result<(), Refusal> {
        let is_missing = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        if is_missing(&self.reason) {
            return Err(Refusal::new(RefusalCode::DepartureWithoutReason)
                .with("application", reference)
                .at(format!("{pointer}/reason")));
        }
        if is_missing(&self.legal_basis) {
            return Err(Refusal::new(RefusalCode::DepartureWithoutLegalBasis)
                .with("application", reference)
                .at(format!("{pointer}/legalBasis")));
        }
        Ok(())
    }
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
            line.require_explained(&grant.reference, &pointer)?;
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
