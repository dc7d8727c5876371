//! Largest remainder over bare weights, in few passes.
//!
//! Shares need no division: with `M = ⌊T·2⁶⁴/W⌋`, the product `w·M/2⁶⁴` is less than one below `w·T/W`, so that
//! rounded down it is the quotient or one less, and the exact rest tells which (division by a reciprocal computed
//! once: T. Granlund and P. Montgomery 1994, N. Möller and T. Granlund 2011). Rests are not kept: they follow from the
//! parts. The fractions that win are found by [`select`](super::select), not by sorting.

use std::hint::select_unpredictable;
use std::ops::{BitOr, Shl, Shr, Sub};

use super::select::{Cut, Histogram};
use super::{ApportionError, Tie};

/// Splits the total; ties go to the earlier place in the list.
pub(super) fn split(total: i64, weights: &[u64]) -> Result<(Vec<i64>, Option<Tie>), ApportionError> {
    let Some(first) = weights.first() else { return Err(ApportionError::NoClaims) };
    let (sum, are_equal) = survey(*first, weights);
    if sum == 0 {
        return Err(ApportionError::ZeroWeights);
    }
    let size = total.unsigned_abs();
    let (mut parts, tie) = match u64::try_from(sum) {
        _ if are_equal => equal_shares(size, weights.len()),
        // A rest before its correction is less than twice the sum.
        Ok(sum) if sum <= 1 << 63 => shares(&Divider::new(size, sum), weights),
        _ => shares(&Divider::new(size, sum), weights),
    };
    if total < 0 {
        // Also right for a part of 2⁶³, whose bits are those of the least number.
        for part in &mut parts {
            *part = part.wrapping_neg();
        }
    }
    Ok((parts, tie))
}

/// The sum of the weights, and whether they are all the same.
fn survey(first: u64, weights: &[u64]) -> (u128, bool) {
    let (mut sum, mut difference) = (0_u128, 0);
    // Halves of 32 bits add up without carries over so many weights; the compiler makes vectors of this.
    for chunk in weights.chunks(1 << 31) {
        let (mut low, mut high) = (0_u64, 0_u64);
        for weight in chunk {
            low += weight & 0xffff_ffff;
            high += weight >> 32;
            difference |= weight ^ first;
        }
        sum += u128::from(low) + (u128::from(high) << 32);
    }
    (sum, difference == 0)
}

/// The split over claims that all weigh the same: the earlier ones get a unit more.
fn equal_shares(total: u64, claims: usize) -> (Vec<i64>, Option<Tie>) {
    let count = claims as u64;
    let (share, left) = ((total / count).cast_signed(), total % count);
    let mut parts = vec![share; claims];
    for (part, _) in parts.iter_mut().zip(0..left) {
        *part += 1;
    }
    (parts, (left > 0).then(|| Tie { claims: (0..claims).collect(), units: left }))
}

/// The rest of a share, as a numerator over the sum of the weights.
pub(super) trait Rest:
    Copy
    + Ord
    + Into<u128>
    + From<u64>
    + Sub<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
    + BitOr<Output = Self>
{
    /// How many bits the number takes.
    fn bits(self) -> u32;
    /// The last 64 bits.
    fn low(self) -> u64;
    /// `weight·total − part·sum`, which fits.
    fn of(weight: u64, total: u64, part: u64, sum: Self) -> Self;
}

impl Rest for u64 {
    fn bits(self) -> u32 {
        Self::BITS - self.leading_zeros()
    }

    fn low(self) -> u64 {
        self
    }

    fn of(weight: u64, total: u64, part: u64, sum: Self) -> Self {
        // The bits above cancel.
        weight.wrapping_mul(total).wrapping_sub(part.wrapping_mul(sum))
    }
}

impl Rest for u128 {
    fn bits(self) -> u32 {
        Self::BITS - self.leading_zeros()
    }

    #[expect(clippy::cast_possible_truncation, reason = "only the last bits are asked for")]
    fn low(self) -> u64 {
        self as u64
    }

    fn of(weight: u64, total: u64, part: u64, sum: Self) -> Self {
        Self::from(weight).wrapping_mul(Self::from(total)).wrapping_sub(Self::from(part).wrapping_mul(sum))
    }
}

/// Division of `w·total` by the sum of the weights, for any weight of theirs.
struct Divider<R> {
    total: u64,
    sum: R,
    /// `⌊total·2⁶⁴/sum⌋`, in two halves.
    reciprocal: (u64, u64),
}

impl<R: Rest> Divider<R> {
    /// A divider for a total of at most 2⁶³.
    fn new(total: u64, sum: R) -> Self {
        let reciprocal = (u128::from(total) << 64) / sum.into();
        Self { total, sum, reciprocal: ((reciprocal >> 64).low(), reciprocal.low()) }
    }

    /// The share of a weight, rounded down, and its rest.
    fn divide(&self, weight: u64) -> (u64, R) {
        let (whole, fraction) = self.reciprocal;
        let (_, carried) = fraction.carrying_mul(weight, 0);
        let near = whole.wrapping_mul(weight).wrapping_add(carried);
        let rest = R::of(weight, self.total, near, self.sum);
        let is_more = rest >= self.sum;
        (near + u64::from(is_more), rest - select_unpredictable(is_more, self.sum, R::from(0)))
    }

    /// The rest of a share that is known.
    fn rest(&self, weight: u64, part: i64) -> R {
        R::of(weight, self.total, part.cast_unsigned(), self.sum)
    }
}

fn shares<R: Rest>(divider: &Divider<R>, weights: &[u64]) -> (Vec<i64>, Option<Tie>) {
    let mut parts = Vec::with_capacity(weights.len());
    let mut histogram = Histogram::over(divider.sum);
    let mut left = divider.total;
    parts.extend(weights.iter().map(|weight| {
        let (part, rest) = divider.divide(*weight);
        histogram.count(rest);
        left -= part;
        part.cast_signed()
    }));
    if left == 0 {
        return (parts, None);
    }
    let rests = || weights.iter().zip(&parts).map(|(weight, part)| divider.rest(*weight, *part));
    let cut = histogram.cut(left).narrowed(rests);
    let tie = give(divider, weights, &mut parts, &cut);
    (parts, tie)
}

/// Gives a unit to each claim whose rest lies above the cut, and those that are left to the first within it.
fn give<R: Rest>(divider: &Divider<R>, weights: &[u64], parts: &mut [i64], cut: &Cut<R>) -> Option<Tie> {
    let inside = usize::try_from(cut.inside).unwrap_or(0);
    // Every place is written at the end, which moves on only past those in the range: no branch to guess.
    let (mut within, mut end) = (vec![0; inside + 1], 0);
    for (index, (weight, part)) in weights.iter().zip(&mut *parts).enumerate() {
        let rest = divider.rest(*weight, *part);
        *part += i64::from(cut.is_below(rest));
        within[end] = index;
        end += usize::from(cut.holds(rest));
    }
    within.truncate(end);
    let units = usize::try_from(cut.units).unwrap_or(usize::MAX).min(within.len());
    if cut.is_single {
        for index in &within[..units] {
            parts[*index] += 1;
        }
        return (within.len() > units).then_some(Tie { claims: within, units: cut.units });
    }
    let mut ordered: Vec<(R, usize)> =
        within.iter().map(|index| (divider.rest(weights[*index], parts[*index]), *index)).collect();
    ordered.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, index) in &ordered[..units] {
        parts[*index] += 1;
    }
    let threshold = ordered.get(units.checked_sub(1)?)?.0;
    let is_tied = |(rest, _): &&(R, usize)| *rest == threshold;
    let given = ordered[..units].iter().filter(is_tied).count();
    let claims: Vec<usize> = ordered.iter().filter(is_tied).map(|(_, index)| *index).collect();
    (claims.len() > given).then_some(Tie { claims, units: given as u64 })
}
