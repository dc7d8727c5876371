//! Approvals, scores and points as orders: a sum over the votes that can speak of an option, divided by their number.

use std::collections::BTreeMap;

use tildel_voting::{
    Allotment, Approval, MeanCount, MeanError, QuorumCheck, ScoreBallot, TieChain, count_allotment,
    count_approval, count_score,
};

use super::{Counted, CriterionCount, ScoreCount, texts, uncountable};
use crate::ballot_matter::Criterion;
use crate::id::ApplicationId;
use crate::refusal::Refusal;
use crate::vote::VoteContent;

/// Counts approvals.
pub(super) fn approval(
    options: &[ApplicationId],
    counted: &[Counted<'_>],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<MeanCount, Refusal> {
    let ballots: Vec<Approval> = counted
        .iter()
        .filter_map(|(vote, standing)| {
            let VoteContent::Approval { approved } = &vote.content else { return None };
            let kept = approved.iter().filter(|option| !standing.recused_on.contains(option));
            Some(Approval {
                approved: kept.map(ToString::to_string).collect(),
                recused: texts(&standing.recused_on).into_iter().collect(),
            })
        })
        .collect();
    count_approval(&texts(options), &ballots, quorum, ties).map_err(|error: MeanError| uncountable(error))
}

/// Counts points.
pub(super) fn allotment(
    (options, most): (&[ApplicationId], u32),
    counted: &[Counted<'_>],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<MeanCount, Refusal> {
    let ballots: Vec<Allotment> = counted
        .iter()
        .filter_map(|(vote, standing)| {
            let VoteContent::Allotment { points } = &vote.content else { return None };
            let kept = points.iter().filter(|given| !standing.recused_on.contains(&given.application_id));
            Some(Allotment {
                points: kept.map(|given| (given.application_id.to_string(), given.points)).collect(),
                recused: texts(&standing.recused_on).into_iter().collect(),
            })
        })
        .collect();
    count_allotment(&texts(options), &ballots, most, quorum, ties)
        .map_err(|error: MeanError| uncountable(error))
}

/// Counts scores: all criteria by their weights, and each by itself.
pub(super) fn score(
    (options, criteria, most): (&[ApplicationId], &[Criterion], u32),
    counted: &[Counted<'_>],
    quorum: &QuorumCheck,
    ties: &TieChain,
) -> Result<ScoreCount, Refusal> {
    let options = texts(options);
    let all: Vec<(usize, &Criterion)> = criteria.iter().enumerate().collect();
    let count_on = |chosen: &[(usize, &Criterion)]| {
        let weighed: Vec<_> = chosen
            .iter()
            .map(|(_, criterion)| tildel_voting::Criterion {
                name: criterion.name.clone(),
                weight: criterion.weight,
                most,
            })
            .collect();
        let ballots: Vec<_> = counted.iter().filter_map(|one| scores_on(one, chosen)).collect();
        count_score(&options, &weighed, &ballots, quorum, ties).map_err(|error: MeanError| uncountable(error))
    };
    let by_criterion = all.iter().map(|criterion| {
        let count = count_on(std::slice::from_ref(criterion))?;
        Ok(CriterionCount { name: criterion.1.name.clone(), means: count.rounds })
    });
    let criteria = by_criterion.collect::<Result<_, Refusal>>()?;
    Ok(ScoreCount { all: count_on(&all)?, criteria })
}

/// What a vote says on some of the criteria.
fn scores_on((vote, standing): &Counted<'_>, chosen: &[(usize, &Criterion)]) -> Option<ScoreBallot> {
    let VoteContent::Score { scores } = &vote.content else { return None };
    let kept = scores.iter().filter(|option| !standing.recused_on.contains(&option.application_id));
    let scores = kept.map(|option| {
        let on = chosen
            .iter()
            .filter_map(|(number, criterion)| Some((criterion.name.clone(), *option.scores.get(*number)?)));
        (option.application_id.to_string(), on.collect::<BTreeMap<_, _>>())
    });
    Some(ScoreBallot { scores: scores.collect() })
}
