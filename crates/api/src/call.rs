//! The call: who asks, for which operation, on what terms; and the five ways to answer.
//!
//! A handler takes a [`Call`], at most an [`Id`], a [`Query`] and a [`Json`] body, and hands a use case to one of
//! [`Call::list`], [`Call::read`], [`Call::create`], [`Call::act`] and [`Call::begin`]. Everything that the contract asks
//! of each operation (versions, retries, dry runs, paging, entity tags) happens here.

mod input;
mod paging;
mod terms;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use tildel_usecases::failure::Outcome;
use tildel_usecases::{Answer, Context, Credentials, Expected, Idempotency, Page, PageRequest, Write};
use uuid::Uuid;

pub use input::{Id, Json, Name, PartId, Query};
pub(crate) use paging::{CURSOR_PATTERN, LIMIT_DEFAULT, LIMIT_MAX, cursor_of};
pub(crate) use terms::{contract_of, credentials_of};

use crate::body::{Begun, PageBody, Resource};
use crate::etag::ETag;
use crate::problem::Problem;
use crate::server::Api;

/// What a handler returns.
pub type Reply = Result<HttpResponse, Problem>;

/// A request whose caller, operation and terms are known.
#[derive(Clone)]
pub struct Call {
    api: Arc<Api>,
    credentials: Credentials,
    expected: Expected,
    if_none_match: Option<String>,
    idempotency: Option<Idempotency>,
    dry_run: bool,
    page: PageRequest,
}

impl Call {
    /// Answers with one page of a list.
    pub async fn list<T: Resource>(
        self,
        body: impl FnOnce(&mut Context<'_>, &PageRequest) -> Outcome<Page<T>> + Send + 'static,
    ) -> Reply {
        let page_request = self.page;
        let page = self.api.service.read(self.credentials, move |cx| body(cx, &page_request)).await?;
        let page: PageBody<T::Body> = PageBody::of(page);
        Ok(HttpResponse::Ok().json(page))
    }

    /// Answers with one resource: 200, or 304 when the caller has it already.
    pub async fn read<T: Resource>(
        self,
        body: impl FnOnce(&mut Context<'_>) -> Outcome<T> + Send + 'static,
    ) -> Reply {
        let credentials = self.credentials;
        let answer = self.api.service.read(credentials, move |cx| show(StatusCode::OK, body(cx)?)).await?;
        let tag = answer.headers.iter().find(|(name, _)| name == ETAG.as_str()).map(|(_, tag)| tag.as_str());
        let known =
            self.if_none_match.as_deref().zip(tag).is_some_and(|(known, tag)| ETag::is_listed(tag, known));
        if known {
            return Ok(respond(Answer { status: 304, body: String::new(), ..answer }));
        }
        Ok(respond(answer))
    }

    /// Makes a new resource: 201 with its place.
    pub async fn create<T: Resource>(
        self,
        mut body: impl FnMut(&mut Context<'_>) -> Outcome<T> + Send + 'static,
    ) -> Reply {
        self.write(move |cx, _| show(StatusCode::CREATED, body(cx)?)).await
    }

    /// Changes a resource, based on the version that the caller expects: 200 with what it is now.
    pub async fn act<T: Resource>(
        self,
        mut body: impl FnMut(&mut Context<'_>, Expected) -> Outcome<T> + Send + 'static,
    ) -> Reply {
        self.write(move |cx, expected| show(StatusCode::OK, body(cx, expected)?)).await
    }

    /// Begins long work: 202 with the place of the operation, whose id the use case returns.
    pub async fn begin(
        self,
        mut body: impl FnMut(&mut Context<'_>, Expected) -> Outcome<Uuid> + Send + 'static,
    ) -> Reply {
        self.write(move |cx, expected| {
            let id = body(cx, expected)?;
            let headers = vec![(LOCATION.to_string(), format!("/v1/operations/{id}"))];
            let body = serde_json::to_string(&Begun { operation_id: id })?;
            Ok(Answer { status: StatusCode::ACCEPTED.as_u16(), headers, body })
        })
        .await
    }

    /// Runs a use case that only reads, for answers that are not one of the five.
    pub async fn fetch<T: Send + 'static>(
        self,
        body: impl FnOnce(&mut Context<'_>, &PageRequest) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let page = self.page;
        Ok(self.api.service.read(self.credentials, move |cx| body(cx, &page)).await?)
    }

    async fn write(
        self,
        mut body: impl FnMut(&mut Context<'_>, Expected) -> Outcome<Answer> + Send + 'static,
    ) -> Reply {
        let expected = self.expected;
        let write =
            Write { credentials: self.credentials, idempotency: self.idempotency, dry_run: self.dry_run };
        let answer = self.api.service.answer(write, move |cx| body(cx, expected)).await?;
        Ok(respond(answer))
    }
}

/// Shows a resource with its entity tag, and where it is if it is new.
fn show<T: Resource>(status: StatusCode, thing: T) -> Outcome<Answer> {
    let version = thing.version();
    let location = T::COLLECTION.map(|collection| format!("{collection}/{}", thing.id()));
    let body = serde_json::to_string(&T::Body::from(thing))?;
    let mut headers = vec![(ETAG.to_string(), ETag::of_body(version, &body).to_string())];
    if status == StatusCode::CREATED {
        headers.extend(location.map(|location| (LOCATION.to_string(), location)));
    }
    Ok(Answer { status: status.as_u16(), headers, body })
}

fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in &answer.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    if answer.body.is_empty() {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, "application/json"));
    response.body(answer.body)
}
