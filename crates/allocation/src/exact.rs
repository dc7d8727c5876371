//! Amounts before they are rounded: exact rationals of an øre.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{Nok, Overflow};
use crate::{Language, Quantity};

/// Øre in a krone.
const ORE_PER_KRONE: i128 = 100;

/// An exact amount: a rational number of øre, in lowest terms. Arithmetic is checked and never wraps.
///
/// On the wire it is kroner as a fraction in lowest terms: `"2513518"`, `"1027037/2"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact(Ratio<i128>);

/// By cross products where they fit, which is nearly always and much quicker than continued fractions.
impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.numerator().checked_mul(other.denominator());
        let right = other.numerator().checked_mul(self.denominator());
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A fraction whose two numbers fit 64 bits: its sign, numerator and denominator. Division of such is a single instruction.
type Small = (bool, u64, u64);

fn gcd(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));

    /// A whole number.
    pub const fn whole(number: i128) -> Self {
        Self(Ratio::new_raw(number, 1))
    }

    /// A fraction; none with a denominator of zero, or where its lowest terms do not fit.
    pub fn fraction(numerator: i128, denominator: i128) -> Option<Self> {
        // The two smallest numbers have no positive mirror image to reduce by.
        if denominator == 0 || denominator == i128::MIN || numerator == i128::MIN {
            return None;
        }
        Some(Self(Ratio::new(numerator, denominator)))
    }

    /// A rate times a count.
    pub fn product(rate: Nok, count: Quantity) -> Self {
        let milli_ore = i128::from(rate.ore()) * i128::from(count.milli());
        if milli_ore % 1000 == 0 { Self::whole(milli_ore / 1000) } else { Self(Ratio::new(milli_ore, 1000)) }
    }

    /// The numerator in lowest terms.
    pub const fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// The denominator in lowest terms, above zero.
    pub const fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// The parts where both fit 64 bits.
    fn small(self) -> Option<Small> {
        let size = u64::try_from(self.numerator().unsigned_abs()).ok()?;
        Some((self.numerator() < 0, size, u64::try_from(self.denominator()).ok()?))
    }

    /// A fraction that is in lowest terms already; none where it does not fit.
    fn reduced(negative: bool, numerator: u128, denominator: u128) -> Option<Self> {
        let numerator = i128::try_from(numerator).ok()?;
        let denominator = i128::try_from(denominator).ok()?;
        Some(Self(Ratio::new_raw(if negative { -numerator } else { numerator }, denominator)))
    }

    /// The product of small fractions; their numbers have no factor in common once those across are taken out.
    fn small_product(left: Small, right: Small) -> Option<Self> {
        let (across, back) = (gcd(left.1, right.2), gcd(right.1, left.2));
        if across == 0 || back == 0 {
            return None;
        }
        let numerator = u128::from(left.1 / across) * u128::from(right.1 / back);
        let denominator = u128::from(left.2 / back) * u128::from(right.2 / across);
        if numerator == 0 {
            return Some(Self::ZERO);
        }
        Self::reduced(left.0 != right.0, numerator, denominator)
    }

    /// The sum of small fractions.
    fn small_sum(left: Small, right: Small) -> Option<Self> {
        let common = gcd(left.2, right.2);
        let (left_times, right_times) = (right.2 / common, left.2 / common);
        let signed = |(negative, size, _): Small, times: u64| -> Option<i128> {
            let product = i128::try_from(u128::from(size) * u128::from(times)).ok()?;
            Some(if negative { -product } else { product })
        };
        let numerator = signed(left, left_times)?.checked_add(signed(right, right_times)?)?;
        if numerator == 0 {
            return Some(Self::ZERO);
        }
        // What the sum may have in common with the denominator is a factor of what the two denominators share.
        let rest = u64::try_from(numerator.unsigned_abs() % u128::from(common)).ok()?;
        let shared = u128::from(gcd(common, rest));
        let denominator = u128::from(left.2) * u128::from(left_times) / shared;
        Self::reduced(numerator < 0, numerator.unsigned_abs() / shared, denominator)
    }

    fn is_whole(self) -> bool {
        *self.0.denom() == 1
    }

    /// This and another together.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        if self.is_whole() && other.is_whole() {
            return self.numerator().checked_add(other.numerator()).map(Self::whole).ok_or(Overflow);
        }
        if let (Some(left), Some(right)) = (self.small(), other.small())
            && let Some(sum) = Self::small_sum(left, right)
        {
            return Ok(sum);
        }
        self.0.checked_add(&other.0).map(Self).ok_or(Overflow)
    }

    /// This less another.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        if self.is_whole() && other.is_whole() {
            return self.numerator().checked_sub(other.numerator()).map(Self::whole).ok_or(Overflow);
        }
        if let (Some(left), Some((negative, size, denominator))) = (self.small(), other.small())
            && let Some(sum) = Self::small_sum(left, (!negative, size, denominator))
        {
            return Ok(sum);
        }
        self.0.checked_sub(&other.0).map(Self).ok_or(Overflow)
    }

    /// This times another.
    pub fn checked_mul(self, other: Self) -> Result<Self, Overflow> {
        if self.is_whole() && other.is_whole() {
            return self.numerator().checked_mul(other.numerator()).map(Self::whole).ok_or(Overflow);
        }
        if let (Some(left), Some(right)) = (self.small(), other.small())
            && let Some(product) = Self::small_product(left, right)
        {
            return Ok(product);
        }
        self.0.checked_mul(&other.0).map(Self).ok_or(Overflow)
    }

    /// This divided by another; dividing by zero does not fit either.
    pub fn checked_div(self, other: Self) -> Result<Self, Overflow> {
        if other.0.is_zero() {
            return Err(Overflow);
        }
        if let (Some(left), Some((negative, size, denominator))) = (self.small(), other.small())
            && let Some(quotient) = Self::small_product(left, (negative, denominator, size))
        {
            return Ok(quotient);
        }
        self.0.checked_div(&other.0).map(Self).ok_or(Overflow)
    }

    /// The sum.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether it is above zero.
    pub fn is_positive(self) -> bool {
        self.numerator() > 0
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.numerator() == 0
    }

    /// The nearest multiple of the unit; a half goes away from zero, so that negative amounts mirror positive ones.
    pub fn nearest(self, unit: Nok) -> Result<Nok, Overflow> {
        self.to_multiple(unit, |magnitude, step| {
            let (whole, rest) = (magnitude / step, magnitude % step);
            // A comparison that can not overflow: rest ≥ step − rest is rest × 2 ≥ step.
            Ok(if rest >= step - rest { whole + 1 } else { whole })
        })
    }

    /// The largest multiple of the unit that is not above this.
    pub fn down(self, unit: Nok) -> Result<Nok, Overflow> {
        let negative = self.numerator() < 0;
        self.to_multiple(unit, |magnitude, step| {
            Ok(if negative { magnitude.div_ceil(step) } else { magnitude / step })
        })
    }

    /// The smallest multiple of the unit that is not below this.
    pub fn up(self, unit: Nok) -> Result<Nok, Overflow> {
        let negative = self.numerator() < 0;
        self.to_multiple(unit, |magnitude, step| {
            Ok(if negative { magnitude / step } else { magnitude.div_ceil(step) })
        })
    }

    /// A multiple of the unit whose number of units `count` finds from this amount's size and that of the unit, both over
    /// the denominator.
    fn to_multiple(
        self,
        unit: Nok,
        count: impl Fn(u128, u128) -> Result<u128, Overflow>,
    ) -> Result<Nok, Overflow> {
        debug_assert!(unit > Nok::ZERO, "units are checked when a model is read");
        let unit_ore = i128::from(unit.ore().max(1));
        let step = self.denominator().checked_mul(unit_ore).ok_or(Overflow)?.unsigned_abs();
        let units = count(self.numerator().unsigned_abs(), step)?;
        let units = i128::try_from(units).map_err(|_| Overflow)?;
        let ore = units.checked_mul(unit_ore).ok_or(Overflow)? * self.numerator().signum();
        i64::try_from(ore).map(Nok::from_ore).map_err(|_| Overflow)
    }

    /// The amount for people, with a currency sign: all its decimals if there are at most five, else rounded to two after
    /// `≈`, and not as a fraction: `kr 514 600,375`, `≈ kr 33,33`.
    pub fn human(self, language: Language) -> String {
        let symbol = match language {
            Language::Nb | Language::Nn => "kr",
            Language::En => "NOK",
        };
        let (about, decimal) = match self.decimal() {
            Some(decimal) => ("", decimal),
            None => (
                "≈\u{a0}",
                self.nearest(Nok::from_ore(1)).map_or_else(|_| self.to_string(), |nok| nok.to_string()),
            ),
        };
        format!("{about}{symbol}\u{a0}{}", language.localise(&decimal))
    }

    /// Kroner as a decimal text without trailing zeros, if five decimals suffice.
    fn decimal(self) -> Option<String> {
        let scale = 1000 * ORE_PER_KRONE;
        let kroner_denominator = self.denominator().checked_mul(ORE_PER_KRONE)?;
        let scaled = self.numerator().checked_mul(scale)?;
        if scaled % kroner_denominator != 0 {
            return None;
        }
        let scaled = scaled / kroner_denominator;
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, rest) =
            (scaled.unsigned_abs() / scale.unsigned_abs(), scaled.unsigned_abs() % scale.unsigned_abs());
        if rest == 0 {
            return Some(format!("{sign}{whole}"));
        }
        Some(format!("{sign}{whole}.{}", format!("{rest:05}").trim_end_matches('0')))
    }
}

impl Exact {
    /// Numerator and denominator of the amount in kroner, in lowest terms; no denominator where it does not fit.
    pub(crate) fn kroner(self) -> (i128, Option<i128>) {
        // Dividing by 100 only ever takes the factors 2 and 5 out of the numerator.
        if self.numerator() == 0 {
            return (0, Some(1));
        }
        let rest = u64::try_from(self.numerator().unsigned_abs() % 100).unwrap_or(0);
        let shared = i128::from(gcd(100, rest));
        (self.numerator() / shared, self.denominator().checked_mul(ORE_PER_KRONE / shared))
    }
}

impl From<Nok> for Exact {
    fn from(amount: Nok) -> Self {
        Self::whole(i128::from(amount.ore()))
    }
}

impl fmt::Display for Exact {
    /// Kroner as a fraction in lowest terms.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kroner() {
            (numerator, Some(1)) => write!(formatter, "{numerator}"),
            (numerator, Some(denominator)) => write!(formatter, "{numerator}/{denominator}"),
            (numerator, None) => {
                // The numerator tells how much of the hundred is left.
                let hundred = BigInt::from(ORE_PER_KRONE) * numerator / self.numerator();
                write!(formatter, "{numerator}/{}", BigInt::from(self.denominator()) * hundred)
            }
        }
    }
}

/// A text is not an exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fraction of kroner such as 2513518 or 1027037/2")]
pub struct ExactParseError;

impl FromStr for Exact {
    type Err = ExactParseError;

    fn from_str(text: &str) -> Result<Self, ExactParseError> {
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        let parse = |part: &str| part.parse::<i128>().map_err(|_| ExactParseError);
        let numerator = parse(numerator)?.checked_mul(ORE_PER_KRONE).ok_or(ExactParseError)?;
        Self::fraction(numerator, parse(denominator)?).ok_or(ExactParseError)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl From<Exact> for Ratio<i128> {
    fn from(exact: Exact) -> Self {
        exact.0
    }
}

impl Exact {
    /// The size without the sign.
    pub fn magnitude(self) -> Self {
        Self(self.0.abs())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KRONE: Nok = Nok::from_ore(100);

    fn thousandths(milli_ore: i128) -> Exact {
        Exact::fraction(milli_ore, 1000).unwrap()
    }

    fn rounded(milli_ore: i128) -> i64 {
        thousandths(milli_ore).nearest(KRONE).unwrap().ore()
    }

    #[test]
    fn rounding_happens_once() {
        // 0.495 kroner is 0; rounding to øre first (0.50) and then to kroner would make it 1.
        assert_eq!(rounded(49_500), 0);
        assert_eq!(rounded(49_999), 0);
        assert_eq!(rounded(50_000), 100);
        assert_eq!(rounded(-50_000), -100);
        assert_eq!(rounded(-49_999), 0);
        assert_eq!(Exact::whole(i128::MAX).nearest(KRONE), Err(Overflow));
    }

    #[test]
    fn down_and_up_follow_the_number_line() {
        let half = thousandths(-50_000);
        assert_eq!((half.down(KRONE), half.up(KRONE)), (Ok(Nok::from_ore(-100)), Ok(Nok::ZERO)));
        let more = thousandths(150_001);
        assert_eq!((more.down(KRONE), more.up(KRONE)), (Ok(KRONE), Ok(Nok::from_ore(200))));
    }

    #[test]
    fn decimals_are_shown_where_there_are_few() {
        assert_eq!(thousandths(51_460_037_500).to_string(), "4116803/8");
        assert_eq!(thousandths(51_460_037_500).human(Language::Nb), "kr\u{a0}514\u{a0}600,375");
        assert_eq!(Exact::fraction(10_000, 3).unwrap().human(Language::En), "≈\u{a0}NOK\u{a0}33.33");
        assert_eq!(Exact::from(Nok::from_ore(12_500_000)).to_string(), "125000");
        assert_eq!(Exact::from(Nok::from_ore(50)).to_string(), "1/2");
    }

    proptest! {
        #[test]
        fn rounding_moves_at_most_half_a_unit(numerator in -(1_i128 << 60)..(1_i128 << 60), denominator in 1_i128..100_000, unit in 1_i64..10_000) {
            let (exact, unit) = (Exact::fraction(numerator, denominator).unwrap(), Nok::from_ore(unit));
            let [nearest, down, up] = [exact.nearest(unit), exact.down(unit), exact.up(unit)].map(|nok| Exact::from(nok.unwrap()));
            prop_assert!(down <= exact && exact <= up);
            prop_assert!(nearest == down || nearest == up);
            let off = nearest.checked_sub(exact).unwrap().magnitude();
            prop_assert!(off.checked_add(off).unwrap() <= Exact::from(unit));
        }

        #[test]
        fn the_wire_form_is_read_back(numerator in any::<i64>(), denominator in 1_i64..1_000_000) {
            let exact = Exact::fraction(numerator.into(), denominator.into()).unwrap();
            let wire = serde_json::to_string(&exact).unwrap();
            prop_assert_eq!(serde_json::from_str::<Exact>(&wire).unwrap(), exact);
        }
    }
}
