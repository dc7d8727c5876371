//! Parts of a whole.

use std::fmt;
use std::str::FromStr;

use num_rational::Ratio;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Exact;

/// A part of a whole, from 0 to 1, exact.
///
/// Written as a fraction, a decimal or a percentage (`"3/10"`, `"0.3"`, `"30%"`); on the wire always as a fraction in lowest
/// terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(Ratio<i64>);

/// A text is not a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a share from 0 to 1 such as 3/10, 0.3 or 30%")]
pub struct ShareParseError;

/// More decimals than any rule of the field has, and few enough that sums of shares fit.
const MAX_DIGITS: usize = 12;

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// The whole.
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// A fraction from 0 to 1.
    pub fn new(numerator: i64, denominator: i64) -> Result<Self, ShareParseError> {
        if denominator <= 0 || numerator < 0 || numerator > denominator {
            return Err(ShareParseError);
        }
        Ok(Self(Ratio::new(numerator, denominator)))
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        *self.0.numer() == 0
    }

    /// The number.
    pub fn exact(self) -> Exact {
        Exact::fraction(i128::from(*self.0.numer()), i128::from(*self.0.denom())).unwrap_or(Exact::ZERO)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl FromStr for Share {
    type Err = ShareParseError;

    fn from_str(text: &str) -> Result<Self, ShareParseError> {
        let whole = |digits: &str| -> Result<i64, ShareParseError> {
            let sound = !digits.is_empty() && digits.len() <= MAX_DIGITS;
            if !sound || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(ShareParseError);
            }
            digits.parse().map_err(|_| ShareParseError)
        };
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Self::new(whole(numerator)?, whole(denominator)?);
        }
        let (number, hundredth) = text.strip_suffix('%').map_or((text, 1), |number| (number, 100));
        let (units, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let scale = 10_i64.pow(u32::try_from(decimals.len().min(MAX_DIGITS)).map_err(|_| ShareParseError)?);
        let (units, decimals) = (whole(units)?, whole(decimals)?);
        let numerator =
            units.checked_mul(scale).and_then(|units| units.checked_add(decimals)).ok_or(ShareParseError)?;
        Self::new(numerator, scale * hundredth)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_write_a_share_are_one() {
        for text in ["3/10", "0.3", "30%", "30.0%", "0.300", "6/20"] {
            assert_eq!(text.parse::<Share>().map(|share| share.to_string()), Ok("3/10".to_owned()), "{text}");
        }
        assert_eq!("58.33333%".parse::<Share>().unwrap().to_string(), "5833333/10000000");
        assert_eq!("1".parse::<Share>(), Ok(Share::ONE));
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in
            ["", "-1/2", "3/2", "1/0", "101%", "0,3", "1e3", "0.", ".5", "1/1000000000000000", "%", "+1"]
        {
            assert_eq!(text.parse::<Share>(), Err(ShareParseError), "{text}");
        }
    }
}
