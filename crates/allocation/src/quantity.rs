//! Counts of people, exact to a thousandth.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{NokParseError, Overflow, parse_scaled};

/// A count of at least zero in thousandths: 1029.2 man-years, or 412 employees.
///
/// Registers publish man-years with one decimal; thousandths leave room without fractions. On the wire it is a
/// decimal text without trailing zeros, `"1029.2"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

/// A value is not a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// The text is not a decimal number such as `1029.2`.
    #[error("not a decimal number such as 1029.2")]
    NotDecimal,
    /// The text is finer than a thousandth.
    #[error("more than three decimals")]
    TooManyDecimals,
    /// There are no fewer people than none.
    #[error("a count below zero")]
    Negative,
    /// The number is outside the range of counts.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Quantity {
    /// None.
    pub const ZERO: Self = Self(0);

    /// A count from thousandths.
    pub const fn from_milli(milli: i64) -> Result<Self, QuantityError> {
        if milli < 0 { Err(QuantityError::Negative) } else { Ok(Self(milli)) }
    }

    /// A count of whole people.
    pub fn from_whole(count: u32) -> Self {
        Self(i64::from(count) * 1000)
    }

    /// The count in thousandths.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// This count and another together.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }
}

impl fmt::Display for Quantity {
    /// The count without trailing zeros: `1029.2`, `412`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, milli) = (self.0 / 1000, self.0 % 1000);
        if milli == 0 {
            return write!(formatter, "{whole}");
        }
        let decimals = format!("{milli:03}");
        write!(formatter, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let milli = parse_scaled(text, 3).map_err(|error| match error {
            NokParseError::NotDecimal => QuantityError::NotDecimal,
            NokParseError::TooManyDecimals => QuantityError::TooManyDecimals,
            NokParseError::Overflow(overflow) => QuantityError::Overflow(overflow),
        })?;
        Self::from_milli(i64::try_from(milli).map_err(|_| Overflow)?)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn man_years_keep_their_decimals() {
        let sandnes: Quantity = "1029.2".parse().unwrap();
        assert_eq!(sandnes.milli(), 1_029_200);
        assert_eq!(serde_json::to_string(&sandnes).unwrap(), r#""1029.2""#);
        assert_eq!(Quantity::from_whole(412).to_string(), "412");
        assert_eq!(Quantity::from_milli(5).unwrap().to_string(), "0.005");
    }

    #[test]
    fn what_is_no_count_is_refused() {
        assert_eq!("-1".parse::<Quantity>(), Err(QuantityError::Negative));
        assert_eq!("1.0000".parse::<Quantity>(), Err(QuantityError::TooManyDecimals));
        assert_eq!("many".parse::<Quantity>(), Err(QuantityError::NotDecimal));
        assert_eq!("9223372036854775.808".parse::<Quantity>(), Err(QuantityError::Overflow(Overflow)));
        assert!(serde_json::from_str::<Quantity>("1029.2").is_err());
        let most = Quantity::from_milli(i64::MAX).unwrap();
        assert_eq!(most.checked_add(Quantity::from_milli(1).unwrap()), Err(Overflow));
    }

    proptest! {
        #[test]
        fn display_is_read_back(milli in 0..=i64::MAX) {
            let count = Quantity::from_milli(milli).unwrap();
            prop_assert_eq!(count.to_string().parse(), Ok(count));
        }
    }
}
