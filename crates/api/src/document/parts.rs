//! The parts of the document that all operations share: parameters, headers, problems, security.

use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::{CURSOR_PATTERN, LIMIT_DEFAULT, LIMIT_MAX};

/// Why a request was not done (RFC 9457).
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes what `problem::render` writes")]
pub(crate) struct ProblemBody {
    /// A stable URI of the kind of problem; it ends with the code.
    #[schema(format = "uri")]
    r#type: String,
    /// A short text in the caller's language.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A sentence that says what happened and what to do, in the caller's language.
    detail: String,
    /// Path and query of the request.
    instance: String,
    /// The stable name of the kind of problem.
    #[schema(pattern = "^[a-z_]+$")]
    code: String,
    /// Links the answer to the service's logs.
    #[serde(rename = "traceId")]
    #[schema(rename = "traceId")]
    trace_id: String,
    /// The rule that refused: `rule-<number>`, `lifecycle`, `access` or `values`.
    #[schema(nullable = false)]
    rule: Option<String>,
    /// What is wrong with the input, each with its place.
    #[schema(nullable = false)]
    errors: Option<Vec<ProblemInputError>>,
}

/// One thing that is wrong with the input.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `problem::render` writes")]
pub(crate) struct ProblemInputError {
    /// Where in the body it is, as a JSON pointer (RFC 6901).
    #[schema(nullable = false)]
    pointer: Option<String>,
    /// The path, query or header parameter that it is in.
    #[schema(nullable = false)]
    parameter: Option<String>,
    /// The stable name of what is wrong.
    #[schema(pattern = "^[a-z_]+$")]
    code: String,
    /// A sentence that says what is expected, in the caller's language.
    detail: String,
}

/// Each problem that is described: status, name, description, headers of its own.
pub(super) const PROBLEMS: &[(&str, &str, &str, &[&str])] = &[
    ("400", "BadRequest", "Path, query, header or JSON can not be read.", &[]),
    ("401", "Unauthenticated", "Nobody is signed in, or the token is not valid.", &["WWW-Authenticate"]),
    ("403", "Forbidden", "The caller may not do this.", &[]),
    ("404", "NotFound", "There is no such thing, or it is not the caller's to see.", &[]),
    ("408", "RequestTimeout", "The body did not arrive in time.", &[]),
    (
        "409",
        "Conflict",
        "The thing is not in a state where this can be done, or a copy of the request is running.",
        &[],
    ),
    ("412", "VersionStale", "Others have changed the thing; the current version is in `ETag`.", &["ETag"]),
    ("413", "BodyTooLarge", "The body is too large.", &[]),
    ("415", "UnsupportedMediaType", "The body is not declared as JSON.", &[]),
    (
        "422",
        "Invalid",
        "What was sent is readable but not acceptable, or the key was used for another request.",
        &[],
    ),
    ("428", "VersionRequired", "`If-Match` is missing.", &[]),
    ("429", "RateLimited", "The caller's quota is used up for now.", &["Retry-After"]),
    ("500", "Internal", "A defect of the service.", &[]),
    ("503", "Unavailable", "The service can not do it now; nothing was changed.", &["Retry-After"]),
];

/// The schema of ids.
pub(crate) fn id_schema() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

/// The `components` apart from the schemas.
pub(super) fn components() -> Value {
    json!({
        "securitySchemes": { "accessToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal access token. It carries one role; the operation says which roles may call it.",
        } },
        "parameters": parameters(),
        "headers": headers(),
        "responses": PROBLEMS.iter().map(problem_response).collect::<serde_json::Map<_, _>>(),
    })
}

fn parameters() -> Value {
    let text = |name: &str, place: &str, description: &str, required: bool, schema: Value| json!({ "name": name, "in": place, "description": description, "required": required, "schema": schema });
    let etag = json!({ "type": "string", "pattern": "^\"[!#-~]*\"$" });
    let key = json!({ "type": "string", "pattern": "^[!-~]{1,128}$" });
    let key_description =
        "A random text, new for each action and the same for its retries. Kept for 72 hours.";
    json!({
        "AcceptLanguage": text("Accept-Language", "header", "The language of problems: nb, nn or en.", false,
            json!({ "type": "string" })),
        "IfMatch": text("If-Match", "header", "The `ETag` of what was read.", true, etag),
        "IfNoneMatch": text("If-None-Match", "header", "The `ETag` of what the caller has: 304 if it still holds.", false,
            json!({ "type": "string" })),
        "IdempotencyKey": text("Idempotency-Key", "header", key_description, false, key.clone()),
        "IdempotencyKeyRequired": text("Idempotency-Key", "header", key_description, true, key),
        "DryRun": text("dryRun", "query", "Whether to answer as the real call would and store nothing.", false,
            json!({ "type": "boolean", "default": false })),
        "Limit": text("limit", "query", "Most items on the page.", false,
            json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT })),
        "Cursor": text("cursor", "query", "The `nextCursor` of the page before.", false,
            json!({ "type": "string", "pattern": CURSOR_PATTERN })),
        "Sort": text("sort", "query", "The order: oldest first, or newest first.", false,
            json!({ "type": "string", "enum": ["createdAt", "-createdAt"], "default": "createdAt" })),
    })
}

fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let text = || json!({ "type": "string" });
    json!({
        "API-Version": header("The version of this contract.", text()),
        "X-Request-Id": header("Links the answer to the service's logs.", text()),
        "RateLimit": header("What is left of the quota (IETF draft).", text()),
        "RateLimit-Policy": header("The quota (IETF draft).", text()),
        "ETag": header("Version and hash of what is shown; give it back as `If-Match` or `If-None-Match`.", text()),
        "Location": header("Where the new thing is.", text()),
        "Retry-After": header("Seconds to wait.", json!({ "type": "integer", "minimum": 0 })),
        "WWW-Authenticate": header("How to sign in.", text()),
    })
}

fn problem_response((_, name, description, own_headers): &(&str, &str, &str, &[&str])) -> (String, Value) {
    let response = json!({
        "description": description,
        "headers": header_references([&["X-Request-Id"], *own_headers].concat()),
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    ((*name).to_owned(), response)
}

/// References to headers by their names.
pub(super) fn header_references(names: Vec<&str>) -> Value {
    let reference = |name: &str| (name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
    Value::Object(names.into_iter().map(reference).collect())
}
