//! Recusal on single applications in every kind of ballot, and votes that do not fit, worked out by hand.
//!
//! Two applications, A and B. The first voter is recused on A; the two others are not.

use tildel_domain::RefusalCode::{InvalidVote, Recused, ScoreOffScale, ScoresIncomplete, TooManyPoints};
use tildel_domain::ballot::{
    AllotmentMethod, ApprovalMethod, Ballot, BallotCount, BallotMatter, BallotState, Criterion, NewVote,
    OptionPoints, OptionScores, RankingMethod, ScoreMethod, Vote, VoteContent,
};
use tildel_domain::id::ApplicationId;
use tildel_domain::recusal::Recusal;
use tildel_domain::voting::{MeanCount, Satisfaction, TieChain, TieLink};
use tildel_domain::{Refusal, Role};

use super::every::budget;
use super::{APPLICATION, MEMBER, Part, Quorum, actor, forum, id, meeting, now, recusals, seats};

pub(super) const A: u128 = APPLICATION;
pub(super) const B: u128 = 31;

pub(super) fn options() -> Vec<ApplicationId> {
    vec![id(A), id(B)]
}

/// An open ballot on both applications, on an item that is about neither.
pub(super) fn ballot(matter: BallotMatter) -> Ballot {
    let mut ballot = super::ballot(Part::Voting, &forum(Quorum::Two));
    ballot.application_id = None;
    ballot.rules.matter = matter;
    ballot.rules.tie_chain = TieChain(vec![TieLink::Lexicographic]);
    ballot
}

pub(super) fn cast(
    ballot: &mut Ballot,
    voter: u128,
    content: VoteContent,
    interests: &[Recusal],
) -> Result<Vote, Refusal> {
    let seats = seats(Part::Voting);
    let seat = seats.iter().find(|seat| seat.id == id(voter)).unwrap();
    let new = NewVote { seat, content, previous: None, nonce: "00".to_owned() };
    let who = actor(voter, Role::Member);
    ballot.cast(new, &meeting(Part::Voting), interests, &who, now()).map(|(vote, _)| vote)
}

/// Casts the votes, of which the first is the recused voter's, and counts. With `late` the interest is found after the voting.
pub(super) fn count(
    matter: &BallotMatter,
    votes: [VoteContent; 3],
    (before, after): (Part, Part),
) -> (Ballot, Vec<Vote>) {
    let mut ballot = ballot(matter.clone());
    let people = [MEMBER, 2, 3];
    let votes: Vec<_> = people
        .into_iter()
        .zip(votes)
        .map(|(voter, content)| cast(&mut ballot, voter, content, &recusals(before)).unwrap())
        .collect();
    ballot.state = BallotState::Closed;
    ballot.count(&votes, (&meeting(Part::Voting), &seats(Part::Voting), &recusals(after))).unwrap();
    assert!(ballot.recount(&votes).unwrap());
    (ballot, votes)
}

/// The interest is known before the voter votes.
pub(super) const KNOWN: (Part, Part) = (Part::Recused, Part::Recused);
/// It is found after the vote.
const LATE: (Part, Part) = (Part::Voting, Part::Recused);
/// It is ruled out after the vote.
const LIFTED: (Part, Part) = (Part::Recused, Part::Voting);
/// There is none.
const NONE: (Part, Part) = (Part::Voting, Part::Voting);

/// Sum, seats and mean of A and of B, and whether A is first.
type Means = ([(String, u32, String); 2], bool);

fn means(count: &MeanCount) -> Means {
    let of = |application: u128| {
        let text = id::<ApplicationId>(application).to_string();
        let round = count.rounds.iter().find(|round| round.option == text).unwrap();
        (round.sum.clone(), round.seats, round.mean.clone().unwrap())
    };
    ([of(A), of(B)], count.order[0].option == id::<ApplicationId>(A).to_string())
}

fn expected(rows: [(&str, u32, &str); 2], a_is_first: bool) -> Means {
    (rows.map(|(sum, seats, mean)| (sum.to_owned(), seats, mean.to_owned())), a_is_first)
}

pub(super) fn approve(ids: &[u128]) -> VoteContent {
    VoteContent::Approval { approved: ids.iter().map(|n| id(*n)).collect() }
}

pub(super) fn allot(points: &[(u128, u32)]) -> VoteContent {
    let given = points.iter().map(|(n, points)| OptionPoints { application_id: id(*n), points: *points });
    VoteContent::Allotment { points: given.collect() }
}

pub(super) fn score(scores: &[(u128, &[u32])]) -> VoteContent {
    let given =
        scores.iter().map(|(n, scores)| OptionScores { application_id: id(*n), scores: scores.to_vec() });
    VoteContent::Score { scores: given.collect() }
}

pub(super) fn rank(ids: &[u128]) -> VoteContent {
    VoteContent::Ranking { order: ids.iter().map(|n| id(*n)).collect() }
}

/// A is approved by both who may speak of it: 2/2. B by two of three. Without the interest A has 2/3, as B has.
#[test]
fn approvals() {
    let matter = BallotMatter::Approval { options: options(), method: ApprovalMethod::Count };
    let votes = || [approve(&[B]), approve(&[A]), approve(&[A, B])];
    for when in [KNOWN, LATE, LIFTED] {
        let (ballot, _) = count(&matter, votes(), when);
        let Some(BallotCount::Approval(counted)) = &ballot.count else { panic!("no count") };
        assert_eq!(means(counted), expected([("2", 2, "1"), ("2", 3, "2/3")], true), "{when:?}");
        assert!(counted.ties.is_empty());
    }
    let (ballot, _) = count(&matter, votes(), NONE);
    let Some(BallotCount::Approval(counted)) = &ballot.count else { panic!("no count") };
    assert_eq!(means(counted), expected([("2", 3, "2/3"), ("2", 3, "2/3")], true));
    assert_eq!(counted.ties.len(), 1);
    // What the voter approved before the interest was found is not counted.
    let (ballot, _) = count(&matter, [approve(&[A]), approve(&[B]), approve(&[B])], LATE);
    let Some(BallotCount::Approval(counted)) = &ballot.count else { panic!("no count") };
    assert_eq!(means(counted), expected([("0", 2, "0"), ("2", 3, "2/3")], false));
}

/// Need weighs 2, quality 1. A: (2·5 + 3)/3 = 13/3 and (2·4 + 4)/3 = 4, together 25/3 over two. B: 2, 2 and 5, together 9 over
/// three. On need alone A has 9 over two, B 1 + 2 + 5 = 8 over three; on quality A has 7 over two, B 4 + 2 + 5 = 11 over three.
#[test]
fn scores() {
    let criterion = |name: &str, weight| Criterion { name: name.to_owned(), weight };
    let criteria = vec![criterion("Behov", 2), criterion("Kvalitet", 1)];
    let matter = BallotMatter::Score { options: options(), criteria, most: 5, method: ScoreMethod::Mean };
    let others = || (score(&[(A, &[5, 3]), (B, &[1, 4])]), score(&[(A, &[4, 4]), (B, &[2, 2])]));
    let first = |when| match when {
        LATE => score(&[(A, &[0, 0]), (B, &[5, 5])]),
        _ => score(&[(B, &[5, 5])]),
    };
    for when in [KNOWN, LATE, LIFTED] {
        let (second, third) = others();
        let (ballot, _) = count(&matter, [first(when), second, third], when);
        let Some(BallotCount::Score(counted)) = &ballot.count else { panic!("no count") };
        assert_eq!(means(&counted.all), expected([("25/3", 2, "25/6"), ("9", 3, "3")], true), "{when:?}");
        let on = |number: usize| {
            let named: &tildel_domain::ballot::CriterionCount = &counted.criteria[number];
            let means = named.means.iter().map(|mean| mean.mean.clone().unwrap()).collect::<Vec<_>>();
            (named.name.clone(), means)
        };
        assert_eq!(on(0), ("Behov".to_owned(), vec!["9/2".to_owned(), "8/3".to_owned()]));
        assert_eq!(on(1), ("Kvalitet".to_owned(), vec!["7/2".to_owned(), "11/3".to_owned()]));
    }
    // Without the interest the zeros of the first voter count: A has 25/3 over three, and B is first.
    let (second, third) = others();
    let votes = [score(&[(A, &[0, 0]), (B, &[5, 5])]), second, third];
    let (ballot, _) = count(&matter, votes, NONE);
    let Some(BallotCount::Score(counted)) = &ballot.count else { panic!("no count") };
    assert_eq!(means(&counted.all), expected([("25/3", 3, "25/9"), ("9", 3, "3")], false));
}

/// Of ten points A gets 6 and 3 from the two who may give it any, B gets 4, 7 and 10 from all three.
#[test]
fn points() {
    let matter = BallotMatter::Allotment { options: options(), points: 10, method: AllotmentMethod::Mean };
    let votes = |first| [first, allot(&[(A, 6), (B, 4)]), allot(&[(A, 3), (B, 7)])];
    for when in [KNOWN, LIFTED] {
        let (ballot, _) = count(&matter, votes(allot(&[(B, 10)])), when);
        let Some(BallotCount::Allotment(counted)) = &ballot.count else { panic!("no count") };
        assert_eq!(means(counted), expected([("9", 2, "9/2"), ("21", 3, "7")], false), "{when:?}");
    }
    // Points that were given before the interest was found are lost; they do not go to B.
    let (ballot, _) = count(&matter, votes(allot(&[(A, 8), (B, 2)])), LATE);
    let Some(BallotCount::Allotment(counted)) = &ballot.count else { panic!("no count") };
    assert_eq!(means(counted), expected([("9", 2, "9/2"), ("13", 3, "13/3")], true));
    let (ballot, _) = count(&matter, votes(allot(&[(A, 8), (B, 2)])), NONE);
    let Some(BallotCount::Allotment(counted)) = &ballot.count else { panic!("no count") };
    assert_eq!(means(counted), expected([("17", 3, "17/3"), ("13", 3, "13/3")], true));
}

/// What each vote that does not fit is refused with, and where.
#[test]
fn votes_that_do_not_fit_are_refused_at_their_place() {
    let criterion = |name: &str| Criterion { name: name.to_owned(), weight: 1 };
    let criteria = vec![criterion("Behov"), criterion("Kvalitet")];
    let approval = BallotMatter::Approval { options: options(), method: ApprovalMethod::Count };
    let scores = BallotMatter::Score { options: options(), criteria, most: 5, method: ScoreMethod::Mean };
    let points = BallotMatter::Allotment { options: options(), points: 10, method: AllotmentMethod::Mean };
    let ranking = BallotMatter::Ranking { options: options(), method: RankingMethod::Borda };
    let method = RankingMethod::Budget(budget(Satisfaction::Borda));
    let by_budget = BallotMatter::Ranking { options: options(), method };
    let strange = 99;
    let refused = [
        (&approval, approve(&[B, strange]), InvalidVote, "/content/approved/1"),
        (&approval, approve(&[B, B]), InvalidVote, "/content/approved/1"),
        (&approval, approve(&[A]), Recused, "/content/approved/0"),
        (&approval, rank(&[B]), InvalidVote, "/content/kind"),
        (&scores, score(&[(strange, &[1, 1])]), InvalidVote, "/content/scores/0/applicationId"),
        (&scores, score(&[(B, &[1, 1]), (B, &[1, 1])]), InvalidVote, "/content/scores/1/applicationId"),
        (&scores, score(&[(B, &[1, 1]), (A, &[1, 1])]), Recused, "/content/scores/1/applicationId"),
        (&scores, score(&[(B, &[5, 6])]), ScoreOffScale, "/content/scores/0/scores/1"),
        (&scores, score(&[(B, &[5])]), ScoresIncomplete, "/content/scores/0/scores"),
        (&scores, score(&[]), ScoresIncomplete, "/content/scores"),
        (&points, allot(&[(strange, 1)]), InvalidVote, "/content/points/0/applicationId"),
        (&points, allot(&[(B, 1), (B, 1)]), InvalidVote, "/content/points/1/applicationId"),
        (&points, allot(&[(A, 1)]), Recused, "/content/points/0/applicationId"),
        (&points, allot(&[(B, 11)]), TooManyPoints, "/content/points"),
        (&ranking, rank(&[]), InvalidVote, "/content/order"),
        (&ranking, rank(&[B, B]), InvalidVote, "/content/order/1"),
        (&by_budget, rank(&[B, A]), Recused, "/content/order/1"),
    ];
    for (matter, content, code, pointer) in refused {
        let mut ballot = ballot(matter.clone());
        let refusal = cast(&mut ballot, MEMBER, content.clone(), &recusals(Part::Recused)).unwrap_err();
        assert_eq!((refusal.code, refusal.pointer.as_deref()), (code, Some(pointer)), "{content:?}");
        assert!(!ballot.frozen, "a refused vote freezes nothing");
    }
    // The controls: the nearest votes that fit.
    let fitting = [
        (&approval, approve(&[B])),
        (&approval, approve(&[])),
        (&scores, score(&[(B, &[5, 0])])),
        (&points, allot(&[(B, 10)])),
        (&points, allot(&[])),
        (&ranking, rank(&[B])),
    ];
    for (matter, content) in fitting {
        let mut ballot = ballot(matter.clone());
        cast(&mut ballot, MEMBER, content.clone(), &recusals(Part::Recused)).unwrap();
        assert!(ballot.frozen, "{content:?}");
    }
}

/// By the rule of the document: ballot, seat, revision, content and nonce, with line feeds between them.
#[test]
fn a_receipt_says_what_the_vote_says() {
    let (a, b): (ApplicationId, ApplicationId) = (id(A), id(B));
    let lines = [
        (approve(&[B, A]), format!("{b},{a}")),
        (approve(&[]), String::new()),
        (score(&[(A, &[5, 0]), (B, &[1, 2])]), format!("{a}:5/0,{b}:1/2")),
        (allot(&[(B, 7), (A, 3)]), format!("{b}:7,{a}:3")),
        (rank(&[B, A]), format!("{b},{a}")),
    ];
    for (content, line) in lines {
        assert_eq!(content.receipt_line(), line);
    }
    let mut ballot = ballot(BallotMatter::Approval { options: options(), method: ApprovalMethod::Count });
    let vote = cast(&mut ballot, 2, approve(&[A]), &[]).unwrap();
    assert_eq!(vote.receipt_text(), format!("{}\n{}\n1\n{a}\n00", ballot.id, vote.seat_id));
}
