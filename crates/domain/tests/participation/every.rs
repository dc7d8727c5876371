//! Every combination: vote right × who sits there × whether there is a deputy × who is recused × whether the seat votes × quorum ×
//! kind of ballot. Who holds the vote is written out by hand; the rest follows from it by the rules of the house:
//! observers and conditional seats never count, whoever is recused counts nowhere, and what a quorum asks for stays.

use tildel_domain::allocation::Nok;
use tildel_domain::ballot::{
    AllotmentMethod, ApprovalMethod, Ballot, BallotCount, BallotMatter, BallotState, Budget, Criterion,
    NewVote, OptionCost, OptionPoints, OptionScores, RankingMethod, ScoreMethod, Vote, VoteContent,
};
use tildel_domain::forum::{Seat, VoteRight};
use tildel_domain::id::ApplicationId;
use tildel_domain::meeting::{AgreementOutcome, Attendance, Meeting};
use tildel_domain::recusal::Recusal;
use tildel_domain::voting::{
    BudgetRule, Majority, MotionOutcome, MotionVote, Satisfaction, TieChain, TieLink,
};
use tildel_domain::{RefusalCode, Role};

use super::Quorum::{Municipality, Three, Two};
use super::{APPLICATION, CHAIR, DEPUTY, ITEM, MEMBER, Part, Quorum, actor, forum, id, now};

/// Another application, on which nobody is recused.
const OTHER: u128 = 31;

/// Who is recorded as present on the seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sits {
    Member,
    Deputy,
    Nobody,
}

/// Who is recused on the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    None,
    Member,
    Deputy,
    Both,
}

/// Who holds the vote of a seat: by who is recorded as present, who is recused, and whether there is a deputy.
const HOLDERS: &[(Sits, Kept, bool, Option<u128>)] = &[
    (Sits::Member, Kept::None, true, Some(MEMBER)),
    // The deputy without the interest takes the seat, though the member is present.
    (Sits::Member, Kept::Member, true, Some(DEPUTY)),
    (Sits::Member, Kept::Deputy, true, Some(MEMBER)),
    (Sits::Member, Kept::Both, true, None),
    // The deputy was recorded in the member's place, so the member has left it to the deputy.
    (Sits::Deputy, Kept::None, true, Some(DEPUTY)),
    (Sits::Deputy, Kept::Member, true, Some(DEPUTY)),
    (Sits::Deputy, Kept::Deputy, true, None),
    (Sits::Deputy, Kept::Both, true, None),
    // Ballots may run for days: who is not recorded votes all the same.
    (Sits::Nobody, Kept::None, true, Some(MEMBER)),
    (Sits::Nobody, Kept::Member, true, Some(DEPUTY)),
    (Sits::Nobody, Kept::Deputy, true, Some(MEMBER)),
    (Sits::Nobody, Kept::Both, true, None),
    (Sits::Member, Kept::None, false, Some(MEMBER)),
    (Sits::Member, Kept::Member, false, None),
    (Sits::Nobody, Kept::None, false, Some(MEMBER)),
    (Sits::Nobody, Kept::Member, false, None),
];

const RIGHTS: [VoteRight; 3] = [VoteRight::Voting, VoteRight::Observer, VoteRight::Conditional];
const QUORUMS: [Quorum; 3] = [Two, Three, Municipality];
/// Kinds and methods; the order is that of [`matter`].
const KINDS: [&str; 10] = [
    "motion",
    "borda",
    "schulze",
    "approval",
    "score",
    "allotment",
    "approval budget",
    "ranking budget",
    "score budget",
    "allotment budget",
];

fn seats(right: VoteRight, has_deputy: bool) -> Vec<Seat> {
    let mut seats = super::seats(if has_deputy { Part::Deputy } else { Part::Voting });
    seats[0].vote_right = right;
    seats
}

fn meeting(sits: Sits) -> Meeting {
    let mut meeting = super::meeting(Part::Absent);
    let person = match sits {
        Sits::Member => Some(MEMBER),
        Sits::Deputy => Some(DEPUTY),
        Sits::Nobody => None,
    };
    meeting.attendance.extend(person.map(|person| Attendance { seat_id: id(MEMBER), person_id: id(person) }));
    meeting
}

fn recusals(kept: Kept) -> Vec<Recusal> {
    let of = |number: u128, person: u128| {
        let [one] = super::recusals(Part::Recused).try_into().unwrap();
        Recusal { id: id(number), person_id: id(person), ..one }
    };
    match kept {
        Kept::None => vec![],
        Kept::Member => vec![of(80, MEMBER)],
        Kept::Deputy => vec![of(81, DEPUTY)],
        Kept::Both => vec![of(80, MEMBER), of(81, DEPUTY)],
    }
}

/// Two applications of 60 kroner each, and 100 kroner: there is money for one of them.
pub(super) fn budget(satisfaction: Satisfaction) -> Budget {
    let kroner = |kroner| Nok::from_kroner(kroner).unwrap();
    let cost = |application: u128| OptionCost { application_id: id(application), cost: kroner(60) };
    Budget {
        rule: BudgetRule::Greedy { satisfaction },
        amount: Some(kroner(100)),
        add1_step: None,
        frame: None,
        costs: vec![cost(APPLICATION), cost(OTHER)],
    }
}

fn matter(kind: &str) -> BallotMatter {
    let options: Vec<ApplicationId> = vec![id(APPLICATION), id(OTHER)];
    let criteria = vec![Criterion { name: "Behov".to_owned(), weight: 1 }];
    let score = |method| BallotMatter::Score { options: options.clone(), criteria, most: 5, method };
    match kind {
        "motion" => BallotMatter::Motion {
            text: "Ja?".to_owned(),
            application_id: Some(id(APPLICATION)),
            majority: Majority::Simple,
        },
        "borda" => BallotMatter::Ranking { options, method: RankingMethod::Borda },
        "schulze" => BallotMatter::Ranking { options, method: RankingMethod::Schulze },
        "approval" => BallotMatter::Approval { options, method: ApprovalMethod::Count },
        "score" => score(ScoreMethod::Mean),
        "allotment" => BallotMatter::Allotment { options, points: 10, method: AllotmentMethod::Mean },
        "approval budget" => {
            BallotMatter::Approval { options, method: ApprovalMethod::Budget(budget(Satisfaction::Cost)) }
        }
        "ranking budget" => {
            BallotMatter::Ranking { options, method: RankingMethod::Budget(budget(Satisfaction::Borda)) }
        }
        "score budget" => score(ScoreMethod::Budget(budget(Satisfaction::Points))),
        "allotment budget" => {
            let method = AllotmentMethod::Budget(budget(Satisfaction::Points));
            BallotMatter::Allotment { options, points: 10, method }
        }
        _ => panic!("{kind}"),
    }
}

/// A vote for the first application, or for the other one.
fn content(matter: &BallotMatter, is_for: bool) -> VoteContent {
    let (first, second) = if is_for { (APPLICATION, OTHER) } else { (OTHER, APPLICATION) };
    let (best, rest) = (id(first), id(second));
    match matter {
        BallotMatter::Motion { .. } => {
            VoteContent::Motion { choice: if is_for { MotionVote::For } else { MotionVote::Against } }
        }
        BallotMatter::Ranking { .. } => VoteContent::Ranking { order: vec![best, rest] },
        BallotMatter::Approval { .. } => VoteContent::Approval { approved: vec![best] },
        BallotMatter::Score { .. } => VoteContent::Score {
            scores: vec![
                OptionScores { application_id: best, scores: vec![5] },
                OptionScores { application_id: rest, scores: vec![1] },
            ],
        },
        BallotMatter::Allotment { .. } => {
            VoteContent::Allotment { points: vec![OptionPoints { application_id: best, points: 10 }] }
        }
    }
}

fn ballot(kind: &str, quorum: Quorum, right: VoteRight) -> Ballot {
    let forum = forum(quorum);
    let mut ballot = super::ballot(Part::Voting, &forum);
    ballot.rules.matter = matter(kind);
    ballot.rules.tie_chain = TieChain(vec![TieLink::Lexicographic]);
    if right != VoteRight::Voting {
        // Only voting seats are on a roster.
        ballot.rules.roster.retain(|seat| *seat != id(MEMBER));
    }
    ballot
}

/// What a count says, however it says it: votes, whether there was a quorum, and whether the first application came first.
fn outcome(count: &BallotCount) -> (u64, bool, Option<bool>) {
    let first = id::<ApplicationId>(APPLICATION).to_string();
    let top = |order: &[tildel_domain::voting::Place]| order.first().map(|place| place.option == first);
    match count {
        BallotCount::Motion(count) => {
            let cast = count.for_ + count.against + count.abstain;
            let carried = count.outcome == MotionOutcome::Carried;
            (cast.into(), count.quorum_met, count.quorum_met.then_some(carried))
        }
        BallotCount::Ranking(count) => (count.ballots.into(), count.quorum_met, top(&count.order)),
        BallotCount::Approval(count) | BallotCount::Allotment(count) => {
            (count.ballots.into(), count.quorum_met, top(&count.order))
        }
        BallotCount::Score(count) => (count.all.ballots.into(), count.all.quorum_met, top(&count.all.order)),
        BallotCount::Budget(outcome) => {
            let winners = &outcome.count.winners;
            assert!(winners.len() <= 1, "there is money for one");
            (outcome.count.ballots, outcome.quorum_met, winners.first().map(|winner| *winner == first))
        }
    }
}

fn is_met(quorum: Quorum, third_counts: bool) -> bool {
    quorum == Two || third_counts
}

#[test]
fn the_table_of_holders_leaves_nothing_out() {
    for kept in [Kept::None, Kept::Member, Kept::Deputy, Kept::Both] {
        for sits in [Sits::Member, Sits::Deputy, Sits::Nobody] {
            for has_deputy in [true, false] {
                let is_possible =
                    has_deputy || (sits != Sits::Deputy && matches!(kept, Kept::None | Kept::Member));
                let rows = HOLDERS.iter().filter(|row| (row.0, row.1, row.2) == (sits, kept, has_deputy));
                assert_eq!(rows.count(), usize::from(is_possible), "{sits:?} {kept:?} {has_deputy}");
            }
        }
    }
}

#[test]
fn every_way_to_take_part_in_an_agreement() {
    let mut tried = 0;
    for right in RIGHTS {
        for (sits, kept, has_deputy, holder) in HOLDERS {
            for quorum in QUORUMS {
                // Whoever is there has to be who holds the vote.
                let present = match sits {
                    Sits::Member => Some(MEMBER),
                    Sits::Deputy => Some(DEPUTY),
                    Sits::Nobody => None,
                };
                let counts = right == VoteRight::Voting && holder.is_some() && present == *holder;
                let expected = is_met(quorum, counts);
                let mut meeting = meeting(*sits);
                let recorded = meeting.record_agreement(
                    (&forum(quorum), &seats(right, *has_deputy), &recusals(*kept)),
                    &actor(CHAIR, Role::Chair),
                    now(),
                    id(ITEM),
                    (AgreementOutcome::Agreed, None),
                );
                let told = format!("{right:?} {sits:?} {kept:?} {has_deputy} {quorum:?}");
                let refused = if expected { None } else { Some(RefusalCode::QuorumNotMet) };
                assert_eq!(recorded.err().map(|refusal| refusal.code), refused, "{told}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 3 * 16 * 3);
}

/// Whether a person is refused a vote, and why.
fn refusal(right: VoteRight, kept: Kept, holder: Option<u128>, person: u128) -> Option<RefusalCode> {
    let is_recused = match kept {
        Kept::None => false,
        Kept::Member => person == MEMBER,
        Kept::Deputy => person == DEPUTY,
        Kept::Both => true,
    };
    match holder {
        _ if right != VoteRight::Voting => Some(RefusalCode::NotOnRoster),
        _ if is_recused => Some(RefusalCode::Recused),
        Some(holder) if holder == person => None,
        _ => Some(RefusalCode::SeatHeldByAnother),
    }
}

#[test]
fn every_way_to_take_part_in_a_vote_of_every_kind() {
    let mut tried = 0;
    for right in RIGHTS {
        for (sits, kept, has_deputy, holder) in HOLDERS {
            for quorum in QUORUMS {
                for kind in KINDS {
                    for votes in [true, false] {
                        let told =
                            format!("{kind}: {right:?} {sits:?} {kept:?} {has_deputy} {quorum:?} {votes}");
                        let (seats, meeting, interests) =
                            (seats(right, *has_deputy), meeting(*sits), recusals(*kept));
                        let mut ballot = ballot(kind, quorum, right);
                        let matter = ballot.rules.matter.clone();
                        let cast = |ballot: &mut Ballot, seat: usize, person: u128, is_for: bool| {
                            let content = content(&matter, is_for);
                            let nonce = String::new();
                            let new = NewVote { seat: &seats[seat], content, previous: None, nonce };
                            let who = actor(person, Role::Member);
                            ballot
                                .cast(new, &meeting, &interests, &who, now())
                                .map(|(vote, _)| vote)
                                .map_err(|refusal| refusal.code)
                        };
                        let mut stand: Vec<Vote> = vec![
                            cast(&mut ballot, 1, 2, true).unwrap(),
                            cast(&mut ballot, 2, 3, true).unwrap(),
                        ];
                        let people = if *has_deputy { vec![MEMBER, DEPUTY] } else { vec![MEMBER] };
                        for person in people.into_iter().filter(|_| votes) {
                            let vote = cast(&mut ballot, 0, person, false);
                            let code = vote.as_ref().err().copied();
                            assert_eq!(code, refusal(right, *kept, *holder, person), "{told}: {person}");
                            stand.extend(vote);
                        }
                        ballot.state = BallotState::Closed;
                        ballot.count(&stand, (&meeting, &seats, &interests)).unwrap();
                        let may = right == VoteRight::Voting && holder.is_some();
                        let cast = if may && votes { 3 } else { 2 };
                        let met = is_met(quorum, may && votes);
                        // Two of two or two of three are for the first application.
                        let expected = (cast, met, met.then_some(true));
                        assert_eq!(outcome(ballot.count.as_ref().unwrap()), expected, "{told}");
                        let tally = ballot.tally.as_ref().unwrap();
                        assert_eq!(tally.eligible(), if may { 3 } else { 2 }, "{told}");
                        assert!(ballot.recount(&stand).unwrap(), "{told}");
                        // The control: another vote than the one that was counted shows, where it is counted.
                        if met {
                            stand[0].content = content(&matter, false);
                            assert!(!ballot.recount(&stand).unwrap(), "{told}");
                        }
                        tried += 1;
                    }
                }
            }
        }
    }
    assert_eq!(tried, 3 * 16 * 3 * 10 * 2);
}
