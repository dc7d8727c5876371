//! The reserve list of a round, and who is proposed when a recipient does not take a grant.
//!
//! Each forum has its own order. An application stands by its best place in any of them, as in the plan; of equals the one
//! that came in first, by its reference. The first who waits is proposed for the first grant that was declined, the second for
//! the second. It is a proposal to the case officer: nobody is granted anything by it.

use std::collections::BTreeMap;

use crate::application::{Application, ApplicationState};
use crate::grant::{Grant, GrantState};
use crate::id::{ApplicationId, ForumId, GrantId};
use crate::recommendation::{Recommendation, reserve_places};

/// An application that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The application.
    pub application_id: ApplicationId,
    /// Its human reference.
    pub reference: String,
    /// Its place on the reserve list of each forum that put it there.
    pub places: Vec<(ForumId, u32)>,
}

/// A grant that was declined, and who is proposed in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacancy {
    /// The grant.
    pub grant_id: GrantId,
    /// The application that is proposed; none where nobody waits.
    pub proposed_id: Option<ApplicationId>,
}

/// The reserve list of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReserveList {
    /// Who waits, the first one first.
    pub waiting: Vec<Waiting>,
    /// The grants that were declined and that nobody of the list has taken the place of, the oldest answer first.
    pub vacancies: Vec<Vacancy>,
}

impl ReserveList {
    /// Makes it of what the forums' chairs signed off, and of the grants of the round.
    pub fn of(recommendations: &[Recommendation], applications: &[Application], grants: &[Grant]) -> Self {
        let mut places: BTreeMap<ApplicationId, Vec<(ForumId, u32)>> = BTreeMap::new();
        for recommendation in recommendations {
            let on_list = recommendation.lines.iter().zip(reserve_places(&recommendation.lines));
            for (line, place) in on_list.filter_map(|(line, place)| Some((line, place?))) {
                places.entry(line.application_id).or_default().push((recommendation.forum_id, place));
            }
        }
        // Whoever has a grant of the round waits no more, whatever became of it.
        let has_grant = |id: &ApplicationId| grants.iter().any(|grant| grant.application_id == *id);
        let waits = |application: &&Application| {
            matches!(application.state, ApplicationState::Reserve | ApplicationState::Declined)
                && !has_grant(&application.id)
        };
        let mut waiting: Vec<Waiting> = applications
            .iter()
            .filter(waits)
            .filter_map(|application| {
                let places = places.get(&application.id)?.clone();
                Some(Waiting {
                    application_id: application.id,
                    reference: application.reference.clone(),
                    places,
                })
            })
            .collect();
        let best = |waiting: &Waiting| waiting.places.iter().map(|(_, place)| *place).min();
        waiting.sort_by(|one, other| (best(one), &one.reference).cmp(&(best(other), &other.reference)));

        let filled = grants.iter().filter(|grant| places.contains_key(&grant.application_id)).count();
        let mut declined: Vec<&Grant> =
            grants.iter().filter(|grant| grant.state == GrantState::Declined).collect();
        declined.sort_by_key(|grant| (grant.answered_at, grant.id));
        let proposed =
            waiting.iter().map(|waiting| Some(waiting.application_id)).chain(std::iter::repeat(None));
        let vacancies = declined
            .into_iter()
            .skip(filled)
            .zip(proposed)
            .map(|(grant, proposed_id)| Vacancy { grant_id: grant.id, proposed_id })
            .collect();
        Self { waiting, vacancies }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::application::ApplicationContent;
    use crate::recommendation::{RecommendationLine, RecommendationState, RecommendedOutcome};

    fn application(n: u128, state: ApplicationState) -> Application {
        Application {
            id: Uuid::from_u128(n).into(),
            reference: format!("RO-2020-{n:04}"),
            round_id: Uuid::from_u128(1).into(),
            office_id: Uuid::from_u128(1).into(),
            content: ApplicationContent {
                title: "Lesing".into(),
                project_name: None,
                unit_kinds: Vec::new(),
                answers: BTreeMap::new(),
                requested: None,
            },
            parties: Vec::new(),
            state,
            submitted_at: None,
            state_reason: None,
            screening: None,
            version: 1,
        }
    }

    /// A forum that ranks the first application and has these on its reserve list, in their order.
    fn advice(forum: u128, reserve: &[u128]) -> Recommendation {
        let line = |(n, rank): (u128, u32)| RecommendationLine {
            application_id: Uuid::from_u128(n).into(),
            outcome: if rank == 1 { RecommendedOutcome::Ranked } else { RecommendedOutcome::Reserve },
            rank: Some(rank),
            first_year: None,
            last_year: None,
            amount: None,
            split: Vec::new(),
            assessment: "God".into(),
            criteria: Vec::new(),
            departure_from_count: None,
        };
        let nobody = Uuid::from_u128(7);
        Recommendation {
            id: nobody.into(),
            round_id: Some(nobody.into()),
            scheme_id: None,
            year: None,
            forum_id: Uuid::from_u128(forum).into(),
            meeting_id: nobody.into(),
            ballot_id: None,
            lines: std::iter::once(1).chain(reserve.iter().copied()).zip(1..).map(line).collect(),
            renewals: Vec::new(),
            dissent: Vec::new(),
            state: RecommendationState::SignedOff,
            adopted_by: None,
            adopted_at: None,
            signed_by: None,
            signed_at: None,
            number: 1,
            supersedes_id: None,
            correction_reason: None,
            version: 1,
        }
    }

    fn declined_grant(n: u128, answered: i64) -> Grant {
        let id = Uuid::from_u128;
        Grant {
            id: id(100 + n).into(),
            reference: format!("RO-2020-01{n:02}"),
            application_id: id(n).into(),
            round_id: id(1).into(),
            office_id: id(1).into(),
            scheme_id: id(1).into(),
            decision_id: id(1).into(),
            lead_id: id(1).into(),
            name: "Sandnes".into(),
            title: "Lesing".into(),
            state: GrantState::Declined,
            years: Vec::new(),
            stopped_from: None,
            answered_at: jiff::Timestamp::from_second(answered).ok(),
            version: 1,
        }
    }

    #[test]
    fn who_waits_stands_by_the_best_place_and_is_proposed_in_order() {
        let advice = [advice(1, &[2, 3, 4]), advice(2, &[3, 2, 4])];
        let mut applications: Vec<_> = (1..=4).map(|n| application(n, ApplicationState::Declined)).collect();
        applications[0].state = ApplicationState::Granted;
        let list = |applications: &[Application], grants: &[Grant]| {
            let list = ReserveList::of(&advice, applications, grants);
            let waiting: Vec<_> =
                list.waiting.iter().map(|waiting| Uuid::from(waiting.application_id).as_u128()).collect();
            let vacancies: Vec<_> = list
                .vacancies
                .iter()
                .map(|vacancy| {
                    let id = Uuid::from(vacancy.grant_id).as_u128();
                    (id, vacancy.proposed_id.map(|id| Uuid::from(id).as_u128()))
                })
                .collect();
            (waiting, vacancies)
        };
        // Both 2 and 3 are first in one forum; the reference decides.
        assert_eq!(list(&applications, &[]), (vec![2, 3, 4], vec![]));
        assert_eq!(list(&applications, &[declined_grant(1, 5)]), (vec![2, 3, 4], vec![(101, Some(2))]));
        // The second was granted from the list, and declined too: one place is filled by it, and one is open.
        let two = [declined_grant(1, 5), declined_grant(2, 9)];
        assert_eq!(list(&applications, &two), (vec![3, 4], vec![(102, Some(3))]));
        applications[2].state = ApplicationState::Withdrawn;
        applications[3].state = ApplicationState::Withdrawn;
        assert_eq!(list(&applications, &two), (vec![], vec![(102, None)]));
    }
}
