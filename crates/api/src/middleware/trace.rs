//! Trace ids and the root span of a request.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{Error, HttpMessage};
use tildel_usecases::{Randomness, SystemRandomness};
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use crate::call::contract_of;
use crate::problem::Scene;

/// The longest request id that is taken over from the caller.
const REQUEST_ID_LENGTH_MAX: usize = 64;

/// The trace id of a request: that of `traceparent` (W3C Trace Context), else `X-Request-Id`, else a new one.
pub(super) fn trace_id_of(headers: &HeaderMap) -> String {
    let text = |name| headers.get(HeaderName::from_static(name)).and_then(|value| value.to_str().ok());
    let of_parent = text("traceparent").and_then(trace_of_parent);
    let given = of_parent.or_else(|| text("x-request-id").filter(|id| is_request_id(id)));
    given.map_or_else(new_trace_id, str::to_owned)
}

/// The trace id in a `traceparent` of version 00: `00-<32 hex>-<16 hex>-<2 hex>`, not all zeros.
fn trace_of_parent(parent: &str) -> Option<&str> {
    let [version, trace, span, flags] = parent.split('-').collect::<Vec<_>>().try_into().ok()?;
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
    let fits = version == "00" && is_hex(trace, 32) && is_hex(span, 16) && is_hex(flags, 2);
    (fits && is_set(trace) && is_set(span)).then_some(trace)
}

/// Letters, digits and a little punctuation: safe in logs, whatever reads them.
fn is_request_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=REQUEST_ID_LENGTH_MAX).contains(&id.len()) && id.bytes().all(allowed)
}

fn new_trace_id() -> String {
    let mut bytes = [0_u8; 16];
    SystemRandomness.fill(&mut bytes);
    hex::encode(bytes)
}

/// The root span: what was asked and what came of it. The query is left out, as it may name people.
pub(crate) struct RootSpan;

impl RootSpanBuilder for RootSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let trace_id =
            request.extensions().get::<Scene>().map(|scene| scene.trace_id.clone()).unwrap_or_default();
        tracing::info_span!(
            "request",
            trace_id,
            method = %request.method(),
            path = request.path(),
            operation = tracing::field::Empty,
            status = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, is_operation) = match outcome {
            Ok(response) => {
                let contract = contract_of(response.request());
                if let Ok(contract) = &contract {
                    span.record("operation", contract.operation.id());
                }
                (response.status(), contract.is_ok())
            }
            Err(error) => (error.as_response_error().status_code(), false),
        };
        span.record("status", status.as_u16());
        // Probes ask every few seconds for ever; only their failures are worth a line.
        if is_operation || status.is_client_error() || status.is_server_error() {
            span.in_scope(|| tracing::info!("answered"));
        } else {
            span.in_scope(|| tracing::debug!("answered"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_over_only_where_they_are_well_formed() {
        // The example of the W3C recommendation, section 3.2.4.
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_of_parent(parent), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        for wrong in
            ["", "00-0-0-01", &parent.to_uppercase(), &parent.replace("4bf9", "zzzz"), &format!("{parent}-x")]
        {
            assert_eq!(trace_of_parent(wrong), None, "{wrong}");
        }
        assert!(is_request_id("req_1.a-B"));
        assert!(!is_request_id("a\nb") && !is_request_id("") && !is_request_id(&"x".repeat(65)));
        assert_ne!(new_trace_id(), new_trace_id());
    }
}
