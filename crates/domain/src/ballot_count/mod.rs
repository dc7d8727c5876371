//! From votes to the pure counting methods and back.

mod budget;
mod means;

use serde::{Deserialize, Serialize};
use tildel_voting::{
    BudgetCount, CountError, MeanCount, MeanRound, MotionCount, MotionError, MotionOutcome, Quorum,
    QuorumCheck, Ranking, RankingCount, count_motion, count_ranking_checked,
};

use crate::ballot_matter::{AllotmentMethod, ApprovalMethod, BallotMatter, RankingMethod, ScoreMethod};
use crate::ballot_rules::BallotRules;
use crate::id::ApplicationId;
use crate::refusal::Refusal;
use crate::standing::{SeatStanding, Tally};
use crate::vote::{Vote, VoteContent};

pub(crate) use budget::pabulib_vote;

/// The outcome of a count, with its rounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BallotCount {
    /// Of a motion.
    Motion(MotionCount),
    /// Of rankings, as an order.
    Ranking(RankingCount),
    /// Of approvals, as an order.
    Approval(MeanCount),
    /// Of scores, as an order.
    Score(ScoreCount),
    /// Of allotted points, as an order.
    Allotment(MeanCount),
    /// Of votes of any kind but motions, as a set of applications within a budget.
    Budget(BudgetOutcome),
}

/// The count of scores, in all and for each criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreCount {
    /// By weighted mean.
    pub all: MeanCount,
    /// By criterion, in their order.
    pub criteria: Vec<CriterionCount>,
}

/// The means on one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CriterionCount {
    /// The criterion's name.
    pub name: String,
    /// The applications' means, in the order of the options' texts; none where the quorum is not met.
    pub means: Vec<MeanRound>,
}

/// A set of applications within a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetOutcome {
    /// What was chosen, in which order and why; nothing where the quorum is not met.
    pub count: BudgetCount,
    /// What each application was supported by, in the order of the ballot's options; none where the quorum is not met.
    pub options: Vec<OptionSupport>,
    /// Whether enough seats voted.
    pub quorum_met: bool,
}

/// The support of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionSupport {
    /// The application.
    pub application_id: ApplicationId,
    /// The votes that name it.
    pub votes: u32,
    /// What they give it together: votes, allotted points, weighted scores, or Borda's points within each vote.
    pub points: u64,
    /// The votes that could speak of it; the voters of the others are recused on it.
    pub seats: u32,
}

/// Counts nothing, to find what would only show when the votes are in, such as an unreadable seed.
pub(crate) fn rehearse(rules: &BallotRules) -> Result<(), Refusal> {
    count(rules, &[], &Tally { seats: Vec::new(), kinds: Vec::new() }).map(|_| ())
}

/// A vote that is counted, with how its seat stood.
type Counted<'a> = (&'a Vote, &'a SeatStanding);

/// Counts by the ballot's rules the votes that count by its tally. Seats that are recused are not among the eligible ones,
/// and where too few seats of a kind have voted, there is no quorum.
pub(crate) fn count(rules: &BallotRules, votes: &[Vote], tally: &Tally) -> Result<BallotCount, Refusal> {
    let counted = counted(votes, tally);
    let quorum = quorum_of(rules, &counted, tally);
    match &rules.matter {
        BallotMatter::Motion { majority, .. } => {
            let choices: Vec<_> = counted
                .iter()
                .filter_map(|(vote, _)| match vote.content {
                    VoteContent::Motion { choice } => Some(choice),
                    _ => None,
                })
                .collect();
            let seats = Quorum { minimum_seats: rules.quorum_seats };
            let mut count = count_motion(&choices, tally.eligible(), *majority, seats)
                .map_err(|error: MotionError| uncountable(error))?;
            if !quorum.met {
                count.quorum_met = false;
                count.outcome = MotionOutcome::NoQuorum;
                count.rounds.truncate(1);
            }
            Ok(BallotCount::Motion(count))
        }
        BallotMatter::Ranking {
            options,
            method: method @ (RankingMethod::Borda | RankingMethod::Schulze),
        } => {
            let method = match method {
                RankingMethod::Schulze => tildel_voting::RankingMethod::Schulze,
                _ => tildel_voting::RankingMethod::Borda,
            };
            let rankings: Vec<Ranking> = counted.iter().filter_map(ranking).collect();
            let count = count_ranking_checked(&texts(options), &rankings, method, &quorum, &rules.tie_chain)
                .map_err(|error: CountError| uncountable(error))?;
            Ok(BallotCount::Ranking(count))
        }
        BallotMatter::Approval { options, method: ApprovalMethod::Count } => {
            means::approval(options, &counted, &quorum, &rules.tie_chain).map(BallotCount::Approval)
        }
        BallotMatter::Score { options, criteria, most, method: ScoreMethod::Mean } => {
            means::score((options, criteria, *most), &counted, &quorum, &rules.tie_chain)
                .map(BallotCount::Score)
        }
        BallotMatter::Allotment { options, points, method: AllotmentMethod::Mean } => {
            means::allotment((options, *points), &counted, &quorum, &rules.tie_chain)
                .map(BallotCount::Allotment)
        }
        BallotMatter::Ranking { method: RankingMethod::Budget(terms), .. }
        | BallotMatter::Approval { method: ApprovalMethod::Budget(terms), .. }
        | BallotMatter::Score { method: ScoreMethod::Budget(terms), .. }
        | BallotMatter::Allotment { method: AllotmentMethod::Budget(terms), .. } => {
            budget::count((&rules.matter, terms), &counted, &quorum, &rules.tie_chain)
                .map(BallotCount::Budget)
        }
    }
}

/// The votes that count by a tally.
pub(crate) fn counted<'a>(votes: &'a [Vote], tally: &'a Tally) -> Vec<Counted<'a>> {
    votes.iter().filter_map(|vote| Some((vote, tally.counted(vote.seat_id)?))).collect()
}

/// Whether enough seats voted, in all and of each kind.
fn quorum_of(rules: &BallotRules, counted: &[Counted<'_>], tally: &Tally) -> QuorumCheck {
    let cast = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let mut check = Quorum { minimum_seats: rules.quorum_seats }.check(cast);
    check.met &= tally.kinds.iter().all(|kind| kind.is_met);
    check
}

/// An option that the voter turned out to have an interest in is taken out of the order.
fn ranking((vote, standing): &Counted<'_>) -> Option<Ranking> {
    let VoteContent::Ranking { order } = &vote.content else { return None };
    let kept = order.iter().filter(|option| !standing.recused_on.contains(option));
    Some(Ranking {
        ranked: kept.map(ToString::to_string).collect(),
        not_ranked_recused: texts(&standing.recused_on).into_iter().collect(),
    })
}

fn texts(ids: &[ApplicationId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn uncountable(error: impl ToString) -> Refusal {
    Refusal::invalid("/votes", error)
}
