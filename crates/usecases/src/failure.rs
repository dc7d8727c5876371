//! Why a use case did not do what it was asked.

use tildel_domain::{Refusal, RefusalCode};
use tildel_storage::StorageError;

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody is signed in, or the token is unknown, expired or revoked.
    #[error("recognise the access token")]
    Unauthenticated,
    /// The write was based on an old version.
    #[error("write over version {current}")]
    Stale {
        /// The version that stands now.
        current: i64,
    },
    /// The idempotency key was used for another request.
    #[error("use the idempotency key again for another request")]
    KeyReused,
    /// The first request with this key is still running.
    #[error("run a request twice at a time")]
    KeyInProgress,
    /// The database failed.
    #[error(transparent)]
    Storage(StorageError),
    /// The work was interrupted before it began, as the service is stopping.
    #[error("finish before the service stopped")]
    Interrupted,
    /// A value could not be written as JSON.
    #[error("write as JSON")]
    Json(#[from] serde_json::Error),
}

/// No unit is held twice.
const UNITS_NUMBER: &str = "units_number_key";

impl Failure {
    /// Whether trying again later may help.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Interrupted | Self::Storage(StorageError::Busy(_) | StorageError::Unavailable(_))
        )
    }
}

/// The result of a use case.
pub type Outcome<T> = Result<T, Failure>;

impl From<StorageError> for Failure {
    /// Constraints are the second belt: where one caught what the domain let through, say so in the domain's words.
    fn from(error: StorageError) -> Self {
        let refusal = match &error {
            // Two sources followed the same new unit at once: the next attempt finds it.
            StorageError::UniqueViolation { constraint } if constraint == UNITS_NUMBER => {
                return Self::Storage(StorageError::Busy(constraint.clone()));
            }
            StorageError::UniqueViolation { constraint } => {
                Refusal::new(RefusalCode::AlreadyExists).with("thing", constraint.trim_end_matches("_key"))
            }
            StorageError::ForeignKeyViolation { constraint } => {
                let thing = constraint.as_deref().unwrap_or("row").trim_end_matches("_fkey");
                Refusal::new(RefusalCode::UnknownReference).with("thing", thing)
            }
            _ => return Self::Storage(error),
        };
        Self::Refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_two_sources_follow_at_once_is_found_at_the_next_attempt() {
        let violation =
            |constraint: &str| StorageError::UniqueViolation { constraint: constraint.to_owned() };
        assert!(Failure::from(violation("units_number_key")).is_transient());
        assert!(!Failure::from(violation("persons_email_key")).is_transient());
    }
}
