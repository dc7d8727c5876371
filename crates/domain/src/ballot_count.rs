//! From votes to the pure counting methods and back.

use tildel_voting::{
    CountError, MotionError, MotionOutcome, Quorum, Ranking, RankingCount, count_motion, count_ranking,
};

use crate::ballot::{BallotCount, BallotMatter, BallotRules, Vote, VoteContent};
use crate::id::ApplicationId;
use crate::refusal::Refusal;
use crate::standing::Tally;

/// Counts nothing, to find what would only show when the votes are in, such as an unreadable seed.
pub(crate) fn rehearse(rules: &BallotRules) -> Result<(), Refusal> {
    count(rules, &[], &Tally { seats: Vec::new(), kinds: Vec::new() }).map(|_| ())
}

/// Counts by the ballot's rules the votes that count by its tally. Seats that are recused are not among the eligible ones,
/// and where too few seats of a kind have voted, there is no quorum.
pub(crate) fn count(rules: &BallotRules, votes: &[Vote], tally: &Tally) -> Result<BallotCount, Refusal> {
    let quorum = Quorum { minimum_seats: rules.quorum_seats };
    let by_kind_met = tally.kinds.iter().all(|check| check.is_met);
    let votes = votes.iter().filter_map(|vote| Some((vote, tally.counted(vote.seat_id)?)));
    match &rules.matter {
        BallotMatter::Motion { majority, .. } => {
            let choices: Vec<_> = votes
                .filter_map(|(vote, _)| match vote.content {
                    VoteContent::Motion { choice } => Some(choice),
                    VoteContent::Ranking { .. } => None,
                })
                .collect();
            let mut counted = count_motion(&choices, tally.eligible(), *majority, quorum)
                .map_err(|error: MotionError| Refusal::invalid("/votes", error))?;
            if !by_kind_met {
                counted.quorum_met = false;
                counted.outcome = MotionOutcome::NoQuorum;
                counted.rounds.truncate(1);
            }
            Ok(BallotCount::Motion(counted))
        }
        BallotMatter::Ranking { options, method } => {
            let options = texts(options);
            let rankings: Vec<Ranking> = votes
                .filter_map(|(vote, standing)| match &vote.content {
                    // An option that the voter turned out to have an interest in is taken out of the order.
                    VoteContent::Ranking { order } => {
                        let kept = order.iter().filter(|option| !standing.recused_on.contains(option));
                        Some(Ranking {
                            ranked: kept.map(ToString::to_string).collect(),
                            not_ranked_recused: texts(&standing.recused_on).into_iter().collect(),
                        })
                    }
                    VoteContent::Motion { .. } => None,
                })
                .collect();
            let counted = count_ranking(&options, &rankings, *method, quorum, &rules.tie_chain)
                .map_err(|error: CountError| Refusal::invalid("/votes", error))?;
            if by_kind_met {
                return Ok(BallotCount::Ranking(counted));
            }
            let (order, ties, rounds) = (Vec::new(), Vec::new(), Vec::new());
            let none = RankingCount { order, ties, rounds, ballots: counted.ballots, quorum_met: false };
            Ok(BallotCount::Ranking(none))
        }
    }
}

fn texts(ids: &[ApplicationId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
