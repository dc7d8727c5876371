//! Rate limits per caller.
//!
//! Each caller has a bucket of `burst_requests` that fills up again evenly within `burst_period` (GCRA). The caller is the
//! bearer's token by its hash, else the peer's address. The headers are those of the IETF draft
//! `draft-ietf-httpapi-ratelimit-headers-10`.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Callers that are remembered before those with a full bucket are forgotten.
const CALLERS_REMEMBERED_MAX: usize = 10_000;

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whole seconds to wait, if the request is refused.
    pub(crate) retry_after_seconds: Option<u64>,
    /// The value of `RateLimit`.
    pub(crate) state: String,
}

/// The buckets of all callers.
pub(crate) struct Limiter {
    buckets: RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
    /// The value of `RateLimit-Policy`.
    pub(crate) policy: String,
    seconds_per_request_ceil: u64,
}

impl Limiter {
    /// Buckets of a size that fill up again within a time.
    pub(crate) fn new(burst: NonZeroU32, period: Duration) -> Self {
        let per_request = (period / burst.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(per_request).unwrap_or(Quota::per_minute(burst)).allow_burst(burst);
        Self {
            buckets: RateLimiter::keyed(quota).with_middleware(),
            clock: DefaultClock::default(),
            policy: format!("\"caller\";q={burst};w={}", period.as_secs().max(1)),
            seconds_per_request_ceil: per_request.as_secs() + u64::from(per_request.subsec_nanos() > 0),
        }
    }

    /// Counts one request of a caller.
    pub(crate) fn count(&self, caller: &String) -> Verdict {
        if self.buckets.len() > CALLERS_REMEMBERED_MAX {
            self.buckets.retain_recent();
        }
        match self.buckets.check_key(caller) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let state = format!("\"caller\";r={remaining};t={}", self.seconds_per_request_ceil);
                Verdict { retry_after_seconds: None, state }
            }
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Verdict {
                    retry_after_seconds: Some(seconds.max(1)),
                    state: format!("\"caller\";r=0;t={seconds}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_up_bucket_refuses_its_caller_and_nobody_else() {
        let limiter = Limiter::new(NonZeroU32::new(2).unwrap(), Duration::from_mins(2));
        let (one, other) = ("one".to_owned(), "other".to_owned());
        assert_eq!(limiter.policy, "\"caller\";q=2;w=120");
        assert_eq!(limiter.count(&one).state, "\"caller\";r=1;t=60");
        assert_eq!(limiter.count(&one).retry_after_seconds, None);
        let refused = limiter.count(&one).retry_after_seconds.unwrap();
        assert!((1..=60).contains(&refused), "{refused}");
        assert_eq!(limiter.count(&other).retry_after_seconds, None);
    }
}
