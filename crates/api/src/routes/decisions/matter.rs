//! What a decision is on: the awards of a round, the amounts of granted projects, or their renewal.

use serde::{Deserialize, Serialize};
use tildel_usecases::domain::{Refusal, decision as domain};
use utoipa::ToSchema;
use uuid::Uuid;

use super::renewals::{RenewalsMatter, RenewalsTag};
use crate::body::{Money, wire_enum};

wire_enum! {
    /// Outcome for one application.
    DecidedOutcome = domain::DecidedOutcome {
        /// Granted for the years of the line.
        Granted,
        /// Declined.
        Declined,
        /// Put off to a later year.
        Deferred,
    }
}

wire_enum! {
    /// The kind of reason for a departure from what a forum advised.
    DepartureReason = tildel_usecases::domain::departure::DepartureReason {
        /// Rammen: the money or the places do not reach, or reach further.
        Frame,
        /// The conditions of the scheme are not fulfilled, or are after all.
        Eligibility,
        /// Law, regulation or the assignment to the office demands it.
        Law,
        /// Fordeling: the balance between areas, kinds of owner or purposes.
        Distribution,
        /// Facts that the forum did not have.
        NewFacts,
        /// The advice suffers from a matter of impartiality (habilitet).
        Impartiality,
        /// Another reason, which the words tell.
        Other,
    }
}

/// The decision on one application.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwardLine {
    /// The application.
    pub application_id: Uuid,
    /// What is decided for it.
    pub outcome: DecidedOutcome,
    /// First year of a grant: the budget year of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub first_year: Option<i16>,
    /// Last year of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub last_year: Option<i16>,
    /// The year a deferred application is assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1990, maximum = 2100, nullable = false)]
    pub deferred_to_year: Option<i16>,
    /// The kind of reason; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded of a deferral, and where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub reason: Option<String>,
    /// The legal basis; demanded where the line departs from a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false)]
    pub legal_basis: Option<String>,
}

impl From<domain::AwardLine> for AwardLine {
    fn from(line: domain::AwardLine) -> Self {
        Self {
            application_id: line.application_id.into(),
            outcome: line.outcome.into(),
            first_year: line.first_year,
            last_year: line.last_year,
            deferred_to_year: line.deferred_to_year,
            reason_code: line.reason_code.map(Into::into),
            reason: line.reason,
            legal_basis: line.legal_basis,
        }
    }
}

impl From<AwardLine> for domain::AwardLine {
    fn from(line: AwardLine) -> Self {
        Self {
            application_id: line.application_id.into(),
            outcome: line.outcome.into(),
            first_year: line.first_year,
            last_year: line.last_year,
            deferred_to_year: line.deferred_to_year,
            reason_code: line.reason_code.map(Into::into),
            reason: line.reason,
            legal_basis: line.legal_basis,
        }
    }
}

/// The decision on one year's amount of a grant.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmountLine {
    /// The grant.
    pub grant_id: Uuid,
    /// The budget year.
    #[schema(minimum = 1990, maximum = 2100)]
    pub year: i16,
    /// The amount, exactly as the run holds it.
    pub amount: Money,
    /// The kind of reason; demanded where a forum advised another amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason_code: Option<DepartureReason>,
    /// The reason; demanded where a forum advised another amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2000, nullable = false)]
    pub reason: Option<String>,
    /// The legal basis; demanded where a forum advised another amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false)]
    pub legal_basis: Option<String>,
}

impl From<domain::AmountLine> for AmountLine {
    fn from(line: domain::AmountLine) -> Self {
        Self {
            grant_id: line.grant_id.into(),
            year: line.year,
            amount: line.amount.into(),
            reason_code: line.reason_code.map(Into::into),
            reason: line.reason,
            legal_basis: line.legal_basis,
        }
    }
}

/// The kind of a decision on awards.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardTag {
    /// Who is granted places in a round.
    Award,
}

/// Who is granted places in a round.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwardMatter {
    /// The kind.
    pub kind: AwardTag,
    /// The round.
    pub round_id: Uuid,
    /// One line for each application that was handed in and can be decided.
    #[schema(max_items = 500)]
    pub lines: Vec<AwardLine>,
}

/// The kind of a decision on amounts.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AmountsTag {
    /// How much granted projects get.
    Amounts,
}

/// How much granted projects get.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmountsMatter {
    /// The kind.
    pub kind: AmountsTag,
    /// The run that computed the amounts.
    pub run_id: Uuid,
    /// The amounts, each grant and year once.
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Vec<AmountLine>,
}

/// What is decided.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("award" = "#/components/schemas/AwardMatter"),
    ("amounts" = "#/components/schemas/AmountsMatter"),
    ("renewals" = "#/components/schemas/RenewalsMatter"),
)))]
pub enum DecisionMatter {
    /// Who is granted places in a round.
    Award(AwardMatter),
    /// How much granted projects get.
    Amounts(AmountsMatter),
    /// Which running grants go on in a year.
    Renewals(RenewalsMatter),
}

impl From<domain::DecisionMatter> for DecisionMatter {
    fn from(matter: domain::DecisionMatter) -> Self {
        match matter {
            domain::DecisionMatter::Award { round_id, lines } => Self::Award(AwardMatter {
                kind: AwardTag::Award,
                round_id: round_id.into(),
                lines: lines.into_iter().map(Into::into).collect(),
            }),
            domain::DecisionMatter::Amounts { run_id, lines } => Self::Amounts(AmountsMatter {
                kind: AmountsTag::Amounts,
                run_id: run_id.into(),
                lines: lines.into_iter().map(Into::into).collect(),
            }),
            domain::DecisionMatter::Renewals { scheme_id, year, lines } => Self::Renewals(RenewalsMatter {
                kind: RenewalsTag::Renewals,
                scheme_id: scheme_id.into(),
                year,
                lines: lines.into_iter().map(Into::into).collect(),
            }),
        }
    }
}

impl TryFrom<DecisionMatter> for domain::DecisionMatter {
    type Error = Refusal;

    fn try_from(matter: DecisionMatter) -> Result<Self, Refusal> {
        let amount_line = |(index, line): (usize, AmountLine)| {
            let amount = line.amount.read(&format!("/matter/lines/{index}/amount"))?;
            Ok(domain::AmountLine {
                grant_id: line.grant_id.into(),
                year: line.year,
                amount,
                reason_code: line.reason_code.map(Into::into),
                reason: line.reason,
                legal_basis: line.legal_basis,
            })
        };
        match matter {
            DecisionMatter::Award(award) => Ok(Self::Award {
                round_id: award.round_id.into(),
                lines: award.lines.into_iter().map(Into::into).collect(),
            }),
            DecisionMatter::Amounts(amounts) => Ok(Self::Amounts {
                run_id: amounts.run_id.into(),
                lines: amounts
                    .lines
                    .into_iter()
                    .enumerate()
                    .map(amount_line)
                    .collect::<Result<_, Refusal>>()?,
            }),
            DecisionMatter::Renewals(renewals) => Ok(Self::Renewals {
                scheme_id: renewals.scheme_id.into(),
                year: renewals.year,
                lines: renewals.lines.into_iter().map(Into::into).collect(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::document::contracts;
    use crate::problem::{ApiCode, Place};

    const ID: &str = "0198a3c0-0000-7000-8000-000000000001";

    fn errors(matter: &Value) -> Vec<(Place, ApiCode)> {
        let schema = json!({ "$ref": "#/components/schemas/NewDecision" });
        let errors = contracts().schemas.check(&schema, &json!({ "matter": matter }));
        errors.into_iter().map(|error| (error.place, error.code)).collect()
    }

    fn at(pointer: &str, code: ApiCode) -> (Place, ApiCode) {
        (Place::Pointer(pointer.to_owned()), code)
    }

    #[test]
    fn both_kinds_of_matter_are_accepted() {
        let award = json!({ "kind": "award", "roundId": ID, "lines": [{ "applicationId": ID, "outcome": "declined" }] });
        assert_eq!(errors(&award), []);
        let amount = json!({ "amount": "2513518.00", "currency": "NOK" });
        let amounts = json!({ "kind": "amounts", "runId": ID, "lines": [{ "grantId": ID, "year": 2020, "amount": amount }] });
        assert_eq!(errors(&amounts), []);
    }

    #[test]
    fn the_branch_of_the_kind_says_what_is_wrong() {
        let line = json!({ "applicationId": ID, "outcome": "granted", "firstYear": 2020, "amount": "1" });
        let award = json!({ "kind": "award", "roundId": ID, "lines": [line], "runId": ID });
        let expected =
            [at("/matter/lines/0/amount", ApiCode::UnknownField), at("/matter/runId", ApiCode::UnknownField)];
        assert_eq!(errors(&award), expected);
        let amounts = json!({ "kind": "amounts", "runId": ID, "lines": [] });
        assert_eq!(errors(&amounts), [at("/matter/lines", ApiCode::UnacceptableValue)]);
    }
}
