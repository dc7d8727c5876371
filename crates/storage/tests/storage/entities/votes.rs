//! Votes, their revisions, and who may know of ballots and recommendations.

use tildel_domain::ballot::{Ballot, BallotState, Vote, VoteContent};
use tildel_domain::voting::MotionVote;
use tildel_storage::{ballots, guards, meetings, seats, votes};
use tildel_test_support::{TestStore, both_backends};

use super::world::{ballot, meeting, seat, settle, vote};
use crate::{after, id, read, try_write, write};

fn open_ballot(store: &TestStore) {
    settle(store);
    write(store, |db| {
        meetings::insert(db, &meeting(1))?;
        (1..=2).try_for_each(|n| seats::insert(db, &seat(n)))?;
        ballots::insert(db, &Ballot { state: BallotState::Open, ..ballot(1) })
    });
}

both_backends! {
    fn the_last_revision_of_a_seat_counts(store: TestStore) {
        open_ballot(&store);
        let first = vote(1, 1, 1);
        let second = Vote {
            content: VoteContent::Motion { choice: MotionVote::Abstain },
            recused_on: vec![id(5).into()],
            cast_at: after(1),
            ..vote(1, 1, 2)
        };
        let other = vote(1, 2, 1);
        for cast in [&first, &second, &other] {
            write(&store, |db| votes::cast(db, cast));
        }
        assert_eq!(read(&store, |db| votes::current(db, id(1).into())), [second.clone(), other]);
        let of_seat = |n| read(&store, |db| votes::current_of_seat(db, id(1).into(), id(n).into()));
        assert_eq!(of_seat(1), Some(second.clone()));
        assert_eq!(of_seat(3), None);
        assert_eq!(read(&store, |db| votes::revisions(db, id(1).into(), id(1).into())), [first, second]);
        assert_eq!(read(&store, |db| votes::turnout(db, id(1).into())), 2);
        assert_eq!(read(&store, |db| votes::turnout(db, id(2).into())), 0);
    }

    fn a_revision_is_cast_once(store: TestStore) {
        open_ballot(&store);
        write(&store, |db| votes::cast(db, &vote(1, 1, 1)));
        let error = try_write(&store, |db| votes::cast(db, &vote(1, 1, 1))).unwrap_err();
        assert!(error.is_unique_violation("votes_ballot_id_seat_id_revision_key"), "{error}");
        let current = read(&store, |db| votes::current(db, id(1).into()));
        assert_eq!(current, [vote(1, 1, 1)], "the refused vote superseded nothing");
    }

    fn a_closed_ballot_takes_no_votes(store: TestStore) {
        open_ballot(&store);
        let mut closed = Ballot { state: BallotState::Closed, ..ballot(1) };
        write(&store, |db| ballots::update(db, &mut closed));
        let error = try_write(&store, |db| votes::cast(db, &vote(1, 1, 1))).unwrap_err();
        assert!(error.is_check_violation(guards::VOTES_OPEN_BALLOT), "{error}");
    }
}
