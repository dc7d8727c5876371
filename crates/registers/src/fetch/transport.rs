//! Connections, with TLS or, for stubs alone, without.

use std::error::Error;
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::TokioExecutor;

use super::FetchError;

/// What sends requests.
pub(super) enum Transport {
    /// TLS, checked by the system's certificates.
    Tls(Client<HttpsConnector<HttpConnector>, Empty<Bytes>>),
    /// Nothing.
    Plain(Client<HttpConnector, Empty<Bytes>>),
}

impl Transport {
    pub(super) fn tls(connect: Duration) -> Result<Self, FetchError> {
        let builder = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| FetchError::Certificates(error.to_string()))?;
        let mut http = connector(connect);
        http.enforce_http(false);
        let https = builder.https_only().enable_http1().wrap_connector(http);
        Ok(Self::Tls(Client::builder(TokioExecutor::new()).build(https)))
    }

    pub(super) fn plain(connect: Duration) -> Self {
        Self::Plain(Client::builder(TokioExecutor::new()).build(connector(connect)))
    }

    /// The only scheme it takes.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "https",
            Self::Plain(_) => "http",
        }
    }

    pub(super) async fn send(
        &self,
        request: http::Request<Empty<Bytes>>,
    ) -> Result<http::Response<Incoming>, FetchError> {
        let sent = match self {
            Self::Tls(client) => client.request(request).await,
            Self::Plain(client) => client.request(request).await,
        };
        sent.map_err(|error| told(&error))
    }
}

fn connector(connect: Duration) -> HttpConnector {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(connect));
    http
}

fn told(error: &ClientError) -> FetchError {
    let cause = innermost(error);
    match cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::TimedOut) => FetchError::TimedOut("no connection"),
        // The server hung up before the head of its answer.
        Some(std::io::ErrorKind::UnexpectedEof) if !error.is_connect() => FetchError::CutShort,
        _ => match cause.downcast_ref::<hyper::Error>() {
            Some(cause) if cause.is_incomplete_message() => FetchError::CutShort,
            _ => FetchError::Connection(cause.to_string()),
        },
    }
}

/// What is at the bottom of an error.
pub(super) fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause
}
