//! What a ballot is about and how it is held.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_voting::{Majority, RankingMethod, TieChain};

use crate::forum::{Disclosure, Forum, Seat};
use crate::id::{ApplicationId, SeatId};
use crate::meeting::Meeting;
use crate::refusal::{Refusal, RefusalCode};
use crate::standing::{KindQuorum, QuorumRule};

/// The most options of one ballot.
const OPTIONS_MAX: usize = 200;

/// What is voted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum BallotMatter {
    /// For or against one motion, possibly on one application.
    Motion {
        /// What is moved.
        text: String,
        /// The application it concerns, so that recusals apply.
        application_id: Option<ApplicationId>,
        /// What carries it.
        majority: Majority,
    },
    /// An order of applications.
    Ranking {
        /// The applications to rank.
        options: Vec<ApplicationId>,
        /// How rankings are counted.
        method: RankingMethod,
    },
}

impl BallotMatter {
    /// The applications that the matter concerns.
    pub fn applications(&self) -> &[ApplicationId] {
        match self {
            Self::Motion { application_id, .. } => application_id.as_slice(),
            Self::Ranking { options, .. } => options,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Motion { text, .. } if text.trim().is_empty() => {
                Err(Refusal::invalid("/matter/text", "a motion"))
            }
            Self::Motion { .. } => Ok(()),
            Self::Ranking { options, .. } => {
                let distinct: std::collections::BTreeSet<_> = options.iter().collect();
                if options.len() < 2 || options.len() > OPTIONS_MAX || distinct.len() != options.len() {
                    return Err(Refusal::invalid("/matter/options", "2 to 200 different applications"));
                }
                Ok(())
            }
        }
    }
}

/// The rules of a ballot: immutable from the first vote (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BallotRules {
    /// What is voted on, and how it is counted.
    pub matter: BallotMatter,
    /// The seats that vote, each with one vote.
    pub roster: Vec<SeatId>,
    /// Seats that must vote for the ballot to bind.
    pub quorum_seats: u32,
    /// Seats of kinds of organisation that must vote for it to bind: what the forum asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quorum_by_kind: Vec<KindQuorum>,
    /// Who sees what a seat voted: what the forum says.
    #[serde(default, skip_serializing_if = "crate::forum::is_secret")]
    pub disclosure: Disclosure,
    /// How ties are broken, link by link.
    pub tie_chain: TieChain,
    /// When voting ends by itself.
    pub closes_at: Option<Timestamp>,
}

impl BallotRules {
    /// What the ballot asks of the seats that vote.
    pub fn quorum(&self) -> QuorumRule<'_> {
        QuorumRule { seats: self.quorum_seats, by_kind: &self.quorum_by_kind }
    }

    /// Checks that the rules can be carried out: a matter, voting seats of the forum whose terms hold on the day of the
    /// meeting, each once (rules 1 and 4), and a tie chain that can be read.
    pub(crate) fn check(&self, forum: &Forum, meeting: &Meeting, seats: &[Seat]) -> Result<(), Refusal> {
        self.matter.check()?;
        if self.roster.is_empty() || has_repeats(&self.roster) {
            return Err(Refusal::invalid("/rules/roster", "at least one seat, and each once"));
        }
        let day = meeting.day();
        for (index, seat_id) in self.roster.iter().enumerate() {
            let pointer = format!("/rules/roster/{index}");
            let seat =
                seats.iter().find(|seat| seat.id == *seat_id && seat.forum_id == forum.id).ok_or_else(
                    || Refusal::new(RefusalCode::UnknownReference).with("thing", "seat").at(&*pointer),
                )?;
            if !seat.votes_on(day) {
                return Err(Refusal::invalid(
                    &pointer,
                    "a seat that has the right to vote on the day of the meeting",
                ));
            }
        }
        // An empty count finds what would only show when the votes are in, such as an unreadable seed.
        crate::ballot_count::rehearse(self).map_err(|refusal| refusal.at("/rules"))
    }
}

pub(crate) fn has_repeats<T: Ord>(things: &[T]) -> bool {
    let distinct: std::collections::BTreeSet<&T> = things.iter().collect();
    distinct.len() != things.len()
}
