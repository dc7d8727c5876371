//! Rate limits per caller, and places for streams.
//!
//! Each caller has a bucket of `burst_requests` that fills up again evenly within `burst_period` (GCRA). The caller is the
//! bearer's token by its hash, else the peer's address. The headers are those of the IETF draft
//! `draft-ietf-httpapi-ratelimit-headers-10`.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
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

/// The streams that are open: each of them reads the database again and again.
pub(crate) struct Streams {
    max: usize,
    per_caller_max: usize,
    open: Mutex<HashMap<String, usize>>,
}

/// The place of one open stream, which is free again when this is dropped.
pub(crate) struct StreamPlace {
    streams: Arc<Streams>,
    caller: String,
}

impl Streams {
    /// Places for this many, and for this many of one caller.
    pub(crate) fn new(max: usize, per_caller_max: usize) -> Arc<Self> {
        Arc::new(Self { max, per_caller_max, open: Mutex::default() })
    }

    /// A place, if there is one.
    pub(crate) fn open(self: &Arc<Self>, caller: String) -> Option<StreamPlace> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let of_caller = open.get(&caller).copied().unwrap_or(0);
        if all >= self.max || of_caller >= self.per_caller_max {
            return None;
        }
        open.insert(caller.clone(), of_caller + 1);
        Some(StreamPlace { streams: Arc::clone(self), caller })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.caller) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_have_places_in_all_and_for_each_caller_and_give_them_back() {
        let streams = Streams::new(3, 2);
        let open = |caller: &str| streams.open(caller.to_owned());
        let (first, _second) = (open("one"), open("one"));
        assert!(first.is_some() && open("one").is_none(), "two of one caller");
        let other = open("other");
        assert!(other.is_some() && open("third").is_none(), "three in all");
        drop(first);
        assert!(open("third").is_some());
        assert!(open("one").is_some());
    }

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
