//! `/healthz`, `/readyz` and `/metrics` of the worker, which serves nothing else.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};
use serde_json::json;
use tildel_api::Readiness;
use tokio_util::sync::CancellationToken;

use crate::telemetry::Figures;

struct Sources {
    readiness: Arc<dyn Readiness>,
    figures: Figures,
}

/// Answers until told to stop.
pub(super) async fn serve(
    listener: TcpListener,
    readiness: Arc<dyn Readiness>,
    figures: Figures,
    stop: CancellationToken,
) -> Result<()> {
    let sources = web::Data::new(Sources { readiness, figures });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(sources.clone())
            .route("/healthz", web::get().to(alive))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(metrics))
    });
    // Probes are few and short.
    let server =
        server.workers(1).shutdown_timeout(1).disable_signals().shutdown_signal(stop.cancelled_owned());
    let server = server.listen(listener).context("failed to answer probes")?;
    server.run().await.context("failed to answer probes")
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(sources: web::Data<Sources>) -> HttpResponse {
    let checks = sources.readiness.check().await;
    if checks.iter().all(|check| check.ok) {
        HttpResponse::Ok().json(json!({ "status": "ready", "checks": checks }))
    } else {
        HttpResponse::ServiceUnavailable().json(json!({ "status": "not ready", "checks": checks }))
    }
}

async fn metrics(sources: web::Data<Sources>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(sources.figures.render())
}
