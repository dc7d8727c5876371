//! Budget ballots: who supports what when somebody is recused, what rules are refused, and that the file of a ballot gives the same
//! outcome to whoever reads it.

use tildel_domain::RefusalCode;
use tildel_domain::Role;
use tildel_domain::allocation::{FrameStatus, Nok};
use tildel_domain::ballot::{
    AllotmentMethod, ApprovalMethod, Ballot, BallotCount, BallotMatter, Budget, BudgetOutcome, Criterion,
    RankingMethod, ScoreMethod,
};
use tildel_domain::forum::Disclosure;
use tildel_domain::id::ApplicationId;
use tildel_domain::scheme::Frame;
use tildel_domain::voting::{
    Add1Until, BudgetRule, Completion, PabulibVote, Satisfaction, TieChain, TieLink, count_budget,
};

use super::every::budget;
use super::kinds::{A, B, KNOWN, allot, approve, ballot, count, options, rank, score};
use super::{CHAIR, Part, Quorum, actor, forum, id, meeting, recusals, seats};

fn kroner(kroner: i64) -> Nok {
    Nok::from_kroner(kroner).unwrap()
}

fn outcome(ballot: &Ballot) -> &BudgetOutcome {
    match &ballot.count {
        Some(BallotCount::Budget(outcome)) => outcome,
        other => panic!("no budget: {other:?}"),
    }
}

fn winners(ballot: &Ballot) -> Vec<ApplicationId> {
    outcome(ballot).count.winners.iter().map(|winner| winner.parse().map(ApplicationId).unwrap()).collect()
}

fn equal_shares(satisfaction: Satisfaction, completion: Completion, amount: i64, costs: [i64; 2]) -> Budget {
    let mut terms = budget(satisfaction);
    terms.rule = BudgetRule::EqualShares { satisfaction, completion };
    terms.amount = Some(kroner(amount));
    for (priced, cost) in terms.costs.iter_mut().zip(costs) {
        priced.cost = kroner(cost);
    }
    terms.settle_add1_step();
    terms
}

/// By votes both applications have two, A of two who may speak of it, B of three: recusal takes a supporter away, and nothing is
/// made up for it. The tie goes to A by the order of ids.
#[test]
fn greedy_sees_supporters_without_the_recused() {
    let method = ApprovalMethod::Budget(budget(Satisfaction::Cost));
    let matter = BallotMatter::Approval { options: options(), method };
    let (ballot, _) = count(&matter, [approve(&[B]), approve(&[A]), approve(&[A, B])], KNOWN);
    let counted = outcome(&ballot);
    assert_eq!(winners(&ballot), [id(A)]);
    assert_eq!((counted.count.total_cost.as_str(), counted.count.budget.as_str()), ("60", "100"));
    assert_eq!(counted.count.rounds[0].left, "40");
    assert_eq!(counted.count.ties.len(), 1);
    let support: Vec<_> =
        counted.options.iter().map(|option| (option.votes, option.points, option.seats)).collect();
    assert_eq!(support, [(2, 2, 2), (2, 2, 3)]);
}

/// Each of three votes has 30 of 90 kroner. A costs 60: its two supporters pay 30 each, 1/2 for each krone of satisfaction. B
/// costs 40, 1/2 as well; A goes first by id, and then B's supporters have 30 and 0. Nothing more is bought: 30 are left.
/// Under Add1 that is exhaustive at once.
#[test]
fn equal_shares_are_spent_by_supporters() {
    let exhaustive = Completion::Add1 { until: Add1Until::Exhaustive };
    for completion in [Completion::None, exhaustive] {
        let terms = equal_shares(Satisfaction::Cost, completion, 90, [60, 40]);
        let matter = BallotMatter::Approval { options: options(), method: ApprovalMethod::Budget(terms) };
        let (ballot, _) = count(&matter, [approve(&[B]), approve(&[A]), approve(&[A, B])], KNOWN);
        let counted = &outcome(&ballot).count;
        assert_eq!(winners(&ballot), [id(A)]);
        assert_eq!((counted.total_cost.as_str(), counted.share.as_deref()), ("60", Some("30")));
        assert_eq!(counted.rounds[0].value.as_deref(), Some("1/2"));
        assert_eq!(counted.share_rounds, 1);
    }
}

/// Two votes for A and one for B, 90 kroner, A costs 90 and B 40: each has 30, and nobody can pay. With steps of one krone A is
/// bought when each of its two supporters has 45, B when its one has 40: B after ten more steps, which is exhaustive, as
/// 50 are left. With steps of ten kroner it takes one step more to the same end.
#[test]
fn the_step_of_add1_is_the_ballots() {
    let exhaustive = Completion::Add1 { until: Add1Until::Exhaustive };
    for (step, rounds) in [(1, 11), (10, 2)] {
        let mut terms = equal_shares(Satisfaction::Cost, exhaustive, 90, [90, 40]);
        assert_eq!(terms.add1_step, Some(1), "the smallest one that is not too many steps");
        terms.add1_step = Some(step);
        let matter = BallotMatter::Approval { options: options(), method: ApprovalMethod::Budget(terms) };
        let (ballot, _) = count(&matter, [approve(&[B]), approve(&[A]), approve(&[A])], KNOWN);
        assert_eq!(winners(&ballot), [id(B)], "{step}");
        let counted = &outcome(&ballot).count;
        assert_eq!((counted.share_rounds, counted.share.as_deref()), (rounds, Some("40")), "{step}");
    }
}

/// 20 000 steps at most: 30 million kroner need steps of 10 000, 20 million steps of 1 000.
#[test]
fn a_step_that_is_not_given_follows_from_the_amounts() {
    let exhaustive = Completion::Add1 { until: Add1Until::Exhaustive };
    let settled = |amount, costs| equal_shares(Satisfaction::Cost, exhaustive, amount, costs).add1_step;
    assert_eq!(settled(30_000_000, [1, 1]), Some(10_000));
    assert_eq!(settled(20_000_000, [1, 1]), Some(1_000));
    assert_eq!(settled(1, [1, 20_000_001]), Some(1_000));
    assert_eq!(settled(1, [1, 20_001]), Some(10));
    assert_eq!(equal_shares(Satisfaction::Cost, Completion::None, 30_000_000, [1, 1]).add1_step, None);
}

/// Five for A as the first, three for B as the second: the points of a vote are Borda's within it, weighted scores, or as given.
#[test]
fn other_votes_support_by_their_points() {
    let criteria = vec![Criterion { name: "Behov".to_owned(), weight: 3 }];
    let points = || AllotmentMethod::Budget(budget(Satisfaction::Points));
    let scored = ScoreMethod::Budget(budget(Satisfaction::Points));
    let ranked = RankingMethod::Budget(budget(Satisfaction::Borda));
    let cases = [
        // The first voter ranks B alone, which gives it nothing; the others give 1 to their first.
        (
            BallotMatter::Ranking { options: options(), method: ranked },
            [rank(&[B]), rank(&[A, B]), rank(&[B, A])],
            [(2, 1, 2), (3, 1, 3)],
            A,
        ),
        (
            BallotMatter::Score { options: options(), criteria, most: 5, method: scored },
            [score(&[(B, &[5])]), score(&[(A, &[5]), (B, &[0])]), score(&[(A, &[2]), (B, &[3])])],
            [(2, 21, 2), (2, 24, 3)],
            B,
        ),
        (
            BallotMatter::Allotment { options: options(), points: 10, method: points() },
            [allot(&[(B, 1)]), allot(&[(A, 10)]), allot(&[(B, 10), (A, 0)])],
            [(1, 10, 2), (2, 11, 3)],
            B,
        ),
    ];
    for (matter, votes, support, winner) in cases {
        let (ballot, _) = count(&matter, votes, KNOWN);
        let found: Vec<_> = outcome(&ballot)
            .options
            .iter()
            .map(|option| (option.votes, option.points, option.seats))
            .collect();
        assert_eq!(found, support, "{matter:?}");
        assert_eq!(winners(&ballot), [id(winner)], "{matter:?}");
    }
}

/// The money that is not given is what is free of the frame.
#[test]
fn money_is_taken_from_the_frame() {
    let frame = Frame {
        id: id(7),
        office_id: id(60),
        scheme_id: id(8),
        year: 2020,
        status: FrameStatus::Expected,
        amount: Some(kroner(500)),
        places: None,
        committed: kroner(120),
        places_used: 1,
        version: 1,
    };
    let mut terms = budget(Satisfaction::Cost);
    terms.take_from(Some(&frame));
    assert_eq!(terms.amount, Some(kroner(380)));
    let read = terms.frame.unwrap();
    assert_eq!((read.id, read.year, read.amount, read.committed), (id(7), 2020, kroner(500), kroner(120)));
    terms.take_from(Some(&Frame { amount: None, ..frame }));
    assert_eq!((terms.amount, terms.frame), (None, None));
}

/// Each rule that can not be carried out is refused where it stands.
#[test]
fn rules_that_can_not_be_carried_out_are_refused() {
    type Spoil = fn(&mut Ballot);
    fn terms(ballot: &mut Ballot) -> &mut Budget {
        ballot.rules.matter.budget_mut().unwrap()
    }
    let spoils: &[(&str, Spoil)] = &[
        ("/rules/matter/budget/amount", |ballot| terms(ballot).amount = None),
        ("/rules/matter/budget/amount", |ballot| terms(ballot).amount = Some(Nok::ZERO)),
        ("/rules/matter/budget/costs", |ballot| terms(ballot).costs.truncate(1)),
        ("/rules/matter/budget/costs/1/applicationId", |ballot| {
            terms(ballot).costs[1].application_id = id(A);
        }),
        ("/rules/matter/budget/costs/0/applicationId", |ballot| {
            terms(ballot).costs[0].application_id = id(99);
        }),
        ("/rules/matter/budget/costs/1/cost", |ballot| terms(ballot).costs[1].cost = Nok::ZERO),
        ("/rules/matter/budget/costs/0/cost", |ballot| {
            terms(ballot).costs[0].cost = Nok::from_ore(i64::MAX);
        }),
        ("/rules/matter/budget/costs", |ballot| {
            for priced in &mut terms(ballot).costs {
                priced.cost = Nok::from_ore(1 << 53);
            }
        }),
        ("/rules/matter/budget/rule", |ballot| {
            terms(ballot).rule = BudgetRule::Greedy { satisfaction: Satisfaction::Points };
        }),
        ("/rules/matter/budget/add1Step", |ballot| terms(ballot).add1_step = Some(1)),
        ("/rules/matter/budget/add1Step", |ballot| {
            let completion = Completion::Add1 { until: Add1Until::Budget };
            *terms(ballot) = equal_shares(Satisfaction::Cost, completion, 30_000_000, [1, 1]);
            terms(ballot).add1_step = Some(1_000);
        }),
        ("/rules/matter/budget/add1Step", |ballot| {
            let completion = Completion::Add1 { until: Add1Until::Budget };
            *terms(ballot) = equal_shares(Satisfaction::Cost, completion, 90, [1, 1]);
            terms(ballot).add1_step = Some(25);
        }),
        ("/rules/tieChain", |ballot| ballot.rules.tie_chain = TieChain::default()),
        ("/rules", |ballot| {
            ballot.rules.tie_chain = TieChain(vec![TieLink::Lot { seed_hex: "x".to_owned() }]);
        }),
        ("/rules/matter/options", |ballot| {
            ballot.rules.matter =
                BallotMatter::Approval { options: vec![id(A), id(A)], method: ApprovalMethod::Count };
        }),
        ("/rules/matter/criteria", |ballot| {
            ballot.rules.matter = BallotMatter::Score {
                options: options(),
                criteria: vec![],
                most: 5,
                method: ScoreMethod::Mean,
            };
        }),
        ("/rules/matter/criteria/1/name", |ballot| {
            let criterion = Criterion { name: "Behov".to_owned(), weight: 1 };
            let criteria = vec![criterion.clone(), criterion];
            ballot.rules.matter =
                BallotMatter::Score { options: options(), criteria, most: 5, method: ScoreMethod::Mean };
        }),
        ("/rules/matter/points", |ballot| {
            ballot.rules.matter =
                BallotMatter::Allotment { options: options(), points: 0, method: AllotmentMethod::Mean };
        }),
    ];
    let prepare = |ballot: &Ballot| {
        let (forum, seats) = (forum(Quorum::Two), seats(Part::Voting));
        ballot.prepare(&forum, &meeting(Part::Voting), &seats, &[], &actor(CHAIR, Role::Chair))
    };
    let method = ApprovalMethod::Budget(budget(Satisfaction::Cost));
    let sound = ballot(BallotMatter::Approval { options: options(), method });
    prepare(&sound).unwrap();
    for (pointer, spoil) in spoils {
        let mut changed = sound.clone();
        spoil(&mut changed);
        let refusal = prepare(&changed).unwrap_err();
        let found = (refusal.code, refusal.pointer.as_deref());
        assert_eq!(found, (RefusalCode::InvalidValue, Some(*pointer)), "{refusal}");
    }
    // Phragmén's method and maximin support see approvals only.
    for rule in [BudgetRule::Phragmen, BudgetRule::MaximinSupport] {
        let mut approval = sound.clone();
        terms(&mut approval).rule = rule;
        prepare(&approval).unwrap();
        let method = RankingMethod::Budget(Budget { rule, ..budget(Satisfaction::Borda) });
        let ranking = ballot(BallotMatter::Ranking { options: options(), method });
        let refusal = prepare(&ranking).unwrap_err();
        assert_eq!(refusal.pointer.as_deref(), Some("/rules/matter/budget/rule"));
    }
}

/// Whoever reads the file of a ballot and counts it by the ballot's rule, gets the winners of the ballot.
#[test]
fn a_file_gives_the_same_winners() {
    let exhaustive = Completion::Add1 { until: Add1Until::Exhaustive };
    let utilitarian = Completion::Add1Utilitarian { until: Add1Until::Budget };
    let terms = |satisfaction, completion, step| Budget {
        add1_step: step,
        ..equal_shares(satisfaction, completion, 90, [90, 40])
    };
    let criteria = vec![Criterion { name: "Behov".to_owned(), weight: 3 }];
    let approvals =
        |budget| BallotMatter::Approval { options: options(), method: ApprovalMethod::Budget(budget) };
    let approved = || [approve(&[B]), approve(&[A]), approve(&[A])];
    let points = AllotmentMethod::Budget(terms(Satisfaction::Points, utilitarian, Some(1)));
    let scored = ScoreMethod::Budget(terms(Satisfaction::Points, Completion::None, None));
    let ranked = RankingMethod::Budget(terms(Satisfaction::Borda, exhaustive, Some(100)));
    let plain = |rule| Budget { rule, ..budget(Satisfaction::Cost) };
    let cases = [
        ("approval", approvals(terms(Satisfaction::Cost, exhaustive, Some(10))), approved()),
        ("approval", approvals(terms(Satisfaction::Cardinality, exhaustive, Some(1))), approved()),
        ("approval", approvals(plain(BudgetRule::Phragmen)), approved()),
        ("approval", approvals(plain(BudgetRule::MaximinSupport)), approved()),
        ("approval", approvals(budget(Satisfaction::Cost)), approved()),
        (
            "cumulative",
            BallotMatter::Allotment { options: options(), points: 10, method: points },
            [allot(&[(B, 1)]), allot(&[(A, 10)]), allot(&[(B, 10), (A, 0)])],
        ),
        (
            "scoring",
            BallotMatter::Score { options: options(), criteria, most: 5, method: scored },
            [score(&[(B, &[5])]), score(&[(A, &[5]), (B, &[0])]), score(&[(A, &[2]), (B, &[3])])],
        ),
        (
            "ordinal",
            BallotMatter::Ranking { options: options(), method: ranked },
            [rank(&[B]), rank(&[A, B]), rank(&[B, A])],
        ),
    ];
    for (kind, matter, votes) in cases {
        let (mut ballot, votes) = count(&matter, votes, KNOWN);
        let around = (&forum(Quorum::Two), &meeting(Part::Voting), [].as_slice());
        let secret = ballot.pabulib(&votes, around).unwrap_err();
        assert_eq!(secret.code, RefusalCode::VotesSecret);
        ballot.rules.disclosure = Disclosure::Sealed;
        let text = ballot.pabulib(&votes, around).unwrap().write();
        for vote in &votes {
            assert!(!text.contains(&vote.seat_id.to_string()) && !text.contains(&vote.person_id.to_string()));
        }
        let read = PabulibVote::read(text.as_bytes()).unwrap();
        assert_eq!(read.meta_value("vote_type"), Some(kind));
        let ties = TieChain(vec![TieLink::Lexicographic]);
        let rule = matter.budget().unwrap().rule;
        let counted = count_budget(&read.instance().unwrap(), &rule, &ties).unwrap();
        assert_eq!(counted.winners, outcome(&ballot).count.winners, "{text}");
        // The order of the votes tells nothing: the same votes of other seats give the same file.
        let mut turned = votes.clone();
        let (first, second) = (turned[1].content.clone(), turned[2].content.clone());
        (turned[1].content, turned[2].content) = (second, first);
        assert_eq!(ballot.pabulib(&turned, around).unwrap().write(), text);
    }
    // A ballot that is not counted has no file, nor has one without a budget.
    let method = ApprovalMethod::Budget(budget(Satisfaction::Cost));
    let mut open = ballot(BallotMatter::Approval { options: options(), method });
    open.rules.disclosure = Disclosure::Open;
    let around = (&forum(Quorum::Two), &meeting(Part::Voting), [].as_slice());
    assert_eq!(open.pabulib(&[], around).unwrap_err().code, RefusalCode::NotFound);
    let matter = BallotMatter::Approval { options: options(), method: ApprovalMethod::Count };
    let (mut counted, votes) = count(&matter, approved(), KNOWN);
    counted.rules.disclosure = Disclosure::Open;
    assert_eq!(counted.pabulib(&votes, around).unwrap_err().code, RefusalCode::NotFound);
    assert!(recusals(Part::Recused).len() == 1, "the first voter is recused on A");
}
