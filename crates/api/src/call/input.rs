//! Inputs of a handler: ids in the path, filters in the query, JSON in the body. Each is held against the document.

use std::fmt::Display;
use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::terms::contract_of;
use crate::document;
use crate::middleware::ReceivedBody;
use crate::problem::{ApiCode, InputError, Place, Problem};

/// The id in the path: its first variable part.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

/// The id of a part of the thing in the path: its second variable part.
#[derive(Clone, Copy, Debug)]
pub struct PartId<T>(pub T);

/// The name or number in the path by which a thing is known outside: its first variable part, as the document describes it.
#[derive(Clone, Debug)]
pub struct Name<T>(pub T);

/// Filters from the query; paging is the [`Call`](super::Call)'s.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

/// The body, read from JSON.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: From<Uuid>> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_id(request, 0).map(|id| Self(id.into())))
    }
}

impl<T: From<Uuid>> FromRequest for PartId<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_id(request, 1).map(|id| Self(id.into())))
    }
}

impl<T: FromStr<Err: Display>> FromRequest for Name<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(path_name(request).map(Self))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // The call has held each parameter against the document; what is left is a defect of ours or an odd encoding.
        let filter = web::Query::<T>::from_query(request.query_string());
        ready(filter.map(|filter| Self(filter.into_inner())).map_err(|_| Problem::new(ApiCode::InvalidQuery)))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(json_of(request).map(Self))
    }
}

/// The query as pairs, percent-decoded.
pub(super) fn pairs_of(request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    pairs.map(web::Query::into_inner).map_err(|_| Problem::new(ApiCode::InvalidQuery))
}

fn path_id(request: &HttpRequest, position: usize) -> Result<Uuid, Problem> {
    let (name, text) = request.match_info().iter().nth(position).unwrap_or_default();
    let schema = document::id_schema();
    let errors = document::contracts().schemas.check_text(&schema, name, text);
    Uuid::parse_str(text)
        .ok()
        .filter(|_| errors.is_empty())
        .ok_or_else(|| Problem::new(ApiCode::InvalidPath).errors(errors))
}

fn path_name<T: FromStr<Err: Display>>(request: &HttpRequest) -> Result<T, Problem> {
    let (name, text) = request.match_info().iter().next().unwrap_or_default();
    let schema = contract_of(request)?.path.get(name);
    let mut errors =
        schema.map(|schema| document::contracts().schemas.check_text(schema, name, text)).unwrap_or_default();
    if errors.is_empty() {
        match text.parse() {
            Ok(value) => return Ok(value),
            Err(error) => errors.push(InputError {
                place: Place::Parameter(name.to_owned()),
                code: ApiCode::UnacceptableValue,
                expected: T::Err::to_string(&error),
            }),
        }
    }
    Err(Problem::new(ApiCode::InvalidPath).errors(errors))
}

fn json_of<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    let media_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(ApiCode::UnsupportedMediaType).header("Accept-Post", "application/json"));
    }
    let extensions = request.extensions();
    let bytes = extensions.get::<ReceivedBody>().map(|body| body.0.as_ref()).unwrap_or_default();
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(ApiCode::MalformedJson).with("line", error.line()).with("column", error.column())
    })?;
    if let Some(schema) = &contract_of(request)?.body {
        let errors = document::contracts().schemas.check(schema, &value);
        if !errors.is_empty() {
            return Err(Problem::new(ApiCode::InvalidBody).errors(errors));
        }
    }
    serde_json::from_value(value).map_err(|error| {
        let place = Place::Pointer(String::new());
        let error = InputError { place, code: ApiCode::UnacceptableValue, expected: error.to_string() };
        Problem::new(ApiCode::InvalidBody).errors(vec![error])
    })
}
