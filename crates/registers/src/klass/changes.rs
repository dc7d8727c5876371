//! Changes of codes.

use jiff::civil::Date;
use serde::Deserialize;

use crate::read::{Limits, ReadError, blank, json};

/// A code with its name at the time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeName {
    /// Four digits for a municipality, two for a county, leading zero included.
    pub code: String,
    /// The name; several languages are joined by ` - `.
    pub name: String,
}

/// One change. A split has several with one old code, a merger several with one new code, and a code that lives on one with itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "Written")]
pub struct CodeChange {
    /// The first day on which it holds.
    pub on: Date,
    /// What there was; none for a beginning.
    pub old: Option<CodeName>,
    /// What there is; none for an end.
    pub new: Option<CodeName>,
}

/// Reads the answer of `changes`.
pub fn read_changes(body: &[u8]) -> Result<Vec<CodeChange>, ReadError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Changes {
        code_changes: Vec<CodeChange>,
    }
    json::<Changes>(body, Limits::ANSWER).map(|changes| changes.code_changes)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default, deserialize_with = "blank")]
    old_code: Option<String>,
    #[serde(default)]
    old_name: Option<String>,
    #[serde(default, deserialize_with = "blank")]
    new_code: Option<String>,
    #[serde(default)]
    new_name: Option<String>,
    change_occurred: Date,
}

impl From<Written> for CodeChange {
    fn from(written: Written) -> Self {
        let named = |code: Option<String>, name: Option<String>| {
            code.map(|code| CodeName { code: code.trim().to_owned(), name: name.unwrap_or_default() })
        };
        Self {
            on: written.change_occurred,
            old: named(written.old_code, written.old_name),
            new: named(written.new_code, written.new_name),
        }
    }
}
