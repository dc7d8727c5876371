//! Operations by their ids, as the OpenAPI document has them: tests say what they do, and the document says where.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use serde_json::Value;
use tildel_tests::{Client, Reply};

static KEYS: AtomicU64 = AtomicU64::new(1);

/// One operation of the document.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// The operation's id.
    pub(crate) id: String,
    /// The method.
    pub(crate) method: Method,
    /// The path, with its variable parts in braces.
    pub(crate) path: String,
    /// The roles of `x-required-role`.
    pub(crate) roles: Vec<String>,
    /// The value of `x-scope`.
    pub(crate) scope: String,
    /// The names of its parameters.
    parameters: Vec<String>,
    /// Whether it takes a body.
    body: bool,
}

/// The document of a running server.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    operations: BTreeMap<String, Operation>,
}

impl Document {
    /// Reads the document from a server.
    pub(crate) async fn read(client: &Client) -> Self {
        let json = client.get("/v1/openapi.json").await.expect_status(200).json();
        let mut operations = BTreeMap::new();
        for (path, item) in json["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("methods") {
                let operation = operation_of(&json, path, method, operation);
                operations.insert(operation.id.clone(), operation);
            }
        }
        Self { operations }
    }

    /// All operations, by their ids.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// The operation with this id.
    #[track_caller]
    pub(crate) fn operation(&self, id: &str) -> &Operation {
        self.operations.get(id).unwrap_or_else(|| panic!("the document has no operation {id}"))
    }
}

fn operation_of(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let parameters: Vec<String> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a parameter"),
            None => parameter,
        })
        .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
        .collect();
    let text = |name: &str| {
        operation[name].as_str().unwrap_or_else(|| panic!("{method} {path} has no {name}")).to_owned()
    };
    Operation {
        id: text("operationId"),
        method: method.to_ascii_uppercase().parse().expect("a method"),
        path: path.to_owned(),
        roles: texts(&operation["x-required-role"]),
        scope: text("x-scope"),
        parameters,
        body: operation.get("requestBody").is_some(),
    }
}

impl Operation {
    /// Whether it takes a parameter of this name.
    pub(crate) fn takes(&self, parameter: &str) -> bool {
        self.parameters.iter().any(|known| known == parameter)
    }

    /// The path with these ids in the places of its variable parts.
    #[track_caller]
    pub(crate) fn at(&self, ids: &[&str]) -> String {
        let mut ids = ids.iter();
        let filled = self.path.split('/').map(|part| match part.strip_prefix('{') {
            Some(_) => *ids.next().unwrap_or_else(|| panic!("too few ids for {}", self.path)),
            None => part,
        });
        let path = filled.collect::<Vec<_>>().join("/");
        assert!(ids.next().is_none(), "too many ids for {}", self.path);
        path
    }

    /// How many variable parts the path has.
    pub(crate) fn variables(&self) -> usize {
        self.path.matches('{').count()
    }

    /// The thing that the operation acts on: the path up to its first id.
    #[track_caller]
    pub(crate) fn resource(&self, ids: &[&str]) -> String {
        let end = self.path.find('}').map_or(self.path.len(), |end| end + 1);
        let thing = Self { path: self.path[..end].to_owned(), ..self.clone() };
        thing.at(&ids[..thing.variables()])
    }

    /// Calls the operation with this entity tag, where it needs one, and a fresh key, where it takes one.
    pub(crate) async fn call(
        &self,
        who: &Client,
        ids: &[&str],
        body: &Value,
        tag: &str,
        headers: &[(&str, &str)],
    ) -> Reply {
        let key = format!("operation-key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let mut sent = headers.to_vec();
        if self.takes("If-Match") {
            sent.push(("If-Match", tag));
        }
        if self.takes("Idempotency-Key") {
            sent.push(("Idempotency-Key", &key));
        }
        let body = if self.body { Some(body) } else { None };
        who.send(self.method.clone(), &self.at(ids), body, &sent).await
    }
}
