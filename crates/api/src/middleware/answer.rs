//! The last word on every answer: problems are written, headers are set, figures are kept.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use tildel_usecases::domain::person::preferred_language;

use super::trace::trace_id_of;
use crate::API_VERSION;
use crate::call::contract_of;
use crate::limits::Verdict;
use crate::problem::{ApiCode, Problem, Scene};
use crate::server::{Api, api_of};

/// Gives the request its trace id, and writes what every answer has.
pub(crate) async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let api = api_of(request.request());
    let scene = scene_of(&request, &api);
    let is_authorised = request.headers().contains_key(AUTHORIZATION);
    request.extensions_mut().insert(scene.clone());
    // A HEAD is a GET whose body the HTTP library leaves out as it writes the answer.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut response = match outcome {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => {
            let problem = Problem::new(ApiCode::of_status(error.as_response_error().status_code()));
            return Err(written(&problem, &scene));
        }
        Err(_) => {
            tracing::error!(trace_id = scene.trace_id, "a handler panicked");
            return Err(written(&Problem::new(ApiCode::Internal), &scene));
        }
    };
    if let Some(problem) = problem_of(response.response()) {
        response = response.into_response(problem.render(&scene));
    }
    let contract = contract_of(response.request()).ok();
    let operation = contract.map_or("other", |contract| contract.operation.id());
    let verdict = response.request().extensions().get::<Verdict>().cloned();
    let is_page = response.request().path().starts_with("/docs");
    let status = response.status();
    set_headers(response.headers_mut(), status, &scene, is_authorised, is_page);
    if let Some(verdict) = verdict {
        set(response.headers_mut(), "ratelimit", &verdict.state);
        set(response.headers_mut(), "ratelimit-policy", &api.limiter.policy);
    }
    measure(operation, status, started);
    Ok(response)
}

fn scene_of(request: &ServiceRequest, api: &Api) -> Scene {
    let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Scene {
        language: preferred_language(accepted.unwrap_or_default()),
        trace_id: trace_id_of(request.headers()),
        instance: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        type_base: api.settings.problem_type_base.clone(),
    }
}

/// The problem that an answer stands for; one of the HTTP library's own is told by its status.
fn problem_of(response: &HttpResponse) -> Option<Problem> {
    let status = response.status();
    let known = response.extensions().get::<Problem>().cloned();
    let is_own = response.extensions().get::<OwnBody>().is_some();
    let is_error = status.is_client_error() || status.is_server_error();
    known.or_else(|| (is_error && !is_own).then(|| Problem::new(ApiCode::of_status(status))))
}

/// Marks an answer whose status is an error, but whose body is its own: that of `/readyz`.
pub(crate) struct OwnBody;

/// An answer for when the request is gone, as after a panic.
fn written(problem: &Problem, scene: &Scene) -> Error {
    let mut response = problem.render(scene);
    set_headers(response.headers_mut(), problem.status(), scene, true, false);
    InternalError::from_response(problem.clone(), response).into()
}

fn set_headers(
    headers: &mut HeaderMap,
    status: StatusCode,
    scene: &Scene,
    is_authorised: bool,
    is_page: bool,
) {
    set(headers, "x-request-id", &scene.trace_id);
    if status.is_success() || status.is_redirection() {
        set(headers, "api-version", API_VERSION);
    }
    headers.insert(VARY, HeaderValue::from_static("Accept-Language, Authorization"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    set(headers, "cross-origin-resource-policy", "same-origin");
    // Pages load their own scripts and styles; data loads nothing.
    let content = if is_page {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(content));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        let caching = if is_authorised || status.is_client_error() { "no-store" } else { "no-cache" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn measure(operation: &'static str, status: StatusCode, started: Instant) {
    let status = status.as_u16().to_string();
    metrics::counter!("tildel_http_requests_total", "operation" => operation, "status" => status)
        .increment(1);
    metrics::histogram!("tildel_http_request_duration_seconds", "operation" => operation)
        .record(started.elapsed());
}
