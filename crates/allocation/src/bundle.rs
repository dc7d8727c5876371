//! A run as one file that anybody can compute again. `docs/bundle.md`, section 1.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::canonical::{CanonicalError, canonical_json};
use crate::{Plan, PlanError, PlanInput, plan};

/// The format and the rules that a bundle is computed by. Another way to compute is another format, and old ones stay readable.
const FORMAT: &str = "tildel-bundle/1";

/// An input with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Everything that the result rests on.
    pub input: PlanInput,
    /// SHA-256 of the canonical input, in hexadecimal: the identity of the run.
    pub input_hash: String,
    /// The result.
    pub result: Plan,
    /// SHA-256 of the canonical result, in hexadecimal.
    pub result_hash: String,
}

/// Why a bundle does not hold.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// A value that no bundle has.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// JSON, but not in canonical form: somebody has edited or formatted it.
    #[error("the bytes are not the canonical form (RFC 8785) of what they say, from byte {0} on")]
    NotCanonical(usize),
    /// Not a bundle of a format that this program knows.
    #[error("not a bundle of the format {FORMAT}: {0}")]
    Format(String),
    /// A hash that is not that of the content.
    #[error("{field} is {stated}, but the content has {found}")]
    Hash {
        /// Which hash.
        field: &'static str,
        /// What the bundle states.
        stated: String,
        /// What it is.
        found: String,
    },
    /// The input is not one.
    #[error("the input can not be read: {0}")]
    Input(serde_json::Error),
    /// The input can be read, but is not written as Tildel writes it.
    #[error("the input is not written in its stored form")]
    InputForm,
    /// The input gives no result.
    #[error("the input can not be computed: {0}")]
    Plan(#[from] PlanError),
    /// The result is another than the computed one.
    #[error("the result differs at {pointer}: the bundle says {stated}, computed is {computed}")]
    Result {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What the bundle says.
        stated: String,
        /// What was computed.
        computed: String,
    },
}

/// SHA-256, in hexadecimal, of the canonical form of a value.
pub fn hash_of(value: &impl Serialize) -> Result<String, BundleError> {
    let value = serde_json::to_value(value).map_err(BundleError::Input)?;
    Ok(hash_text(&canonical_json(&value)?))
}

fn hash_text(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

impl Bundle {
    /// Computes an input, whose lists are sorted first.
    pub fn compute(mut input: PlanInput) -> Result<Self, BundleError> {
        input.canonicalise();
        let result = plan(&input)?;
        Ok(Self { input_hash: hash_of(&input)?, result_hash: hash_of(&result)?, input, result })
    }

    /// The file.
    pub fn to_json(&self) -> Result<String, BundleError> {
        let value = json!({
            "format": FORMAT,
            "input": serde_json::to_value(&self.input).map_err(BundleError::Input)?,
            "inputHash": self.input_hash,
            "result": serde_json::to_value(&self.result).map_err(BundleError::Input)?,
            "resultHash": self.result_hash,
        });
        Ok(canonical_json(&value)?)
    }

    /// Reads a file, computes it again, and refuses it unless every byte is what it must be.
    pub fn verify(bytes: &[u8]) -> Result<Self, BundleError> {
        let mut value: Value = serde_json::from_slice(bytes).map_err(BundleError::NotJson)?;
        let canonical = canonical_json(&value)?;
        if canonical.as_bytes() != bytes {
            let same = canonical.bytes().zip(bytes).take_while(|(left, right)| left == *right).count();
            return Err(BundleError::NotCanonical(same));
        }
        let fields = value.as_object_mut().ok_or_else(|| BundleError::Format("not an object".to_owned()))?;
        let mut take = |name: &'static str| {
            fields.remove(name).ok_or_else(|| BundleError::Format(format!("{name} is missing")))
        };
        let (format, input, result) = (take("format")?, take("input")?, take("result")?);
        let (input_hash, result_hash) = (take("inputHash")?, take("resultHash")?);
        if let Some(unknown) = fields.keys().next() {
            return Err(BundleError::Format(format!("{unknown:?} is not a field")));
        }
        if format != FORMAT {
            return Err(BundleError::Format(format!("it says {format}")));
        }
        let input_hash = checked_hash("inputHash", &input_hash, &input)?;
        let result_hash = checked_hash("resultHash", &result_hash, &result)?;
        let parsed: PlanInput = serde_json::from_value(input.clone()).map_err(BundleError::Input)?;
        if serde_json::to_value(&parsed).map_err(BundleError::Input)? != input {
            return Err(BundleError::InputForm);
        }
        let computed = plan(&parsed)?;
        let computed_value = serde_json::to_value(&computed).map_err(BundleError::Input)?;
        if computed_value != result {
            let (pointer, stated, computed) = difference("/result".to_owned(), &result, &computed_value);
            return Err(BundleError::Result { pointer, stated, computed });
        }
        Ok(Self { input: parsed, input_hash, result: computed, result_hash })
    }
}

fn checked_hash(field: &'static str, stated: &Value, content: &Value) -> Result<String, BundleError> {
    let found = hash_text(&canonical_json(content)?);
    match stated.as_str() {
        Some(stated) if stated == found => Ok(found),
        Some(stated) => Err(BundleError::Hash { field, stated: stated.to_owned(), found }),
        None => Err(BundleError::Format(format!("{field} is not a text"))),
    }
}

/// The first place at which two values differ, and what stands there, shortened.
fn difference(pointer: String, stated: &Value, computed: &Value) -> (String, String, String) {
    match (stated, computed) {
        (Value::Object(left), Value::Object(right)) => {
            for key in left.keys().chain(right.keys()) {
                let (left, right) = (left.get(key), right.get(key));
                if left != right {
                    return inside(format!("{pointer}/{key}"), left, right);
                }
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for place in 0..left.len().max(right.len()) {
                let (left, right) = (left.get(place), right.get(place));
                if left != right {
                    return inside(format!("{pointer}/{place}"), left, right);
                }
            }
        }
        _ => {}
    }
    (pointer, short(Some(stated)), short(Some(computed)))
}

fn inside(pointer: String, left: Option<&Value>, right: Option<&Value>) -> (String, String, String) {
    match (left, right) {
        (Some(left), Some(right)) => difference(pointer, left, right),
        _ => (pointer, short(left), short(right)),
    }
}

fn short(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
