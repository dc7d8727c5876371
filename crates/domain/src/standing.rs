//! Who holds the vote of a seat on an item, and whether enough seats of each kind take part.

use serde::{Deserialize, Serialize};

use crate::forum::Seat;
use crate::id::{ApplicationId, PersonId, SeatId};
use crate::meeting::Attendance;
use crate::organisation::OrganisationKind;

/// Seats of one kind of organisation that must take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindQuorum {
    /// The kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// Seats of this kind that must take part.
    pub seats: u32,
}

/// What a forum asks of the seats that take part.
///
/// What it asks for stays the same however many are recused: else a forum of the recused could decide by one voice. Only
/// the seats that count towards it are fewer then.
#[derive(Clone, Copy, Debug)]
pub struct QuorumRule<'a> {
    /// Seats of any kind.
    pub seats: u32,
    /// Seats by kind.
    pub by_kind: &'a [KindQuorum],
}

impl QuorumRule<'_> {
    /// Whether seats of these kinds are enough.
    pub fn is_met_by(self, kinds: &[OrganisationKind]) -> bool {
        u32::try_from(kinds.len()).unwrap_or(u32::MAX) >= self.seats
            && self.checks(kinds).iter().all(|check| check.is_met)
    }

    /// The checks by kind.
    pub fn checks(self, kinds: &[OrganisationKind]) -> Vec<KindCheck> {
        let check = |asked: &KindQuorum| {
            let taking_part = kinds.iter().filter(|kind| **kind == asked.organisation_kind).count();
            let taking_part = u32::try_from(taking_part).unwrap_or(u32::MAX);
            KindCheck {
                organisation_kind: asked.organisation_kind,
                needed: asked.seats,
                taking_part,
                is_met: taking_part >= asked.seats,
            }
        };
        self.by_kind.iter().map(check).collect()
    }
}

/// Whether enough seats of one kind take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindCheck {
    /// The kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// Seats that must take part.
    pub needed: u32,
    /// Seats that do.
    pub taking_part: u32,
    /// Whether they are enough.
    pub is_met: bool,
}

/// Who holds the vote of a seat on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The member.
    Member(PersonId),
    /// The deputy: recorded as present in the member's place, or without the interest that keeps the member out.
    Deputy(PersonId),
    /// Nobody: who would hold it is recused.
    Recused,
}

impl Holder {
    /// Finds the holder.
    pub fn of(seat: &Seat, attendance: &[Attendance], is_recused: impl Fn(PersonId) -> bool) -> Self {
        let present = attendance.iter().find(|present| present.seat_id == seat.id);
        let deputy_sits = present.is_some_and(|present| seat.deputy_id == Some(present.person_id));
        if !deputy_sits && !is_recused(seat.member_id) {
            return Self::Member(seat.member_id);
        }
        match seat.deputy_id {
            Some(deputy_id) if !is_recused(deputy_id) => Self::Deputy(deputy_id),
            _ => Self::Recused,
        }
    }

    /// The person.
    pub const fn person_id(self) -> Option<PersonId> {
        match self {
            Self::Member(person_id) | Self::Deputy(person_id) => Some(person_id),
            Self::Recused => None,
        }
    }
}

/// How a seat of the roster stood when the ballot was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeatStanding {
    /// The seat.
    pub seat_id: SeatId,
    /// Its kind of organisation.
    pub organisation_kind: OrganisationKind,
    /// Who held its vote; nobody where the seat was recused.
    pub holder_id: Option<PersonId>,
    /// Whether a vote of the seat was counted.
    pub voted: bool,
    /// The options that whoever voted was recused on.
    pub recused_on: Vec<ApplicationId>,
}

/// How the roster stood when the ballot was counted: who could vote, and the quorum by kind. A count is repeated from this,
/// so what becomes known of interests later does not change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tally {
    /// The seats of the roster.
    pub seats: Vec<SeatStanding>,
    /// The quorum by kind.
    pub kinds: Vec<KindCheck>,
}

impl Tally {
    /// Seats that could vote.
    pub fn eligible(&self) -> u32 {
        let eligible = self.seats.iter().filter(|seat| seat.holder_id.is_some() || seat.voted).count();
        u32::try_from(eligible).unwrap_or(u32::MAX)
    }

    /// Seats that could not vote, as whoever would hold the vote is recused.
    pub fn recused(&self) -> u32 {
        u32::try_from(self.seats.len()).unwrap_or(u32::MAX).saturating_sub(self.eligible())
    }

    /// The standing of a seat whose vote is counted.
    pub(crate) fn counted(&self, seat_id: SeatId) -> Option<&SeatStanding> {
        self.seats.iter().find(|seat| seat.seat_id == seat_id && seat.voted)
    }
}
