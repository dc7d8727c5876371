//! Weights as people write them, and a common denominator for them.

use std::fmt;
use std::str::FromStr;

/// A weight of zero or more as an exact fraction in lowest terms; a pure number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: u128,
    denominator: u128,
}

/// A text is not a weight, or weights cannot be brought to a common denominator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightError {
    /// Weights are zero or more.
    #[error("`{text}` is negative; write a weight of zero or more")]
    Negative {
        /// What was read.
        text: String,
    },
    /// The text has none of the forms of a weight.
    #[error(
        "`{text}` is not a number; write it as 12, 1029.2, 7/12 or 58.33333%, without spaces in the number"
    )]
    NotANumber {
        /// What was read.
        text: String,
    },
    /// Nothing can be divided by zero.
    #[error("`{text}` divides by zero; write a denominator of one or more")]
    ZeroDenominator {
        /// What was read.
        text: String,
    },
    /// The number is not in the range of weights.
    #[error("`{text}` has more digits than fit (38 in numerator and denominator); shorten it")]
    Overflow {
        /// What was read.
        text: String,
    },
    /// The weights together are not in the range of weights.
    #[error(
        "the weights have no common denominator that fits 128 bits; give them with fewer digits or like denominators"
    )]
    CommonOverflow,
}

impl Ratio {
    /// A fraction in lowest terms; none where the denominator is zero.
    pub const fn new(numerator: u128, denominator: u128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator, denominator);
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// The numerator in lowest terms.
    pub const fn numerator(self) -> u128 {
        self.numerator
    }

    /// The denominator in lowest terms; one or more.
    pub const fn denominator(self) -> u128 {
        self.denominator
    }
}

impl fmt::Display for Ratio {
    /// `7/12`, or `12` where it is whole.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(formatter, "{}", self.numerator),
            _ => write!(formatter, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl FromStr for Ratio {
    type Err = WeightError;

    /// As [`parse_weight`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_weight(text)
    }
}

const fn gcd(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Reads a weight exactly: a whole number, decimals after a point (`1029.2`), a fraction of whole numbers (`7/12`), or
/// a percentage (`58.33333%`). Space around the text, the fraction bar and before the percent sign does not matter.
///
/// # Errors
/// See [`WeightError`]; a text with a minus is negative also where it is `-0`.
pub fn parse_weight(text: &str) -> Result<Ratio, WeightError> {
    let own = || text.to_owned();
    let trimmed = text.trim();
    if let Some(rest) = trimmed.strip_prefix(['-', '\u{2212}']) {
        let is_number =
            parse_weight(rest).is_ok() || rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        return Err(if is_number {
            WeightError::Negative { text: own() }
        } else {
            WeightError::NotANumber { text: own() }
        });
    }
    if let Some((above, below)) = trimmed.split_once('/') {
        let (numerator, denominator) = (whole(above.trim(), text)?, whole(below.trim(), text)?);
        return Ratio::new(numerator, denominator)
            .ok_or_else(|| WeightError::ZeroDenominator { text: own() });
    }
    let (number, hundredths) =
        trimmed.strip_suffix('%').map_or((trimmed, 1), |number| (number.trim_end(), 100));
    let (before, after) = match number.split_once('.') {
        Some((_, "")) => return Err(WeightError::NotANumber { text: own() }),
        Some((before, after)) => (before, after.trim_end_matches('0')),
        None => (number, ""),
    };
    if before.is_empty() || !after.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WeightError::NotANumber { text: own() });
    }
    let numerator = whole(&format!("{before}{after}"), text)?;
    u32::try_from(after.len())
        .ok()
        .and_then(|decimals| 10_u128.checked_pow(decimals))
        .and_then(|scale| scale.checked_mul(hundredths))
        .and_then(|denominator| Ratio::new(numerator, denominator))
        .ok_or_else(|| WeightError::Overflow { text: own() })
}

fn whole(digits: &str, text: &str) -> Result<u128, WeightError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WeightError::NotANumber { text: text.to_owned() });
    }
    digits.parse().map_err(|_| WeightError::Overflow { text: text.to_owned() })
}

/// Brings weights to their least common denominator and gives the numerators, which stand in the same ratios.
///
/// ```
/// use tildel_allocation::apportionment::{parse_weight, to_common_weights};
///
/// let weights = [parse_weight("1029.2")?, parse_weight("7/12")?, parse_weight("50%")?];
/// // Over sixtieths: 1029.2 = 61752/60, 7/12 = 35/60, 50 % = 30/60.
/// assert_eq!(to_common_weights(&weights)?, [61_752, 35, 30]);
/// # Ok::<(), tildel_allocation::apportionment::WeightError>(())
/// ```
///
/// # Errors
/// [`WeightError::CommonOverflow`] where a numerator or the denominator does not fit 128 bits.
pub fn to_common_weights(weights: &[Ratio]) -> Result<Vec<u128>, WeightError> {
    let common = weights.iter().try_fold(1_u128, |common, weight| {
        let factor = weight.denominator / gcd(common, weight.denominator);
        common.checked_mul(factor).ok_or(WeightError::CommonOverflow)
    })?;
    weights
        .iter()
        .map(|weight| {
            weight.numerator.checked_mul(common / weight.denominator).ok_or(WeightError::CommonOverflow)
        })
        .collect()
}
