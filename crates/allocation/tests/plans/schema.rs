//! The JSON Schema of models: it accepts the example, names every field, and refuses what is no model.

use std::collections::BTreeSet;

use serde_json::Value;
use tildel_allocation::model::funding_model_schema;

use crate::documents::toml;

/// Whether a value fits a schema, as far as schemas are used here; what does not, with its place.
fn fits(schema: &Value, root: &Value, value: &Value, at: &str) -> Result<(), String> {
    let fails = |what: &str| Err(format!("{at}: {what}"));
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return fits(root.pointer(reference.trim_start_matches('#')).unwrap(), root, value, at);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(ways) = schema.get(key).and_then(Value::as_array)
            && !ways.iter().any(|way| fits(way, root, value, at).is_ok())
        {
            return fails("fits none of the ways");
        }
    }
    if let Some(constant) = schema.get("const")
        && constant != value
    {
        return fails("is another constant");
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array)
        && !choices.contains(value)
    {
        return fails("is none of the choices");
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.is_empty() && !kinds.contains(&kind) {
        return fails(&format!("is {kind}, not {kinds:?}"));
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        for (place, item) in list.iter().enumerate() {
            fits(items, root, item, &format!("{at}/{place}"))?;
        }
    }
    let Some(fields) = value.as_object() else { return Ok(()) };
    for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !fields.contains_key(required.as_str().unwrap()) {
            return fails(&format!("{required} is missing"));
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, field) in fields {
        match properties.and_then(|properties| properties.get(name)) {
            Some(schema) => fits(schema, root, field, &format!("{at}/{name}"))?,
            None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                return fails(&format!("{name} is not a field"));
            }
            None => {}
        }
    }
    Ok(())
}

/// All names of properties and all constants in a schema.
fn names(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            for (key, field) in fields {
                if key == "properties" {
                    found.extend(field.as_object().unwrap().keys().cloned());
                }
                if let ("const", Value::String(text)) = (key.as_str(), field) {
                    found.insert(text.clone());
                }
                names(field, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

/// All keys of a value.
fn keys(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            used.insert(key.clone());
            keys(field, used);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, used)),
        _ => {}
    }
}

#[test]
fn the_schema_accepts_the_example_and_names_every_field() {
    let schema = funding_model_schema();
    let example = serde_json::to_value(toml()).unwrap();
    assert_eq!(fits(&schema, &schema, &example, ""), Ok(()));

    let mut named = BTreeSet::new();
    names(&schema, &mut named);
    let mut used = BTreeSet::new();
    keys(&example, &mut used);
    assert!(used.len() > 40, "the example has every field");
    assert_eq!(used.difference(&named).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_schema_refuses_what_is_no_model() {
    let schema = funding_model_schema();
    let spoil = |change: fn(&mut Value)| {
        let mut value = serde_json::to_value(toml()).unwrap();
        change(&mut value);
        fits(&schema, &schema, &value, "")
    };
    assert!(spoil(|model| model["version"] = "one".into()).is_err());
    assert!(spoil(|model| model["fit"] = "squeeze".into()).is_err());
    assert!(spoil(|model| model["more"] = 1.into()).is_err());
    assert!(spoil(|model| model["components"][0]["kind"] = "bonus".into()).is_err());
    assert!(
        spoil(|model| {
            model.as_object_mut().unwrap().remove("key");
        })
        .is_err()
    );
    assert!(
        spoil(|model| {
            model["components"][1].as_object_mut().unwrap().remove("rates");
        })
        .is_err()
    );
    assert!(spoil(|_| ()).is_ok());
}
