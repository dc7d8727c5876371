//! Where texts and implementations differ: the choices of this crate, by hand.

use std::ops::ControlFlow;

use tildel_voting::{
    Add1Until, BudgetBallot, BudgetCount, BudgetError, BudgetInstance, BudgetProgress, BudgetRule,
    BudgetStep, Completion, Project, Satisfaction, TieChain, TieLink, count_budget, tally_budget_with,
};

/// Projects are letters with costs, and ballots are words of letters.
pub(super) fn vote(budget: u64, costs: &[(&str, u64)], ballots: &[(usize, &str)]) -> BudgetInstance {
    let index = |letter: char| {
        costs.iter().position(|(id, _)| *id == letter.to_string()).unwrap().try_into().unwrap()
    };
    let projects = costs.iter().map(|&(id, cost)| Project { id: id.to_owned(), cost }).collect();
    let ballots = ballots.iter().flat_map(|&(number, ballot)| {
        std::iter::repeat_n(BudgetBallot::Approval(ballot.chars().map(index).collect()), number)
    });
    BudgetInstance::new(budget, 0, projects, ballots).unwrap()
}

pub(super) fn count(instance: &BudgetInstance, rule: BudgetRule) -> BudgetCount {
    count_budget(instance, &rule, &TieChain(vec![TieLink::Lexicographic])).unwrap()
}

pub(super) const fn shares(satisfaction: Satisfaction, completion: Completion) -> BudgetRule {
    BudgetRule::EqualShares { satisfaction, completion }
}

pub(super) const BY_VOTES: BudgetRule = BudgetRule::Greedy { satisfaction: Satisfaction::Cost };
pub(super) const BY_VOTES_PER_KRONE: BudgetRule =
    BudgetRule::Greedy { satisfaction: Satisfaction::Cardinality };

#[test]
fn greedy_skips_what_does_not_fit_and_takes_unsupported_projects_last() {
    let instance = vote(10, &[("A", 6), ("B", 5), ("C", 3), ("D", 1)], &[(3, "A"), (2, "B"), (1, "C")]);
    let by_votes = count(&instance, BY_VOTES);
    assert_eq!(by_votes.winners, ["A", "C", "D"]);
    let rounds: Vec<_> = by_votes
        .rounds
        .iter()
        .map(|round| (round.value.as_deref(), round.step, round.left.as_str()))
        .collect();
    assert_eq!(
        rounds,
        [
            (Some("3"), BudgetStep::Rule, "4"),
            (Some("1"), BudgetStep::Rule, "1"),
            (None, BudgetStep::Unsupported, "0")
        ]
    );
    // 3/6, 2/5, 1/3 votes per krone: the same order here.
    assert_eq!(count(&instance, BY_VOTES_PER_KRONE).rounds[0].value.as_deref(), Some("1/2"));
}

#[test]
fn a_free_project_comes_first_where_it_gives_satisfaction() {
    let instance = vote(4, &[("A", 4), ("F", 0)], &[(2, "A"), (1, "F")]);
    let by_cardinality = count(&instance, shares(Satisfaction::Cardinality, Completion::None));
    assert_eq!(by_cardinality.winners, ["F"]);
    assert_eq!(by_cardinality.rounds[0].step, BudgetStep::Free);
    // By cost it gives nothing and is never bought.
    assert!(count(&instance, shares(Satisfaction::Cost, Completion::None)).winners.is_empty());
    assert_eq!(count(&instance, BY_VOTES_PER_KRONE).winners, ["F", "A"]);
    assert_eq!(count(&instance, BY_VOTES).winners, ["A", "F"]);
}

#[test]
fn unsupported_projects_come_last_or_not_at_all() {
    let instance = vote(5, &[("A", 2), ("U", 1)], &[(1, "A")]);
    assert_eq!(count(&instance, shares(Satisfaction::Cost, Completion::None)).winners, ["A"]);
    assert_eq!(count(&instance, BudgetRule::Phragmen).winners, ["A", "U"]);
    assert_eq!(count(&instance, BudgetRule::MaximinSupport).winners, ["A", "U"]);
}

#[test]
fn phragmen_drops_what_exceeds_the_budget_and_stops_at_what_does_not_fit() {
    // O exceeds the budget and is dropped though it has the lowest load; then A at a load of 1 and C at 2 are bought.
    let instance =
        vote(5, &[("A", 3), ("B", 5), ("C", 2), ("O", 6)], &[(3, "AO"), (2, "B"), (4, "O"), (1, "OC")]);
    let phragmen = count(&instance, BudgetRule::Phragmen);
    assert_eq!(phragmen.winners, ["A", "C"]);
    // A at 1; then B at 4/3 does not fit, which ends the count although C would fit.
    let instance = vote(5, &[("A", 3), ("B", 4), ("C", 2)], &[(3, "A"), (3, "B"), (1, "C")]);
    assert_eq!(count(&instance, BudgetRule::Phragmen).winners, ["A"]);
    assert_eq!(count(&instance, BudgetRule::MaximinSupport).winners, ["A", "C"]);
}

#[test]
fn an_oversized_project_can_end_add1() {
    // Four ballots have 5/2 each. With 4 each, O costs 9 of 12 and is bought before S: the round before counts.
    let instance = vote(10, &[("O", 12), ("S", 8)], &[(3, "O"), (1, "S")]);
    let add1 = |until| count(&instance, shares(Satisfaction::Cost, Completion::Add1 { until }));
    assert!(add1(Add1Until::Exhaustive).winners.is_empty());
    assert_eq!(add1(Add1Until::Exhaustive).share.as_deref(), Some("7/2"));
    let filled = Completion::Add1Utilitarian { until: Add1Until::Exhaustive };
    let filled = count(&instance, shares(Satisfaction::Cost, filled));
    assert_eq!(filled.winners, ["S"]);
    assert_eq!(filled.rounds[0].step, BudgetStep::Completion);
}

#[test]
fn add1_ends_before_it_exceeds_the_budget_and_the_rest_is_filled_up() {
    let instance = vote(6, &[("A", 3), ("B", 2), ("C", 2)], &[(2, "A"), (1, "B"), (1, "C")]);
    // Shares of 3/2: A is bought, B and C are not. 5/2: all three, 7 in all, too much. So A alone, and not exhaustive.
    let add1 = |until| count(&instance, shares(Satisfaction::Cost, Completion::Add1 { until }));
    assert_eq!(add1(Add1Until::Exhaustive).winners, ["A"]);
    let filled = Completion::Add1Utilitarian { until: Add1Until::Budget };
    let filled = count(&instance, shares(Satisfaction::Cost, filled));
    assert_eq!(filled.winners, ["A", "B"]);
    assert_eq!(filled.ties[0].options, ["B", "C"]);
}

#[test]
fn ties_are_resolved_by_the_chain_and_told() {
    let instance = vote(2, &[("A", 2), ("B", 2)], &[(1, "AB")]);
    let lot = TieLink::Lot { seed_hex: "5eed".to_owned() };
    let rules = [
        BY_VOTES,
        BY_VOTES_PER_KRONE,
        shares(Satisfaction::Cost, Completion::None),
        BudgetRule::Phragmen,
        BudgetRule::MaximinSupport,
    ];
    for rule in rules {
        assert_eq!(count(&instance, rule).winners, ["A"], "{rule:?}");
        // `printf '\x5e\xedA' | sha256sum` and so on: A 10d00f8c…, B 0b2c423e….
        let by_lot = count_budget(&instance, &rule, &TieChain(vec![lot.clone()])).unwrap();
        assert_eq!(by_lot.winners, ["B"], "{rule:?}");
        assert_eq!(by_lot.ties.len(), 1, "{rule:?}");
        assert_eq!(by_lot.ties[0].options, ["B", "A"]);
        assert_eq!(by_lot.ties[0].resolved_by, Some(lot.clone()));
        let unresolved = count_budget(&instance, &rule, &TieChain::default());
        assert_eq!(unresolved, Err(BudgetError::UnresolvedTie(vec!["A".to_owned(), "B".to_owned()])));
    }
}

#[test]
fn empty_votes_are_counted() {
    let nobody = vote(5, &[("A", 2)], &[]);
    let nothing = vote(5, &[], &[(2, "")]);
    for completion in [Completion::None, Completion::Add1 { until: Add1Until::Budget }] {
        for satisfaction in [Satisfaction::Cost, Satisfaction::Cardinality] {
            assert!(count(&nobody, shares(satisfaction, completion)).winners.is_empty());
            assert!(count(&nothing, shares(satisfaction, completion)).winners.is_empty());
        }
    }
    for rule in [BY_VOTES, BudgetRule::Phragmen, BudgetRule::MaximinSupport] {
        assert_eq!(count(&nobody, rule).winners, ["A"]);
        assert!(count(&nothing, rule).winners.is_empty());
    }
}

#[test]
fn unusable_votes_are_refused() {
    let project = |id: &str, cost| Project { id: id.to_owned(), cost };
    let new =
        |projects, ballots: Vec<BudgetBallot>| BudgetInstance::new(5, 0, projects, ballots).unwrap_err();
    assert_eq!(
        new(vec![project("A", 1), project("A", 2)], vec![]),
        BudgetError::DuplicateProject("A".to_owned())
    );
    let unknown = new(vec![project("A", 1)], vec![BudgetBallot::Approval(vec![1])]);
    assert_eq!(unknown, BudgetError::UnknownProject { ballot: 0, project: 1 });
    let mixed = vec![BudgetBallot::Approval(vec![0]), BudgetBallot::Ranking(vec![0])];
    assert_eq!(new(vec![project("A", 1)], mixed), BudgetError::MixedBallots { ballot: 1 });
    assert_eq!(new(vec![project("A", u64::MAX)], vec![]), BudgetError::TooMuchMoney);
    let instance = vote(1, &[("A", 1)], &[(1, "A")]);
    let points = BudgetRule::Greedy { satisfaction: Satisfaction::Points };
    let refused = count_budget(&instance, &points, &TieChain::default());
    assert_eq!(refused, Err(BudgetError::WrongSatisfaction(Satisfaction::Points)));
}

#[test]
fn a_long_count_can_be_followed_and_stopped() {
    let instance = vote(100, &[("A", 90), ("B", 60)], &[(1, "A"), (1, "B")]);
    let rule = shares(Satisfaction::Cost, Completion::Add1 { until: Add1Until::Exhaustive });
    let chain = TieChain(vec![TieLink::Lexicographic]);
    let mut rounds = Vec::new();
    let mut follow = |progress| {
        rounds.push(progress);
        ControlFlow::Continue(())
    };
    // Shares of 50, 51, … 60, at which B is bought and A no longer fits.
    let tally = tally_budget_with(&instance, &rule, &chain, &mut follow).unwrap();
    assert_eq!((tally.winners().collect::<Vec<_>>(), tally.share_rounds()), (vec!["B"], 11));
    assert_eq!(rounds.len(), 11);
    assert_eq!(rounds[10], BudgetProgress::ShareRound { round: 11, cost: 60 });
    let stopped = tally_budget_with(&instance, &rule, &chain, &mut |_| ControlFlow::Break(()));
    assert_eq!(stopped.err(), Some(BudgetError::Stopped));
}
