//! Motions: for, against or abstain.

use serde::{Deserialize, Serialize};

use crate::{Quorum, QuorumCheck};

/// One seat's vote on a motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotionVote {
    /// Yes.
    For,
    /// No.
    Against,
    /// Present without taking a side: counts for the quorum, not for the majority.
    Abstain,
}

/// What it takes to carry a motion. The definitions are those of Robert's Rules of Order Newly Revised, 12th
/// edition, § 44 (majority vote, two-thirds vote, majority of the entire membership).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Majority {
    /// More for than against; abstentions do not count.
    Simple,
    /// More than half of all eligible seats, whether they vote or not.
    Absolute,
    /// At least two thirds of the votes for and against; abstentions do not count.
    TwoThirds,
}

/// How a motion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotionOutcome {
    /// The majority was reached.
    Carried,
    /// The majority was not reached.
    Rejected,
    /// As many for as against under [`Majority::Simple`]. Whether the chair then has a casting vote is a rule of the
    /// forum, not of the count.
    Tied,
    /// Too few seats voted for the count to be valid.
    NoQuorum,
}

/// The count of a motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MotionCount {
    /// Votes for.
    #[serde(rename = "for")]
    pub for_: u32,
    /// Votes against.
    pub against: u32,
    /// Abstentions.
    pub abstain: u32,
    /// Eligible seats that cast no vote.
    pub not_cast: u32,
    /// Seats that may vote on this motion; recused seats are not among them.
    pub eligible: u32,
    /// Whether enough seats voted.
    pub quorum_met: bool,
    /// How it ended.
    pub outcome: MotionOutcome,
    /// The checks in their order, for a page that shows how the outcome came about.
    pub rounds: Vec<MotionRound>,
}

/// One check of a motion's count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MotionRound {
    /// What is checked.
    pub check: MotionCheck,
    /// The votes that there are.
    pub votes: u32,
    /// The votes that it takes.
    pub needed: u32,
    /// Whether there are enough.
    pub met: bool,
}

/// What a round of a motion's count checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotionCheck {
    /// Votes cast, with abstentions, against the quorum.
    Quorum,
    /// Votes for against the majority.
    Majority,
}

/// Why a motion cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MotionError {
    /// There are more votes than seats.
    #[error("{votes} votes were cast by {eligible} eligible seats")]
    TooManyVotes {
        /// The votes.
        votes: usize,
        /// The seats.
        eligible: u32,
    },
}

/// Counts the votes of `eligible` seats on a motion.
///
/// # Errors
/// [`MotionError::TooManyVotes`] where there are more votes than eligible seats.
pub fn count_motion(
    votes: &[MotionVote],
    eligible: u32,
    majority: Majority,
    quorum: Quorum,
) -> Result<MotionCount, MotionError> {
    // More votes than can be counted exceed the eligible seats too, and are refused below.
    let cast = u32::try_from(votes.len()).unwrap_or(u32::MAX);
    count_motion_checked(votes, eligible, majority, &quorum.check(cast))
}

/// As [`count_motion`], where the quorum, such as one by type of seat, has been checked. The count has a round for each of
/// the quorum's minimums.
///
/// # Errors
/// As [`count_motion`].
pub fn count_motion_checked(
    votes: &[MotionVote],
    eligible: u32,
    majority: Majority,
    quorum: &QuorumCheck,
) -> Result<MotionCount, MotionError> {
    let cast = u32::try_from(votes.len())
        .ok()
        .filter(|cast| *cast <= eligible)
        .ok_or(MotionError::TooManyVotes { votes: votes.len(), eligible })?;
    // No tally exceeds `cast`, so that plain additions of one cannot overflow.
    let tally = |wanted: MotionVote| votes.iter().fold(0, |sum, vote| sum + u32::from(*vote == wanted));
    let (for_, against) = (tally(MotionVote::For), tally(MotionVote::Against));
    let needed = votes_needed(majority, for_, against, eligible);
    let quorum_met = quorum.met;
    let carried = for_ >= needed;
    let outcome = if !quorum_met {
        MotionOutcome::NoQuorum
    } else if carried {
        MotionOutcome::Carried
    } else if majority == Majority::Simple && for_ == against {
        MotionOutcome::Tied
    } else {
        MotionOutcome::Rejected
    };
    let quorum_rounds = quorum.rounds.iter().map(|round| MotionRound {
        check: MotionCheck::Quorum,
        votes: round.votes,
        needed: round.needed,
        met: round.met,
    });
    let majority_round = MotionRound { check: MotionCheck::Majority, votes: for_, needed, met: carried };
    let mut rounds: Vec<_> = quorum_rounds.collect();
    rounds.extend(quorum_met.then_some(majority_round));
    Ok(MotionCount {
        for_,
        against,
        abstain: tally(MotionVote::Abstain),
        not_cast: eligible - cast,
        eligible,
        quorum_met,
        outcome,
        rounds,
    })
}

/// The fewest votes for that carry the motion; at least one, since nothing is carried by nobody.
fn votes_needed(majority: Majority, for_: u32, against: u32, eligible: u32) -> u32 {
    match majority {
        Majority::Simple => against.saturating_add(1),
        Majority::Absolute => eligible / 2 + 1,
        Majority::TwoThirds => {
            // Of n = 3q + r votes, two thirds rounded up are 2q + r.
            let given = for_ + against;
            (given / 3 * 2 + given % 3).max(1)
        }
    }
}
