//! Votes as a budget vote in the sense of Pabulib: what is counted here is what the exported file says.

use tildel_voting::{
    BudgetCount, BudgetError, PabulibKind, PabulibVote, Project, QuorumCheck, TieChain, count_budget,
};

use super::{BudgetOutcome, Counted, OptionSupport, uncountable};
use crate::ballot_matter::{BallotMatter, Criterion};
use crate::budget::{Budget, DECIMALS};
use crate::id::ApplicationId;
use crate::refusal::Refusal;
use crate::standing::SeatStanding;
use crate::vote::{Vote, VoteContent};

/// A vote's named options with their points, by index; points are 0 where the kind of vote has none.
type Named = Vec<(u32, u32)>;

/// Counts by the budget method. What a voter is recused on is not named by the vote, whatever it says.
pub(super) fn count(
    (matter, budget): (&BallotMatter, &Budget),
    counted: &[Counted<'_>],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<BudgetOutcome, Refusal> {
    let vote = pabulib_vote((matter, budget), counted, DECIMALS).map_err(uncountable)?;
    let instance = vote.instance().map_err(uncountable)?.with_add1_step(budget.add1_step_ore());
    let count = count_budget(&instance, &budget.rule, ties).map_err(uncountable)?;
    if quorum.met {
        let options = support(matter, counted);
        return Ok(BudgetOutcome { count, options, quorum_met: true });
    }
    let nothing = BudgetCount {
        winners: Vec::new(),
        total_cost: "0".to_owned(),
        rounds: Vec::new(),
        ties: Vec::new(),
        share_rounds: 0,
        share: None,
        ..count
    };
    Ok(BudgetOutcome { count: nothing, options: Vec::new(), quorum_met: false })
}

/// The votes that count, as a file has them: without seats, in the order of what they say, so that their order tells nothing. The
/// unit of amounts is so many digits above an øre.
pub(crate) fn pabulib_vote(
    (matter, budget): (&BallotMatter, &Budget),
    counted: &[Counted<'_>],
    unit_digits: u32,
) -> Result<PabulibVote, BudgetError> {
    let options = matter.applications();
    let project = |id: &ApplicationId| Project { id: id.to_string(), cost: budget.cost_ore(*id) };
    let projects = options.iter().map(project).collect();
    let mut ballots: Vec<Named> =
        counted.iter().map(|(vote, standing)| named(matter, vote, standing)).collect();
    ballots.sort_unstable();
    PabulibVote::new(kind_of(matter), (budget.amount_ore(), unit_digits), projects, &ballots)
}

fn kind_of(matter: &BallotMatter) -> PabulibKind {
    match matter {
        BallotMatter::Motion { .. } | BallotMatter::Approval { .. } => PabulibKind::Approval,
        BallotMatter::Ranking { .. } => PabulibKind::Ordinal,
        BallotMatter::Score { .. } => PabulibKind::Scoring,
        BallotMatter::Allotment { .. } => PabulibKind::Cumulative,
    }
}

/// What a vote names.
fn named(matter: &BallotMatter, vote: &Vote, standing: &SeatStanding) -> Named {
    let options = matter.applications();
    let index = |id: &ApplicationId| {
        let known = options.iter().position(|option| option == id)?;
        (!standing.recused_on.contains(id)).then(|| u32::try_from(known).ok()).flatten()
    };
    match (&vote.content, matter) {
        (VoteContent::Approval { approved: ids } | VoteContent::Ranking { order: ids }, _) => {
            ids.iter().filter_map(|id| Some((index(id)?, 0))).collect()
        }
        (VoteContent::Allotment { points }, _) => {
            let given = points.iter().filter(|given| given.points > 0);
            given.filter_map(|given| Some((index(&given.application_id)?, given.points))).collect()
        }
        (VoteContent::Score { scores }, BallotMatter::Score { criteria, .. }) => {
            let weighted =
                scores.iter().map(|option| (option.application_id, weighted(criteria, &option.scores)));
            let given = weighted.filter(|(_, points)| *points > 0);
            given.filter_map(|(id, points)| Some((index(&id)?, points))).collect()
        }
        _ => Named::new(),
    }
}

/// Scores times weights. Twenty criteria with the highest weight and scale stay far below what a `u32` holds.
fn weighted(criteria: &[Criterion], scores: &[u32]) -> u32 {
    let each = criteria.iter().zip(scores).map(|(criterion, score)| criterion.weight.saturating_mul(*score));
    each.fold(0, u32::saturating_add)
}

fn support(matter: &BallotMatter, counted: &[Counted<'_>]) -> Vec<OptionSupport> {
    let ballots: Vec<Named> = counted.iter().map(|(vote, standing)| named(matter, vote, standing)).collect();
    let options = matter.applications().iter().zip(0_u32..);
    let support = options.map(|(id, index)| {
        let (mut votes, mut points) = (0, 0);
        for ballot in &ballots {
            let Some(place) = ballot.iter().position(|(option, _)| *option == index) else { continue };
            votes += 1;
            points += match matter {
                BallotMatter::Ranking { .. } => (ballot.len() - 1 - place) as u64,
                BallotMatter::Score { .. } | BallotMatter::Allotment { .. } => u64::from(ballot[place].1),
                BallotMatter::Motion { .. } | BallotMatter::Approval { .. } => 1,
            };
        }
        let fit = counted.iter().filter(|(_, standing)| !standing.recused_on.contains(id));
        let seats = u32::try_from(fit.count()).unwrap_or(u32::MAX);
        OptionSupport { application_id: *id, votes, points, seats }
    });
    support.collect()
}
