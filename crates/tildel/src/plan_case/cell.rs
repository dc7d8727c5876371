//! Short forms in tables: headcount columns and their values, successors, lists.

use jiff::civil::Date;
use tildel_allocation::{Headcount, Measure, Ownership, Quantity, SuccessorInput, UnitKind};

/// What a headcount column counts: `primary_school.man_years.2019-10-01`, or with the ownership before the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) unit_kind: UnitKind,
    pub(super) measure: Measure,
    pub(super) ownership: Option<Ownership>,
    pub(super) date: Date,
}

/// Reads a column's name.
pub(super) fn column(name: &str) -> Result<Column, String> {
    let wrong = || {
        format!(
            "{name:?} is no headcount column; write kind.measure.date or kind.measure.ownership.date, such as \
             primary_school.man_years.2019-10-01"
        )
    };
    let parts: Vec<&str> = name.split('.').collect();
    let (kind, measure, ownership, date) = match parts[..] {
        [kind, measure, date] => (kind, measure, None, date),
        [kind, measure, ownership, date] => (kind, measure, Some(ownership), date),
        _ => return Err(wrong()),
    };
    let word = |text: &str| serde_json::Value::String(text.to_owned());
    Ok(Column {
        unit_kind: serde_json::from_value(word(kind)).map_err(|_| wrong())?,
        measure: serde_json::from_value(word(measure)).map_err(|_| wrong())?,
        ownership: ownership
            .map(|text| serde_json::from_value(word(text)))
            .transpose()
            .map_err(|_| wrong())?,
        date: date.parse().map_err(|_| wrong())?,
    })
}

/// Reads a value: a count, or why there is none.
pub(super) fn value(text: &str) -> Result<Headcount, String> {
    Ok(match text {
        "withheld" => Headcount::Withheld,
        "none_registered" => Headcount::NoneRegistered,
        "unknown" => Headcount::Unknown,
        count => Headcount::Known(count.parse::<Quantity>().map_err(|error| {
            format!("{count:?} is no headcount: {error}; or write withheld, none_registered or unknown")
        })?),
    })
}

/// Reads a cell: a value, with a star behind it where it is invented; none where the cell is empty.
pub(super) fn headcount(text: &str) -> Result<Option<(Headcount, bool)>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (text, practice) = text.strip_suffix('*').map_or((text, false), |text| (text.trim_end(), true));
    Ok(Some((value(text)?, practice)))
}

/// Reads successors with their shares: `1508 43/50; 1580 7/50`; a single one needs no share.
pub(super) fn successors(text: &str) -> Result<Vec<SuccessorInput>, String> {
    list(text)
        .into_iter()
        .map(|successor| {
            let (organisation, share) = successor.split_once(' ').unwrap_or((successor.as_str(), "1"));
            let share = share.trim().parse().map_err(|error| format!("{successor:?}: {error}"))?;
            Ok(SuccessorInput { organisation: organisation.to_owned(), share })
        })
        .collect()
}

/// Reads a list with semicolons between.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read() {
        let found = column("primary_school.man_years.2019-10-01").unwrap();
        assert_eq!((found.unit_kind, found.measure), (UnitKind::PrimarySchool, Measure::ManYears));
        assert_eq!((found.ownership, found.date), (None, Date::constant(2019, 10, 1)));
        let private = column("kindergarten.employees.private.2020-12-15").unwrap();
        assert_eq!(private.ownership, Some(Ownership::Private));
        for wrong in [
            "primary_school.man_years",
            "school.man_years.2019-10-01",
            "primary_school.man_years.2019",
            "a.b.c.d.e",
        ] {
            assert!(column(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }

    #[test]
    fn cells_are_read() {
        let known = |text: &str| Headcount::Known(text.parse().unwrap());
        assert_eq!(headcount(" 1029.2 "), Ok(Some((known("1029.2"), false))));
        assert_eq!(headcount("412*"), Ok(Some((known("412"), true))));
        assert_eq!(headcount("withheld"), Ok(Some((Headcount::Withheld, false))));
        assert_eq!(headcount(""), Ok(None));
        assert!(headcount("1029,2").unwrap_err().contains("1029,2"));
        assert!(headcount("-1").is_err());
    }

    #[test]
    fn successors_are_read() {
        let found = successors("1508 43/50; 1580 7/50").unwrap();
        let told: Vec<_> =
            found.iter().map(|one| (one.organisation.as_str(), one.share.to_string())).collect();
        assert_eq!(told, [("1508", "43/50".to_owned()), ("1580", "7/50".to_owned())]);
        assert_eq!(successors("1108").unwrap()[0].share.to_string(), "1");
        assert!(successors("1508 3/2").is_err());
    }
}
