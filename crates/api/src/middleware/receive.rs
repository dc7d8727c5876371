//! Reads bodies, within limits of size and time, before anything looks at them.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{Error, HttpMessage};
use futures_util::StreamExt;

use super::refuse;
use crate::problem::{ApiCode, Problem};
use crate::server::api_of;

/// The body of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReceivedBody(pub(crate) Bytes);

/// Reads the body, and refuses one that is too large or too slow.
pub(crate) async fn receive(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let payload = request.take_payload();
    let (bytes_max, timeout) = {
        let settings = &api_of(request.request()).settings;
        (settings.body_bytes_max, settings.receive_timeout)
    };
    match read(payload, bytes_max, timeout).await {
        Ok(body) => {
            request.extensions_mut().insert(ReceivedBody(body));
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(problem) => Ok(refuse(request, &problem)),
    }
}

async fn read(mut payload: Payload, bytes_max: usize, timeout: Duration) -> Result<Bytes, Problem> {
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(ApiCode::BadRequest))?;
            if body.len() + chunk.len() > bytes_max {
                return Err(Problem::new(ApiCode::BodyTooLarge).with("limit", bytes_max));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let timed_out = || Problem::new(ApiCode::RequestTimeout).header("Connection", "close");
    tokio::time::timeout(timeout, reading).await.unwrap_or_else(|_| Err(timed_out()))
}
