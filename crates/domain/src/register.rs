//! What the public registers say of units, as Tildel keeps it: one shape for all sources, each state with the instant since when it was so.
//!
//! What a register says is kept beside what plans rest on, and never moves it: a difference becomes a change that somebody can look at first.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Headcount, Ownership, UnitKind};

/// Where a fact of a unit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterKey {
    /// Enhetsregisteret: head units and sub-units.
    Enhetsregisteret,
    /// Nasjonalt skoleregister (Udir).
    Nsr,
    /// Nasjonalt barnehageregister (Udir).
    Nbr,
}

impl RegisterKey {
    /// All registers of units.
    pub const ALL: [Self; 3] = [Self::Enhetsregisteret, Self::Nsr, Self::Nbr];

    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enhetsregisteret => "enhetsregisteret",
            Self::Nsr => "nsr",
            Self::Nbr => "nbr",
        }
    }

    /// The name for people, as sources of headcounts are written.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Enhetsregisteret => "Enhetsregisteret",
            Self::Nsr => "Nasjonalt skoleregister",
            Self::Nbr => "Nasjonalt barnehageregister",
        }
    }
}

/// What a register says of one unit. Everything but number, kind and name may be missing; a missing value is never zero or false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterUnit {
    /// The number as the register writes it; nine digits but for schools abroad.
    pub number: String,
    /// Whether it is a sub-unit (a place of work), else a head unit (a legal entity or a part of one).
    pub is_sub_unit: bool,
    /// The name, as the register writes it.
    pub name: String,
    /// The form of organisation, such as `KOMM`, `ORGL`, `AS`, `BEDR`.
    pub form: Option<String>,
    /// The number of the unit right above.
    pub parent: Option<String>,
    /// The number of the owner, where the register names one apart from the parent.
    pub owner: Option<String>,
    /// The municipality number as of the state.
    pub municipality_number: Option<String>,
    /// The kind of school or kindergarten; none for everything else.
    pub unit_kind: Option<UnitKind>,
    /// Whether the owner is private or public, where the register says so.
    pub ownership: Option<Ownership>,
    /// Employees.
    pub headcount: Headcount,
    /// The day at which the headcount held, where the register says so.
    pub headcount_on: Option<Date>,
    /// The day it closed or was deleted.
    pub ended_on: Option<Date>,
}

/// A state of a unit in a register, from an instant until the next state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterUnitState {
    /// Which register says so.
    pub register: RegisterKey,
    /// Since when this is known to be so: the time of the feed's entry or of the file, not of the reading.
    pub since: Timestamp,
    /// Until when; none while it stands.
    pub until: Option<Timestamp>,
    /// What it says.
    pub unit: RegisterUnit,
}

/// A difference between two states of a unit in a register, one right after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which register says so.
    pub register: RegisterKey,
    /// Since when the later state is known to hold.
    pub since: Timestamp,
    /// The state before; none where the unit was seen for the first time.
    pub before: Option<RegisterUnit>,
    /// The state after; none where the unit was purged from the register (410).
    pub after: Option<RegisterUnit>,
}
