//! Every way to take part, in an agreement and in a vote, with the quorum met and not: what comes out, written by hand.
//!
//! The forum has two other voting seats, both of kindergarten owners, both present, and both vote for. The seat that is looked
//! at is a municipality's and votes against. Where the quorum is to be met, two seats are enough. Where not, it takes three
//! seats, or a municipality's.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at once")]

mod budgets;
mod every;
mod kinds;

use jiff::Timestamp;
use tildel_domain::ballot::{
    Ballot, BallotCount, BallotMatter, BallotRules, BallotState, NewVote, Vote, VoteContent,
};
use tildel_domain::forum::{Disclosure, Forum, Seat, VoteRight};
use tildel_domain::id::{ApplicationId, PersonId};
use tildel_domain::meeting::{AgendaItem, AgreementOutcome, Attendance, Meeting, MeetingState};
use tildel_domain::organisation::OrganisationKind;
use tildel_domain::recusal::{Recusal, RecusalGround, RecusalState};
use tildel_domain::standing::KindQuorum;
use tildel_domain::text::LocalText;
use tildel_domain::voting::{Majority, MotionOutcome, MotionVote, TieChain};
use tildel_domain::{Actor, RefusalCode, Role};
use uuid::Uuid;

const MEMBER: u128 = 1;
const DEPUTY: u128 = 11;
const CHAIR: u128 = 20;
const APPLICATION: u128 = 30;
const ITEM: u128 = 40;

/// How the person at the seat takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Voting,
    Observer,
    Conditional,
    /// The deputy is there in the member's place.
    Deputy,
    /// The member is recused, and there is no deputy.
    Recused,
    /// Nobody is there and nobody votes.
    Absent,
}
use Part::{Absent, Conditional, Observer, Recused, Voting};

/// What the forum asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    /// Two seats.
    Two,
    /// Three seats.
    Three,
    /// A municipality's seat.
    Municipality,
}
use Quorum::{Municipality, Three, Two};

/// What becomes of the agreement test.
const AGREEMENTS: &[(Part, Quorum, bool)] = &[
    // The two others are enough, whatever the seat does.
    (Voting, Two, true),
    (Observer, Two, true),
    (Conditional, Two, true),
    (Part::Deputy, Two, true),
    (Recused, Two, true),
    (Absent, Two, true),
    // The third seat counts where it is a voting one, is there and is not recused.
    (Voting, Three, true),
    (Observer, Three, false),
    (Conditional, Three, false),
    (Part::Deputy, Three, true),
    (Recused, Three, false),
    (Absent, Three, false),
    (Voting, Municipality, true),
    (Observer, Municipality, false),
    (Conditional, Municipality, false),
    (Part::Deputy, Municipality, true),
    (Recused, Municipality, false),
    (Absent, Municipality, false),
];

/// What becomes of the vote: whether the seat gets one in, the seats that are eligible, votes not cast, and the outcome.
type Voted = (Result<(), RefusalCode>, u32, u32, MotionOutcome);

const VOTES: &[(Part, Quorum, Voted)] = &[
    // Two for and one against, or two for: the motion is carried.
    (Voting, Two, (Ok(()), 3, 0, MotionOutcome::Carried)),
    (Observer, Two, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::Carried)),
    (Conditional, Two, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::Carried)),
    (Part::Deputy, Two, (Ok(()), 3, 0, MotionOutcome::Carried)),
    // A recused seat is not among the eligible ones; an absent one is, and has not cast its vote.
    (Recused, Two, (Err(RefusalCode::Recused), 2, 0, MotionOutcome::Carried)),
    (Absent, Two, (Ok(()), 3, 1, MotionOutcome::Carried)),
    (Voting, Three, (Ok(()), 3, 0, MotionOutcome::Carried)),
    (Observer, Three, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::NoQuorum)),
    (Conditional, Three, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::NoQuorum)),
    (Part::Deputy, Three, (Ok(()), 3, 0, MotionOutcome::Carried)),
    (Recused, Three, (Err(RefusalCode::Recused), 2, 0, MotionOutcome::NoQuorum)),
    (Absent, Three, (Ok(()), 3, 1, MotionOutcome::NoQuorum)),
    (Voting, Municipality, (Ok(()), 3, 0, MotionOutcome::Carried)),
    (Observer, Municipality, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::NoQuorum)),
    (Conditional, Municipality, (Err(RefusalCode::NotOnRoster), 2, 0, MotionOutcome::NoQuorum)),
    (Part::Deputy, Municipality, (Ok(()), 3, 0, MotionOutcome::Carried)),
    (Recused, Municipality, (Err(RefusalCode::Recused), 2, 0, MotionOutcome::NoQuorum)),
    (Absent, Municipality, (Ok(()), 3, 1, MotionOutcome::NoQuorum)),
];

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn now() -> Timestamp {
    "2020-05-19T08:00:00Z".parse().unwrap()
}

fn forum(quorum: Quorum) -> Forum {
    let by_kind = KindQuorum { organisation_kind: OrganisationKind::Municipality, seats: 1 };
    Forum {
        id: id(50),
        office_id: id(60),
        name: LocalText::same("Forum"),
        short_name: LocalText::same("forum"),
        quorum_seats: if quorum == Three { 3 } else { 2 },
        quorum_by_kind: if quorum == Municipality { vec![by_kind] } else { Vec::new() },
        disclosure: Disclosure::Secret,
        reminder_hours: None,
        chair_id: id(CHAIR),
        deputy_chair_id: None,
        version: 1,
    }
}

fn seats(part: Part) -> Vec<Seat> {
    let vote_right = match part {
        Observer => VoteRight::Observer,
        Conditional => VoteRight::Conditional,
        _ => VoteRight::Voting,
    };
    let seat = |n: u128, organisation_kind, vote_right, deputy_id| Seat {
        id: id(n),
        forum_id: id(50),
        label: LocalText::same("plass"),
        organisation_kind,
        organisation_id: None,
        vote_right,
        member_id: id(n),
        deputy_id,
        term_from: "2020-01-01".parse().unwrap(),
        term_to: "2023-12-31".parse().unwrap(),
        version: 1,
    };
    let deputy = (part == Part::Deputy).then(|| id(DEPUTY));
    vec![
        seat(MEMBER, OrganisationKind::Municipality, vote_right, deputy),
        seat(2, OrganisationKind::KindergartenOwner, VoteRight::Voting, None),
        seat(3, OrganisationKind::KindergartenOwner, VoteRight::Voting, None),
    ]
}

fn meeting(part: Part) -> Meeting {
    let present = |seat: u128, person: u128| Attendance { seat_id: id(seat), person_id: id(person) };
    let mut attendance = vec![present(2, 2), present(3, 3)];
    match part {
        Absent => {}
        Part::Deputy => attendance.push(present(MEMBER, DEPUTY)),
        _ => attendance.push(present(MEMBER, MEMBER)),
    }
    Meeting {
        id: id(70),
        forum_id: id(50),
        starts_at: now(),
        place: "Sandnes".to_owned(),
        state: MeetingState::Planned,
        agenda: vec![AgendaItem {
            id: id(ITEM),
            number: 1,
            title: "Sak".to_owned(),
            round_id: None,
            application_id: Some(id(APPLICATION)),
            renewals: None,
            called_in: vec![id(MEMBER)],
            agreement: None,
        }],
        attendance,
        current_item_id: None,
        minutes_number: 0,
        version: 1,
    }
}

fn recusals(part: Part) -> Vec<Recusal> {
    let recusal = Recusal {
        id: id(80),
        person_id: id(MEMBER),
        application_id: id(APPLICATION),
        ground: RecusalGround::Party,
        explanation: "Ansatt".to_owned(),
        recorded_by: id(MEMBER),
        found: false,
        state: RecusalState::Declared,
        ruling_reason: None,
        ruled_by: None,
        ruled_at: None,
        version: 1,
    };
    if part == Recused { vec![recusal] } else { Vec::new() }
}

fn actor(person: u128, role: Role) -> Actor {
    Actor { person_id: Some(id(person)), role, office_id: None, organisation_id: None }
}

fn ballot(part: Part, forum: &Forum) -> Ballot {
    let voting = seats(part).into_iter().filter(|seat| seat.vote_right == VoteRight::Voting);
    Ballot {
        id: id(90),
        forum_id: forum.id,
        meeting_id: id(70),
        agenda_item_id: id(ITEM),
        round_id: None,
        application_id: Some(id(APPLICATION)),
        title: "Votering".to_owned(),
        rules: BallotRules {
            matter: BallotMatter::Motion {
                text: "Ja?".to_owned(),
                application_id: Some(id::<ApplicationId>(APPLICATION)),
                majority: Majority::Simple,
            },
            roster: voting.map(|seat| seat.id).collect(),
            quorum_seats: forum.quorum_seats,
            quorum_by_kind: forum.quorum_by_kind.clone(),
            disclosure: Disclosure::Secret,
            tie_chain: TieChain::default(),
            closes_at: None,
        },
        state: BallotState::Open,
        frozen: false,
        count: None,
        tally: None,
        annulment_reason: None,
        version: 1,
    }
}

fn cast(
    ballot: &mut Ballot,
    part: Part,
    seat: usize,
    who: u128,
    choice: MotionVote,
) -> Result<Vote, RefusalCode> {
    let seats = seats(part);
    let content = VoteContent::Motion { choice };
    let new = NewVote { seat: &seats[seat], content, previous: None, nonce: "00".to_owned() };
    let actor = actor(who, Role::Member);
    ballot
        .cast(new, &meeting(part), &recusals(part), &actor, now())
        .map(|(vote, _)| vote)
        .map_err(|refusal| refusal.code)
}

#[test]
fn a_forum_agrees_where_enough_voting_seats_are_present_and_not_recused() {
    for (part, quorum, expected) in AGREEMENTS {
        let (forum, mut meeting) = (forum(*quorum), meeting(*part));
        let (seats, recusals) = (seats(*part), recusals(*part));
        let recorded = meeting.record_agreement(
            (&forum, &seats, &recusals),
            &actor(CHAIR, Role::Chair),
            now(),
            id(ITEM),
            (AgreementOutcome::Agreed, None),
        );
        match recorded {
            Ok(_) => assert!(expected, "{part:?} {quorum:?}"),
            Err(refusal) => {
                assert_eq!(
                    (*expected, refusal.code),
                    (false, RefusalCode::QuorumNotMet),
                    "{part:?} {quorum:?}"
                );
            }
        }
        // That the forum did not agree can always be recorded: then it votes.
        let mut meeting = self::meeting(*part);
        let outcome = (AgreementOutcome::NotAgreed, None);
        meeting
            .record_agreement(
                (&forum, &seats, &recusals),
                &actor(CHAIR, Role::Chair),
                now(),
                id(ITEM),
                outcome,
            )
            .unwrap();
    }
}

#[test]
fn a_vote_counts_the_seats_that_are_not_recused() {
    for (part, quorum, (gets_in, eligible, not_cast, outcome)) in VOTES {
        let told = format!("{part:?} {quorum:?}");
        let forum = forum(*quorum);
        let mut ballot = ballot(*part, &forum);
        let mut votes = Vec::new();
        for (seat, who) in [(1, 2), (2, 3)] {
            votes.push(cast(&mut ballot, *part, seat, who, MotionVote::For).unwrap());
        }
        let who = if *part == Part::Deputy { DEPUTY } else { MEMBER };
        if *part != Absent {
            let vote = cast(&mut ballot, *part, 0, who, MotionVote::Against);
            assert_eq!(vote.as_ref().map(|_| ()).map_err(|code| *code), *gets_in, "{told}");
            votes.extend(vote);
        }
        ballot.state = BallotState::Closed;
        ballot.count(&votes, (&meeting(*part), &seats(*part), &recusals(*part))).unwrap();
        let Some(BallotCount::Motion(count)) = &ballot.count else { panic!("{told}: no count") };
        assert_eq!(
            (count.eligible, count.not_cast, count.outcome),
            (*eligible, *not_cast, *outcome),
            "{told}"
        );
        // Counting again changes nothing, however often it is done.
        for _ in 0..2 {
            assert!(ballot.recount(&votes).unwrap(), "{told}");
        }
    }
}

#[test]
fn the_tables_leave_nothing_out() {
    let parts = [Voting, Observer, Conditional, Part::Deputy, Recused, Absent];
    for part in parts {
        for quorum in [Two, Three, Municipality] {
            assert_eq!(AGREEMENTS.iter().filter(|row| (row.0, row.1) == (part, quorum)).count(), 1);
            assert_eq!(VOTES.iter().filter(|row| (row.0, row.1) == (part, quorum)).count(), 1);
        }
    }
}

/// The member has an interest that the deputy has not: the deputy takes the seat for the item, though the member is present.
#[test]
fn a_deputy_without_the_same_interest_takes_the_seat() {
    let forum = forum(Three);
    let mut ballot = ballot(Part::Deputy, &forum);
    let mut meeting = meeting(Voting);
    let seats = seats(Part::Deputy);
    let mut interests = recusals(Recused);
    let content = VoteContent::Motion { choice: MotionVote::For };
    let vote = |ballot: &mut Ballot, meeting: &Meeting, who: u128, interests: &[Recusal]| {
        let new = NewVote { seat: &seats[0], content: content.clone(), previous: None, nonce: String::new() };
        let cast = ballot.cast(new, meeting, interests, &actor(who, Role::Member), now());
        cast.map(|(vote, _)| vote.person_id).map_err(|refusal| refusal.code)
    };
    assert_eq!(vote(&mut ballot, &meeting, MEMBER, &interests), Err(RefusalCode::Recused));
    assert_eq!(vote(&mut ballot, &meeting, DEPUTY, &interests), Ok(id::<PersonId>(DEPUTY)));
    // Without the interest the member votes, and the deputy only when recorded as present in the member's place.
    assert_eq!(vote(&mut ballot, &meeting, DEPUTY, &[]), Err(RefusalCode::SeatHeldByAnother));
    meeting.attendance = vec![Attendance { seat_id: id(MEMBER), person_id: id(DEPUTY) }];
    assert_eq!(vote(&mut ballot, &meeting, DEPUTY, &[]), Ok(id::<PersonId>(DEPUTY)));
    assert_eq!(vote(&mut ballot, &meeting, MEMBER, &[]), Err(RefusalCode::SeatHeldByAnother));
    // With the same interest the deputy has no vote, either.
    interests.push(Recusal { id: id(81), person_id: id(DEPUTY), ..interests[0].clone() });
    assert_eq!(vote(&mut ballot, &meeting, DEPUTY, &interests), Err(RefusalCode::Recused));
}

/// Who voted and was found to have an interest afterwards has not voted.
#[test]
fn a_vote_of_somebody_who_is_recused_later_is_not_counted() {
    let forum = forum(Two);
    let mut ballot = ballot(Voting, &forum);
    let against = cast(&mut ballot, Voting, 0, MEMBER, MotionVote::Against).unwrap();
    let one_for = cast(&mut ballot, Voting, 1, 2, MotionVote::For).unwrap();
    ballot.state = BallotState::Closed;
    let votes = [against, one_for];
    ballot.count(&votes, (&meeting(Voting), &seats(Voting), &recusals(Recused))).unwrap();
    let Some(BallotCount::Motion(count)) = &ballot.count else { panic!("no count") };
    assert_eq!((count.for_, count.against, count.eligible, count.not_cast), (1, 0, 2, 1));
    assert_eq!(count.outcome, MotionOutcome::NoQuorum);
    assert!(ballot.recount(&votes).unwrap());
    // The control: a vote that is not the one that was counted shows.
    let other = Vote { content: VoteContent::Motion { choice: MotionVote::Against }, ..votes[1].clone() };
    assert!(!ballot.recount(&[votes[0].clone(), other]).unwrap());
}
