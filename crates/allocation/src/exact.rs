//! Amounts before they are rounded.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{Nok, Overflow, parse_scaled};
use crate::{Language, Quantity};

/// Thousandths of an øre in a krone.
const MILLI_ORE_PER_KRONE: i128 = 100_000;

/// An exact amount in thousandths of an øre: what a rate times a count in thousandths comes to.
///
/// On the wire it is kroner as a decimal text with at most five decimals, without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExactAmount(i128);

impl ExactAmount {
    /// A rate times a count; the product of two 64-bit numbers always fits.
    pub fn product(rate: Nok, count: Quantity) -> Self {
        Self(i128::from(rate.ore()) * i128::from(count.milli()))
    }

    /// This amount and another together.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// The nearest whole krone; a half goes away from zero, so that negative amounts mirror positive ones.
    pub fn round_to_kroner(self) -> Result<Nok, Overflow> {
        let (whole, rest) = (self.0 / MILLI_ORE_PER_KRONE, self.0 % MILLI_ORE_PER_KRONE);
        let away = if rest.abs() * 2 >= MILLI_ORE_PER_KRONE { rest.signum() } else { 0 };
        Nok::from_kroner(i64::try_from(whole + away).map_err(|_| Overflow)?)
    }

    /// The amount for people, with all its decimals and a currency sign: `kr 514 600,375`.
    pub fn human(self, language: Language) -> String {
        let symbol = match language {
            Language::Nb | Language::Nn => "kr",
            Language::En => "NOK",
        };
        format!("{symbol}\u{a0}{}", language.localise(&self.to_string()))
    }
}

impl From<Nok> for ExactAmount {
    fn from(amount: Nok) -> Self {
        Self(i128::from(amount.ore()) * 1000)
    }
}

impl fmt::Display for ExactAmount {
    /// Kroner without trailing zeros: `514600.375`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let unit = MILLI_ORE_PER_KRONE.unsigned_abs();
        let (kroner, rest) = (self.0.unsigned_abs() / unit, self.0.unsigned_abs() % unit);
        if rest == 0 {
            return write!(formatter, "{sign}{kroner}");
        }
        let decimals = format!("{rest:05}");
        write!(formatter, "{sign}{kroner}.{}", decimals.trim_end_matches('0'))
    }
}

impl Serialize for ExactAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ExactAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_scaled(&text, 5).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rounded(milli_ore: i128) -> i64 {
        ExactAmount(milli_ore).round_to_kroner().unwrap().ore()
    }

    #[test]
    fn rounding_happens_once() {
        // 0.495 kroner is 0; rounding to øre first (0.50) and then to kroner would make it 1.
        assert_eq!(rounded(49_500), 0);
        assert_eq!(rounded(49_999), 0);
        assert_eq!(rounded(50_000), 100);
        assert_eq!(rounded(-50_000), -100);
        assert_eq!(rounded(-49_999), 0);
        assert_eq!(ExactAmount(i128::MAX).round_to_kroner(), Err(Overflow));
    }

    #[test]
    fn decimals_are_shown_where_there_are_any() {
        assert_eq!(ExactAmount(51_460_037_500).to_string(), "514600.375");
        assert_eq!(ExactAmount(51_460_037_500).human(Language::Nb), "kr\u{a0}514\u{a0}600,375");
        assert_eq!(ExactAmount(-1).to_string(), "-0.00001");
    }

    proptest! {
        #[test]
        fn rounding_moves_at_most_half_a_krone(ore in -(1_i64 << 40)..(1_i64 << 40), milli in 0..(1_i64 << 30)) {
            let exact = ExactAmount::product(Nok::from_ore(ore), Quantity::from_milli(milli).unwrap());
            let kroner = ExactAmount::from(exact.round_to_kroner().unwrap());
            prop_assert!((kroner.0 - exact.0).abs() * 2 <= MILLI_ORE_PER_KRONE);
            prop_assert_eq!(kroner.0 % MILLI_ORE_PER_KRONE, 0);
        }

        #[test]
        fn the_wire_form_is_read_back(milli_ore in any::<i64>()) {
            let exact = ExactAmount(i128::from(milli_ore));
            let wire = serde_json::to_string(&exact).unwrap();
            prop_assert_eq!(serde_json::from_str::<ExactAmount>(&wire).unwrap(), exact);
        }
    }
}
