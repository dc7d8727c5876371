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
