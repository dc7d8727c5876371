//! The codes of the problems that the API itself finds; those of the rules are `RefusalCode`.

use actix_web::http::StatusCode;

macro_rules! api_codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $status:ident;)+) => {
        /// The stable name of a problem that the API itself finds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ApiCode {
            $($(#[$meta])* $name,)+
        }

        impl ApiCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status of an answer with this code.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }
        }
    };
}

api_codes! {
    /// The request is not HTTP that can be understood.
    BadRequest = "bad_request", BAD_REQUEST;
    /// The body is not JSON.
    MalformedJson = "malformed_json", BAD_REQUEST;
    /// The body is JSON, but not what the operation takes.
    InvalidBody = "invalid_body", UNPROCESSABLE_ENTITY;
    /// In `errors`: a field is missing.
    MissingField = "missing_field", UNPROCESSABLE_ENTITY;
    /// In `errors`: a field or parameter is not known.
    UnknownField = "unknown_field", UNPROCESSABLE_ENTITY;
    /// In `errors`: a value has the wrong type.
    WrongType = "wrong_type", UNPROCESSABLE_ENTITY;
    /// In `errors`: a value is not acceptable.
    UnacceptableValue = "unacceptable_value", UNPROCESSABLE_ENTITY;
    /// In `errors`: a parameter is given more than once.
    RepeatedParameter = "repeated_parameter", BAD_REQUEST;
    /// A part of the path is not acceptable.
    InvalidPath = "invalid_path", BAD_REQUEST;
    /// The query is not what the operation takes.
    InvalidQuery = "invalid_query", BAD_REQUEST;
    /// A header is not acceptable.
    InvalidHeader = "invalid_header", BAD_REQUEST;
    /// The cursor is not one of this list's.
    InvalidCursor = "invalid_cursor", BAD_REQUEST;
    /// The body is too large.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// The body is not declared as JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE;
    /// A write needs `If-Match`.
    VersionRequired = "version_required", PRECONDITION_REQUIRED;
    /// The write is based on an old version.
    VersionStale = "version_stale", PRECONDITION_FAILED;
    /// The operation needs `Idempotency-Key`.
    IdempotencyKeyRequired = "idempotency_key_required", BAD_REQUEST;
    /// The key is not acceptable.
    IdempotencyKeyInvalid = "idempotency_key_invalid", BAD_REQUEST;
    /// The operation can not keep its answer, so it takes no key.
    IdempotencyKeyNotAccepted = "idempotency_key_not_accepted", BAD_REQUEST;
    /// The key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY;
    /// The first request with the key is still running.
    IdempotencyKeyInProgress = "idempotency_key_in_progress", CONFLICT;
    /// Nobody is signed in, or the token is not valid.
    Unauthenticated = "unauthenticated", UNAUTHORIZED;
    /// There is nothing at this path.
    RouteNotFound = "route_not_found", NOT_FOUND;
    /// The path does not take this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// Too many requests.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// The request took too long to arrive.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT;
    /// The service can not do it now.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
    /// A defect of the service.
    Internal = "internal", INTERNAL_SERVER_ERROR;
}

impl ApiCode {
    /// The code that fits a bare status, for answers of the HTTP library itself.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::RouteNotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            status if status.is_client_error() => Self::BadRequest,
            _ => Self::Internal,
        }
    }
}
