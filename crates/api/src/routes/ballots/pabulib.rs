//! The votes of a counted ballot as a file.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get};
use tildel_usecases::domain::id::BallotId;
use tildel_usecases::pabulib;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::{Call, Id, Reply};
use crate::etag::ETag;

/// Read the votes of a budget ballot as a file.
///
/// The votes that were counted, with costs and budget, in the format of [Pabulib](https://pabulib.org/format), so that any other
/// program can check the count; `tildel count` does. The file names neither seats nor voters, and its votes are in the order of
/// what they say. Rules, satisfaction, completion and ties are keys of its section META. It is there once the ballot is counted,
/// for those who see the count, unless the forum keeps votes secret.
#[utoipa::path(operation_id = "ballotPabulibRead", tag = "Ballots",
    responses((status = 200, description = "The file.", content((String = "text/plain")))))]
#[get("/v1/ballots/{id}/pabulib")]
async fn read(call: Call, id: Id<BallotId>, request: HttpRequest) -> Reply {
    let file = call.fetch(move |cx, _| pabulib::read(cx, id.0)).await?;
    let tag = ETag::of_body(file.ballot.version, &file.text).to_string();
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| ETag::is_listed(&tag, known)) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let disposition = format!("attachment; filename=\"{}.pb\"", file.ballot.id);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((ETAG, tag))
        .body(file.text))
}

/// Adds the route.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(read);
}
