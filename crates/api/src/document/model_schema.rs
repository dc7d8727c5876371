//! Puts the schema of funding models, as the library writes it for editors, among the schemas of the document.
//!
//! There is one schema: editors, this document and the check of requests read the same. What the library leaves to its own checks
//! gets its limits here, as every text, list and number of a request has them.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tildel_usecases::domain::allocation::model::funding_model_schema;

/// The name of the whole document's schema.
const NAME: &str = "FundingModelDocument";
const DEFINITIONS: &str = "#/$defs/";
const SCHEMAS: &str = "#/components/schemas/";
/// What the parts are called beside the other schemas, which have parts of the same names.
const PREFIX: &str = "FundingModel";

const MONEY: &str = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$";
const COUNT: &str = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$";
const SHARE: &str = r"^[0-9]{1,12}([./][0-9]{1,12})?%?$";
const SEED: &str = "^([0-9A-Fa-f]{2}){1,64}$";
const KEY: &str = "^[a-z0-9-]{1,64}$";

/// The limits of a field, by its name; a name means the same wherever it stands.
fn limits(field: &str) -> Option<Value> {
    Some(match field {
        "unit" | "amount" | "project" | "perHead" | "municipality" | "rate" => json!({ "pattern": MONEY }),
        "withheldAssumed" => json!({ "pattern": COUNT }),
        "share" | "carryOver" | "ownContribution" | "providerShare" | "commitCeiling" | "accountCap" => {
            json!({ "pattern": SHARE })
        }
        "tieSeed" => json!({ "pattern": SEED }),
        "key" => json!({ "pattern": KEY }),
        "id" | "purpose" | "legalBasis" => json!({ "minLength": 1, "maxLength": 1000 }),
        "version" => json!({ "minimum": 1, "maximum": 10000 }),
        "validFromYear" | "validToYear" => json!({ "minimum": 1990, "maximum": 2100 }),
        "components" | "rates" | "count" | "bands" | "instalments" => json!({ "maxItems": 100 }),
        _ => return None,
    })
}

/// Puts the schema in the place of the one that stands for it.
pub(super) fn place(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let mut schema = funding_model_schema();
    let definitions = schema.as_object_mut().and_then(|fields| fields.remove("$defs")).unwrap_or_default();
    let parts = definitions.as_object().cloned().unwrap_or_default();
    for (name, mut part) in parts {
        adapt(&mut part);
        if name == "Band" {
            // The one `from` that is a size and no date.
            merge(&mut part["properties"]["from"], json!({ "pattern": COUNT }));
        }
        if name == "Rate" {
            merge(&mut part["properties"]["from"], json!({ "format": "date" }));
        }
        schemas.insert(format!("{PREFIX}{name}"), part);
    }
    adapt(&mut schema);
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
    }
    schemas.insert(NAME.to_owned(), schema);
}

/// Says a schema of JSON Schema's newest draft in the keywords that the document uses.
fn adapt(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            rename_reference(fields);
            if let Some(branches) = fields.remove("anyOf") {
                fields.insert("oneOf".to_owned(), branches);
            }
            if let Some(only) = fields.remove("const") {
                fields.insert("enum".to_owned(), json!([only]));
            }
            // Formats of numbers say less than their limits do.
            if fields.get("format").and_then(Value::as_str).is_some_and(|format| format.contains("int")) {
                fields.remove("format");
            }
            join_words(fields);
            close(fields);
            for (name, property) in
                fields.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
            {
                if let Some(limits) = limits(name)
                    && !property["$ref"].is_string()
                {
                    merge(property, limits);
                }
            }
            fields.values_mut().for_each(adapt);
        }
        Value::Array(items) => items.iter_mut().for_each(adapt),
        _ => {}
    }
}

fn rename_reference(fields: &mut Map<String, Value>) {
    if let Some(Value::String(path)) = fields.get_mut("$ref")
        && let Some(name) = path.strip_prefix(DEFINITIONS)
    {
        *path = format!("{SCHEMAS}{PREFIX}{name}");
    }
}

/// A choice of single words is one list of words; what each means goes into the description.
fn join_words(fields: &mut Map<String, Value>) {
    let Some(branches) = fields.get("oneOf").and_then(Value::as_array) else { return };
    let words: Option<Vec<(Value, String)>> = branches
        .iter()
        .map(|branch| {
            let word = branch.get("const")?.clone();
            Some((word, branch["description"].as_str().unwrap_or_default().to_owned()))
        })
        .collect();
    let Some(words) = words else { return };
    fields.remove("oneOf");
    let mut description = fields.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (word, meaning) in &words {
        // Writing into a text does not fail.
        let _ = write!(description, "\n- `{}`: {meaning}", word.as_str().unwrap_or_default());
    }
    fields.insert("description".to_owned(), description.into());
    fields.insert("type".to_owned(), "string".into());
    fields.insert("enum".to_owned(), words.into_iter().map(|(word, _)| word).collect());
}

/// The branches of a tagged choice refuse fields that they do not know, as the library does.
fn close(fields: &mut Map<String, Value>) {
    if fields.get("type").is_some_and(|kind| kind == "object") && fields.contains_key("properties") {
        fields.entry("additionalProperties").or_insert(false.into());
    }
}

fn merge(target: &mut Value, limits: Value) {
    let (Some(target), Value::Object(limits)) = (target.as_object_mut(), limits) else { return };
    for (keyword, limit) in limits {
        target.insert(keyword, limit);
    }
}

/// Closes the branches of a tagged enum of ours; serde refuses unknown fields there, and the macro does not say so.
pub(super) fn close_tagged(document: &mut Value, name: &str) {
    let branches = document["components"]["schemas"][name]["oneOf"].as_array_mut();
    for branch in branches.into_iter().flatten() {
        if let Some(fields) = branch.as_object_mut() {
            close(fields);
        }
    }
}
