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
