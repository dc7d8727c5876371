//! Time and chance, as arguments: the service has them from outside, so that tests can set both.

use std::sync::Mutex;

use jiff::{Timestamp, Unit};
use rand::rand_core::TryRng;
use rand::rngs::SysRng;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant, in whole microseconds: what both databases keep.
    fn now(&self) -> Timestamp;
}

/// Gives unpredictable bytes.
pub trait Randomness: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the computer's clock is read")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.round(Unit::Microsecond).unwrap_or(now)
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no id and no token can be made, so there is nothing sensible to go on with.
        if let Err(error) = SysRng.try_fill_bytes(buffer) {
            panic!("failed to read the operating system's randomness: {error}");
        }
    }
}

/// Seeded randomness, for cases and tests that must come out the same each time.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<rand_chacha::ChaCha20Rng>);

impl SeededRandomness {
    /// Randomness that a seed fixes.
    pub fn new(seed: u64) -> Self {
        use rand::SeedableRng;
        Self(Mutex::new(rand_chacha::ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        use rand::Rng;
        let mut generator = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        generator.fill_bytes(buffer);
    }
}

/// A new id: a UUID of version 7 from the given time, so that ids sort by age.
pub fn new_id(now: Timestamp, randomness: &dyn Randomness) -> Uuid {
    let mut bytes = [0_u8; 10];
    randomness.fill(&mut bytes);
    // Times before 1970 do not occur in a running service; clamping keeps the function total.
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
}

/// A new id that sorts after another one, also where the clock stands still or goes back: for things of which the newest counts.
pub fn new_id_after(before: Option<Uuid>, now: Timestamp, randomness: &dyn Randomness) -> Uuid {
    let milliseconds_of = |id: Uuid| id.get_timestamp().map(|timestamp| timestamp.to_unix());
    let after = before.and_then(milliseconds_of).and_then(|(seconds, nanoseconds)| {
        let seconds = i64::try_from(seconds).ok()?;
        let at = Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()?;
        at.checked_add(jiff::SignedDuration::from_millis(1)).ok()
    });
    new_id(after.map_or(now, |after| now.max(after)), randomness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_after_another_though_the_clock_goes_back() {
        let randomness = SeededRandomness::new(1);
        let now: Timestamp = "2020-03-02T08:00:00Z".parse().unwrap();
        let hour_before = now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap();
        let mut newest = new_id(now, &randomness);
        for at in [now, hour_before, now, hour_before] {
            let next = new_id_after(Some(newest), at, &randomness);
            assert!(next > newest, "{next} is not after {newest}");
            newest = next;
        }
        let much_later = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
        let milliseconds = |id: Uuid| id.get_timestamp().unwrap().to_unix();
        let seconds = u64::try_from(much_later.as_second()).unwrap();
        assert_eq!(milliseconds(new_id_after(Some(newest), much_later, &randomness)), (seconds, 0));
    }
}
