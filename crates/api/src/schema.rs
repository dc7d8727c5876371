//! Checks JSON against the schemas of the OpenAPI document.
//!
//! What the document promises is what the server enforces, because the server reads the same schema. All that is wrong
//! is told at once, each with its place. The keywords are those that our own document uses; a test fails when a schema
//! uses another one.

use std::collections::HashMap;

use regex::Regex;
use serde_json::{Map, Value};

use crate::problem::{ApiCode, InputError, Place};

/// The keywords that [`Schemas::check`] enforces; the rest of what a schema may hold are annotations.
#[cfg(test)]
pub(crate) const ENFORCED: &[&str] = &[
    "$ref",
    "type",
    "oneOf",
    "allOf",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
];

/// The schemas of a document.
#[derive(Debug)]
pub(crate) struct Schemas {
    components: Map<String, Value>,
    patterns: HashMap<String, Regex>,
}

/// The errors found so far, and where the check stands.
struct Findings {
    errors: Vec<InputError>,
}

impl Findings {
    fn add(&mut self, pointer: &str, code: ApiCode, expected: impl Into<String>) {
        let place = Place::Pointer(pointer.to_owned());
        self.errors.push(InputError { place, code, expected: expected.into() });
    }
}

impl Schemas {
    /// Takes the schemas of a document and prepares its patterns.
    pub(crate) fn of(document: &Value) -> Result<Self, regex::Error> {
        let components = document.pointer("/components/schemas").and_then(Value::as_object);
        let mut patterns = HashMap::new();
        collect_patterns(document, &mut patterns)?;
        Ok(Self { components: components.cloned().unwrap_or_default(), patterns })
    }

    /// All that is wrong with a value, with pointers into it.
    pub(crate) fn check(&self, schema: &Value, value: &Value) -> Vec<InputError> {
        let mut findings = Findings { errors: Vec::new() };
        self.visit(schema, value, "", &mut findings);
        findings.errors
    }

    /// Checks a parameter, which comes as text.
    pub(crate) fn check_text(&self, schema: &Value, name: &str, text: &str) -> Vec<InputError> {
        let value = match self.resolve(schema).get("type").and_then(Value::as_str) {
            Some("integer") => text.parse::<i64>().map(Value::from).ok(),
            Some("boolean") => text.parse::<bool>().map(Value::from).ok(),
            _ => None,
        };
        let mut errors = self.check(schema, &value.unwrap_or_else(|| text.into()));
        for error in &mut errors {
            error.place = Place::Parameter(name.to_owned());
        }
        errors
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        name.and_then(|name| self.components.get(name)).unwrap_or(schema)
    }

    fn visit(&self, schema: &Value, value: &Value, pointer: &str, findings: &mut Findings) {
        let schema = self.resolve(schema);
        if let Some(types) = schema.get("type")
            && !type_fits(types, value)
        {
            findings.add(pointer, ApiCode::WrongType, describe(types));
            return;
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            let names: Vec<String> = allowed.iter().map(describe).collect();
            findings.add(pointer, ApiCode::UnacceptableValue, names.join(", "));
        }
        for part in branches(schema, "allOf") {
            self.visit(part, value, pointer, findings);
        }
        self.visit_one_of(schema, value, pointer, findings);
        match value {
            Value::Object(fields) => self.visit_object(schema, fields, pointer, findings),
            Value::Array(items) => self.visit_array(schema, items, pointer, findings),
            Value::String(text) => self.visit_text(schema, text, pointer, findings),
            Value::Number(_) => visit_number(schema, value, pointer, findings),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// One branch has to fit. Where none does, the branch that comes nearest says why.
    fn visit_one_of(&self, schema: &Value, value: &Value, pointer: &str, findings: &mut Findings) {
        if let Some((tag, words)) = self.unknown_kind(schema, value) {
            findings.add(&child(pointer, &tag), ApiCode::UnacceptableValue, words.join(", "));
            return;
        }
        let mut nearest: Option<((bool, bool, usize), Vec<InputError>)> = None;
        for branch in branches(schema, "oneOf") {
            let mut inner = Findings { errors: Vec::new() };
            self.visit(branch, value, pointer, &mut inner);
            let is_other_type = |errors: &[InputError]| {
                errors.iter().any(|error| {
                    error.code == ApiCode::WrongType && error.place == Place::Pointer(pointer.to_owned())
                })
            };
            // Of tagged branches it is the one with the value's tag, however much else is wrong there.
            let rank = (is_other_type(&inner.errors), self.is_other_kind(branch, value), inner.errors.len());
            if nearest.as_ref().is_none_or(|(best, _)| rank < *best) {
                nearest = Some((rank, inner.errors));
            }
        }
        findings.errors.extend(nearest.map(|(_, errors)| errors).unwrap_or_default());
    }

    /// Whether a branch has a tag that the value has another of.
    fn is_other_kind(&self, branch: &Value, value: &Value) -> bool {
        self.tag_of(branch).is_some_and(|(name, word)| value.get(name).is_some_and(|found| found != word))
    }

    /// The tag of a branch: a property of one word.
    fn tag_of<'a>(&'a self, branch: &'a Value) -> Option<(&'a str, &'a Value)> {
        let properties = self.resolve(branch).get("properties").and_then(Value::as_object)?;
        properties.iter().find_map(|(name, property)| {
            match self.resolve(property).get("enum").and_then(Value::as_array).map(Vec::as_slice) {
                Some([word]) => Some((name.as_str(), word)),
                _ => None,
            }
        })
    }

    /// The name of the tag and the words that it may have, where all branches have one and the value has none of them.
    fn unknown_kind(&self, schema: &Value, value: &Value) -> Option<(String, Vec<String>)> {
        let tags: Vec<_> =
            branches(schema, "oneOf").map(|branch| self.tag_of(branch)).collect::<Option<_>>()?;
        let (name, _) = tags.first()?;
        let found = value.get(name)?;
        let unknown = tags.iter().all(|(other, word)| other == name && *word != found);
        unknown.then(|| ((*name).to_owned(), tags.iter().map(|(_, word)| describe(word)).collect()))
    }

    fn visit_object(
        &self,
        schema: &Value,
        fields: &Map<String, Value>,
        pointer: &str,
        findings: &mut Findings,
    ) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let additional = schema.get("additionalProperties");
        for name in branches(schema, "required").filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                findings.add(&child(pointer, name), ApiCode::MissingField, name);
            }
        }
        for (name, value) in fields {
            let place = child(pointer, name);
            if let Some(names) = schema.get("propertyNames") {
                self.visit(names, &Value::from(name.as_str()), &place, findings);
            }
            match (properties.and_then(|properties| properties.get(name)), additional) {
                (Some(property), _) => self.visit(property, value, &place, findings),
                (None, Some(Value::Bool(false))) => {
                    let known: Vec<_> =
                        properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                    findings.add(&place, ApiCode::UnknownField, known.join(", "));
                }
                (None, Some(other)) if other.is_object() => self.visit(other, value, &place, findings),
                (None, _) => {}
            }
        }
    }

    fn visit_array(&self, schema: &Value, items: &[Value], pointer: &str, findings: &mut Findings) {
        let (min, max) = (limit(schema, "minItems"), limit(schema, "maxItems"));
        if min.is_some_and(|min| items.len() < min) || max.is_some_and(|max| items.len() > max) {
            findings.add(
                pointer,
                ApiCode::UnacceptableValue,
                describe_limits(schema, "minItems", "maxItems"),
            );
        }
        let repeats = |(index, item)| items[..index].contains(item);
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) && items.iter().enumerate().any(repeats) {
            findings.add(pointer, ApiCode::UnacceptableValue, "uniqueItems");
        }
        if let Some(schema) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.visit(schema, item, &format!("{pointer}/{index}"), findings);
            }
        }
    }

    fn visit_text(&self, schema: &Value, text: &str, pointer: &str, findings: &mut Findings) {
        let length = text.chars().count();
        let (min, max) = (limit(schema, "minLength"), limit(schema, "maxLength"));
        if min.is_some_and(|min| length < min) || max.is_some_and(|max| length > max) {
            findings.add(
                pointer,
                ApiCode::UnacceptableValue,
                describe_limits(schema, "minLength", "maxLength"),
            );
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !self.patterns.get(pattern).is_some_and(|regex| regex.is_match(text))
        {
            findings.add(pointer, ApiCode::UnacceptableValue, format!("pattern {pattern}"));
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str)
            && !format_fits(format, text)
        {
            findings.add(pointer, ApiCode::UnacceptableValue, format!("format {format}"));
        }
    }
}

fn visit_number(schema: &Value, value: &Value, pointer: &str, findings: &mut Findings) {
    let bound = |name| schema.get(name).and_then(Value::as_i64);
    // Our numbers are integers; one that is beyond i64 is beyond every bound.
    let fits = value.as_i64().is_some_and(|number| {
        bound("minimum").is_none_or(|min| number >= min) && bound("maximum").is_none_or(|max| number <= max)
    });
    if !fits {
        findings.add(pointer, ApiCode::UnacceptableValue, describe_limits(schema, "minimum", "maximum"));
    }
}

fn type_fits(types: &Value, value: &Value) -> bool {
    let fits = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    types.as_array().map_or_else(|| fits(types), |names| names.iter().any(fits))
}

fn format_fits(format: &str, text: &str) -> bool {
    match format {
        // The hyphenated form only: one thing, one name.
        "uuid" => text.len() == 36 && uuid::Uuid::parse_str(text).is_ok(),
        "date" => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
        _ => true,
    }
}

fn collect_patterns(node: &Value, patterns: &mut HashMap<String, Regex>) -> Result<(), regex::Error> {
    match node {
        Value::Object(fields) => {
            if let Some(Value::String(pattern)) = fields.get("pattern") {
                patterns.insert(pattern.clone(), Regex::new(pattern)?);
            }
            fields.values().try_for_each(|field| collect_patterns(field, patterns))
        }
        Value::Array(items) => items.iter().try_for_each(|item| collect_patterns(item, patterns)),
        _ => Ok(()),
    }
}

fn branches<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

fn limit(schema: &Value, keyword: &str) -> Option<usize> {
    schema.get(keyword).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok())
}

fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn describe(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn describe_limits(schema: &Value, min: &str, max: &str) -> String {
    let bound = |name| schema.get(name).map(|bound| format!("{name} {bound}"));
    let bounds: Vec<String> = [bound(min), bound(max)].into_iter().flatten().collect();
    bounds.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn errors(schema: Value, value: Value) -> Vec<(Place, ApiCode)> {
        let document = json!({ "components": { "schemas": { "Inner": {
            "type": "object",
            "properties": { "n": { "type": "integer", "minimum": 1, "maximum": 9 } },
            "required": ["n"],
            "additionalProperties": false,
        } } }, "pattern-of-the-test": schema });
        let schemas = Schemas::of(&document).unwrap();
        schemas.check(&schema, &value).into_iter().map(|error| (error.place, error.code)).collect()
    }

    fn at(pointer: &str, code: ApiCode) -> (Place, ApiCode) {
        (Place::Pointer(pointer.to_owned()), code)
    }

    #[test]
    fn everything_wrong_is_told_at_its_place() {
        let schema = json!({
            "type": "object",
            "properties": {
                "name": { "type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$" },
                "inner": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Inner" }] },
                "kind": { "type": "string", "enum": ["a", "b"] },
                "ids": { "type": "array", "uniqueItems": true, "maxItems": 2, "items": { "type": "string", "format": "uuid" } },
            },
            "required": ["name", "kind"],
            "additionalProperties": false,
        });
        let fine = json!({ "name": "ab", "kind": "a", "inner": { "n": 9 }, "ids": [] });
        assert_eq!(errors(schema.clone(), fine), []);
        assert_eq!(
            errors(schema.clone(), json!({ "name": "æøå", "kind": "b", "inner": null })),
            [at("/name", ApiCode::UnacceptableValue)]
        );
        let wrong = json!({ "name": "", "inner": { "n": 10, "x/y": 1 }, "ids": ["no", "no", 7] });
        let expected = [
            at("/kind", ApiCode::MissingField),
            at("/ids", ApiCode::UnacceptableValue),
            at("/ids", ApiCode::UnacceptableValue),
            at("/ids/0", ApiCode::UnacceptableValue),
            at("/ids/1", ApiCode::UnacceptableValue),
            at("/ids/2", ApiCode::WrongType),
            at("/inner/n", ApiCode::UnacceptableValue),
            at("/inner/x~1y", ApiCode::UnknownField),
            at("/name", ApiCode::UnacceptableValue),
        ];
        assert_eq!(errors(schema, wrong), expected);
    }

    #[test]
    fn a_tag_finds_its_branch_and_an_unknown_one_is_told() {
        let branch = |kind: &str, field: &str| {
            json!({
                "type": "object",
                "properties": { "kind": { "type": "string", "enum": [kind] }, field: { "type": "integer" } },
                "required": ["kind", field],
                "additionalProperties": false,
            })
        };
        let schema = json!({ "oneOf": [branch("a", "n"), branch("b", "m")] });
        assert_eq!(errors(schema.clone(), json!({ "kind": "b", "m": 1 })), []);
        // However little is wrong with it as the other kind.
        let wrong = errors(schema.clone(), json!({ "kind": "b", "n": 1, "o": 1 }));
        let expected = [
            at("/m", ApiCode::MissingField),
            at("/n", ApiCode::UnknownField),
            at("/o", ApiCode::UnknownField),
        ];
        assert_eq!(wrong, expected);
        assert_eq!(errors(schema, json!({ "kind": "c", "n": 1 })), [at("/kind", ApiCode::UnacceptableValue)]);
    }

    #[test]
    fn numbers_dates_and_instants_are_read_strictly() {
        let year = json!({ "type": "integer", "minimum": 1990, "maximum": 2100 });
        assert_eq!(errors(year.clone(), json!(2020)), []);
        assert_eq!(errors(year.clone(), json!(2020.0)), [at("", ApiCode::WrongType)]);
        assert_eq!(errors(year, json!(u64::MAX)), [at("", ApiCode::UnacceptableValue)]);
        let date = json!({ "type": "string", "format": "date" });
        assert_eq!(errors(date.clone(), json!("2020-06-16")), []);
        assert_eq!(errors(date, json!("2020-02-30")), [at("", ApiCode::UnacceptableValue)]);
        let instant = json!({ "type": "string", "format": "date-time" });
        assert_eq!(errors(instant.clone(), json!("2020-06-16T10:00:00Z")), []);
        assert_eq!(errors(instant, json!("yesterday")), [at("", ApiCode::UnacceptableValue)]);
    }

    #[test]
    fn parameters_are_read_by_their_type() {
        let schemas = Schemas::of(&json!({})).unwrap();
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": 200 });
        assert_eq!(schemas.check_text(&limit, "limit", "50"), []);
        for text in ["0", "201", "x", "", "1.5"] {
            let errors = schemas.check_text(&limit, "limit", text);
            assert_eq!(errors[0].place, Place::Parameter("limit".into()), "{text}");
        }
    }
}
