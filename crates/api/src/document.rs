//! The OpenAPI document: written from the handlers, completed by rule.
//!
//! A handler says only what is its own: path, summary, body, success. What follows from the policy and the contract is
//! added here, the same way for all: who may call, parameters, headers, problems. The server reads its contracts from
//! the finished document, so the two cannot differ.

mod complete;
mod examples;
mod mend;
mod model_schema;
mod parts;
mod tighten;

use std::sync::LazyLock;

use actix_web::App;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use crate::contract::Contracts;
use crate::{API_VERSION, routes};

pub(crate) use parts::id_schema;

#[derive(OpenApi)]
#[openapi(components(schemas(parts::ProblemBody)))]
struct Described;

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);

static CONTRACTS: LazyLock<Contracts> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the patterns are part of the program, and a test compiles them")]
    Contracts::of(&DOCUMENT).expect("the document's patterns compile")
});

/// The contracts of all operations.
pub(crate) fn contracts() -> &'static Contracts {
    &CONTRACTS
}

/// The document as text: the same bytes each time.
pub fn openapi_json() -> String {
    // A map of JSON values that are in memory already can always be written.
    serde_json::to_string_pretty(&*DOCUMENT).unwrap_or_default() + "\n"
}

fn build() -> Value {
    let (_, from_code) = App::new()
        .into_utoipa_app()
        .openapi(Described::openapi())
        .configure(routes::configure)
        .split_for_parts();
    let mut document = serde_json::to_value(&from_code).unwrap_or_default();
    document["openapi"] = "3.1.0".into();
    document["info"] = info();
    document["servers"] = json!([{ "url": "/", "description": "This installation" }]);
    document["tags"] = routes::TAGS
        .iter()
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect();
    model_schema::place(&mut document);
    model_schema::close_tagged(&mut document, "ScenarioChange");
    mend::mend(&mut document);
    tighten::tighten(&mut document);
    complete::complete(&mut document);
    examples::merge(&mut document);
    document
}

fn info() -> Value {
    json!({
        "title": "Tildel",
        "version": API_VERSION,
        "description": include_str!("../texts/api.md").trim(),
        "license": { "name": "MIT", "identifier": "MIT" },
    })
}

#[cfg(test)]
mod tests;
