//! What happens to every request, outermost first: [`answer`] gives it a trace id and writes the answer's headers, problems
//! and figures; the root span; [`limit`] counts it; [`receive`] reads its body; [`authorise_first`] keeps input errors from
//! those who may not call the operation.

mod answer;
mod receive;
mod trace;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError};
use tildel_usecases::Credentials;
use tildel_usecases::domain::policy;

pub(crate) use answer::{OwnBody, answer};
pub(crate) use receive::{ReceivedBody, receive};
pub(crate) use trace::RootSpan;

use crate::call::{contract_of, credentials_of};
use crate::limits::Verdict;
use crate::problem::{ApiCode, Problem};
use crate::server::api_of;

/// Counts the request, and refuses it where the caller's quota is used up.
pub(crate) async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_counted = request.path().starts_with("/v1/");
    if !is_counted {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let verdict: Verdict = api_of(request.request()).limiter.count(&caller_of(request.request()));
    let refused = verdict.retry_after_seconds;
    request.extensions_mut().insert(verdict);
    if let Some(seconds) = refused {
        let problem =
            Problem::new(ApiCode::RateLimited).with("seconds", seconds).header("Retry-After", seconds);
        return Ok(refuse(request, &problem));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Whom limits are counted for: the token by its hash, or the address.
pub(crate) fn caller_of(request: &HttpRequest) -> String {
    match credentials_of(request) {
        Ok(credentials @ Credentials::Token(_)) => credentials.caller(),
        _ => request.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default(),
    }
}

/// Who may not call an operation learns that, and not what was wrong with the input. To ask only after the input was
/// found wanting saves every good request a turn at the database.
pub(crate) async fn authorise_first(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let is_open =
        response.response().extensions().get::<Problem>().is_some_and(|problem| !problem.is_authorised());
    if !is_open {
        return Ok(response);
    }
    let (Ok(contract), Ok(credentials)) =
        (contract_of(response.request()), credentials_of(response.request()))
    else {
        return Ok(response);
    };
    let service = api_of(response.request()).service.clone();
    let operation = contract.operation;
    let allowed =
        service.read(credentials, move |cx| policy::require(operation, cx.actor()).map_err(Into::into)).await;
    match allowed {
        Ok(()) => Ok(response),
        Err(failure) => Ok(response.into_response(Problem::from(failure).error_response())),
    }
}

fn refuse(request: ServiceRequest, problem: &Problem) -> ServiceResponse<BoxBody> {
    request.into_response(problem.error_response())
}
