//! What is odd about the rows of a history.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

/// Something that a person should look at. The history goes on in the way that is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Finding {
    /// Numbers lead to each other in a circle on one day. The old places are told from the new ones by the day.
    Circle {
        /// The day.
        on: Date,
        /// The numbers, in order.
        codes: Vec<String>,
    },
    /// A number ends by the rows and changes again later without having begun anew: a row is missing. It is taken to have lived on.
    Gap {
        /// The number.
        code: String,
        /// When it ends by the rows.
        on: Date,
    },
    /// A number ends and leads nowhere.
    EndsNowhere {
        /// The number.
        code: String,
        /// When.
        on: Date,
    },
    /// A number gets a part of another, and nothing says whether it was there before. It is taken to have been.
    Unclear {
        /// The number.
        code: String,
        /// When.
        on: Date,
    },
    /// The same change is listed with different names. The first in the order of letters counts.
    NamesDiffer {
        /// The day.
        on: Date,
        /// The old number.
        old: String,
        /// The new number.
        new: String,
    },
    /// A number is listed as valid on a day and is not, by the history.
    NotInHistory {
        /// The number.
        code: String,
        /// The day.
        on: Date,
    },
    /// A number is valid on a day by the history and is not listed.
    NotListed {
        /// The number.
        code: String,
        /// The day.
        on: Date,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circle { on, codes } => {
                write!(formatter, "{on}: {} lead to each other in a circle", codes.join(", "))
            }
            Self::Gap { code, on } => {
                write!(formatter, "{on}: {code} ends, but changes again later; taken to have lived on")
            }
            Self::EndsNowhere { code, on } => write!(formatter, "{on}: {code} ends and leads nowhere"),
            Self::Unclear { code, on } => {
                write!(formatter, "{on}: {code} gets a part of another; taken to have been there before")
            }
            Self::NamesDiffer { on, old, new } => {
                write!(formatter, "{on}: the change from {old} to {new} is listed with different names")
            }
            Self::NotInHistory { code, on } => {
                write!(formatter, "{on}: {code} is listed, but not valid by the history")
            }
            Self::NotListed { code, on } => {
                write!(formatter, "{on}: {code} is valid by the history, but not listed")
            }
        }
    }
}
