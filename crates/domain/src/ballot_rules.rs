//! What a ballot is about and how it is held.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_voting::TieChain;

use crate::ballot_matter::BallotMatter;
use crate::forum::{Disclosure, Forum, Seat};
use crate::id::SeatId;
use crate::meeting::Meeting;
use crate::refusal::{Refusal, RefusalCode};
use crate::standing::{KindQuorum, QuorumRule};

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

    /// Checks that the rules can be carried out: a matter, all voting seats of the forum whose terms hold on the day of the
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
        // Whom a ballot leaves out would be the choice of whoever prepares it.
        if let Some(left_out) = seats
            .iter()
            .find(|seat| seat.forum_id == forum.id && seat.votes_on(day) && !self.roster.contains(&seat.id))
        {
            return Err(Refusal::new(RefusalCode::RosterIncomplete)
                .with("seat", &left_out.label.nb)
                .at("/rules/roster"));
        }
        if self.matter.budget().is_some() && self.tie_chain.0.is_empty() {
            let expected = "at least one link, as a tie can decide what the money goes to";
            return Err(Refusal::invalid("/rules/tieChain", expected));
        }
        // An empty count finds what would only show when the votes are in, such as an unreadable seed.
        crate::ballot_count::rehearse(self).map_err(|refusal| refusal.at("/rules"))
    }
}

pub(crate) fn has_repeats<T: Ord>(things: &[T]) -> bool {
    let distinct: std::collections::BTreeSet<&T> = things.iter().collect();
    distinct.len() != things.len()
}
