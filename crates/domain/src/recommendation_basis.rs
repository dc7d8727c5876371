//! What a recommendation rests on: an agreement of the forum, or a count (rule 3).

use std::collections::BTreeMap;

use tildel_voting::MotionOutcome;

use crate::ballot::{Ballot, BallotCount, BallotState};
use crate::id::ApplicationId;
use crate::meeting::{AgendaItem, AgreementOutcome, Meeting};
use crate::recommendation::{Recommendation, Subject};
use crate::recommendation_line::RecommendationLine;
use crate::refusal::{Refusal, RefusalCode};

/// The meeting that treated the matter, and the ballot that the recommendation names, if it names one.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The meeting.
    pub meeting: &'a Meeting,
    /// The ballot.
    pub ballot: Option<&'a Ballot>,
}

impl Basis<'_> {
    /// Refuses a recommendation that the forum has not come to: by a counted ballot with quorum that was not set aside and
    /// whose motion was carried, or by agreement on the matter as a whole or on each of its applications.
    pub(crate) fn require(self, recommendation: &Recommendation) -> Result<(), Refusal> {
        let subject = recommendation.subject()?;
        let treats = |item: &&AgendaItem| subject.is_treated_by(item);
        let holds = if let Some(ballot) = self.ballot {
            let item = self.meeting.agenda.iter().find(|item| item.id == ballot.agenda_item_id);
            ballot.state == BallotState::Counted
                && ballot.count.as_ref().is_some_and(is_binding)
                && item.is_some_and(|item| treats(&item))
        } else {
            let is_agreed = |item: &&AgendaItem| {
                item.agreement.as_ref().is_some_and(|test| test.outcome == AgreementOutcome::Agreed)
            };
            let items = self.meeting.agenda.iter().filter(treats).filter(is_agreed);
            let agreed_on: Vec<Option<ApplicationId>> = items.map(|item| item.application_id).collect();
            let concerned = recommendation.concerned();
            let on_each = concerned.iter().all(|id| agreed_on.contains(&Some(*id)));
            agreed_on.contains(&None) || (on_each && !concerned.is_empty())
        };
        if holds { Ok(()) } else { Err(Refusal::new(RefusalCode::RecommendationWithoutBasis)) }
    }

    /// Refuses an order that departs from the count without saying why: of two lines that the count has the other way
    /// round, one at least says so.
    pub(crate) fn check_order(self, lines: &[RecommendationLine]) -> Result<(), Refusal> {
        let Some(places) = self.ballot.and_then(|ballot| ballot.count.as_ref()).and_then(places) else {
            return Ok(());
        };
        check_against(&places, lines)
    }
}

impl Subject {
    /// Whether an item of an agenda is about it.
    pub fn is_treated_by(self, item: &AgendaItem) -> bool {
        match self {
            Self::Round { round_id } => item.round_id == Some(round_id),
            Self::Renewals { scheme_id, year } => {
                item.renewals.is_some_and(|treated| (treated.scheme_id, treated.year) == (scheme_id, year))
            }
        }
    }
}

/// Whether a count binds: enough seats voted, and a motion was carried.
fn is_binding(count: &BallotCount) -> bool {
    match count {
        BallotCount::Motion(count) => count.outcome == MotionOutcome::Carried,
        BallotCount::Ranking(count) => count.quorum_met,
        BallotCount::Approval(count) | BallotCount::Allotment(count) => count.quorum_met,
        BallotCount::Score(count) => count.all.quorum_met,
        BallotCount::Budget(outcome) => outcome.quorum_met,
    }
}

/// The place of each application in the count, 1 for the best; none where the count has no order. Where money is voted on, all
/// that are chosen come before all that are not.
fn places(count: &BallotCount) -> Option<BTreeMap<ApplicationId, u32>> {
    let order = match count {
        BallotCount::Motion(_) => return None,
        BallotCount::Ranking(count) => &count.order,
        BallotCount::Approval(count) | BallotCount::Allotment(count) => &count.order,
        BallotCount::Score(count) => &count.all.order,
        BallotCount::Budget(outcome) => {
            let is_chosen = |id: ApplicationId| outcome.count.winners.contains(&id.to_string());
            let place = |id: ApplicationId| (id, if is_chosen(id) { 1 } else { 2 });
            return Some(outcome.options.iter().map(|option| place(option.application_id)).collect());
        }
    };
    let place =
        |place: &tildel_voting::Place| place.option.parse().ok().map(|id| (ApplicationId(id), place.place));
    Some(order.iter().filter_map(place).collect())
}

/// Of two lines that stand the other way round than in the count, one at least says why.
fn check_against(places: &BTreeMap<ApplicationId, u32>, lines: &[RecommendationLine]) -> Result<(), Refusal> {
    // What is not recommended comes after all that is, in no order.
    let standing = |line: &RecommendationLine| line.rank.unwrap_or(u32::MAX);
    for (index, line) in lines.iter().enumerate() {
        let Some(place) = places.get(&line.application_id) else { continue };
        let is_unexplained = |other: &RecommendationLine| {
            standing(line) < standing(other)
                && places.get(&other.application_id).is_some_and(|before| before < place)
                && other.departure_from_count.is_none()
        };
        if line.departure_from_count.is_none() && lines.iter().any(is_unexplained) {
            return Err(Refusal::new(RefusalCode::DepartureFromCountUnexplained)
                .at(format!("/lines/{index}/departureFromCount")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tildel_voting::{Place, RankingCount};
    use uuid::Uuid;

    use super::*;
    use crate::recommendation_line::RecommendedOutcome;

    fn application(n: u128) -> ApplicationId {
        ApplicationId(Uuid::from_u128(n))
    }

    fn line(n: u128, rank: Option<u32>, why: Option<&str>) -> RecommendationLine {
        RecommendationLine {
            application_id: application(n),
            outcome: if rank.is_some() { RecommendedOutcome::Ranked } else { RecommendedOutcome::Not },
            rank,
            first_year: None,
            last_year: None,
            amount: None,
            split: Vec::new(),
            assessment: "God".into(),
            criteria: Vec::new(),
            departure_from_count: why.map(str::to_owned),
        }
    }

    /// The count had 1, then 2 and 3 on the same place, then 4.
    fn pointer(lines: &[RecommendationLine]) -> Option<String> {
        let place = |(option, place): (u128, u32)| Place {
            option: application(option).to_string(),
            place,
            score: None,
        };
        let count = RankingCount {
            order: [(1, 1), (2, 2), (3, 2), (4, 4)].map(place).to_vec(),
            ties: Vec::new(),
            rounds: Vec::new(),
            ballots: 3,
            quorum_met: true,
        };
        let places = places(&BallotCount::Ranking(count)).unwrap();
        check_against(&places, lines).err().and_then(|refusal| refusal.pointer)
    }

    /// Money was voted on, and 2 and 3 were chosen.
    #[test]
    fn what_a_vote_on_money_did_not_choose_comes_after_what_it_chose() {
        let option = |n: u128| serde_json::json!({ "applicationId": application(n), "votes": 1, "points": 1, "seats": 3 });
        let count: BallotCount = serde_json::from_value(serde_json::json!({
            "kind": "budget", "quorumMet": true, "options": [option(1), option(2), option(3)],
            "count": {
                "winners": [application(2).to_string(), application(3).to_string()], "totalCost": "2.00",
                "budget": "2.00", "ballots": 3, "rounds": [], "ties": [], "shareRounds": 0, "share": null,
            },
        }))
        .unwrap();
        let places = places(&count).unwrap();
        let pointer = |lines: &[RecommendationLine]| {
            check_against(&places, lines).err().and_then(|refusal| refusal.pointer)
        };
        let chosen_first = [line(3, Some(1), None), line(2, Some(2), None), line(1, Some(3), None)];
        assert_eq!(pointer(&chosen_first), None);
        let between = [line(3, Some(1), None), line(1, Some(2), None), line(2, Some(3), None)];
        assert_eq!(pointer(&between).as_deref(), Some("/lines/1/departureFromCount"));
    }

    fn item(application_id: Option<ApplicationId>, outcome: Option<AgreementOutcome>) -> AgendaItem {
        let recorded_at = jiff::Timestamp::UNIX_EPOCH;
        AgendaItem {
            id: crate::id::AgendaItemId(Uuid::from_u128(9)),
            number: 1,
            title: "Sak".into(),
            round_id: Some(ROUND),
            application_id,
            renewals: None,
            called_in: Vec::new(),
            agreement: outcome.map(|outcome| crate::meeting::AgreementTest {
                outcome,
                note: None,
                recorded_at,
            }),
        }
    }

    const ROUND: crate::id::RoundId = crate::id::RoundId(Uuid::from_u128(5));

    /// On two applications, after a meeting with these items and without a ballot.
    fn rests_on(agenda: Vec<AgendaItem>) -> bool {
        let nobody = Uuid::from_u128(7);
        let recommendation = Recommendation {
            id: nobody.into(),
            round_id: Some(ROUND),
            scheme_id: None,
            year: None,
            forum_id: nobody.into(),
            meeting_id: nobody.into(),
            ballot_id: None,
            lines: vec![line(1, Some(1), None), line(2, Some(2), None)],
            renewals: Vec::new(),
            dissent: Vec::new(),
            state: crate::recommendation::RecommendationState::Draft,
            adopted_by: None,
            adopted_at: None,
            signed_by: None,
            signed_at: None,
            number: 1,
            supersedes_id: None,
            correction_reason: None,
            version: 1,
        };
        let meeting = Meeting {
            id: nobody.into(),
            forum_id: nobody.into(),
            starts_at: jiff::Timestamp::UNIX_EPOCH,
            place: "Sandnes".into(),
            state: crate::meeting::MeetingState::Planned,
            agenda,
            attendance: Vec::new(),
            current_item_id: None,
            minutes_number: 0,
            version: 1,
        };
        Basis { meeting: &meeting, ballot: None }.require(&recommendation).is_ok()
    }

    #[test]
    fn an_agreement_is_on_the_whole_or_on_each_application() {
        use AgreementOutcome::{Agreed, NotAgreed, Skipped};
        assert!(rests_on(vec![item(None, Some(Agreed))]));
        for outcome in [None, Some(NotAgreed), Some(Skipped)] {
            assert!(!rests_on(vec![item(None, outcome)]), "{outcome:?}");
        }
        let on = |n, outcome| item(Some(application(n)), Some(outcome));
        assert!(rests_on(vec![on(1, Agreed), on(2, Agreed)]));
        assert!(!rests_on(vec![on(1, Agreed), on(2, NotAgreed)]));
        assert!(!rests_on(vec![on(1, Agreed)]));
        let of_another_round = AgendaItem { round_id: None, ..item(None, Some(Agreed)) };
        assert!(!rests_on(vec![of_another_round]));
        assert!(!rests_on(Vec::new()));
    }

    #[test]
    fn an_order_other_than_the_counts_says_why() {
        let as_counted =
            [line(1, Some(1), None), line(3, Some(2), None), line(2, Some(3), None), line(4, None, None)];
        assert_eq!(pointer(&as_counted), None, "a tie of the count leaves both orders open");
        let moved_up = |why| [line(4, Some(1), why), line(1, Some(2), None), line(2, Some(3), None)];
        assert_eq!(pointer(&moved_up(None)).as_deref(), Some("/lines/0/departureFromCount"));
        assert_eq!(
            pointer(&moved_up(Some("Aldri med før"))),
            None,
            "who is moved explains for all that were passed"
        );
        let moved_down =
            [line(2, Some(1), None), line(4, Some(2), None), line(1, Some(3), Some("Trenger mer tid"))];
        assert_eq!(pointer(&moved_down), None);
        let left_out = [line(2, Some(1), None), line(1, None, None)];
        assert_eq!(pointer(&left_out).as_deref(), Some("/lines/0/departureFromCount"));
    }
}
