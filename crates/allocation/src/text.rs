//! Short texts of traces, made quickly: a plan has hundreds of thousands of them.

use jiff::civil::Date;

use crate::{Exact, Nok, Quantity};

/// A short text: up to fifteen bytes need no allocation, and longer ones are shared by their copies.
pub type Text = ecow::EcoString;

/// What a trace shows, in the forms of the bundle.
pub(crate) trait Shown {
    /// The text.
    fn text(&self) -> Text;
}

/// Digits written from the end; room for two numbers of 64 bits with a sign and what stands between.
struct Digits {
    bytes: [u8; 48],
    start: usize,
}

impl Digits {
    const fn new() -> Self {
        Self { bytes: [0; 48], start: 48 }
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.start.checked_sub(1) {
            self.start = place;
            self.bytes[place] = byte;
        }
    }

    /// A number with at least so many digits.
    fn number(&mut self, number: u64, least: usize) {
        let (mut number, mut written) = (number, 0);
        while number > 0 || written < least {
            self.push(b'0' + u8::try_from(number % 10).unwrap_or(0));
            number /= 10;
            written += 1;
        }
    }

    fn text(&self) -> Text {
        Text::from(std::str::from_utf8(&self.bytes[self.start..]).unwrap_or_default())
    }
}

impl Shown for Nok {
    fn text(&self) -> Text {
        let mut digits = Digits::new();
        let ore = self.ore().unsigned_abs();
        digits.number(ore % 100, 2);
        digits.push(b'.');
        digits.number(ore / 100, 1);
        if self.ore() < 0 {
            digits.push(b'-');
        }
        digits.text()
    }
}

impl Shown for Quantity {
    fn text(&self) -> Text {
        let mut digits = Digits::new();
        let milli = self.milli().unsigned_abs();
        let (mut decimals, mut places) = (milli % 1000, 3);
        while places > 0 && decimals.is_multiple_of(10) {
            decimals /= 10;
            places -= 1;
        }
        if places > 0 {
            digits.number(decimals, places);
            digits.push(b'.');
        }
        digits.number(milli / 1000, 1);
        digits.text()
    }
}

impl Shown for Exact {
    fn text(&self) -> Text {
        let (numerator, denominator) = self.kroner();
        let (Ok(size), Some(Ok(denominator))) =
            (u64::try_from(numerator.unsigned_abs()), denominator.map(u64::try_from))
        else {
            return ecow::eco_format!("{self}");
        };
        let mut digits = Digits::new();
        if denominator != 1 {
            digits.number(denominator, 1);
            digits.push(b'/');
        }
        digits.number(size, 1);
        if numerator < 0 {
            digits.push(b'-');
        }
        digits.text()
    }
}

impl Shown for u64 {
    fn text(&self) -> Text {
        let mut digits = Digits::new();
        digits.number(*self, 1);
        digits.text()
    }
}

impl Shown for Date {
    fn text(&self) -> Text {
        let mut digits = Digits::new();
        digits.number(u64::from(self.day().unsigned_abs()), 2);
        digits.push(b'-');
        digits.number(u64::from(self.month().unsigned_abs()), 2);
        digits.push(b'-');
        // The years of a plan are those of a calendar: 1 to 9998.
        digits.number(u64::from(self.year().unsigned_abs()), 4);
        digits.text()
    }
}

impl Shown for Text {
    fn text(&self) -> Text {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_what_display_writes(
            ore in any::<i64>(),
            milli in 0..=i64::MAX,
            numerator in -i128::MAX..=i128::MAX,
            denominator in 1..=i128::MAX,
            small in 1_i128..5000,
            year in 1_i16..=9998,
            month in 1_i8..=12,
            day in 1_i8..=28,
        ) {
            let nok = Nok::from_ore(ore);
            prop_assert_eq!(nok.text().to_string(), nok.to_string());
            let few = Quantity::from_milli(milli).unwrap();
            prop_assert_eq!(few.text().to_string(), few.to_string());
            for exact in [Exact::fraction(numerator, denominator), Exact::fraction(i128::from(ore), small)] {
                let exact = exact.unwrap();
                prop_assert_eq!(exact.text().to_string(), exact.to_string());
            }
            let date = Date::new(year, month, day).unwrap();
            prop_assert_eq!(date.text().to_string(), date.to_string());
            let number = ore.unsigned_abs();
            prop_assert_eq!(number.text().to_string(), number.to_string());
        }
    }

    #[test]
    fn zero_has_a_digit() {
        assert_eq!(Nok::ZERO.text(), "0.00");
        assert_eq!(Quantity::ZERO.text(), "0");
        assert_eq!(Exact::ZERO.text(), "0");
        assert_eq!(0_u64.text(), "0");
    }
}
