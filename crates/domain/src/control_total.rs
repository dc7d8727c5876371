//! Control totals: what Statistics Norway counts in a municipality, which the sum of its schools or kindergartens is held against.
//!
//! Both are right in their own way: Statistics Norway counts at one day of the year, by its own rules; registers tell what stands. So a
//! difference decides nothing; it tells where somebody should look for a unit that is missing, double or somebody else's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tildel_allocation::{Headcount, Measure, Overflow, Quantity, UnitKind};

use crate::Refusal;
use crate::register::RegisterKey;

/// The most employees of a unit whose count is withheld (Brønnøysundregistrene withhold one to four).
const WITHHELD_MAX: u32 = 4;

/// What a table says of a municipality at the end of a year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlTotal {
    /// Which units are counted together.
    pub unit_kind: UnitKind,
    /// The number of the municipality, as it was in that year.
    pub municipality_number: String,
    /// The year at whose end was counted.
    pub year: i16,
    /// What is counted: employees or man-years.
    pub measure: Measure,
    /// The table, such as `12562`.
    pub table: String,
    /// The variable of the table, such as `KOSantall0000`.
    pub contents: String,
    /// What it says.
    pub value: Headcount,
    /// How far a sum may be from it, in hundredths of it.
    pub tolerance_percent: u8,
    /// Since when it was read to say so.
    pub since: Timestamp,
}

/// What the units of a municipality add up to in one register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitSum {
    /// Units that are open.
    pub units: u32,
    /// The sum of the counts that are told.
    pub known: Quantity,
    /// Units whose count is withheld: one to four employees each.
    pub withheld: u32,
    /// Units that nothing is known of.
    pub unknown: u32,
}

impl UnitSum {
    /// Adds a unit.
    pub fn add(&mut self, headcount: Headcount) -> Result<(), Refusal> {
        self.units += 1;
        match headcount {
            Headcount::Known(count) => self.known = add(self.known, count)?,
            Headcount::Withheld => self.withheld += 1,
            Headcount::NoneRegistered => {}
            Headcount::Unknown => self.unknown += 1,
        }
        Ok(())
    }

    /// Adds what stands under another number.
    pub fn join(&mut self, other: Self) -> Result<(), Refusal> {
        self.units += other.units;
        self.known = add(self.known, other.known)?;
        self.withheld += other.withheld;
        self.unknown += other.unknown;
        Ok(())
    }

    /// The fewest that it can be.
    pub fn low(&self) -> Result<Quantity, Refusal> {
        add(self.known, Quantity::from_whole(self.withheld))
    }

    /// The most that it can be; none where there are units that nothing is known of.
    pub fn high(&self) -> Result<Option<Quantity>, Refusal> {
        if self.unknown > 0 {
            return Ok(None);
        }
        add(self.known, Quantity::from_whole(self.withheld.saturating_mul(WITHHELD_MAX))).map(Some)
    }
}

/// What holding a sum against a control total gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The sum can be what the table says, within the tolerance.
    Agrees,
    /// The units add up to less.
    Less,
    /// The units add up to more.
    More,
    /// It can not be said: the table has no number, or the register was not read.
    Open,
}

/// Holds a sum of employees against a total. A tolerance is in hundredths of the total. People may work part of the time, so against
/// man-years a sum of employees can be too small and never too large.
pub fn compare(
    total: Headcount,
    measure: Measure,
    sum: &UnitSum,
    tolerance_percent: u8,
) -> Result<Agreement, Refusal> {
    let total = match (total, measure) {
        // Children are not employees.
        (_, Measure::Children) | (Headcount::Unknown | Headcount::Withheld, _) => return Ok(Agreement::Open),
        (Headcount::NoneRegistered, _) => Quantity::ZERO,
        (Headcount::Known(total), _) => total,
    };
    let (total, tolerance) = (i128::from(total.milli()), i128::from(tolerance_percent));
    let hundredfold = |quantity: Quantity| i128::from(quantity.milli()) * 100;
    let too_few = sum.high()?.is_some_and(|high| hundredfold(high) < total * (100 - tolerance));
    let too_many = measure == Measure::Employees && hundredfold(sum.low()?) > total * (100 + tolerance);
    Ok(match (too_few, too_many) {
        (true, _) => Agreement::Less,
        (_, true) => Agreement::More,
        _ => Agreement::Agrees,
    })
}

/// Two counts together.
pub fn add(left: Quantity, right: Quantity) -> Result<Quantity, Refusal> {
    left.checked_add(right).map_err(|Overflow| Refusal::invalid("/value", "counts that can be added up"))
}

/// The registers that tell of units of a kind.
pub const fn registers_of(kind: UnitKind) -> [RegisterKey; 2] {
    match kind {
        UnitKind::Kindergarten => [RegisterKey::Enhetsregisteret, RegisterKey::Nbr],
        UnitKind::PrimarySchool | UnitKind::UpperSecondary => {
            [RegisterKey::Enhetsregisteret, RegisterKey::Nsr]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(count: u32) -> Headcount {
        Headcount::Known(Quantity::from_whole(count))
    }

    fn sum(of: &[Headcount]) -> UnitSum {
        let mut sum = UnitSum::default();
        for headcount in of {
            sum.add(*headcount).unwrap();
        }
        sum
    }

    /// 40 + 25 known, two withheld: 67 to 73. Nothing known of one more: no upper end.
    #[test]
    fn a_sum_has_a_lower_and_an_upper_end() {
        let mut all =
            sum(&[known(40), known(25), Headcount::Withheld, Headcount::NoneRegistered, Headcount::Withheld]);
        assert_eq!(all.units, 5);
        assert_eq!(all.low().unwrap(), Quantity::from_whole(67));
        assert_eq!(all.high().unwrap(), Some(Quantity::from_whole(73)));
        all.add(Headcount::Unknown).unwrap();
        assert_eq!((all.low().unwrap(), all.high().unwrap()), (Quantity::from_whole(67), None));
    }

    /// 67 to 73 with ten in a hundred: 0.9 × 81 = 72.9 ≤ 73, 0.9 × 82 = 73.8 > 73; 1.1 × 61 = 67.1 ≥ 67, 1.1 × 60 = 66 < 67.
    #[test]
    fn a_total_agrees_within_the_tolerance() {
        let all = sum(&[known(65), Headcount::Withheld, Headcount::Withheld]);
        for (total, expected) in
            [(60, Agreement::More), (61, Agreement::Agrees), (81, Agreement::Agrees), (82, Agreement::Less)]
        {
            assert_eq!(compare(known(total), Measure::Employees, &all, 10).unwrap(), expected, "{total}");
        }
        assert_eq!(compare(known(82), Measure::Employees, &all, 20).unwrap(), Agreement::Agrees);
    }

    #[test]
    fn more_people_than_man_years_are_part_time() {
        let all = sum(&[known(100)]);
        for (total, expected) in [(20, Agreement::Agrees), (100, Agreement::Agrees), (120, Agreement::Less)] {
            assert_eq!(compare(known(total), Measure::ManYears, &all, 10).unwrap(), expected, "{total}");
        }
    }

    #[test]
    fn what_is_not_told_is_not_zero() {
        let all = sum(&[known(100)]);
        for total in [Headcount::Unknown, Headcount::Withheld] {
            assert_eq!(compare(total, Measure::Employees, &all, 10).unwrap(), Agreement::Open);
        }
        assert_eq!(compare(known(100), Measure::Children, &all, 10).unwrap(), Agreement::Open);
        assert_eq!(
            compare(Headcount::NoneRegistered, Measure::Employees, &all, 10).unwrap(),
            Agreement::More
        );
        let nobody_knows = sum(&[Headcount::Unknown]);
        assert_eq!(compare(known(900), Measure::Employees, &nobody_knows, 10).unwrap(), Agreement::Agrees);
    }
}
