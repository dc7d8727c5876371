//! Mends what the macros write.
//!
//! Pages are named after what they hold: `PageBody_Round` becomes `RoundPage`, with items that refer to `Round`. The
//! description of an optional field moves from the branch that is not null to the field.

use serde_json::{Value, json};

const PREFIX: &str = "PageBody_";
const SCHEMAS: &str = "#/components/schemas/";

/// Mends a document.
pub(super) fn mend(document: &mut Value) {
    rename_pages(document);
    lift_descriptions(&mut document["components"]["schemas"]);
}

fn rename_pages(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with(PREFIX)).cloned().collect();
    for page in pages {
        let item = page.trim_start_matches(PREFIX).to_owned();
        let Some(mut schema) = schemas.remove(&page) else { continue };
        let inline = schema["properties"]["items"]["items"].take();
        schemas.entry(item.clone()).or_insert(inline);
        schema["properties"]["items"]["items"] = json!({ "$ref": format!("{SCHEMAS}{item}") });
        schemas.insert(format!("{item}Page"), schema);
    }
    rename_references(document);
}

fn rename_references(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            if let Some(Value::String(path)) = fields.get_mut("$ref")
                && let Some(item) = path.strip_prefix(&format!("{SCHEMAS}{PREFIX}"))
            {
                *path = format!("{SCHEMAS}{item}Page");
            }
            fields.values_mut().for_each(rename_references);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        _ => {}
    }
}

fn lift_descriptions(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            let branches = fields.get_mut("oneOf").and_then(Value::as_array_mut);
            // Only of what may be null: the branches of a union have descriptions of their own.
            let nullable = branches.filter(|branches| branches.iter().any(|branch| branch["type"] == "null"));
            let lifted: Option<Value> = nullable
                .into_iter()
                .flatten()
                .filter_map(|branch| branch.as_object_mut()?.remove("description"))
                .last();
            if let Some(description) = lifted {
                fields.entry("description").or_insert(description);
            }
            fields.values_mut().for_each(lift_descriptions);
        }
        Value::Array(items) => items.iter_mut().for_each(lift_descriptions),
        _ => {}
    }
}
