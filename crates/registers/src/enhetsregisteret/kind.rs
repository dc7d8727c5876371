//! The two halves of the register, and where each is.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::RegisterNumber;
use crate::fetch::{Request, SourceKey, address};

/// The address below which everything lies.
pub const ADDRESS: &str = "https://data.brreg.no/enhetsregisteret/api/";

/// A half of the register. A number of one is unknown (404) in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Enhet: a legal entity, or a part of a public one.
    Head,
    /// Underenhet: a place of work, such as a school.
    Sub,
}

impl UnitKind {
    /// The part of an address that names this half.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Head => "enheter",
            Self::Sub => "underenheter",
        }
    }

    /// The other half: where to look if a number is unknown in this one.
    pub const fn other(self) -> Self {
        match self {
            Self::Head => Self::Sub,
            Self::Sub => Self::Head,
        }
    }
}

/// Asks for one unit below `base`.
pub fn unit(base: &Url, kind: UnitKind, number: &RegisterNumber) -> Request {
    Request::json(SourceKey::ENHETSREGISTERET, address(base, &[kind.path(), number.as_str()])).of_unit()
}

/// Asks for the file of all units below `base`: a `.gz` file, which is no content encoding. The newest media type is what comes where none is
/// named; version 1 is answered with 406.
pub fn bulk_file(base: &Url, kind: UnitKind) -> Request {
    Request::file(SourceKey::ENHETSREGISTERET, address(base, &[kind.path(), "lastned"]))
}
