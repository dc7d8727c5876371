//! Problems: every answer with a status of 400 or more, as RFC 9457 has it.
//!
//! A [`Problem`] is made where something goes wrong and written in one place, [`crate::middleware`], which knows the
//! caller's language and the trace id. What is wrong inside the service is logged here, once, and never told.

mod code;
mod render;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use tildel_usecases::Failure;
use tildel_usecases::domain::Refusal;
use tildel_usecases::domain::refusal::RefusalClass;

pub use code::ApiCode;
pub(crate) use render::Scene;

use crate::etag::ETag;

/// Where in the input an error is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the body, as a JSON pointer (RFC 6901).
    Pointer(String),
    /// In the path, the query or the headers, by the parameter's name.
    Parameter(String),
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub code: ApiCode,
    /// What is expected instead, in the words of the OpenAPI document.
    pub expected: String,
}

/// The words of a problem.
#[derive(Clone, Debug)]
enum Words {
    Api(ApiCode, Vec<(&'static str, String)>),
    Refusal(Refusal),
}

/// Why a request was not done, as the caller may know it.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    words: Words,
    errors: Vec<InputError>,
    headers: Vec<(&'static str, String)>,
    authorised: bool,
}

impl Problem {
    /// A problem that the API itself found, before any use case ran.
    pub fn new(code: ApiCode) -> Self {
        Self {
            status: code.status(),
            words: Words::Api(code, Vec::new()),
            errors: Vec::new(),
            headers: Vec::new(),
            authorised: false,
        }
    }

    /// Sets a parameter of the texts.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Words::Api(_, params) = &mut self.words {
            params.push((name, value.to_string()));
        }
        self
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Says what is wrong with the input.
    pub fn errors(mut self, errors: Vec<InputError>) -> Self {
        self.errors = errors;
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match &self.words {
            Words::Api(code, _) => code.as_str(),
            Words::Refusal(refusal) => refusal.code.as_str(),
        }
    }

    /// Whether a use case has looked at who is asking. Where not, who may not call the operation at all is told that,
    /// and not what is wrong with the input.
    pub(crate) fn is_authorised(&self) -> bool {
        self.authorised
    }

    /// Nobody is signed in (RFC 6750, section 3).
    pub(crate) fn unauthenticated() -> Self {
        Self::new(ApiCode::Unauthenticated).header("WWW-Authenticate", r#"Bearer realm="tildel""#)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code.class() {
            RefusalClass::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalClass::Conflict => StatusCode::CONFLICT,
            // Somebody who is nobody yet may sign in.
            RefusalClass::Forbidden if refusal.param("role") == Some("public") => {
                return Self::unauthenticated();
            }
            RefusalClass::Forbidden => StatusCode::FORBIDDEN,
            RefusalClass::NotFound => StatusCode::NOT_FOUND,
        };
        Self {
            status,
            words: Words::Refusal(refusal),
            errors: Vec::new(),
            headers: Vec::new(),
            authorised: false,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let problem = match failure {
            Failure::Refused(refusal) => Self::from(refusal),
            Failure::Unauthenticated => Self::unauthenticated(),
            Failure::Stale { current } => {
                let tag = ETag::of_version(current);
                Self::new(ApiCode::VersionStale).with("current", current).header("ETag", tag)
            }
            Failure::KeyReused => Self::new(ApiCode::IdempotencyKeyReused),
            Failure::KeyInProgress => Self::new(ApiCode::IdempotencyKeyInProgress).header("Retry-After", 1),
            failure @ (Failure::Storage(_) | Failure::Interrupted | Failure::Json(_)) => {
                let transient = failure.is_transient();
                let error: &dyn std::error::Error = &failure;
                tracing::error!(error, transient, "failed to do what was asked");
                if transient {
                    Self::new(ApiCode::Unavailable).header("Retry-After", 1)
                } else {
                    Self::new(ApiCode::Internal)
                }
            }
        };
        Self { authorised: true, ..problem }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Carries the problem to the middleware that writes it.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}
