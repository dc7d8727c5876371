//! The one factor under which clamped lines add up to a target.

use super::entitlement::Parts;
use crate::Exact;
use crate::money::Overflow;

/// A line of the sum: `within(constant + s × slope)`.
pub(super) type Line = (Exact, Exact, Parts);

/// What was found.
pub(super) enum Solution {
    /// Without the factor the values already reach the target.
    Lowest(Vec<Exact>),
    /// No factor reaches the target; the values that the limits let through.
    Highest(Vec<Exact>),
    /// The smallest factor that reaches the target, and the values.
    Factor(Exact, Vec<Exact>),
}

/// A factor at which a line begins or ceases to follow it.
struct Bend {
    at: Exact,
    line: usize,
    begins: bool,
}

/// Sweeps the factor up from zero over the bends of the piecewise linear sum. Costs n log n for n lines.
pub(super) fn solve(lines: &[Line], target: Exact) -> Result<Solution, Overflow> {
    let lowest: Vec<Exact> = lines.iter().map(|(constant, _, parts)| parts.within(*constant)).collect();
    let mut level = Exact::checked_sum(lowest.iter().copied())?;
    if level >= target {
        return Ok(Solution::Lowest(lowest));
    }
    let mut bends = Vec::new();
    // The sum at a factor s is `level + s × slope`, where `level` takes up what the lines give apart from the factor.
    let mut slope = Exact::ZERO;
    for (line, (constant, rise, parts)) in lines.iter().enumerate() {
        if !rise.is_positive() {
            continue;
        }
        let (low, high) = (Exact::from(parts.low), parts.high.map(Exact::from));
        if *constant < low {
            let at = low.checked_sub(*constant)?.checked_div(*rise)?;
            bends.push(Bend { at, line, begins: true });
        } else if high.is_none_or(|high| *constant < high) {
            level = level.checked_sub(lowest[line])?.checked_add(*constant)?;
            slope = slope.checked_add(*rise)?;
        }
        if let Some(high) = high
            && *constant < high
        {
            let at = high.checked_sub(*constant)?.checked_div(*rise)?;
            bends.push(Bend { at, line, begins: false });
        }
    }
    // Where a line begins and ceases at the same factor, it begins first.
    bends.sort_by(|left, right| left.at.cmp(&right.at).then(right.begins.cmp(&left.begins)));
    let reaches = |level: Exact, slope: Exact| -> Result<Option<Exact>, Overflow> {
        if !slope.is_positive() {
            return Ok(None);
        }
        target.checked_sub(level)?.checked_div(slope).map(Some)
    };
    let mut found = None;
    for bend in &bends {
        if let Some(factor) = reaches(level, slope)?
            && factor <= bend.at
        {
            found = Some(factor);
            break;
        }
        let (constant, rise, parts) = &lines[bend.line];
        let limit =
            if bend.begins { Exact::from(parts.low) } else { parts.high.map_or(Exact::ZERO, Exact::from) };
        if bend.begins {
            level = level.checked_sub(limit)?.checked_add(*constant)?;
            slope = slope.checked_add(*rise)?;
        } else {
            level = level.checked_sub(*constant)?.checked_add(limit)?;
            slope = slope.checked_sub(*rise)?;
        }
    }
    let found = match found {
        Some(factor) => Some(factor),
        None => reaches(level, slope)?,
    };
    if let Some(factor) = found {
        let value = |(constant, rise, parts): &Line| {
            Ok(parts.within(constant.checked_add(rise.checked_mul(factor)?)?))
        };
        let values = lines.iter().map(value).collect::<Result<Vec<_>, Overflow>>()?;
        return Ok(Solution::Factor(factor, values));
    }
    let highest = |(constant, rise, parts): &Line| match parts.high {
        Some(high) if rise.is_positive() => Exact::from(high),
        _ => parts.within(*constant),
    };
    let values: Vec<Exact> = lines.iter().map(highest).collect();
    // The caps may just add up to the target: then the factor is where the last of them is reached.
    match bends.last() {
        Some(last) if Exact::checked_sum(values.iter().copied())? == target => {
            Ok(Solution::Factor(last.at, values))
        }
        _ => Ok(Solution::Highest(values)),
    }
}
