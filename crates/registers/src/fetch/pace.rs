//! How much is asked of one source.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex, Semaphore};

use super::Surroundings;

/// So many requests in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How many requests.
    pub requests: usize,
    /// In how long.
    pub per: Duration,
}

/// How much is asked of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLimits {
    /// How many requests at once.
    pub at_once: usize,
    /// How many in a while; none where the source names no limit.
    pub pace: Option<Pace>,
}

impl Default for SourceLimits {
    /// Four at once, which the registers bear without complaint.
    fn default() -> Self {
        Self { at_once: 4, pace: None }
    }
}

impl SourceLimits {
    /// What PxWeb allows: thirty requests in sixty seconds (its `/config`).
    pub const PXWEB: Self =
        Self { at_once: 2, pace: Some(Pace { requests: 30, per: Duration::from_mins(1) }) };
}

/// The turns of one source.
pub(super) struct Turns {
    pub(super) places: Semaphore,
    pace: Option<Pace>,
    /// When the last requests went out, oldest first, as many as the pace allows.
    sent: Mutex<VecDeque<Timestamp>>,
}

impl Turns {
    pub(super) fn new(limits: SourceLimits) -> Self {
        Self {
            places: Semaphore::new(limits.at_once.clamp(1, Semaphore::MAX_PERMITS)),
            pace: limits.pace,
            sent: Mutex::new(VecDeque::new()),
        }
    }

    /// Waits until one more request keeps the pace, and counts it. The lock is held while waiting: those behind wait their turn.
    pub(super) async fn keep_pace(&self, surroundings: &dyn Surroundings) {
        let Some(pace) = self.pace else { return };
        let mut sent = self.sent.lock().await;
        if sent.len() >= pace.requests.max(1) {
            let oldest = sent.pop_front().unwrap_or_default();
            let passed =
                Duration::try_from(surroundings.now().duration_since(oldest)).unwrap_or(Duration::ZERO);
            if let Some(rest) = pace.per.checked_sub(passed).filter(|rest| !rest.is_zero()) {
                surroundings.wait(rest).await;
            }
        }
        sent.push_back(surroundings.now());
    }
}
