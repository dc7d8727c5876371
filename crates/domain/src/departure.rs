//! Departures: where a decision is another than a forum advised, and why (rule 5).
//!
//! Evaluations of the scheme say that departures from the forums' advice are unexplained. So each line of a decision that departs
//! bears a reason code, a reason in words and a legal basis, and whoever reads the decision sees the advice beside it.

use serde::{Deserialize, Serialize};
use tildel_allocation::Nok;

use crate::decision::{AmountLine, AwardLine, DecidedOutcome};
use crate::id::{ForumId, RecommendationId};
use crate::recommendation::{Recommendation, RecommendationLine, RecommendedOutcome};
use crate::refusal::{Refusal, RefusalCode};

/// In what a line departs from what a forum advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// In the outcome.
    Outcome,
    /// In the years.
    Years,
    /// In the amount.
    Amount,
    /// In the conditions of a renewal.
    Conditions,
}

/// The kind of reason for a departure: a closed list, so that departures can be counted and compared between offices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepartureReason {
    /// Rammen: the money or the places of the year do not reach, or reach further.
    Frame,
    /// The applicant or the measure does not fulfil the conditions of the scheme, or does after all.
    Eligibility,
    /// Law, regulation or the assignment to the office demands it.
    Law,
    /// Fordeling: the balance between areas, kinds of owner or purposes, or those who were never served.
    Distribution,
    /// Facts that the forum did not have.
    NewFacts,
    /// The forum's advice suffers from a matter of impartiality (habilitet).
    Impartiality,
    /// Another reason, which the words tell.
    Other,
}

/// How a line says why it departs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Justification<'a> {
    /// The kind of reason.
    pub reason_code: Option<DepartureReason>,
    /// The reason in words.
    pub reason: Option<&'a str>,
    /// The legal basis.
    pub legal_basis: Option<&'a str>,
}

impl Justification<'_> {
    /// Refuses what lacks the code, the words or the legal basis of a departure. `reference` names what the line is about,
    /// `pointer` is the place of the line in the input.
    pub fn require(&self, reference: &str, pointer: &str) -> Result<(), Refusal> {
        let missing = |code, field: &str| {
            Err(Refusal::new(code).with("application", reference).at(format!("{pointer}/{field}")))
        };
        let is_blank = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
        if self.reason_code.is_none() {
            return missing(RefusalCode::DepartureWithoutReasonCode, "reasonCode");
        }
        if is_blank(self.reason) {
            return missing(RefusalCode::DepartureWithoutReason, "reason");
        }
        if is_blank(self.legal_basis) {
            return missing(RefusalCode::DepartureWithoutLegalBasis, "legalBasis");
        }
        Ok(())
    }
}

/// What a forum advised on the thing that a line decides, and how the line departs from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advised {
    /// The recommendation.
    pub recommendation_id: RecommendationId,
    /// The forum.
    pub forum_id: ForumId,
    /// What it advised.
    pub line: RecommendationLine,
    /// In what the decision departs from it; none where it follows.
    pub departure: Option<Departure>,
}

/// The advice of each forum, with how it is departed from. Where two forums advise differently, one of them is departed from.
pub fn advised_by<'a>(
    recommendations: &'a [Recommendation],
    is_about: impl Fn(&RecommendationLine) -> bool + 'a,
    departure_from: impl Fn(&RecommendationLine) -> Option<Departure> + 'a,
) -> impl Iterator<Item = Advised> + 'a {
    recommendations.iter().flat_map(move |recommendation| {
        let lines = recommendation.lines.iter().filter(|line| is_about(line));
        let advised = lines.map(|line| Advised {
            recommendation_id: recommendation.id,
            forum_id: recommendation.forum_id,
            line: line.clone(),
            departure: departure_from(line),
        });
        advised.collect::<Vec<_>>()
    })
}

impl AwardLine {
    /// How the line departs from a forum's line. Amounts are decided apart, from a run.
    pub fn departure_from(&self, advised: &RecommendationLine) -> Option<Departure> {
        let follows = match advised.outcome {
            RecommendedOutcome::Ranked => self.outcome == DecidedOutcome::Granted,
            RecommendedOutcome::Reserve | RecommendedOutcome::Not => self.outcome == DecidedOutcome::Declined,
        };
        if !follows {
            return Some(Departure::Outcome);
        }
        let differs = |advised: Option<i16>, decided: Option<i16>| advised.is_some() && advised != decided;
        if self.outcome == DecidedOutcome::Granted
            && (differs(advised.first_year, self.first_year) || differs(advised.last_year, self.last_year))
        {
            return Some(Departure::Years);
        }
        None
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

impl AmountLine {
    /// How the line departs from the amount that a forum advised, which is one of the first year; `first_year` is that of the
    /// grant.
    pub fn departure_from(&self, advised: &RecommendationLine, first_year: i16) -> Option<Departure> {
        let departs = |amount: Nok| self.year == first_year && amount != self.amount;
        advised.amount.is_some_and(departs).then_some(Departure::Amount)
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{ApplicationId, GrantId};

    fn award(outcome: DecidedOutcome, years: Option<(i16, i16)>) -> AwardLine {
        AwardLine {
            application_id: ApplicationId(Uuid::from_u128(1)),
            outcome,
            first_year: years.map(|(first, _)| first),
            last_year: years.map(|(_, last)| last),
            deferred_to_year: None,
            reason_code: None,
            reason: None,
            legal_basis: None,
        }
    }

    fn advice(
        outcome: RecommendedOutcome,
        last_year: Option<i16>,
        amount: Option<i64>,
    ) -> RecommendationLine {
        serde_json::from_value(serde_json::json!({
            "applicationId": Uuid::from_u128(1), "outcome": outcome, "lastYear": last_year,
            "amount": amount.map(Nok::from_ore), "assessment": "God",
        }))
        .unwrap()
    }

    /// Every outcome against every advice, written out.
    #[test]
    fn outcomes_and_years_depart_as_the_table_says() {
        use DecidedOutcome::{Declined, Deferred, Granted};
        use RecommendedOutcome::{Not, Ranked, Reserve};
        let (outcome, years) = (Some(Departure::Outcome), Some(Departure::Years));
        for (advised, advised_last_year, decided, expected) in [
            (Ranked, None, Granted, None),
            (Ranked, Some(2021), Granted, None),
            (Ranked, Some(2024), Granted, years),
            (Ranked, None, Declined, outcome),
            (Ranked, None, Deferred, outcome),
            (Reserve, None, Granted, outcome),
            (Reserve, Some(2024), Declined, None),
            (Reserve, None, Deferred, outcome),
            (Not, None, Granted, outcome),
            (Not, None, Declined, None),
            (Not, None, Deferred, outcome),
        ] {
            let line = award(decided, (decided == Granted).then_some((2020, 2021)));
            let found = line.departure_from(&advice(advised, advised_last_year, None));
            assert_eq!(found, expected, "{advised:?} until {advised_last_year:?}, {decided:?}");
        }
    }

    #[test]
    fn an_amount_departs_in_the_first_year_only_and_only_where_one_was_advised() {
        let line = |year| AmountLine {
            grant_id: GrantId(Uuid::from_u128(2)),
            year,
            amount: Nok::from_ore(100),
            reason_code: None,
            reason: None,
            legal_basis: None,
        };
        let found =
            |year, amount| line(year).departure_from(&advice(RecommendedOutcome::Ranked, None, amount), 2020);
        assert_eq!(found(2020, Some(99)), Some(Departure::Amount));
        assert_eq!(found(2020, Some(100)), None);
        assert_eq!(found(2020, None), None);
        assert_eq!(found(2021, Some(99)), None);
    }

    #[test]
    fn code_words_and_legal_basis_are_demanded_in_turn() {
        let code = |reason_code, reason, legal_basis| {
            let justification = Justification { reason_code, reason, legal_basis };
            justification
                .require("RO-2020-0001", "/matter/lines/3")
                .map_err(|refusal| (refusal.code, refusal.pointer))
        };
        let frame = Some(DepartureReason::Frame);
        let at = |code, field: &str| Err((code, Some(format!("/matter/lines/3/{field}"))));
        assert_eq!(
            code(None, Some("a"), Some("b")),
            at(RefusalCode::DepartureWithoutReasonCode, "reasonCode")
        );
        assert_eq!(code(frame, Some(" "), Some("b")), at(RefusalCode::DepartureWithoutReason, "reason"));
        assert_eq!(code(frame, Some("a"), None), at(RefusalCode::DepartureWithoutLegalBasis, "legalBasis"));
        assert_eq!(code(frame, Some("a"), Some("b")), Ok(()));
    }
}
