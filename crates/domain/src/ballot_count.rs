//! From votes to the pure counting methods and back.

use tildel_voting::{CountError, MotionError, Quorum, Ranking, count_motion, count_ranking};

use crate::ballot::{BallotCount, BallotMatter, BallotRules, Vote, VoteContent};
use crate::id::ApplicationId;
use crate::refusal::Refusal;

/// Counts the votes that stand by the ballot's rules.
pub(crate) fn count(rules: &BallotRules, votes: &[Vote]) -> Result<BallotCount, Refusal> {
    let quorum = Quorum { minimum_seats: rules.quorum_seats };
    match &rules.matter {
        BallotMatter::Motion { majority, .. } => {
            let choices: Vec<_> = votes
                .iter()
                .filter_map(|vote| match vote.content {
                    VoteContent::Motion { choice } => Some(choice),
                    VoteContent::Ranking { .. } => None,
                })
                .collect();
            let eligible = u32::try_from(rules.roster.len()).unwrap_or(u32::MAX);
            let counted = count_motion(&choices, eligible, *majority, quorum);
            counted.map(BallotCount::Motion).map_err(|error: MotionError| Refusal::invalid("/votes", error))
        }
        BallotMatter::Ranking { options, method } => {
            let options = texts(options);
            let rankings: Vec<Ranking> = votes
                .iter()
                .filter_map(|vote| match &vote.content {
                    VoteContent::Ranking { order } => Some(Ranking {
                        ranked: texts(order),
                        not_ranked_recused: texts(&vote.recused_on).into_iter().collect(),
                    }),
                    VoteContent::Motion { .. } => None,
                })
                .collect();
            let counted = count_ranking(&options, &rankings, *method, quorum, &rules.tie_chain);
            counted.map(BallotCount::Ranking).map_err(|error: CountError| Refusal::invalid("/votes", error))
        }
    }
}

fn texts(ids: &[ApplicationId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
