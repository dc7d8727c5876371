use std::collections::BTreeMap;

use tildel_usecases::domain::policy::Operation;

use super::*;
use crate::contract::{operation_of, operations, parameters_of};
use crate::schema::ENFORCED;

#[test]
fn the_document_and_the_policy_hold_the_same_operations() {
    let mut counts: BTreeMap<&str, usize> =
        Operation::ALL.iter().map(|operation| (operation.id(), 0)).collect();
    for (path, method, operation) in operations(&DOCUMENT) {
        let policy =
            operation_of(operation).unwrap_or_else(|| panic!("{method} {path} is not in the policy"));
        *counts.entry(policy.id()).or_default() += 1;
    }
    counts.retain(|_, count| *count != 1);
    assert!(counts.is_empty(), "operations that are not in the document exactly once: {counts:?}");
}

#[test]
fn every_operation_is_described() {
    for (path, method, operation) in operations(&DOCUMENT) {
        for part in ["summary", "description"] {
            assert!(
                operation[part].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path} has no {part}"
            );
        }
        let tags = operation["tags"].as_array().unwrap();
        assert_eq!(tags.len(), 1, "{method} {path}");
        assert!(routes::TAGS.iter().any(|(name, _)| tags[0] == *name), "{method} {path}: {tags:?}");
    }
}

#[test]
fn every_property_is_described() {
    let mut missing = Vec::new();
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        for (property, definition) in schema["properties"].as_object().into_iter().flatten() {
            if !definition["description"].is_string() {
                missing.push(format!("{name}.{property}"));
            }
        }
    }
    assert!(missing.is_empty(), "properties without a description: {missing:?}");
}

/// Requests are held against the schemas, so a keyword that the check does not know would promise too much, and a text or
/// list without an end would promise nothing.
#[test]
fn requests_use_only_what_is_enforced_and_have_limits() {
    const ANNOTATIONS: &[&str] = &["description", "default", "discriminator", "example", "examples", "title"];
    fn visit(schema: &Value, place: &str, visited: &mut Vec<String>) {
        let known = |keyword: &str| ENFORCED.contains(&keyword) || ANNOTATIONS.contains(&keyword);
        for keyword in schema.as_object().into_iter().flat_map(|fields| fields.keys()) {
            assert!(known(keyword), "{place}: {keyword} is not enforced");
        }
        let has = |keyword: &str| schema.get(keyword).is_some();
        let types = schema["type"].to_string();
        let is_bounded = has("maxLength") || has("enum") || has("format") || has_bounded_pattern(schema);
        assert!(!types.contains("string") || is_bounded, "{place}: a text without an end");
        assert!(!types.contains("array") || has("maxItems"), "{place}: a list without an end");
        assert!(
            !types.contains("integer") || (has("minimum") && has("maximum")),
            "{place}: a number without an end"
        );
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next())
            && !visited.contains(&name.to_owned())
        {
            visited.push(name.to_owned());
            visit(&DOCUMENT["components"]["schemas"][name], name, visited);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            visit(property, &format!("{place}.{name}"), visited);
        }
        for keyword in ["items", "additionalProperties", "propertyNames"] {
            if schema[keyword].is_object() {
                visit(&schema[keyword], &format!("{place}.{keyword}"), visited);
            }
        }
        for keyword in ["oneOf", "allOf"] {
            for branch in schema[keyword].as_array().into_iter().flatten() {
                visit(branch, place, visited);
            }
        }
    }
    let mut visited = Vec::new();
    for (path, method, operation) in operations(&DOCUMENT) {
        let place = format!("{method} {path}");
        let body = operation.pointer("/requestBody/content/application~1json/schema");
        if let Some(schema) = body {
            visit(schema, &place, &mut visited);
        }
        for parameter in parameters_of(&DOCUMENT, operation) {
            if parameter["in"] == "query" && parameter["schema"]["type"] != "boolean" {
                visit(&parameter["schema"], &format!("{place}?{}", parameter["name"]), &mut visited);
            }
        }
    }
    assert!(visited.len() > 2, "the walk found almost nothing");
}

/// A pattern that allows any number of characters bounds nothing.
fn has_bounded_pattern(schema: &Value) -> bool {
    let is_bounded = |pattern: &str| !pattern.replace(r"\+", "").contains(['*', '+']);
    schema["pattern"].as_str().is_some_and(is_bounded)
}

#[test]
fn request_objects_refuse_unknown_fields() {
    for (path, method, operation) in operations(&DOCUMENT) {
        let schema = operation.pointer("/requestBody/content/application~1json/schema/$ref");
        let Some(name) = schema.and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) else {
            continue;
        };
        let schema = &DOCUMENT["components"]["schemas"][name];
        assert_eq!(schema["additionalProperties"], false, "{method} {path}: {name}");
    }
}

#[test]
fn all_patterns_compile_and_all_references_lead_somewhere() {
    fn visit(node: &Value) {
        match node {
            Value::Object(fields) => {
                if let Some(path) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(DOCUMENT.pointer(path.trim_start_matches('#')).is_some(), "{path} leads nowhere");
                }
                fields.values().for_each(visit);
            }
            Value::Array(items) => items.iter().for_each(visit),
            _ => {}
        }
    }
    assert!(Contracts::of(&DOCUMENT).is_ok());
    visit(&DOCUMENT);
}

#[test]
fn the_recorded_examples_can_be_read() {
    let recorded = examples::recorded().unwrap();
    for id in recorded.as_object().unwrap().keys() {
        assert!(Operation::ALL.iter().any(|operation| operation.id() == id), "{id} is not an operation");
    }
}
