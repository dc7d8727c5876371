//! Examples whose results are published or follow by hand.

use tildel_voting::{BudgetBallot, BudgetInstance, BudgetRule, Completion, Project, Satisfaction};

use super::choices::{BY_VOTES, count, shares, vote};

/// A party-list vote: methods that are proportional reduce to apportionment by D'Hondt (M. Brill, J.-F. Laslier and
/// P. Skowron, “Multiwinner approval rules as apportionment methods”, 2018, for Phragmén).
#[test]
fn phragmen_and_maximin_support_are_dhondt_on_party_lists() {
    // 10 seats of cost 1; parties of 53, 24 and 23 votes get 6, 2 and 2 by D'Hondt: 53/6 = 8.83 > 24/3 = 8 > 23/3.
    let ids: Vec<String> =
        ["A", "B", "C"].iter().flat_map(|party| (0..8).map(move |n| format!("{party}{n}"))).collect();
    let projects: Vec<Project> = ids.iter().map(|id| Project { id: id.clone(), cost: 1 }).collect();
    let party =
        |first: u32, votes| std::iter::repeat_n(BudgetBallot::Approval((first..first + 8).collect()), votes);
    let ballots = party(0, 53).chain(party(8, 24)).chain(party(16, 23));
    let instance = BudgetInstance::new(10, 0, projects, ballots).unwrap();
    for rule in [BudgetRule::Phragmen, BudgetRule::MaximinSupport] {
        let counted = count(&instance, rule);
        let seats = |party: char| counted.winners.iter().filter(|id| id.starts_with(party)).count();
        assert_eq!((seats('A'), seats('B'), seats('C')), (6, 2, 2), "{rule:?}");
        // The tenth seat is A's sixth: a load of 6/53 each.
        assert_eq!(counted.rounds[9].value.as_deref(), Some("6/53"), "{rule:?}");
    }
    // Under equal shares each ballot has 1/10: 5.3, 2.4 and 2.3 seats, rounded down.
    let counted = count(&instance, shares(Satisfaction::Cardinality, Completion::None));
    let seats = |party: char| counted.winners.iter().filter(|id| id.starts_with(party)).count();
    assert_eq!((seats('A'), seats('B'), seats('C')), (5, 2, 2));
}

/// The phenomenon that motivates equal shares (Peters, Pierczyński and Skowron 2021): greedy gives a small majority
/// everything, equal shares gives both groups their part.
#[test]
fn equal_shares_gives_each_group_its_part() {
    let costs = [("A", 25), ("B", 25), ("C", 25), ("D", 25), ("E", 20), ("F", 20)];
    let instance = vote(100, &costs, &[(60, "ABCD"), (40, "EF")]);
    assert_eq!(count(&instance, BY_VOTES).winners, ["A", "B", "C", "D"]);
    let counted = count(&instance, shares(Satisfaction::Cost, Completion::None));
    // 60 ballots have 1 each: A and B cost 25/60 each, then 10 are left. 40 ballots have 40: E and F.
    assert_eq!(counted.winners, ["A", "B", "E", "F"]);
    assert_eq!(counted.total_cost, "90");
    assert_eq!(counted.share.as_deref(), Some("1"));
    // Prices per krone of satisfaction: 1/60 and 1/40.
    let values: Vec<_> = counted.rounds.iter().map(|round| round.value.as_deref().unwrap()).collect();
    assert_eq!(values, ["1/60", "1/60", "1/40", "1/40"]);
    let left: Vec<_> = counted.rounds.iter().map(|round| round.left.as_str()).collect();
    assert_eq!(left, ["75", "50", "30", "10"]);
}

#[test]
fn poor_supporters_give_all_and_the_others_the_rest() {
    // Three ballots have 4 each. A costs 3/2 of the first two, who have 5/2 left; B costs 8, a third of which is more: they
    // give 5/2 each, and the third ballot gives 3, which is the price.
    let instance = vote(12, &[("A", 3), ("B", 8)], &[(2, "AB"), (1, "B")]);
    let counted = count(&instance, shares(Satisfaction::Cardinality, Completion::None));
    assert_eq!(counted.winners, ["A", "B"]);
    let values: Vec<_> = counted.rounds.iter().map(|round| round.value.as_deref().unwrap()).collect();
    assert_eq!(values, ["3/2", "3"]);
}

#[test]
fn points_set_who_pays_how_much() {
    // Two ballots have 6 each; A costs 6 and they give it 1 and 2 points: 2 per point, 2 and 4 kroner. B costs 6 too and
    // has 1 and 1 points: of 4 and 2 left the second gives 2 and the first 4.
    let projects = ["A", "B"].map(|id| Project { id: id.to_owned(), cost: 6 }).to_vec();
    let ballots = [vec![(0, 1), (1, 1)], vec![(0, 2), (1, 1)]].map(BudgetBallot::Allotment);
    let instance = BudgetInstance::new(12, 0, projects, ballots).unwrap();
    let counted = count(&instance, shares(Satisfaction::Points, Completion::None));
    assert_eq!(counted.winners, ["A", "B"]);
    let values: Vec<_> = counted.rounds.iter().map(|round| round.value.as_deref().unwrap()).collect();
    assert_eq!(values, ["2", "4"]);
}

#[test]
fn borda_is_counted_from_the_end_of_each_ballot() {
    // Two ballots A B C and one B C: A has 2 + 2, B 1 + 1 + 1, C 0.
    let projects = ["A", "B", "C"].map(|id| Project { id: id.to_owned(), cost: 1 }).to_vec();
    let ballots = [vec![0, 1, 2], vec![0, 1, 2], vec![1, 2]].map(BudgetBallot::Ranking);
    let instance = BudgetInstance::new(3, 0, projects, ballots).unwrap();
    let greedy = count(&instance, BudgetRule::Greedy { satisfaction: Satisfaction::Borda });
    let values: Vec<_> =
        greedy.rounds.iter().map(|round| (round.project.as_str(), round.value.as_deref())).collect();
    assert_eq!(values, [("A", Some("4")), ("B", Some("3")), ("C", None)]);
    // By votes the last ones count as well.
    assert_eq!(count(&instance, BY_VOTES).rounds[0].votes, 3);
    // Under equal shares nobody supports C.
    let counted = count(&instance, shares(Satisfaction::Borda, Completion::None));
    assert_eq!(counted.winners, ["A", "B"]);
}
