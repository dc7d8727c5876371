//! Decimal numbers, exact.

use super::PabulibProblem;

/// A number from 0 upwards: `digits` with so many of them after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u64,
    pub(super) places: u32,
}

impl Decimal {
    /// Reads digits with a point or a comma before decimals; zeros at the end of decimals do not count.
    pub(super) fn read(field: &[u8]) -> Result<Self, PabulibProblem> {
        let (mut digits, mut places, mut zeros, mut seen, mut point) = (0_u64, 0_u32, 0_u32, false, false);
        let shown = || String::from_utf8_lossy(field).into_owned();
        for &byte in field {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    if point && byte == b'0' {
                        zeros += 1;
                        continue;
                    }
                    let shift = if point { zeros + 1 } else { 1 };
                    if point {
                        places += shift;
                        zeros = 0;
                    }
                    digits = 10_u64
                        .checked_pow(shift)
                        .and_then(|power| digits.checked_mul(power))
                        .and_then(|digits| digits.checked_add(u64::from(byte - b'0')))
                        .ok_or_else(|| PabulibProblem::TooLarge(shown()))?;
                }
                b'.' | b',' if !point => point = true,
                _ => return Err(PabulibProblem::Number(shown())),
            }
        }
        if seen { Ok(Self { digits, places }) } else { Err(PabulibProblem::Number(shown())) }
    }

    /// In units of so many places, which are at least its own.
    pub(super) fn in_units(self, places: u32) -> Option<u64> {
        self.digits.checked_mul(10_u64.checked_pow(places.checked_sub(self.places)?)?)
    }
}
