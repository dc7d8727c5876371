//! Days as Norwegian public bodies count them.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::refusal::Refusal;

/// The zone of Norwegian offices.
pub const OFFICE_ZONE: &str = "Europe/Oslo";

fn office_zone() -> Result<TimeZone, Refusal> {
    TimeZone::get(OFFICE_ZONE).map_err(|error| Refusal::invalid("/", error))
}

/// The day that it is in Norway.
pub fn day_of(instant: Timestamp) -> Result<Date, Refusal> {
    Ok(instant.to_zoned(office_zone()?).date())
}

/// Easter Sunday of a year of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let correction = (century + 8) / 25;
    let epact = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let part = |number: i32| i8::try_from(number).ok();
    Date::new(i16::try_from(year).ok()?, part(days / 31)?, part(days % 31 + 1)?).ok()
}

/// Whether a day is a public holiday in Norway: 1 January, Maundy Thursday to Easter Monday without Saturday, 1 and 17 May, Ascension
/// Day, Whit Sunday and Monday, 25 and 26 December (lov om helligdager; lov om 1. og 17. mai).
fn is_holiday(day: Date) -> bool {
    let fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];
    if fixed.contains(&(day.month(), day.day())) {
        return true;
    }
    let from_easter = [-3, -2, 0, 1, 39, 49, 50];
    easter(day.year()).is_some_and(|sunday| {
        from_easter
            .iter()
            .any(|days: &i64| sunday.checked_add(days.days()).is_ok_and(|holiday| holiday == day))
    })
}

/// Whether offices are open: no Saturday, Sunday or public holiday.
fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day)
}

/// The first moment that is too late for something that is due within so many days of a day. The day itself does not count; a
/// last day that is a Saturday, Sunday or public holiday is moved to the next working day (domstolloven §§ 148 and 149, by which
/// deadlines of forvaltningsloven are counted too).
pub fn end_of_period(from: Date, days: u32) -> Result<Timestamp, Refusal> {
    let beyond = |_| Refusal::invalid("/", "a date within the calendar");
    let mut last = from.checked_add(i64::from(days).days()).map_err(beyond)?;
    while !is_working_day(last) {
        last = last.tomorrow().map_err(beyond)?;
    }
    let next = last.tomorrow().map_err(beyond)?;
    let midnight = next.to_zoned(office_zone()?).map_err(beyond)?;
    Ok(midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// From printed almanacs: Easter of 2008 was the earliest for a century, that of 2038 will be the latest.
    #[test]
    fn easter_is_when_almanacs_have_it() {
        for (year, month, day) in [
            (2000, 4, 23),
            (2008, 3, 23),
            (2019, 4, 21),
            (2020, 4, 12),
            (2021, 4, 4),
            (2024, 3, 31),
            (2038, 4, 25),
        ] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn holidays_are_the_public_ones() {
        let holidays_of_2021 = [
            (1, 1),
            (4, 1),
            (4, 2),
            (4, 4),
            (4, 5),
            (5, 1),
            (5, 13),
            (5, 17),
            (5, 23),
            (5, 24),
            (12, 25),
            (12, 26),
        ];
        let mut day = date(2021, 1, 1);
        let mut found = Vec::new();
        while day.year() == 2021 {
            if is_holiday(day) {
                found.push((day.month(), day.day()));
            }
            day = day.tomorrow().unwrap();
        }
        assert_eq!(found, holidays_of_2021);
    }

    /// Three weeks, by the calendar on the wall. Summer time is two hours ahead of UTC.
    #[test]
    fn three_weeks_end_at_the_end_of_a_working_day() {
        for (from, expected) in [
            // A Friday in June: the third Friday after it, to midnight.
            (date(2020, 6, 19), "2020-07-10T22:00:00Z"),
            // From a Saturday: the third Saturday is 11 July, so Monday 13 July.
            (date(2020, 6, 20), "2020-07-13T22:00:00Z"),
            // Three weeks from Thursday 11 March 2021 is Maundy Thursday; Tuesday 6 April is the next working day.
            (date(2021, 3, 11), "2021-04-06T22:00:00Z"),
            // 4 December 2020 and 25 December: Monday 28 December, in winter time.
            (date(2020, 12, 4), "2020-12-28T23:00:00Z"),
        ] {
            assert_eq!(end_of_period(from, 21).unwrap().to_string(), expected, "{from}");
        }
    }

    #[test]
    fn the_day_is_that_of_norway() {
        let late_evening: Timestamp = "2020-06-19T22:30:00Z".parse().unwrap();
        assert_eq!(day_of(late_evening).unwrap(), date(2020, 6, 20));
    }
}
