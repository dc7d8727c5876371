//! A clock that moves only when told.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, Unit};

/// A clock for tests. Clones show the same time, so that a test can move the clock of a running application.
///
/// Instants are truncated to whole microseconds, which is what both databases keep.
#[derive(Clone, Debug)]
pub struct TestClock {
    now: Arc<Mutex<Timestamp>>,
}

impl TestClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(truncated(start))) }
    }

    /// The instant the clock stands at.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock and returns the new instant. Negative durations move it back.
    ///
    /// # Panics
    /// When the new instant lies outside what a `Timestamp` can hold (years -9999 to 9999).
    pub fn advance(&self, by: SignedDuration) -> Timestamp {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = truncated(*now + by);
        *now
    }

    /// Sets the clock to an instant, before or after the present one.
    pub fn set(&self, to: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = truncated(to);
    }
}

fn truncated(instant: Timestamp) -> Timestamp {
    let rounding = jiff::TimestampRound::new().smallest(Unit::Microsecond).mode(jiff::RoundMode::Floor);
    match instant.round(rounding) {
        Ok(truncated) => truncated,
        Err(error) => panic!("failed to truncate {instant} to microseconds: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_clock_drops_nanoseconds() {
        let clock = TestClock::new(instant("2020-03-01T12:00:00.123456789Z"));
        assert_eq!(clock.now(), instant("2020-03-01T12:00:00.123456Z"));
        clock.set(instant("2020-03-01T12:00:00.000000999Z"));
        assert_eq!(clock.now(), instant("2020-03-01T12:00:00Z"));
    }

    #[test]
    fn clones_move_together() {
        let clock = TestClock::new(instant("2020-02-28T23:00:00Z"));
        let same = clock.clone();
        // 2020 is a leap year, so 28 February 23:00 and two hours is the 29th.
        assert_eq!(clock.advance(SignedDuration::from_hours(2)), instant("2020-02-29T01:00:00Z"));
        assert_eq!(same.now(), instant("2020-02-29T01:00:00Z"));
    }
}
