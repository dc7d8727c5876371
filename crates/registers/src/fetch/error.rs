//! Why nothing came back.

use std::time::Duration;

use crate::read::ReadError;

/// Why a fetch failed.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server refuses what is asked (400, 401, 403 and others): asking again is no use.
    #[error("the source refuses the request with status {status}: {beginning}")]
    Refused {
        /// The status.
        status: u16,
        /// The first letters of the answer.
        beginning: String,
    },
    /// The server does not have the media type any more (406).
    #[error("the source does not serve the media type that was asked for")]
    MediaType,
    /// The server is asked too often, and goes on saying so.
    #[error("the source is asked too often")]
    TooManyRequests {
        /// How long it wants to be left alone, if it says so.
        retry_after: Option<Duration>,
    },
    /// The server fails (5xx), and goes on failing.
    #[error("the source fails with status {status}")]
    Unavailable {
        /// The status.
        status: u16,
        /// How long it wants to be left alone, if it says so.
        retry_after: Option<Duration>,
    },
    /// More bytes than are allowed, as they came.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// More bytes than are allowed, once unpacked.
    #[error("the answer unpacks to more than {limit} bytes")]
    UnpacksTooLarge {
        /// The limit.
        limit: u64,
    },
    /// The answer is packed in a way that was not asked for, or wrongly.
    #[error("the answer is packed wrongly: {0}")]
    Packing(String),
    /// The answer is not JSON, too deep, or another thing that no reader takes.
    #[error(transparent)]
    Content(#[from] ReadError),
    /// The connection ended before the answer did.
    #[error("the answer is cut short")]
    CutShort,
    /// Nothing came for too long.
    #[error("timed out: {0}")]
    TimedOut(&'static str),
    /// The server sends us to another host, port or scheme.
    #[error("redirects to another host ({0})")]
    RedirectElsewhere(String),
    /// The server sends us on and on.
    #[error("redirects too often")]
    RedirectLoop,
    /// The address can not be fetched: not the scheme, or no host.
    #[error("the address {0} can not be fetched")]
    Address(String),
    /// The connection could not be made or broke.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// There are no certificates to check the source by.
    #[error("no certificates of the system were found: {0}")]
    Certificates(String),
    /// The archive or the sink failed.
    #[error("the answer could not be kept: {0}")]
    Keeping(#[from] std::io::Error),
}

impl FetchError {
    /// Whether the same request may succeed a little later.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::TooManyRequests { .. }
                | Self::Unavailable { .. }
                | Self::CutShort
                | Self::TimedOut(_)
                | Self::Connection(_)
        )
    }

    /// How long the source wants to be left alone, if it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
