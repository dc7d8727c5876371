//! What the journey asked and what it was answered, by operation: the examples of the HTTP document come from here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tildel_tests::Reply;

/// Stands in for secrets, which no committed file may hold.
const SECRET_PLACEHOLDER: &str = "tildel_shown-once-and-never-kept";

/// Listens to all that the actors say.
pub(crate) struct Recorder {
    routes: Vec<Route>,
    heard: Mutex<Heard>,
}

/// An operation of the document.
struct Route {
    method: String,
    segments: Vec<String>,
    operation: String,
}

#[derive(Default)]
struct Heard {
    succeeded: BTreeSet<String>,
    examples: BTreeMap<String, Value>,
    keys: u64,
}

impl Recorder {
    /// A recorder of the operations of a document.
    pub(crate) fn of(document: &Value) -> Self {
        let mut routes = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(operation) = operation["operationId"].as_str() else { continue };
                routes.push(Route {
                    method: method.to_uppercase(),
                    segments: path.split('/').map(str::to_owned).collect(),
                    operation: operation.to_owned(),
                });
            }
        }
        Self { routes, heard: Mutex::default() }
    }

    /// The next key for a request that may not be done twice.
    pub(crate) fn next_key(&self) -> String {
        let mut heard = self.heard();
        heard.keys += 1;
        format!("rogaland-{}", heard.keys)
    }

    /// Keeps the first success of each operation.
    pub(crate) fn note(&self, method: &str, target: &str, request: Option<&Value>, reply: &Reply) {
        if !(200..300).contains(&reply.status) {
            return;
        }
        let path = target.split('?').next().unwrap();
        let Some(operation) = self.operation_at(method, path) else { return };
        let mut heard = self.heard();
        heard.succeeded.insert(operation.to_owned());
        if reply.header("content-type") != Some("application/json") || heard.examples.contains_key(operation)
        {
            return;
        }
        let mut response = reply.json();
        hide_secrets(&mut response);
        let mut example = json!({ "status": reply.status, "response": response });
        if let Some(request) = request {
            example["request"] = request.clone();
        }
        heard.examples.insert(operation.to_owned(), example);
    }

    fn operation_at(&self, method: &str, path: &str) -> Option<&str> {
        let segments: Vec<_> = path.split('/').collect();
        let fits = |route: &&Route| {
            route.method == method
                && route.segments.len() == segments.len()
                && route
                    .segments
                    .iter()
                    .zip(&segments)
                    .all(|(known, asked)| known.starts_with('{') || known == asked)
        };
        // A fixed path such as `/documents/pdf` goes before one with a variable in the same place.
        let variables =
            |route: &&Route| route.segments.iter().filter(|segment| segment.starts_with('{')).count();
        self.routes.iter().filter(fits).min_by_key(variables).map(|route| route.operation.as_str())
    }

    /// The operations of the document that never succeeded.
    pub(crate) fn never_succeeded(&self) -> BTreeSet<String> {
        let heard = self.heard();
        let all = self.routes.iter().map(|route| route.operation.clone());
        all.filter(|operation| !heard.succeeded.contains(operation)).collect()
    }

    /// Writes the examples if asked to, and else holds them against the committed ones.
    pub(crate) fn settle_examples(&self) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../api-spec/examples.json");
        let recorded = serde_json::to_value(&self.heard().examples).unwrap();
        if std::env::var_os("TILDEL_WRITE_EXAMPLES").is_some() {
            let text = serde_json::to_string_pretty(&recorded).unwrap() + "\n";
            std::fs::write(&path, text).unwrap();
            println!("wrote {}", path.display());
            return;
        }
        let committed: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let differing = differences(&recorded, &committed);
        assert!(
            differing.is_empty(),
            "the examples in api-spec/examples.json are not what the journey saw; look at what changed, and if it is \
             meant, run it with TILDEL_WRITE_EXAMPLES=1\n{}",
            differing.join("\n"),
        );
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One line for each operation whose example differs, with the first place where it does.
fn differences(recorded: &Value, committed: &Value) -> Vec<String> {
    let operations = |examples: &Value| -> BTreeSet<String> {
        examples.as_object().into_iter().flat_map(serde_json::Map::keys).cloned().collect()
    };
    let all: BTreeSet<_> = operations(recorded).union(&operations(committed)).cloned().collect();
    all.iter()
        .filter_map(|operation| difference(operation, &recorded[operation], &committed[operation]))
        .collect()
}

fn difference(place: &str, recorded: &Value, committed: &Value) -> Option<String> {
    match (recorded, committed) {
        _ if recorded == committed => None,
        (Value::Object(now), Value::Object(then)) if now.keys().eq(then.keys()) => {
            now.iter().find_map(|(key, value)| difference(&format!("{place}/{key}"), value, &then[key]))
        }
        (Value::Array(now), Value::Array(then)) if now.len() == then.len() => now
            .iter()
            .zip(then)
            .enumerate()
            .find_map(|(index, (now, then))| difference(&format!("{place}/{index}"), now, then)),
        _ => {
            Some(format!("{place}: saw {}, committed is {}", beginning_of(recorded), beginning_of(committed)))
        }
    }
}

/// As much of a value as helps to find it.
fn beginning_of(value: &Value) -> String {
    const CHARACTERS_MAX: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn hide_secrets(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == "secret" {
                    *field = SECRET_PLACEHOLDER.into();
                } else {
                    hide_secrets(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_secrets),
        // The stub of the registers listens on another port each time.
        Value::String(text) if text.starts_with("http://127.0.0.1:") => {
            let path = text.splitn(4, '/').nth(3).unwrap_or_default();
            *text = format!("https://registers.example.org/{path}");
        }
        _ => {}
    }
}

#[test]
fn a_changed_a_missing_and_a_new_example_are_differences() {
    let committed = json!({ "a": { "response": [1, 2] }, "b": {}, "same": { "status": 200 } });
    let recorded = json!({ "a": { "response": [1, 3] }, "c": {}, "same": { "status": 200 } });
    let expected = [
        "a/response/1: saw 3, committed is 2",
        "b: saw null, committed is {}",
        "c: saw {}, committed is null",
    ];
    assert_eq!(differences(&recorded, &committed), expected);
}
