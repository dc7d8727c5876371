//! Votes: what a seat says, whether it fits the matter, and its receipt.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_voting::MotionVote;

use crate::ballot_matter::{BallotMatter, Criterion};
use crate::forum::Seat;
use crate::id::{ApplicationId, BallotId, PersonId, SeatId};
use crate::refusal::{Refusal, RefusalCode};

/// What a vote says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum VoteContent {
    /// On a motion.
    Motion {
        /// For, against or abstaining.
        choice: MotionVote,
    },
    /// On an order.
    Ranking {
        /// The applications, best first; those left out are ranked equal last.
        order: Vec<ApplicationId>,
    },
    /// On a choice.
    Approval {
        /// The applications that are approved; none is a vote, too.
        approved: Vec<ApplicationId>,
    },
    /// On criteria.
    Score {
        /// The scores of every application that the voter is not recused on.
        scores: Vec<OptionScores>,
    },
    /// On shares.
    Allotment {
        /// The points of applications; those left out get none.
        points: Vec<OptionPoints>,
    },
}

/// An application's scores in a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionScores {
    /// The application.
    pub application_id: ApplicationId,
    /// A score for each criterion, in the order of the ballot's criteria.
    pub scores: Vec<u32>,
}

/// An application's points in a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionPoints {
    /// The application.
    pub application_id: ApplicationId,
    /// The points.
    pub points: u32,
}

impl VoteContent {
    /// What a receipt says of the content, on one line.
    ///
    /// `for`, `against` or `abstain` on a motion. Otherwise the applications' ids in the order of the content, with commas
    /// between them; behind each id a colon and its points, or its scores with slashes between them.
    pub fn receipt_line(&self) -> String {
        match self {
            Self::Motion { choice: MotionVote::For } => "for".to_owned(),
            Self::Motion { choice: MotionVote::Against } => "against".to_owned(),
            Self::Motion { choice: MotionVote::Abstain } => "abstain".to_owned(),
            Self::Ranking { order: ids } | Self::Approval { approved: ids } => joined(ids, ","),
            Self::Score { scores } => {
                let line = |option: &OptionScores| {
                    format!("{}:{}", option.application_id, joined(&option.scores, "/"))
                };
                joined(&scores.iter().map(line).collect::<Vec<_>>(), ",")
            }
            Self::Allotment { points } => {
                let line = |option: &OptionPoints| format!("{}:{}", option.application_id, option.points);
                joined(&points.iter().map(line).collect::<Vec<_>>(), ",")
            }
        }
    }
}

fn joined<T: ToString>(things: &[T], between: &str) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// A vote of a seat. The last revision counts; the earlier ones are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The ballot.
    pub ballot_id: BallotId,
    /// The seat.
    pub seat_id: SeatId,
    /// 1 for the first vote of the seat, counted up by each change.
    pub revision: i64,
    /// The member or deputy who cast it.
    pub person_id: PersonId,
    /// Content.
    pub content: VoteContent,
    /// The options the voter was recused on.
    pub recused_on: Vec<ApplicationId>,
    /// When it was cast.
    pub cast_at: Timestamp,
    /// What makes the receipt one that nobody can guess.
    pub nonce: String,
    /// The receipt, by which the voter finds the vote in the list that is made known with the count.
    pub receipt: String,
}

impl Vote {
    /// What a receipt is the SHA-256 of, as hexadecimal text: ballot, seat, revision, content
    /// ([`VoteContent::receipt_line`]) and nonce, with line feeds between them.
    pub fn receipt_text(&self) -> String {
        let said = self.content.receipt_line();
        format!("{}\n{}\n{}\n{said}\n{}", self.ballot_id, self.seat_id, self.revision, self.nonce)
    }
}

/// A vote to be cast.
#[derive(Clone, Debug)]
pub struct NewVote<'a> {
    /// The seat.
    pub seat: &'a Seat,
    /// Content.
    pub content: VoteContent,
    /// The seat's last revision, if it has voted.
    pub previous: Option<i64>,
    /// What makes the receipt one that nobody can guess.
    pub nonce: String,
}

impl BallotMatter {
    /// Whether a vote of somebody who is recused on these options fits.
    pub(crate) fn check_vote(
        &self,
        content: &VoteContent,
        recused_on: &[ApplicationId],
    ) -> Result<(), Refusal> {
        let named = |options: &[ApplicationId], ids: &[ApplicationId], place: &dyn Fn(usize) -> String| {
            check_named((options, recused_on), ids, place)
        };
        match (self, content) {
            (Self::Motion { .. }, VoteContent::Motion { .. }) => Ok(()),
            (Self::Ranking { options, .. }, VoteContent::Ranking { order }) => {
                if order.is_empty() {
                    return Err(Refusal::new(RefusalCode::InvalidVote).at("/content/order"));
                }
                named(options, order, &|index| format!("/content/order/{index}"))
            }
            (Self::Approval { options, .. }, VoteContent::Approval { approved }) => {
                named(options, approved, &|index| format!("/content/approved/{index}"))
            }
            (Self::Score { options, criteria, most, .. }, VoteContent::Score { scores }) => {
                let ids: Vec<_> = scores.iter().map(|option| option.application_id).collect();
                named(options, &ids, &|index| format!("/content/scores/{index}/applicationId"))?;
                check_scores(criteria, *most, scores)?;
                let fit = options.iter().filter(|option| !recused_on.contains(option));
                let missing = fit.filter(|option| !ids.contains(option)).count();
                if missing > 0 {
                    let refusal = Refusal::new(RefusalCode::ScoresIncomplete).with("count", missing);
                    return Err(refusal.at("/content/scores"));
                }
                Ok(())
            }
            (Self::Allotment { options, points: most, .. }, VoteContent::Allotment { points }) => {
                let ids: Vec<_> = points.iter().map(|option| option.application_id).collect();
                named(options, &ids, &|index| format!("/content/points/{index}/applicationId"))?;
                let given: u64 = points.iter().map(|option| u64::from(option.points)).sum();
                if given > u64::from(*most) {
                    let refusal = Refusal::new(RefusalCode::TooManyPoints);
                    return Err(refusal.with("given", given).with("most", most).at("/content/points"));
                }
                Ok(())
            }
            _ => Err(Refusal::new(RefusalCode::InvalidVote).at("/content/kind")),
        }
    }
}

/// Each application is one of the ballot's, named once, and none that the voter is recused on.
fn check_named(
    (options, recused_on): (&[ApplicationId], &[ApplicationId]),
    ids: &[ApplicationId],
    place: &dyn Fn(usize) -> String,
) -> Result<(), Refusal> {
    for (index, id) in ids.iter().enumerate() {
        if !options.contains(id) || ids[..index].contains(id) {
            return Err(Refusal::new(RefusalCode::InvalidVote).at(place(index)));
        }
        if recused_on.contains(id) {
            return Err(Refusal::new(RefusalCode::Recused).at(place(index)));
        }
    }
    Ok(())
}

/// Each application has a score for each criterion, and no score leaves the scale.
fn check_scores(criteria: &[Criterion], most: u32, scores: &[OptionScores]) -> Result<(), Refusal> {
    for (index, option) in scores.iter().enumerate() {
        let at = format!("/content/scores/{index}/scores");
        if option.scores.len() != criteria.len() {
            return Err(Refusal::new(RefusalCode::ScoresIncomplete).with("count", 1).at(at));
        }
        if let Some(number) = option.scores.iter().position(|score| *score > most) {
            let refusal = Refusal::new(RefusalCode::ScoreOffScale).with("most", most);
            return Err(refusal.with("score", option.scores[number]).at(format!("{at}/{number}")));
        }
    }
    Ok(())
}
