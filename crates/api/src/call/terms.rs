//! The terms of a call: credentials, version, key, dry run and page, from headers and query.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::http::uri::PathAndQuery;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use sha2::{Digest, Sha256};
use tildel_usecases::domain::{Actor, policy};
use tildel_usecases::{Credentials, Expected, Idempotency};

use super::{Call, input, paging};
use crate::contract::{Contract, KeyRule};
use crate::document;
use crate::etag::ETag;
use crate::middleware::ReceivedBody;
use crate::problem::{ApiCode, InputError, Place, Problem};
use crate::server::api_of;

/// The longest `Idempotency-Key`.
const KEY_LENGTH_MAX: usize = 128;

impl FromRequest for Call {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(call_of(request))
    }
}

fn call_of(request: &HttpRequest) -> Result<Call, Problem> {
    let contract = contract_of(request)?;
    let credentials = credentials_of(request)?;
    if credentials == Credentials::Anonymous {
        policy::require(contract.operation, &Actor::PUBLIC)?;
    }
    let query = query_of(request, contract)?;
    Ok(Call {
        api: api_of(request),
        credentials,
        expected: expected_of(request, contract)?,
        if_none_match: header(request, &IF_NONE_MATCH)?.map(str::to_owned),
        idempotency: idempotency_of(request, contract)?,
        dry_run: query.get("dryRun").is_some_and(|dry_run| dry_run == "true"),
        page: paging::page_request(&query)?,
    })
}

/// The contract of the operation that is called.
pub(crate) fn contract_of(request: &HttpRequest) -> Result<&'static Contract, Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    let contract = document::contracts().find(request.method(), &pattern);
    contract.ok_or_else(|| Problem::new(ApiCode::RouteNotFound))
}

/// Who is asking, as far as the request tells.
pub(crate) fn credentials_of(request: &HttpRequest) -> Result<Credentials, Problem> {
    let Some(value) = header(request, &AUTHORIZATION)? else { return Ok(Credentials::Anonymous) };
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Problem::unauthenticated());
    }
    Ok(Credentials::Token(token.to_owned()))
}

/// The value of a header that may stand once.
fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = request.headers().get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    match value.to_str() {
        Ok(text) if values.next().is_none() => Ok(Some(text)),
        _ => Err(Problem::new(ApiCode::InvalidHeader)
            .with("header", name)
            .with("expected", "one line of ASCII")),
    }
}

/// Reads the query and holds it against the contract.
fn query_of(request: &HttpRequest, contract: &Contract) -> Result<BTreeMap<String, String>, Problem> {
    let pairs = input::pairs_of(request)?;
    let mut query = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, text) in pairs {
        let error =
            |code, expected: String| InputError { place: Place::Parameter(name.clone()), code, expected };
        match contract.query.get(&name) {
            None => {
                let known: Vec<_> = contract.query.keys().map(String::as_str).collect();
                errors.push(error(ApiCode::UnknownField, known.join(", ")));
            }
            Some(_) if query.contains_key(&name) => {
                errors.push(error(ApiCode::RepeatedParameter, "1".to_owned()));
            }
            Some(parameter) => {
                errors.extend(document::contracts().schemas.check_text(&parameter.schema, &name, &text));
                query.insert(name, text);
            }
        }
    }
    for (name, parameter) in &contract.query {
        if parameter.required && !query.contains_key(name) {
            let place = Place::Parameter(name.clone());
            errors.push(InputError { place, code: ApiCode::MissingField, expected: name.clone() });
        }
    }
    if errors.is_empty() { Ok(query) } else { Err(Problem::new(ApiCode::InvalidQuery).errors(errors)) }
}

/// The version that a write is based on. `*` says nothing about what was read, so it does not count.
fn expected_of(request: &HttpRequest, contract: &Contract) -> Result<Expected, Problem> {
    if !contract.calling.if_match {
        return Ok(Expected::Any);
    }
    let value = header(request, &IF_MATCH)?.filter(|value| *value != "*");
    let value = value.ok_or_else(|| Problem::new(ApiCode::VersionRequired))?;
    let expected = "one strong entity tag, as the ETag header gave it";
    let version = ETag::version_of(value).ok_or_else(|| {
        Problem::new(ApiCode::InvalidHeader).with("header", IF_MATCH).with("expected", expected)
    })?;
    Ok(Expected::Version(version))
}

fn idempotency_of(request: &HttpRequest, contract: &Contract) -> Result<Option<Idempotency>, Problem> {
    let name = HeaderName::from_static("idempotency-key");
    let key = match (contract.calling.key, header(request, &name)?) {
        (KeyRule::Ignored, _) | (KeyRule::Accepted | KeyRule::Refused, None) => return Ok(None),
        (KeyRule::Required, None) => return Err(Problem::new(ApiCode::IdempotencyKeyRequired)),
        (KeyRule::Refused, Some(_)) => return Err(Problem::new(ApiCode::IdempotencyKeyNotAccepted)),
        (KeyRule::Required | KeyRule::Accepted, Some(key)) => key,
    };
    let length_fits = (1..=KEY_LENGTH_MAX).contains(&key.len());
    if !length_fits || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::new(ApiCode::IdempotencyKeyInvalid));
    }
    Ok(Some(Idempotency {
        operation: contract.operation.id().to_owned(),
        key: key.to_owned(),
        request_hash: request_hash(request),
    }))
}

/// One hash of method, path, query and body. Lengths go in first, so that no two requests run together.
fn request_hash(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    let body = extensions.get::<ReceivedBody>().map(|body| body.0.as_ref()).unwrap_or_default();
    let target = request.uri().path_and_query().map(PathAndQuery::as_str).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [Method::as_str(request.method()).as_bytes(), target.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
