//! The HTTP server.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpServer, web};
use tildel_usecases::Service;
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;

use crate::limits::{Limiter, Streams};
use crate::settings::ApiSettings;
use crate::{document, health, middleware, routes};

/// What all requests share.
pub(crate) struct Api {
    pub(crate) service: Service,
    pub(crate) settings: ApiSettings,
    pub(crate) limiter: Limiter,
    pub(crate) streams: Arc<Streams>,
}

impl Api {
    pub(crate) fn new(service: Service, settings: ApiSettings) -> Arc<Self> {
        let limiter = Limiter::new(settings.burst_requests, settings.burst_period);
        let streams = Streams::new(settings.streams_max, settings.streams_per_caller_max);
        Arc::new(Self { service, settings, limiter, streams })
    }
}

/// What all requests share, as the application was made with it.
pub(crate) fn api_of(request: &HttpRequest) -> Arc<Api> {
    #[expect(clippy::expect_used, reason = "`app` puts it there, and nothing serves without `app`")]
    request.app_data::<Arc<Api>>().cloned().expect("the application has its data")
}

/// The whole application: routes, documentation, health, middleware.
pub(crate) fn app(
    api: Arc<Api>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<actix_web::body::BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(api)
        .into_utoipa_app()
        .configure(routes::configure)
        .into_app()
        .configure(health::configure)
        .default_service(web::to(health::nothing_here))
        .wrap(from_fn(middleware::authorise_first))
        .wrap(from_fn(middleware::receive))
        .wrap(from_fn(middleware::limit))
        .wrap(TracingLogger::<middleware::RootSpan>::new())
        .wrap(from_fn(middleware::answer))
}

/// Serves until `stop` is done; then takes no new connections and lets requests that are under way end.
///
/// Bind the listener before, to port 0 in tests, so that a port that is taken is told before anything else starts.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    settings: ApiSettings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let api = Api::new(service, settings);
    let settings = api.settings.clone();
    // Made before the first request, so that the first caller does not wait for it.
    let _contracts = document::contracts();
    HttpServer::new(move || app(Arc::clone(&api)))
        .workers(settings.workers)
        .client_request_timeout(settings.receive_timeout)
        .client_disconnect_timeout(settings.receive_timeout)
        .shutdown_timeout(settings.stop_timeout.as_secs())
        .disable_signals()
        .shutdown_signal(stop)
        .listen(listener)?
        .run()
        .await
}
