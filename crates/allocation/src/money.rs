//! Norwegian kroner, exact to the øre.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Language;

/// The one currency of the grants.
const CURRENCY: &str = "NOK";

/// An amount of Norwegian kroner as whole øre; a hundred øre are one krone.
///
/// Arithmetic is checked: what does not fit is an [`Overflow`], never a wrap. On the wire an amount is
/// `{"amount":"125000.00","currency":"NOK"}`; numbers, other currencies and more than two decimals are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Nok(i64);

/// The result of an operation on amounts or counts does not fit its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the result does not fit the range of amounts")]
pub struct Overflow;

/// A text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NokParseError {
    /// The text is not a decimal number such as `125000.00`.
    #[error("not a decimal number such as 125000.00")]
    NotDecimal,
    /// The text is finer than an øre.
    #[error("more than two decimals")]
    TooManyDecimals,
    /// The number is outside the range of amounts.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Nok {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount from whole øre.
    pub const fn from_ore(ore: i64) -> Self {
        Self(ore)
    }

    /// An amount from whole kroner.
    pub const fn from_kroner(kroner: i64) -> Result<Self, Overflow> {
        match kroner.checked_mul(100) {
            Some(ore) => Ok(Self(ore)),
            None => Err(Overflow),
        }
    }

    /// The amount in whole øre.
    pub const fn ore(self) -> i64 {
        self.0
    }

    /// This amount and another together.
    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// This amount less another.
    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// This amount with the other sign.
    pub fn checked_neg(self) -> Result<Self, Overflow> {
        self.0.checked_neg().map(Self).ok_or(Overflow)
    }

    /// The sum of amounts; of none, nothing. Only the sum itself must fit, so the order never matters.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        let mut total_ore = 0_i128;
        for amount in amounts {
            total_ore = total_ore.checked_add(i128::from(amount.0)).ok_or(Overflow)?;
        }
        i64::try_from(total_ore).map(Self).map_err(|_| Overflow)
    }

    /// The amount for people: `kr 125 000` in Norwegian, `NOK 125,000` in English. Øre are shown where there
    /// are any. All spaces are no-break spaces (U+00A0) and a minus is U+2212.
    pub fn human(self, language: Language) -> String {
        let exact = self.to_string();
        let shown = exact.strip_suffix(".00").unwrap_or(&exact);
        let symbol = match language {
            Language::Nb | Language::Nn => "kr",
            Language::En => CURRENCY,
        };
        format!("{symbol}\u{a0}{}", language.localise(shown))
    }
}

impl fmt::Display for Nok {
    /// Kroner with two decimals and no separators: `125000.00`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ore = self.0.unsigned_abs();
        write!(formatter, "{sign}{}.{:02}", ore / 100, ore % 100)
    }
}

/// Serde of an amount as the plain text `"125000.00"`, for documents that state the currency once.
pub mod plain {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Nok;

    /// Writes the text.
    pub fn serialize<S: Serializer>(amount: &Nok, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(amount)
    }

    /// Reads the text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Nok, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }

    /// The same for an amount that may be absent.
    pub mod option {
        use serde::de::Error as _;
        use serde::{Deserialize, Deserializer, Serializer};

        use super::Nok;

        /// Writes the text, or null.
        pub fn serialize<S: Serializer>(amount: &Option<Nok>, serializer: S) -> Result<S::Ok, S::Error> {
            match amount {
                Some(amount) => serializer.collect_str(amount),
                None => serializer.serialize_none(),
            }
        }

        /// Reads the text, or null.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Nok>, D::Error> {
            let text = Option::<String>::deserialize(deserializer)?;
            text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
        }
    }

    /// The same for a list of amounts.
    pub mod list {
        use serde::de::Error as _;
        use serde::{Deserialize, Deserializer, Serializer};

        use super::Nok;

        /// Writes the texts.
        pub fn serialize<S: Serializer>(amounts: &[Nok], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(amounts.iter().map(ToString::to_string))
        }

        /// Reads the texts.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Nok>, D::Error> {
            let texts = Vec::<String>::deserialize(deserializer)?;
            texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
        }
    }
}

/// Reads an optional minus, digits, and at most `decimals` decimals, as a whole number of the smallest unit.
pub(crate) fn parse_scaled(text: &str, decimals: usize) -> Result<i128, NokParseError> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(NokParseError::NotDecimal),
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(NokParseError::NotDecimal);
    }
    if fraction.len() > decimals {
        return Err(NokParseError::TooManyDecimals);
    }
    let padding = "0".repeat(decimals - fraction.len());
    let mut scaled = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()).chain(padding.bytes()) {
        scaled = scaled
            .checked_mul(10)
            .and_then(|shifted| shifted.checked_add(i128::from(digit - b'0')))
            .ok_or(Overflow)?;
    }
    Ok(if negative { -scaled } else { scaled })
}

impl FromStr for Nok {
    type Err = NokParseError;

    /// Reads `125000`, `125000.5` or `125000.00`, with a minus in front where it is negative.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ore = parse_scaled(text, 2)?;
        i64::try_from(ore).map(Self).map_err(|_| NokParseError::Overflow(Overflow))
    }
}

impl Serialize for Nok {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WireOut { amount: self.to_string(), currency: CURRENCY }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Nok {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = WireIn::deserialize(deserializer)?;
        if wire.currency != CURRENCY {
            return Err(D::Error::custom(format_args!("currency must be {CURRENCY}")));
        }
        wire.amount.parse().map_err(D::Error::custom)
    }
}

#[derive(Serialize)]
struct WireOut {
    amount: String,
    currency: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireIn {
    amount: String,
    currency: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_has_one_wire_form() {
        let amount = Nok::from_kroner(125_000).unwrap();
        let wire = r#"{"amount":"125000.00","currency":"NOK"}"#;
        assert_eq!(serde_json::to_string(&amount).unwrap(), wire);
        assert_eq!(serde_json::from_str::<Nok>(wire).unwrap(), amount);
    }

    #[test]
    fn other_wire_forms_are_refused() {
        for wire in [
            r#"{"amount":"125000.00","currency":"SEK"}"#,
            r#"{"amount":"125000.001","currency":"NOK"}"#,
            r#"{"amount":125000.0,"currency":"NOK"}"#,
            r#"{"amount":125000,"currency":"NOK"}"#,
            r#"{"amount":"125000.00"}"#,
            r#"{"amount":"1.00","currency":"NOK","rate":"2"}"#,
            r#""125000.00""#,
            "125000.0",
        ] {
            assert!(serde_json::from_str::<Nok>(wire).is_err(), "{wire} was accepted");
        }
    }

    #[test]
    fn texts_are_read_exactly() {
        for (text, ore) in [("125000", 12_500_000), ("125000.5", 12_500_050), ("-0.01", -1), ("007", 700)] {
            assert_eq!(text.parse::<Nok>(), Ok(Nok::from_ore(ore)), "{text}");
        }
        for text in ["", "-", "+1", "1.", ".5", "1,5", "1e3", " 1", "1 000", "--1", "١"] {
            assert_eq!(text.parse::<Nok>(), Err(NokParseError::NotDecimal), "{text:?}");
        }
        assert_eq!("1.000".parse::<Nok>(), Err(NokParseError::TooManyDecimals));
        // The greatest i64 is 9 223 372 036 854 775 807, read as øre; one øre more does not fit.
        assert_eq!("92233720368547758.07".parse::<Nok>(), Ok(Nok::from_ore(i64::MAX)));
        assert_eq!("92233720368547758.08".parse::<Nok>(), Err(NokParseError::Overflow(Overflow)));
        assert_eq!("9".repeat(60).parse::<Nok>(), Err(NokParseError::Overflow(Overflow)));
    }

    #[test]
    fn arithmetic_never_wraps() {
        let (most, least, one) = (Nok::from_ore(i64::MAX), Nok::from_ore(i64::MIN), Nok::from_ore(1));
        assert_eq!(most.checked_add(one), Err(Overflow));
        assert_eq!(least.checked_sub(one), Err(Overflow));
        assert_eq!(least.checked_neg(), Err(Overflow));
        assert_eq!(Nok::from_kroner(i64::MAX), Err(Overflow));
        assert_eq!(Nok::checked_sum([most, one]), Err(Overflow));
        assert_eq!(Nok::checked_sum([most, one, Nok::from_ore(-1)]), Ok(most));
        assert_eq!(Nok::checked_sum([]), Ok(Nok::ZERO));
    }

    #[test]
    fn people_read_kroner_in_their_language() {
        let amount = Nok::from_kroner(1_125_000).unwrap();
        assert_eq!(amount.human(Language::Nb), "kr\u{a0}1\u{a0}125\u{a0}000");
        assert_eq!(amount.human(Language::En), "NOK\u{a0}1,125,000");
        assert_eq!(Nok::from_ore(-12_550).human(Language::Nn), "kr\u{a0}\u{2212}125,50");
        assert_eq!(Nok::from_ore(99_900).human(Language::En), "NOK\u{a0}999");
    }

    proptest! {
        #[test]
        fn display_is_read_back(ore in any::<i64>()) {
            prop_assert_eq!(Nok::from_ore(ore).to_string().parse(), Ok(Nok::from_ore(ore)));
        }

        #[test]
        fn no_text_stops_the_parser(text in ".*") {
            let _: Result<Nok, NokParseError> = text.parse();
        }
    }
}
