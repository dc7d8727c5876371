//! Seeded choices.

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A source of choices: the same seed and place give the same choices on any machine.
pub(crate) struct Draw(ChaCha12Rng);

impl Draw {
    /// The source for one place of a campaign, so that each bundle can be made again without those before it.
    pub(crate) fn new(seed: u64, place: u64) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        rng.set_stream(place);
        Self(rng)
    }

    /// A number from 0 to below `end`; 0 where the end is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The bias of the remainder does not matter for tests.
        if end == 0 { 0 } else { self.0.next_u64() % end }
    }

    /// A place in a list.
    pub(crate) fn place<T>(&mut self, list: &[T]) -> usize {
        usize::try_from(self.below(list.len() as u64)).unwrap_or(0)
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least).unwrap_or(0) + 1;
        least + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// A year between two, both included.
    pub(crate) fn year(&mut self, first: i16, last: i16) -> i16 {
        i16::try_from(self.between(i64::from(first), i64::from(last))).unwrap_or(first)
    }

    /// Whether something that happens so many times in a hundred happens.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Something where it happens.
    pub(crate) fn maybe<T>(&mut self, percent: u64, some: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| some(self))
    }

    /// One of a list that is not empty.
    pub(crate) fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.place(list)]
    }

    /// Some of a list, in its order, each so many times in a hundred.
    pub(crate) fn some<T: Clone>(&mut self, list: &[T], percent: u64) -> Vec<T> {
        list.iter().filter(|_| self.chance(percent)).cloned().collect()
    }

    /// Eight letters and digits, for names and seeds.
    pub(crate) fn hexadecimal(&mut self) -> String {
        format!("{:08x}", self.below(1 << 32))
    }
}
