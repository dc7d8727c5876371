//! Tightens the schemas of requests: every text says which characters it may hold.

use std::collections::BTreeSet;

use serde_json::Value;

/// Texts without control characters, apart from tab and line ends: no database and no letter can hold NUL.
const PLAIN: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$";
/// The same with something that can be seen.
const NOT_BLANK: &str =
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\x00-\x20\x7f\s][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$";

/// Tightens the bodies and query parameters of all operations.
pub(super) fn tighten(document: &mut Value) {
    for name in reachable_from_requests(document) {
        tighten_schema(&mut document["components"]["schemas"][name.as_str()]);
    }
    for item in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        for operation in item.as_object_mut().into_iter().flat_map(|methods| methods.values_mut()) {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                unwrap_optional(&mut parameter["schema"]);
                tighten_schema(&mut parameter["schema"]);
            }
            for media in operation
                .pointer_mut("/requestBody/content")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flat_map(|content| content.values_mut())
            {
                tighten_schema(&mut media["schema"]);
            }
        }
    }
}

/// A query parameter is there or not; it is never null.
fn unwrap_optional(schema: &mut Value) {
    let inner = schema["oneOf"]
        .as_array()
        .and_then(|branches| branches.iter().find(|it| it["type"] != "null"))
        .cloned();
    if let Some(inner) = inner {
        *schema = inner;
    }
    if let Some(types) = schema["type"].as_array_mut() {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
}

fn tighten_schema(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let is_text = match fields.get("type") {
                Some(Value::String(name)) => name == "string",
                Some(Value::Array(names)) => names.contains(&"string".into()),
                _ => false,
            };
            let is_free = !["pattern", "format", "enum"].iter().any(|keyword| fields.contains_key(*keyword));
            if is_text && is_free {
                let is_never_blank = fields.get("minLength").and_then(Value::as_u64) > Some(0);
                fields.insert("pattern".into(), if is_never_blank { NOT_BLANK } else { PLAIN }.into());
            }
            fields.values_mut().for_each(tighten_schema);
        }
        Value::Array(items) => items.iter_mut().for_each(tighten_schema),
        _ => {}
    }
}

fn reachable_from_requests(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = Vec::new();
    for (_, _, operation) in crate::contract::operations(document) {
        collect_references(&operation["requestBody"], &mut open);
        collect_references(&operation["parameters"], &mut open);
    }
    while let Some(name) = open.pop() {
        collect_references(&document["components"]["schemas"][name.as_str()], &mut open);
        open.retain(|open_name| !names.contains(open_name) && *open_name != name);
        names.insert(name);
    }
    names
}

fn collect_references(node: &Value, names: &mut Vec<String>) {
    match node {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            names.extend(name.map(str::to_owned));
            fields.values().for_each(|field| collect_references(field, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, names)),
        _ => {}
    }
}
