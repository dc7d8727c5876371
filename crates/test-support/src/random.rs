//! Randomness that can be repeated.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha12Rng;

/// A seeded source of randomness for ids and tokens. Clones draw from the same sequence.
#[derive(Clone, Debug)]
pub struct TestRandom {
    seed: u64,
    generator: Arc<Mutex<ChaCha12Rng>>,
}

impl TestRandom {
    /// A source whose seed is `TILDEL_TEST_SEED` if set, else fresh from the operating system.
    /// The seed is printed, so that a failed run shows how to repeat it.
    ///
    /// # Panics
    /// When `TILDEL_TEST_SEED` is not a whole number, or the operating system gives no randomness.
    #[must_use]
    pub fn from_environment() -> Self {
        let seed = match crate::scratch::variable("TILDEL_TEST_SEED") {
            Some(text) => match text.parse() {
                Ok(seed) => seed,
                Err(error) => panic!("failed to read TILDEL_TEST_SEED=`{text}`: {error}"),
            },
            None => fresh_u64(),
        };
        println!("random seed {seed} (set TILDEL_TEST_SEED={seed} to repeat)");
        Self::seeded(seed)
    }

    /// A source with the given seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, generator: Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))) }
    }

    /// The seed the sequence began with.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The next 128 bits, for an id.
    #[must_use]
    pub fn next_u128(&self) -> u128 {
        let mut generator = self.generator.lock().unwrap_or_else(PoisonError::into_inner);
        let high = u128::from(generator.next_u64());
        let low = u128::from(generator.next_u64());
        (high << 64) | low
    }

    /// A generator of its own, seeded from this one: what is drawn from it does not move this sequence further.
    #[must_use]
    pub fn fork(&self) -> ChaCha12Rng {
        ChaCha12Rng::from_rng(&mut *self.generator.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sixty-four fresh bits, for names and passwords that must not repeat between runs.
pub(crate) fn fresh_u64() -> u64 {
    match rand::rngs::SysRng.try_next_u64() {
        Ok(bits) => bits,
        Err(error) => panic!("failed to read randomness from the operating system: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_sequence_and_another_does_not() {
        let first = TestRandom::seeded(7);
        let again = TestRandom::seeded(7);
        let other = TestRandom::seeded(8);
        let drawn = first.next_u128();
        assert_eq!(drawn, again.next_u128());
        assert_ne!(drawn, other.next_u128());
        assert_ne!(drawn, first.next_u128());
    }

    #[test]
    fn a_fork_leaves_the_sequence_alone() {
        let used = TestRandom::seeded(7);
        let unused = TestRandom::seeded(7);
        let mut fork = used.fork();
        let _ = unused.fork();
        let _ = fork.next_u64();
        assert_eq!(used.next_u128(), unused.next_u128());
    }
}
