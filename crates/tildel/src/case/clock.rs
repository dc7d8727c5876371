//! The clock of a case: it stands where the case puts it.

use std::sync::Mutex;

use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use tildel_usecases::Clock;

/// Stands still until set, but for a millisecond at each look, so that ids keep the order of their making.
pub(crate) struct CaseClock(Mutex<Timestamp>);

impl CaseClock {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    pub(crate) fn set(&self, instant: Timestamp) -> Result<()> {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if instant < *now {
            bail!(
                "case.toml can not be used: {instant} comes after {now}; put the steps in the order of their times"
            );
        }
        *now = instant;
        Ok(())
    }
}

impl Clock for CaseClock {
    fn now(&self) -> Timestamp {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seen = *now;
        *now = seen.checked_add(SignedDuration::from_millis(1)).unwrap_or(seen);
        seen
    }
}
