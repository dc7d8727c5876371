//! Lives of numbers, and the steps between them.

use jiff::civil::Date;
use serde::Serialize;

/// A life, within one history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LifeId(pub(super) usize);

/// A name and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameSince {
    /// The name.
    pub name: String,
    /// The first day with it; none where the history does not reach back so far.
    pub since: Option<Date>,
}

/// A number from a first day to a last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// The number.
    pub code: String,
    /// Its names, oldest first; at least one.
    pub names: Vec<NameSince>,
    /// The first day; none where the history does not reach back so far.
    pub from: Option<Date>,
    /// The first day on which it is not valid any more; none where it has not ended.
    pub to: Option<Date>,
}

impl Life {
    /// Whether it is valid on a day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// The name on a day; before the first day the first name, after the last day the last.
    pub fn name_on(&self, day: Date) -> &str {
        let borne = self.names.iter().rev().find(|name| name.since.is_none_or(|since| since <= day));
        borne.or(self.names.first()).map_or("", |name| name.name.as_str())
    }
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The place got another number, perhaps another name, and nothing else.
    Renumbered,
    /// The place ended in one that others went into too, or that was there before.
    Merged,
    /// The place ended in several.
    Split,
    /// The place lives on, and a part of it became one of its own.
    PartedOff,
    /// The place lives on, and a part of it went to another that was there before.
    BoundaryMoved,
}

impl StepKind {
    /// Whether the life that is left ended with it, and so goes on in the other.
    pub const fn ends_the_old(self) -> bool {
        matches!(self, Self::Renumbered | Self::Merged | Self::Split)
    }
}

/// A step from one life to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The first day on which it holds.
    pub on: Date,
    /// The life that is left, or that gives a part.
    pub from: LifeId,
    /// The life that is entered, or that gets a part.
    pub to: LifeId,
    /// What it is.
    pub kind: StepKind,
}
