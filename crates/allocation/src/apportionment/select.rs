//! Finding the rests that get a unit, by counting in buckets and not by sorting.

use std::hint::select_unpredictable;

use super::weights::Rest;

/// Buckets are told by so many bits of a rest.
const BITS: u32 = 11;
const BUCKETS: usize = 1 << BITS;
/// Within a range of at most this many rests, or of one in so many, the largest are picked outright.
const FEW: u64 = 1 << 10;
const ONE_IN: u64 = 16;

/// How many rests lie in each of equally wide ranges: bucket `b` counts those whose bits above `shift` end in `b`.
pub(super) struct Histogram {
    counts: Box<[u64; BUCKETS]>,
    shift: u32,
    /// Which of the bits above `shift` tell the bucket.
    mask: u64,
}

/// A range of rests: those above it get a unit, those below it none, and within it the largest get `units`.
#[derive(Clone, Copy)]
pub(super) struct Cut<R> {
    /// The bits above `shift` of the rests in the range.
    prefix: R,
    shift: u32,
    /// How many units are left for the range.
    pub(super) units: u64,
    /// How many rests lie in the range.
    pub(super) inside: u64,
    /// All rests in the range are the same.
    pub(super) is_single: bool,
}

impl Histogram {
    fn new(shift: u32, bits: u32) -> Self {
        Self { counts: Box::new([0; BUCKETS]), shift, mask: (1 << bits) - 1 }
    }

    /// Ranges for all rests below a sum.
    pub(super) fn over<R: Rest>(sum: R) -> Self {
        Self::new(sum.bits().saturating_sub(BITS), BITS)
    }

    /// Counts a rest.
    pub(super) fn count<R: Rest>(&mut self, rest: R) {
        let last_bits = (rest >> self.shift).low() & self.mask;
        // Never more than the buckets there are; told here so that no check is left.
        self.counts[usize::try_from(last_bits).unwrap_or(0) % BUCKETS] += 1;
    }

    /// The range in which the smallest of the `units` largest rests lies; there are more rests than units.
    pub(super) fn cut<R: Rest>(&self, mut units: u64) -> Cut<R> {
        let (mut bucket, mut inside) = (0, 0);
        for (place, count) in self.counts.iter().enumerate().rev() {
            (bucket, inside) = (place as u64, *count);
            if units <= inside {
                break;
            }
            units -= inside;
        }
        Cut { prefix: R::from(bucket), shift: self.shift, units, inside, is_single: self.shift == 0 }
    }
}

impl<R: Rest> Cut<R> {
    /// Whether a rest lies above the range.
    pub(super) fn is_below(&self, rest: R) -> bool {
        rest >> self.shift > self.prefix
    }

    /// Whether a rest lies in the range.
    pub(super) fn holds(&self, rest: R) -> bool {
        rest >> self.shift == self.prefix
    }

    /// A range with few of all rests, or with equal ones only. Each round looks at [`BITS`] bits more.
    pub(super) fn narrowed<I: ExactSizeIterator<Item = R>>(mut self, rests: impl Fn() -> I) -> Self {
        let few = FEW.max(rests().len() as u64 / ONE_IN);
        while !self.is_single && self.inside > few {
            let (least, most) = self.limits(rests());
            if least == most {
                return Self { prefix: least, shift: 0, is_single: true, ..self };
            }
            let step = self.shift.min(BITS);
            let mut histogram = Histogram::new(self.shift - step, step);
            rests().filter(|rest| self.holds(*rest)).for_each(|rest| histogram.count(rest));
            let part: Self = histogram.cut(self.units);
            self = Self { prefix: (self.prefix << step) | part.prefix, ..part };
        }
        self
    }

    /// The least and the largest rest in the range, found without branches that go either way.
    fn limits(&self, rests: impl Iterator<Item = R>) -> (R, R) {
        let least_in = self.prefix << self.shift;
        let most_in = least_in | ((R::from(1) << self.shift) - R::from(1));
        rests.fold((most_in, least_in), |(least, most), rest| {
            let is_in = self.holds(rest);
            (
                least.min(select_unpredictable(is_in, rest, most_in)),
                most.max(select_unpredictable(is_in, rest, least_in)),
            )
        })
    }
}
