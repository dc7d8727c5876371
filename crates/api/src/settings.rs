//! Settings of the HTTP side. The binary reads them from its configuration.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;

/// One thing that the service needs in order to serve.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// What is checked: `database`, `migrations` or `queue`.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What is the matter, in words for the operator; no secrets, as the answer is public.
    pub detail: String,
}

/// Finds out whether the service is ready.
pub trait Readiness: Send + Sync {
    /// Runs all checks.
    fn check(&self) -> Pin<Box<dyn Future<Output = Vec<Check>> + Send + '_>>;
}

/// Settings of the HTTP side.
#[derive(Clone)]
pub struct ApiSettings {
    /// The URI that the types of problems begin with, with a slash at the end.
    pub problem_type_base: String,
    /// Most bytes of a body.
    pub body_bytes_max: usize,
    /// Longest time for a request's headers, and again for its body, to arrive.
    pub receive_timeout: Duration,
    /// Requests that a caller may make at once after a pause.
    pub burst_requests: NonZeroU32,
    /// The time in which a used-up burst comes back.
    pub burst_period: Duration,
    /// Threads that serve HTTP.
    pub workers: usize,
    /// How long requests that are under way may go on when the service stops.
    pub stop_timeout: Duration,
    /// How long a stream of events goes on before its follower has to connect again.
    pub stream_duration: Duration,
    /// How often a stream looks for what is new.
    pub stream_pause: Duration,
    /// Streams at a time, of all callers together.
    pub streams_max: usize,
    /// Streams at a time of one caller.
    pub streams_per_caller_max: usize,
    /// Tells whether the service is ready.
    pub readiness: Arc<dyn Readiness>,
    /// Gives the figures of `/metrics`.
    pub metrics: PrometheusHandle,
}

impl ApiSettings {
    /// The settings that fit where nothing else is known: 256 KiB, ten seconds, 600 requests a minute, 200 streams.
    pub fn new(readiness: Arc<dyn Readiness>, metrics: PrometheusHandle) -> Self {
        Self {
            problem_type_base: "https://tildel.no/problems/".to_owned(),
            body_bytes_max: 256 * 1024,
            receive_timeout: Duration::from_secs(10),
            burst_requests: NonZeroU32::MIN.saturating_add(599),
            burst_period: Duration::from_mins(1),
            workers: 2,
            stop_timeout: Duration::from_secs(10),
            stream_duration: Duration::from_secs(30),
            stream_pause: Duration::from_secs(1),
            streams_max: 200,
            streams_per_caller_max: 5,
            readiness,
            metrics,
        }
    }
}
