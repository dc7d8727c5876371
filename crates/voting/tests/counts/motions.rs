//! Motions under each majority.

use proptest::prelude::*;
use tildel_voting::{
    Majority, MotionCheck, MotionError, MotionOutcome, MotionRound, MotionVote, Quorum, count_motion,
};

use crate::fixture::ANY;

fn votes(for_: usize, against: usize, abstain: usize) -> Vec<MotionVote> {
    let given = [(MotionVote::For, for_), (MotionVote::Against, against), (MotionVote::Abstain, abstain)];
    given.into_iter().flat_map(|(vote, number)| std::iter::repeat_n(vote, number)).collect()
}

#[test]
fn majorities_by_hand() {
    use Majority::{Absolute, Simple, TwoThirds};
    use MotionOutcome::{Carried, Rejected, Tied};
    // (for, against, abstain, eligible, majority, outcome)
    let table = [
        (3, 2, 4, 9, Simple, Carried),
        (2, 2, 5, 9, Simple, Tied),
        (2, 3, 4, 9, Simple, Rejected),
        (0, 0, 9, 9, Simple, Tied),
        // More than half of 9 is 5, more than half of 10 is 6; abstaining and staying away weigh like a no.
        (5, 0, 4, 9, Absolute, Carried),
        (4, 0, 5, 9, Absolute, Rejected),
        (5, 0, 0, 10, Absolute, Rejected),
        (6, 0, 0, 10, Absolute, Carried),
        (5, 5, 0, 10, Absolute, Rejected),
        // Two thirds of 6 are 4, of 7 4.67, of 8 5.33.
        (4, 2, 3, 9, TwoThirds, Carried),
        (4, 3, 2, 9, TwoThirds, Rejected),
        (5, 2, 2, 9, TwoThirds, Carried),
        (5, 3, 1, 9, TwoThirds, Rejected),
        (1, 0, 8, 9, TwoThirds, Carried),
        (0, 0, 9, 9, TwoThirds, Rejected),
    ];
    for (for_, against, abstain, eligible, majority, outcome) in table {
        let count = count_motion(&votes(for_, against, abstain), eligible, majority, ANY).unwrap();
        assert_eq!(count.outcome, outcome, "{for_}:{against}:{abstain} of {eligible} under {majority:?}");
    }
}

#[test]
fn abstentions_count_for_the_quorum_and_absence_does_not() {
    let quorum = Quorum { minimum_seats: 5 };
    let met = count_motion(&votes(2, 1, 2), 9, Majority::Simple, quorum).unwrap();
    assert_eq!((met.outcome, met.quorum_met, met.not_cast), (MotionOutcome::Carried, true, 4));
    let missed = count_motion(&votes(3, 1, 0), 9, Majority::Simple, quorum).unwrap();
    assert_eq!((missed.outcome, missed.quorum_met), (MotionOutcome::NoQuorum, false));
    let round = MotionRound { check: MotionCheck::Quorum, votes: 4, needed: 5, met: false };
    assert_eq!(missed.rounds, [round]);
}

#[test]
fn more_votes_than_seats_are_refused() {
    let refused = count_motion(&votes(2, 0, 0), 1, Majority::Simple, ANY);
    assert_eq!(refused, Err(MotionError::TooManyVotes { votes: 2, eligible: 1 }));
}

#[test]
fn a_motion_has_a_stable_wire_form() {
    let count = count_motion(&votes(3, 1, 1), 6, Majority::TwoThirds, ANY).unwrap();
    let expected = serde_json::json!({
        "for": 3, "against": 1, "abstain": 1, "notCast": 1, "eligible": 6, "quorumMet": true,
        "outcome": "carried",
        "rounds": [
            {"check": "quorum", "votes": 5, "needed": 0, "met": true},
            {"check": "majority", "votes": 3, "needed": 3, "met": true},
        ],
    });
    assert_eq!(serde_json::to_value(count).unwrap(), expected);
    assert_eq!(serde_json::to_value(Majority::TwoThirds).unwrap(), "two_thirds");
}

proptest! {
    /// The definitions in other words than the code: by multiplication, without a number of votes needed.
    #[test]
    fn outcomes_follow_the_definitions(
        for_ in 0_usize..40, against in 0_usize..40, abstain in 0_usize..10, absent in 0_u32..10,
    ) {
        let cast = votes(for_, against, abstain);
        let eligible = u32::try_from(cast.len()).unwrap() + absent;
        let carried = |majority| {
            count_motion(&cast, eligible, majority, ANY).unwrap().outcome == MotionOutcome::Carried
        };
        prop_assert_eq!(carried(Majority::Simple), for_ > against);
        prop_assert_eq!(carried(Majority::Absolute), 2 * for_ > eligible as usize);
        prop_assert_eq!(carried(Majority::TwoThirds), for_ > 0 && for_ >= 2 * against);
    }
}
