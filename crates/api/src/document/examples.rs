//! Examples from the case of Rogaland, recorded by the end-to-end tests and committed as `api-spec/examples.json`:
//! `{operationId: {"request"?, "response", "status"}}`.

use serde_json::{Value, json};

use crate::contract::operation_of;

const RECORDED: &str = include_str!("../../../../api-spec/examples.json");

/// Adds the recorded examples to their operations.
pub(super) fn merge(document: &mut Value) {
    // The file is part of the program; a test reads it.
    let recorded: Value = serde_json::from_str(RECORDED).unwrap_or_default();
    for item in document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut()) {
        for operation in item.as_object_mut().into_iter().flat_map(|methods| methods.values_mut()) {
            let Some(example) = operation_of(operation).and_then(|policy| recorded.get(policy.id())) else {
                continue;
            };
            merge_into(operation, example);
        }
    }
}

fn merge_into(operation: &mut Value, example: &Value) {
    let content = "/content/application~1json";
    if let (Some(media), Some(request)) =
        (operation.pointer_mut(&format!("/requestBody{content}")), example.get("request"))
    {
        media["examples"] = json!({ "rogaland": { "value": request } });
    }
    let status = example["status"].as_u64().unwrap_or_default();
    if let Some(media) = operation.pointer_mut(&format!("/responses/{status}{content}")) {
        media["examples"] = json!({ "rogaland": { "value": example["response"] } });
    }
}

#[cfg(test)]
pub(super) fn recorded() -> serde_json::Result<Value> {
    serde_json::from_str(RECORDED)
}
