//! An answer of Klass in a file, told by its shape.

use serde::Deserialize;

use super::{CodeChange, KlassCode};
use crate::read::{Limits, ReadError, json};

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KlassFile {
    /// An answer of `changes`.
    Changes(Vec<CodeChange>),
    /// An answer of `codes` or `codesAt`.
    Codes(Vec<KlassCode>),
}

impl KlassFile {
    /// Reads it, whichever it is.
    pub fn read(body: &[u8]) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Written {
            code_changes: Option<Vec<CodeChange>>,
            codes: Option<Vec<KlassCode>>,
        }
        match json(body, Limits::ANSWER)? {
            Written { code_changes: Some(changes), .. } => Ok(Self::Changes(changes)),
            Written { codes: Some(codes), .. } => Ok(Self::Codes(codes)),
            Written { .. } => Err(ReadError::Shape {
                path: ".".to_owned(),
                what: "neither `codeChanges` nor `codes` of Klass".to_owned(),
            }),
        }
    }
}
