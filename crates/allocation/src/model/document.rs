//! Reading a model from a document that people write, with errors that name line and field.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use super::FundingModel;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFormat {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// All that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// The problems, the first line first.
    pub problems: Vec<DocumentProblem>,
}

/// Something wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// The line, from 1, if it could be found.
    pub line: Option<usize>,
    /// The field, such as `components[1].rates[0].rate`; empty for the whole document.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for DocumentProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(formatter, "{}: ", self.field)?;
        }
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            write!(formatter, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DocumentError {}

impl FundingModel {
    /// Reads and checks a model.
    ///
    /// # Errors
    /// What can not be read, with its line and field; or all that is wrong with a model that can be.
    pub fn from_document(text: &str, format: DocumentFormat) -> Result<Self, DocumentError> {
        let model: Self = read_document(text, format)?;
        model.validate().map_err(|errors| {
            let mut problems: Vec<_> = errors
                .into_iter()
                .map(|error| {
                    let (line, field) = place_in_document(text, format, &error.pointer);
                    DocumentProblem { line, field, message: error.problem.to_string() }
                })
                .collect();
            problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
            DocumentError { problems }
        })?;
        Ok(model)
    }
}

/// Reads any document that people write.
///
/// # Errors
/// What can not be read, with its line and field.
pub fn read_document<T: serde::de::DeserializeOwned>(
    text: &str,
    format: DocumentFormat,
) -> Result<T, DocumentError> {
    match format {
        DocumentFormat::Toml => {
            let whole = |error: &toml::de::Error, path: Option<&serde_path_to_error::Path>| {
                let steps = path.map(steps_of_path).unwrap_or_default();
                let line = error.span().map(|span| line_at(text, span.start));
                one(line, &steps, error.message().to_owned())
            };
            let deserializer = toml::Deserializer::parse(text).map_err(|error| whole(&error, None))?;
            serde_path_to_error::deserialize(deserializer)
                .map_err(|error| whole(error.inner(), Some(error.path())))
        }
        DocumentFormat::Json => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let model = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
                let steps = steps_of_path(error.path());
                // serde_json tells where it stopped, which is the line after a field that ends its object.
                let field = (error.inner().is_data() && !steps.is_empty())
                    .then(|| line_of(text, format, &steps))
                    .flatten();
                let line = field.unwrap_or_else(|| error.inner().line());
                one(Some(line), &steps, without_place(&error.inner().to_string()))
            })?;
            deserializer
                .end()
                .map_err(|error| one(Some(error.line()), &[], without_place(&error.to_string())))?;
            Ok(model)
        }
    }
}

fn one(line: Option<usize>, steps: &[Step], message: String) -> DocumentError {
    DocumentError { problems: vec![DocumentProblem { line, field: field_name(steps), message }] }
}

/// The message without serde's own `at line 3 column 5`, which the problem tells in its own field.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

/// A step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(usize),
}

fn steps_of_path(path: &serde_path_to_error::Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Field(key.clone())),
            Segment::Enum { variant } => Some(Step::Field(variant.clone())),
            Segment::Unknown => None,
        })
        .collect()
}

fn steps_of_pointer(pointer: &str) -> Vec<Step> {
    pointer
        .split('/')
        .skip(1)
        .map(|part| part.parse().map_or_else(|_| Step::Field(part.to_owned()), Step::Index))
        .collect()
}

fn field_name(steps: &[Step]) -> String {
    let mut name = String::new();
    for step in steps {
        match step {
            Step::Field(field) if name.is_empty() => name.push_str(field),
            Step::Field(field) => name.extend([".", field]),
            Step::Index(index) => name.extend(["[", &index.to_string(), "]"]),
        }
    }
    name
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

/// Where a document says what a JSON pointer points at: the line, if it could be found, and the field.
pub fn place_in_document(text: &str, format: DocumentFormat, pointer: &str) -> (Option<usize>, String) {
    let steps = steps_of_pointer(pointer);
    (line_of(text, format, &steps), field_name(&steps))
}

/// The line of a field, or of the nearest thing around it that is there: a missing field has no line of its own.
fn line_of(text: &str, format: DocumentFormat, steps: &[Step]) -> Option<usize> {
    let offset = match format {
        DocumentFormat::Toml => toml_offset(text, steps),
        DocumentFormat::Json => json_offset(text, steps),
    };
    offset.map(|offset| line_at(text, offset))
}

fn toml_offset(text: &str, steps: &[Step]) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let (first, rest) = steps.split_first()?;
    let Step::Field(first) = first else { return None };
    let mut value = table.get_ref().get(first.as_str())?;
    let mut offset = value.span().start;
    for step in rest {
        let next = match step {
            Step::Field(field) => value.get_ref().get(field.as_str()),
            Step::Index(index) => value.get_ref().get(*index),
        };
        let Some(next) = next else { break };
        value = next;
        offset = value.span().start;
    }
    Some(offset)
}

fn json_offset(text: &str, steps: &[Step]) -> Option<usize> {
    let mut part: &str = text;
    for step in steps {
        let next: Option<&RawValue> = match step {
            Step::Field(field) => {
                let fields: BTreeMap<String, &RawValue> = serde_json::from_str(part).ok()?;
                fields.get(field).copied()
            }
            Step::Index(index) => {
                let items: Vec<&RawValue> =
                    Vec::deserialize(&mut serde_json::Deserializer::from_str(part)).ok()?;
                items.get(*index).copied()
            }
        };
        let Some(next) = next else { break };
        part = next.get();
    }
    // The part borrows from the text, so that its place is the distance of the two.
    (part.as_ptr().addr()).checked_sub(text.as_ptr().addr())
}

/// The JSON Schema of the document, for editors.
pub fn funding_model_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(FundingModel).to_value();
    schema["title"] = "Funding model (tildelingsmodell)".into();
    schema
}
