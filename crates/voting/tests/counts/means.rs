//! Approval, scores, allotted points, and quorums by type of seat.

use std::collections::{BTreeMap, BTreeSet};

use tildel_voting::{
    Allotment, Approval, Criterion, Majority, MeanCount, MeanError, MotionOutcome, MotionVote, Quorum,
    RankingMethod, ScoreBallot, SeatQuorum, TieChain, TieLink, count_allotment, count_approval,
    count_motion_checked, count_ranking_checked, count_score,
};

use crate::fixture::{letters, ranking};

fn chain() -> TieChain {
    TieChain(vec![TieLink::Lexicographic])
}

fn names(text: &str) -> BTreeSet<String> {
    letters(text).into_iter().collect()
}

fn approval(approved: &str, recused: &str) -> Approval {
    Approval { approved: names(approved), recused: names(recused) }
}

fn means(count: &MeanCount) -> Vec<(&str, Option<&str>)> {
    count.order.iter().map(|place| (place.option.as_str(), place.score.as_deref())).collect()
}

#[test]
fn approvals_are_divided_by_the_seats_that_may_speak() {
    let met = Quorum { minimum_seats: 0 }.check(3);
    let ballots = [approval("AB", ""), approval("B", "A"), approval("C", "")];
    let count = count_approval(&letters("ABC"), &ballots, &met, &chain()).unwrap();
    // A: 1 of the 2 seats that are not recused. B: 2 of 3. C: 1 of 3.
    assert_eq!(means(&count), [("B", Some("2/3")), ("A", Some("1/2")), ("C", Some("1/3"))]);
    let sums: Vec<_> = count.rounds.iter().map(|round| (round.sum.as_str(), round.seats)).collect();
    assert_eq!(sums, [("1", 2), ("2", 3), ("1", 3)]);
    // The negative control: not recused, the second seat's silence counts against A.
    let ballots = [approval("AB", ""), approval("B", ""), approval("C", "")];
    let count = count_approval(&letters("ABC"), &ballots, &met, &chain()).unwrap();
    assert_eq!(means(&count), [("B", Some("2/3")), ("A", Some("1/3")), ("C", Some("1/3"))]);
    assert_eq!((count.ties.len(), count.ties[0].first_place), (1, 2));
}

#[test]
fn points_are_handed_out_up_to_the_limit() {
    let given = |text: &[(&str, u32)]| Allotment {
        points: text.iter().map(|&(option, points)| (option.to_owned(), points)).collect(),
        recused: BTreeSet::new(),
    };
    let met = Quorum { minimum_seats: 0 }.check(2);
    let ballots = [given(&[("A", 7), ("B", 3)]), given(&[("B", 5)])];
    let count = count_allotment(&letters("ABC"), &ballots, 10, &met, &chain()).unwrap();
    assert_eq!(means(&count), [("B", Some("4")), ("A", Some("7/2")), ("C", Some("0"))]);
    let refused = count_allotment(&letters("ABC"), &ballots, 9, &met, &chain());
    assert_eq!(refused, Err(MeanError::TooHigh { ballot: 0, given: 10, most: 9 }));
}

#[test]
fn scores_are_weighted_and_averaged_over_those_who_gave_them() {
    let criterion = |name: &str, weight| Criterion { name: name.to_owned(), weight, most: 5 };
    let criteria = [criterion("need", 2), criterion("plan", 1)];
    let scored = |options: &[(&str, u32, u32)]| {
        let by_criterion =
            |need, plan| BTreeMap::from([("need".to_owned(), need), ("plan".to_owned(), plan)]);
        let scores = options
            .iter()
            .map(|&(option, need, plan)| (option.to_owned(), by_criterion(need, plan)))
            .collect();
        ScoreBallot { scores }
    };
    let met = Quorum { minimum_seats: 0 }.check(2);
    // A: (2·4 + 1·3) / 3 = 11/3 and (2·2 + 1·5) / 3 = 3, in the mean 10/3. B: (2·3 + 1·5) / 3 of one seat. C: none.
    let ballots = [scored(&[("A", 4, 3), ("B", 3, 5)]), scored(&[("A", 2, 5)])];
    let count = count_score(&letters("ABC"), &criteria, &ballots, &met, &chain()).unwrap();
    assert_eq!(means(&count), [("B", Some("11/3")), ("A", Some("10/3")), ("C", None)]);
    let refused = count_score(&letters("AB"), &criteria, &[scored(&[("A", 6, 0)])], &met, &chain());
    assert_eq!(refused, Err(MeanError::TooHigh { ballot: 0, given: 6, most: 5 }));
    let half = ScoreBallot { scores: [("A".to_owned(), [("need".to_owned(), 1)].into())].into() };
    let refused = count_score(&letters("AB"), &criteria, &[half], &met, &chain());
    assert_eq!(refused, Err(MeanError::Incomplete { ballot: 0, option: "A".to_owned() }));
    let refused = count_score(&letters("AB"), &[criterion("need", 0)], &[], &met, &chain());
    assert_eq!(refused, Err(MeanError::NoCriterion));
}

#[test]
fn unusable_ballots_are_refused() {
    let met = Quorum { minimum_seats: 0 }.check(1);
    let count = |options: &str, ballot| count_approval(&letters(options), &[ballot], &met, &chain());
    assert_eq!(count("AA", approval("", "")), Err(MeanError::Duplicate("A".to_owned())));
    let unknown = MeanError::Unknown { ballot: 0, name: "B".to_owned() };
    assert_eq!(count("A", approval("B", "")), Err(unknown.clone()));
    assert_eq!(count("A", approval("", "B")), Err(unknown));
    let recused = MeanError::Recused { ballot: 0, option: "A".to_owned() };
    assert_eq!(count("A", approval("A", "A")), Err(recused));
}

#[test]
fn a_quorum_may_demand_seats_of_a_type() {
    let quorum = SeatQuorum {
        minimum_seats: 3,
        minimum_by_type: [("owner".to_owned(), 2), ("union".to_owned(), 1)].into(),
    };
    let met = quorum.check(["owner", "union", "owner"]);
    assert!(met.met);
    // Four seats, but no union.
    let missed = quorum.check(["owner", "owner", "owner", "guest"]);
    assert!(!missed.met);
    let rounds: Vec<_> = missed
        .rounds
        .iter()
        .map(|round| (round.seat_type.as_deref(), round.votes, round.needed, round.met))
        .collect();
    assert_eq!(rounds, [(None, 4, 3, true), (Some("owner"), 3, 2, true), (Some("union"), 0, 1, false)]);
    assert!(!quorum.check(["owner", "union"]).met);

    let votes = [MotionVote::For; 4];
    let motion = |check| count_motion_checked(&votes, 9, Majority::Simple, check).unwrap();
    assert_eq!(motion(&missed).outcome, MotionOutcome::NoQuorum);
    assert_eq!(motion(&missed).rounds.len(), 3);
    assert_eq!(motion(&met).outcome, MotionOutcome::Carried);
    let ballots = [ranking("AB", "")];
    let order = |check| {
        count_ranking_checked(&letters("AB"), &ballots, RankingMethod::Borda, check, &chain())
            .unwrap()
            .order
            .len()
    };
    assert_eq!((order(&missed), order(&met)), (0, 2));
    let approvals = |check| count_approval(&letters("AB"), &[approval("A", "")], check, &chain()).unwrap();
    assert_eq!((approvals(&missed).quorum_met, approvals(&missed).order.len()), (false, 0));
    let quorum: SeatQuorum =
        serde_json::from_str(r#"{"minimumSeats":1,"minimumByType":{"owner":1}}"#).unwrap();
    assert!(quorum.check(["owner"]).met && !quorum.check(["union"]).met);
}
