//! Adds to each operation what follows from the policy and from how it is called.

use serde_json::{Value, json};
use tildel_usecases::domain::Role;
use tildel_usecases::domain::policy::Operation;

use super::parts::{self, PROBLEMS, header_references};
use crate::contract::{Calling, KeyRule, List, operation_of};

/// Completes a document.
pub(super) fn complete(document: &mut Value) {
    if let (Some(components), Value::Object(shared)) =
        (document["components"].as_object_mut(), parts::components())
    {
        components.extend(shared);
    }
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(policy) = operation_of(operation) {
                complete_operation(operation, policy, method, path);
            }
        }
    }
}

fn complete_operation(operation: &mut Value, policy: Operation, method: &str, path: &str) {
    let calling = Calling::of(policy, method, path);
    let is_public = policy.roles().contains(&Role::Public);
    let roles: Vec<_> = policy.roles().iter().map(|role| role.as_str()).collect();
    operation["security"] =
        if is_public { json!([{}, { "accessToken": [] }]) } else { json!([{ "accessToken": [] }]) };
    operation["x-required-role"] = json!(roles);
    operation["x-scope"] = json!(policy.scope().as_str());
    let has_body = operation.get("requestBody").is_some();
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    // A route that says what its path variable takes, such as the format of a document, is taken at its word.
    let declared: Vec<String> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "path")
        .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
        .collect();
    parameters.extend(path_parameters(path).filter(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        !declared.iter().any(|declared| declared == name)
    }));
    parameters.extend(shared_parameters(calling, method));
    operation["parameters"] = Value::Array(parameters);
    if has_body {
        operation["requestBody"]["required"] = true.into();
    }
    complete_successes(operation, calling, method);
    for (status, name, ..) in PROBLEMS {
        if may_answer(status, policy, calling, method, path, has_body) {
            operation["responses"][*status] = json!({ "$ref": format!("#/components/responses/{name}") });
        }
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let description = if name == "id" { "Its id." } else { "The id of the part." };
        json!({ "name": name, "in": "path", "required": true, "description": description, "schema": parts::id_schema() })
    })
}

fn shared_parameters(calling: Calling, method: &str) -> impl Iterator<Item = Value> {
    let is_list = calling.list != List::No;
    let is_read = method == "get" && !is_list && !calling.stream;
    let wanted = [
        (is_list, "Limit"),
        (is_list, "Cursor"),
        (calling.list == List::Sorted, "Sort"),
        (calling.dry_run, "DryRun"),
        (calling.if_match, "IfMatch"),
        (is_read, "IfNoneMatch"),
        (calling.key == KeyRule::Accepted, "IdempotencyKey"),
        (calling.key == KeyRule::Required, "IdempotencyKeyRequired"),
        (true, "AcceptLanguage"),
    ];
    let reference = |name| json!({ "$ref": format!("#/components/parameters/{name}") });
    wanted.into_iter().filter(|(is_wanted, _)| *is_wanted).map(move |(_, name)| reference(name))
}

/// Headers of the successes, and the 304 of reads.
fn complete_successes(operation: &mut Value, calling: Calling, method: &str) {
    let common = ["API-Version", "X-Request-Id", "RateLimit", "RateLimit-Policy"];
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        let own: &[&str] = match status.as_str() {
            "200" if calling.list == List::No && !calling.stream => &["ETag"],
            "201" => &["ETag", "Location"],
            "202" => &["Location"],
            _ => &[],
        };
        response["headers"] = header_references([&common, own].concat());
    }
    if method == "get" && calling.list == List::No && !calling.stream {
        operation["responses"]["304"] = json!({
            "description": "The caller has it already.",
            "headers": header_references([&common[..], &["ETag"]].concat()),
        });
    }
}

fn may_answer(
    status: &str,
    policy: Operation,
    calling: Calling,
    method: &str,
    path: &str,
    has_body: bool,
) -> bool {
    let is_write = method != "get";
    match status {
        "403" => !policy.roles().contains(&Role::Public),
        "404" => path.contains('{'),
        // A scenario must have been computed before it can be compared.
        "409" => is_write || policy == Operation::ScenarioCompare,
        "408" | "413" => is_write,
        // An organisation number in the path may have a wrong check digit.
        "422" => is_write || policy == Operation::PrefillRead,
        "412" | "428" => calling.if_match,
        "415" => has_body,
        _ => true,
    }
}
