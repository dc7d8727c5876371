//! What a forum advises on grants that run: each year it judges which of them go on.

use serde::{Deserialize, Serialize};
use tildel_allocation::{Nok, RenewalOutcome};

use crate::grant::{Grant, GrantYearState};
use crate::id::{ApplicationId, GrantId, SchemeId};
use crate::refusal::{Refusal, RefusalCode};

/// The grants of a scheme that are to be judged for a year: what an agenda item may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalMatter {
    /// The scheme.
    pub scheme_id: SchemeId,
    /// The year.
    pub year: i16,
}

/// The advice on one grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalAdvice {
    /// The grant.
    pub grant_id: GrantId,
    /// Its application, by which interests are known.
    pub application_id: ApplicationId,
    /// Whether it should go on.
    pub outcome: RenewalOutcome,
    /// The amount of the year, if the forum advises one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Nok>,
    /// What the forum asks for in return, if it asks for something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// Why.
    pub reason: String,
}

/// Checks the lines on renewals: each grant that waits for the forum's word on the year has one, with a reason.
pub(crate) fn check_advice(lines: &[RenewalAdvice], year: i16, grants: &[Grant]) -> Result<(), Refusal> {
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/renewals/lines/{index}");
        require_waiting(line.grant_id, year, grants, &pointer)?;
        if lines[..index].iter().any(|other| other.grant_id == line.grant_id) {
            return Err(Refusal::invalid(&format!("{pointer}/grantId"), "each grant once"));
        }
        if line.reason.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/reason")));
        }
        if line.outcome == RenewalOutcome::Stopped && (line.amount.is_some() || line.conditions.is_some()) {
            return Err(Refusal::invalid(&pointer, "no amount and no conditions where a grant is stopped"));
        }
    }
    require_all(lines.iter().map(|line| line.grant_id), year, grants, "/renewals/lines")
}

/// The grant, which has to wait for a word on the year.
pub(crate) fn require_waiting<'a>(
    grant_id: GrantId,
    year: i16,
    grants: &'a [Grant],
    pointer: &str,
) -> Result<&'a Grant, Refusal> {
    let at = format!("{pointer}/grantId");
    let not_running = || Refusal::invalid(&at, "a running grant of the office, in a year after its first");
    let grant = grants.iter().find(|grant| grant.id == grant_id).ok_or_else(not_running)?;
    if grant.awaits_judgement(year) {
        return Ok(grant);
    }
    let is_decided = grant.years.iter().skip(1).any(|grant_year| {
        grant_year.year == year && grant_year.state == GrantYearState::Decided && !grant.is_stopped_in(year)
    });
    // What is decided changes by another decision on amounts (rule 8).
    Err(if is_decided {
        Refusal::new(RefusalCode::DecidedAmountFixed).with("year", year).at(at)
    } else {
        not_running()
    })
}

/// Refuses lines that leave out a grant which waits for a word on the year.
pub(crate) fn require_all(
    judged: impl Iterator<Item = GrantId> + Clone,
    year: i16,
    grants: &[Grant],
    pointer: &str,
) -> Result<(), Refusal> {
    let is_left_out =
        |grant: &&Grant| grant.awaits_judgement(year) && !judged.clone().any(|id| id == grant.id);
    match grants.iter().find(is_left_out) {
        Some(grant) => Err(Refusal::new(RefusalCode::RenewalLineMissing)
            .with("grant", &grant.reference)
            .with("year", year)
            .at(pointer)),
        None => Ok(()),
    }
}
