//! Paths outside the contract: health, figures, the document and its pages, and what answers where there is nothing.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::document;
use crate::middleware::OwnBody;
use crate::problem::{ApiCode, Problem};
use crate::server::api_of;

const DOCUMENT_PATH: &str = "/v1/openapi.json";

/// Adds the paths.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(alive))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(figures))
        .route(DOCUMENT_PATH, web::get().to(document_json))
        .route("/docs", web::get().to(docs))
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from(DOCUMENT_PATH)));
}

/// Whether the process is alive.
async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "alive" }))
}

/// Whether the process can serve, and what is the matter if not.
async fn ready(request: HttpRequest) -> HttpResponse {
    let checks = api_of(&request).settings.readiness.check().await;
    let is_ready = checks.iter().all(|check| check.ok);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = HttpResponse::build(status).json(
        serde_json::json!({ "status": if is_ready { "ready" } else { "not ready" }, "checks": checks }),
    );
    response.extensions_mut().insert(OwnBody);
    response
}

/// Figures for Prometheus.
async fn figures(request: HttpRequest) -> HttpResponse {
    let text = api_of(&request).settings.metrics.render();
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text)
}

/// The OpenAPI document.
async fn document_json() -> HttpResponse {
    static JSON: LazyLock<String> = LazyLock::new(document::openapi_json);
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(JSON.as_str())
}

/// The pages live below a slash, so that their relative links work.
async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

/// Tells a path that does not exist from one that does not take the method.
pub(crate) async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(pattern) = request.match_pattern() else { return Err(Problem::new(ApiCode::RouteNotFound)) };
    let allow = document::contracts().allow(&pattern).unwrap_or_else(|| "GET".to_owned());
    Err(Problem::new(ApiCode::MethodNotAllowed).with("allow", &allow).header("Allow", &allow))
}
