//! The advice on one application, and the order of the lines.

use serde::{Deserialize, Serialize};
use tildel_allocation::Nok;

use crate::application::{Application, ApplicationState};
use crate::award_criterion::{AwardCriterion, CriterionAssessment, check_assessments};
use crate::id::{ApplicationId, OrganisationId};
use crate::refusal::{Refusal, RefusalCode};

/// What is advised for one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecommendedOutcome {
    /// To be granted, at this rank.
    Ranked,
    /// On the reserve list.
    Reserve,
    /// Not to be granted.
    Not,
}

impl RecommendedOutcome {
    /// The state that the application shows then.
    pub const fn application_state(self) -> ApplicationState {
        match self {
            Self::Ranked => ApplicationState::Ranked,
            Self::Reserve => ApplicationState::Reserve,
            Self::Not => ApplicationState::NotRecommended,
        }
    }
}

/// What one actor of a project should get of its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActorShare {
    /// The lead, a partner or the provider.
    pub organisation_id: OrganisationId,
    /// Its part of the amount.
    pub amount: Nok,
}

/// The advice on one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendationLine {
    /// The application.
    pub application_id: ApplicationId,
    /// Outcome.
    pub outcome: RecommendedOutcome,
    /// The place in the order, from 1 without gaps: ranked lines first, then the reserve list; none where it is not
    /// recommended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// First year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i16>,
    /// Last year advised, if the forum says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i16>,
    /// Amount of the first year, if the forum advises one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Nok>,
    /// How the amount should be split between the actors, if the forum says; the parts add up to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<ActorShare>,
    /// The forum's assessment as a whole.
    pub assessment: String,
    /// The assessment by each criterion of the round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionAssessment>,
    /// Why the line stands elsewhere than the count of the ballot would have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure_from_count: Option<String>,
}

/// Checks the lines on a round: eligible applications, each once and assessed in full, in one order without gaps.
pub(crate) fn check_lines(
    lines: &[RecommendationLine],
    criteria: &[AwardCriterion],
    applications: &[Application],
) -> Result<(), Refusal> {
    let treated = |application: &&Application| {
        matches!(
            application.state,
            ApplicationState::Eligible
                | ApplicationState::Ranked
                | ApplicationState::Reserve
                | ApplicationState::NotRecommended
        )
    };
    for (index, line) in lines.iter().enumerate() {
        let pointer = format!("/lines/{index}");
        let application = applications
            .iter()
            .filter(treated)
            .find(|application| application.id == line.application_id)
            .ok_or_else(|| Refusal::invalid(&pointer, "an eligible application of the round"))?;
        if lines[..index].iter().any(|other| other.application_id == line.application_id) {
            return Err(Refusal::invalid(&pointer, "each application once"));
        }
        if line.rank.is_some() && lines[..index].iter().any(|other| other.rank == line.rank) {
            return Err(Refusal::invalid(&format!("{pointer}/rank"), "each rank once"));
        }
        if line.rank.is_some() == (line.outcome == RecommendedOutcome::Not) {
            return Err(Refusal::invalid(&format!("{pointer}/rank"), "a rank unless not recommended"));
        }
        if line.assessment.trim().is_empty() {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/assessment")));
        }
        if line.departure_from_count.as_deref().is_some_and(|why| why.trim().is_empty()) {
            return Err(Refusal::new(RefusalCode::ReasonRequired).at(format!("{pointer}/departureFromCount")));
        }
        check_assessments(criteria, &line.criteria, &format!("{pointer}/criteria"))?;
        check_years(line, &pointer)?;
        check_split(line, application, &format!("{pointer}/split"))?;
    }
    check_order(lines)
}

fn check_years(line: &RecommendationLine, pointer: &str) -> Result<(), Refusal> {
    match (line.first_year, line.last_year) {
        (Some(first), Some(last)) if last < first => {
            Err(Refusal::invalid(&format!("{pointer}/lastYear"), "a year not before firstYear"))
        }
        _ => Ok(()),
    }
}

/// Parts add up to the whole (rule 11), and go to those who take part.
fn check_split(line: &RecommendationLine, application: &Application, pointer: &str) -> Result<(), Refusal> {
    for (index, share) in line.split.iter().enumerate() {
        let at = format!("{pointer}/{index}/organisationId");
        if !application.has_party(share.organisation_id) {
            return Err(Refusal::invalid(&at, "a party of the application"));
        }
        if line.split[..index].iter().any(|other| other.organisation_id == share.organisation_id) {
            return Err(Refusal::invalid(&at, "each party once"));
        }
    }
    let sum = Nok::checked_sum(line.split.iter().map(|share| share.amount)).ok();
    if !line.split.is_empty() && (sum.is_none() || sum != line.amount) {
        return Err(Refusal::invalid(pointer, "parts that add up to the amount of the line"));
    }
    Ok(())
}

/// Ranks go from 1 without gaps, and the reserve list follows those that are ranked.
fn check_order(lines: &[RecommendationLine]) -> Result<(), Refusal> {
    let mut in_order: Vec<(u32, usize, RecommendedOutcome)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| line.rank.map(|rank| (rank, index, line.outcome)))
        .collect();
    in_order.sort_by_key(|(rank, ..)| *rank);
    let mut reserve_has_begun = false;
    for ((rank, index, outcome), place) in in_order.into_iter().zip(1..) {
        let pointer = format!("/lines/{index}/rank");
        if rank != place {
            return Err(Refusal::invalid(&pointer, format!("ranks from 1 without gaps, so {place}")));
        }
        reserve_has_begun |= outcome == RecommendedOutcome::Reserve;
        if reserve_has_begun && outcome == RecommendedOutcome::Ranked {
            return Err(Refusal::invalid(&pointer, "a rank before those of the reserve list"));
        }
    }
    Ok(())
}

/// The place of each line on the reserve list, from 1; none for the others.
pub fn reserve_places(lines: &[RecommendationLine]) -> Vec<Option<u32>> {
    let ranked = lines.iter().filter(|line| line.outcome == RecommendedOutcome::Ranked).count();
    let ranked = u32::try_from(ranked).unwrap_or(u32::MAX);
    let place = |line: &RecommendationLine| match (line.outcome, line.rank) {
        (RecommendedOutcome::Reserve, Some(rank)) => rank.checked_sub(ranked),
        _ => None,
    };
    lines.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use RecommendedOutcome::{Not, Ranked, Reserve};

    fn line(n: u128, outcome: RecommendedOutcome, rank: Option<u32>) -> RecommendationLine {
        RecommendationLine {
            application_id: ApplicationId(Uuid::from_u128(n)),
            outcome,
            rank,
            first_year: None,
            last_year: None,
            amount: None,
            split: Vec::new(),
            assessment: "God".into(),
            criteria: Vec::new(),
            departure_from_count: None,
        }
    }

    #[test]
    fn the_reserve_list_follows_without_gaps() {
        let lines = [
            line(1, Reserve, Some(4)),
            line(2, Ranked, Some(1)),
            line(3, Not, None),
            line(4, Reserve, Some(3)),
            line(5, Ranked, Some(2)),
        ];
        assert_eq!(check_order(&lines), Ok(()));
        assert_eq!(reserve_places(&lines), [Some(2), None, None, Some(1), None]);
        let pointer = |lines: &[RecommendationLine]| check_order(lines).unwrap_err().pointer.unwrap();
        assert_eq!(pointer(&[line(1, Ranked, Some(1)), line(2, Reserve, Some(3))]), "/lines/1/rank");
        assert_eq!(pointer(&[line(1, Ranked, Some(2))]), "/lines/0/rank");
        assert_eq!(pointer(&[line(1, Ranked, Some(2)), line(2, Reserve, Some(1))]), "/lines/0/rank");
    }
}
