//! Every kind of ballot: it comes back as it was written, and its rules stand from the first vote, whoever writes.

use tildel_domain::allocation::{FrameStatus, Nok};
use tildel_domain::ballot::{
    AllotmentMethod, ApprovalMethod, Ballot, BallotMatter, BallotState, Budget, BudgetFrame, Criterion,
    OptionCost, OptionPoints, OptionScores, RankingMethod, ScoreMethod, Vote, VoteContent,
};
use tildel_domain::id::ApplicationId;
use tildel_domain::voting::{
    Add1Until, BudgetRule, Completion, Majority, MotionVote, Satisfaction, TieChain, TieLink,
};
use tildel_storage::{ballots, guards, meetings, seats, votes};
use tildel_test_support::{TestStore, both_backends};

use super::world::{ballot, meeting, seat, settle, vote};
use crate::{id, read, try_write, write};

fn budget(rule: BudgetRule, add1_step: Option<u32>) -> Budget {
    let kroner = |kroner| Nok::from_kroner(kroner).unwrap();
    let cost = |n| OptionCost { application_id: id(n).into(), cost: kroner(60) };
    let frame = BudgetFrame {
        id: id(9).into(),
        year: 2020,
        status: FrameStatus::Expected,
        amount: kroner(120),
        committed: kroner(20),
    };
    Budget { rule, amount: Some(kroner(100)), add1_step, frame: Some(frame), costs: vec![cost(1), cost(2)] }
}

/// Each kind with each of its methods, and a vote.
fn kinds() -> Vec<(BallotMatter, VoteContent)> {
    let options: Vec<ApplicationId> = vec![id(1).into(), id(2).into()];
    let approval = |method| {
        let approved = vec![id(2).into()];
        (BallotMatter::Approval { options: options.clone(), method }, VoteContent::Approval { approved })
    };
    let ranking = |method| {
        let order = vec![id(2).into(), id(1).into()];
        (BallotMatter::Ranking { options: options.clone(), method }, VoteContent::Ranking { order })
    };
    let score = |method| {
        let criteria = vec![Criterion { name: "Behov".to_owned(), weight: 2 }];
        let scores = options.iter().map(|id| OptionScores { application_id: *id, scores: vec![4] }).collect();
        let matter = BallotMatter::Score { options: options.clone(), criteria, most: 5, method };
        (matter, VoteContent::Score { scores })
    };
    let allotment = |method| {
        let points = vec![OptionPoints { application_id: id(1).into(), points: 7 }];
        let matter = BallotMatter::Allotment { options: options.clone(), points: 10, method };
        (matter, VoteContent::Allotment { points })
    };
    let greedy = |satisfaction| budget(BudgetRule::Greedy { satisfaction }, None);
    let shares =
        |satisfaction, completion, step| budget(BudgetRule::EqualShares { satisfaction, completion }, step);
    let add1 = Completion::Add1 { until: Add1Until::Exhaustive };
    let utilitarian = Completion::Add1Utilitarian { until: Add1Until::Budget };
    let motion = BallotMatter::Motion {
        text: "Ja?".to_owned(),
        application_id: Some(id(1).into()),
        majority: Majority::TwoThirds,
    };
    vec![
        (motion, VoteContent::Motion { choice: MotionVote::For }),
        ranking(RankingMethod::Borda),
        ranking(RankingMethod::Schulze),
        ranking(RankingMethod::Budget(greedy(Satisfaction::Borda))),
        approval(ApprovalMethod::Count),
        approval(ApprovalMethod::Budget(greedy(Satisfaction::Cost))),
        approval(ApprovalMethod::Budget(shares(Satisfaction::Cardinality, Completion::None, None))),
        approval(ApprovalMethod::Budget(shares(Satisfaction::Cost, add1, Some(10)))),
        approval(ApprovalMethod::Budget(budget(BudgetRule::Phragmen, None))),
        approval(ApprovalMethod::Budget(budget(BudgetRule::MaximinSupport, None))),
        score(ScoreMethod::Mean),
        score(ScoreMethod::Budget(shares(Satisfaction::Points, utilitarian, Some(1)))),
        allotment(AllotmentMethod::Mean),
        allotment(AllotmentMethod::Budget(greedy(Satisfaction::Points))),
    ]
}

both_backends! {
    fn every_kind_of_ballot_is_kept_and_frozen(store: TestStore) {
        settle(&store);
        write(&store, |db| {
            meetings::insert(db, &meeting(1))?;
            (1..=2).try_for_each(|n| seats::insert(db, &seat(n)))
        });
        for ((matter, content), n) in kinds().into_iter().zip(1..) {
            let mut open = Ballot { state: BallotState::Open, ..ballot(n) };
            open.rules.matter = matter;
            open.rules.tie_chain = TieChain(vec![TieLink::Lexicographic]);
            write(&store, |db| ballots::insert(db, &open));
            assert_eq!(read(&store, |db| ballots::find(db, open.id)), Some(open.clone()));
            // Until the first vote the rules may change.
            let mut other = open.clone();
            other.rules.quorum_seats = 2;
            write(&store, |db| ballots::update(db, &mut other));
            let cast = Vote { content, ..vote(n, 1, 1) };
            write(&store, |db| {
                votes::cast(db, &cast)?;
                ballots::freeze(db, open.id)
            });
            assert_eq!(read(&store, |db| votes::current(db, open.id)), std::slice::from_ref(&cast));
            let frozen = Ballot { frozen: true, ..other };
            for spoil in spoils() {
                let mut changed = frozen.clone();
                if !spoil(&mut changed) {
                    continue;
                }
                let error = try_write(&store, |db| ballots::update(db, &mut changed)).unwrap_err();
                assert!(error.is_check_violation(guards::BALLOTS_FROZEN_RULES), "{:?}: {error}", changed.rules);
            }
            // The count is kept, too, and then it stands.
            let mut counted = Ballot { state: BallotState::Closed, ..frozen };
            counted.count(&[cast], (&meeting(1), &[seat(1), seat(2)], &[])).unwrap();
            write(&store, |db| ballots::update(db, &mut counted));
            assert_eq!(read(&store, |db| ballots::find(db, open.id)), Some(counted.clone()));
            counted.count = None;
            let error = try_write(&store, |db| ballots::update(db, &mut counted)).unwrap_err();
            assert!(error.is_check_violation(guards::BALLOTS_COUNTED_FIXED), "{error}");
        }
    }
}

/// Changes of rules; each says whether the ballot has what it changes.
fn spoils() -> Vec<fn(&mut Ballot) -> bool> {
    vec![
        |ballot| {
            ballot.rules.quorum_seats = 0;
            true
        },
        |ballot| {
            ballot.rules.tie_chain = TieChain::default();
            true
        },
        |ballot| ballot.rules.roster.pop().is_some(),
        |ballot| {
            let matter = BallotMatter::Motion {
                text: "Nei?".to_owned(),
                application_id: None,
                majority: Majority::Simple,
            };
            ballot.rules.matter = matter;
            true
        },
        |ballot| {
            ballot.rules.matter.budget_mut().is_some_and(|budget| {
                budget.amount = Some(Nok::from_ore(9_999));
                true
            })
        },
        |ballot| {
            ballot.rules.matter.budget_mut().is_some_and(|budget| {
                budget.costs[0].cost = Nok::from_ore(5_999);
                true
            })
        },
        |ballot| {
            ballot.rules.matter.budget_mut().is_some_and(|budget| {
                let is_new = budget.rule != BudgetRule::Phragmen;
                budget.rule = BudgetRule::Phragmen;
                is_new
            })
        },
        |ballot| {
            ballot.rules.matter.budget_mut().is_some_and(|budget| {
                budget.add1_step = Some(1_000);
                true
            })
        },
        |ballot| match &mut ballot.rules.matter {
            BallotMatter::Score { criteria, .. } => {
                criteria[0].weight += 1;
                true
            }
            BallotMatter::Allotment { points, .. } => {
                *points += 1;
                true
            }
            _ => false,
        },
    ]
}
