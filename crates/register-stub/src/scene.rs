//! What the registers hold, and the feeds that tell how it came about.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{practice, synthetic};

/// What is told of employees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Employees {
    /// As many.
    Shown(u32),
    /// Registered, and one to four.
    Withheld,
    /// None registered.
    None,
}

impl Employees {
    /// As the registers show a count: one to four are withheld.
    pub(crate) fn of(count: u32) -> Self {
        match count {
            0 => Self::None,
            1..=4 => Self::Withheld,
            shown => Self::Shown(shown),
        }
    }
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trade {
    Municipality,
    Part,
    Company,
    Kindergarten,
    PrimarySchool,
    UpperSecondary,
    Other,
}

/// A unit as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) trade: Trade,
    pub(crate) is_sub: bool,
    pub(crate) is_private: bool,
    pub(crate) parent: Option<String>,
    /// The owner at the top.
    pub(crate) owner: Option<String>,
    pub(crate) municipality: &'static str,
    pub(crate) employees: Employees,
    /// The day of the count.
    pub(crate) employees_on: String,
    pub(crate) deleted_on: Option<String>,
    /// Removed for legal reasons: 410.
    pub(crate) is_removed: bool,
    /// When it was last written.
    pub(crate) written_at: Timestamp,
}

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    pub(crate) number: String,
    pub(crate) change: &'static str,
}

/// What the registers hold.
pub struct Scene {
    /// The units as they stand, by number.
    pub(crate) units: BTreeMap<String, Unit>,
    /// The units as the files of last night have them.
    pub(crate) listed: BTreeMap<String, Unit>,
    /// When those files were made.
    pub(crate) listed_at: Timestamp,
    /// The feed of head units and that of sub-units, in order.
    pub(crate) feeds: [Vec<Entry>; 2],
}

impl Scene {
    /// The practice data, as of an instant.
    pub fn practice(at: Timestamp) -> Self {
        let units: BTreeMap<_, _> = practice::units(at).map(|unit| (unit.number.clone(), unit)).collect();
        Self { listed: units.clone(), units, listed_at: at, feeds: [Vec::new(), Vec::new()] }
    }

    /// Adds made-up sub-units, and a feed of what became of them after the files were made.
    pub fn with_synthetic(mut self, units: usize, entries: usize, seed: u64) -> Self {
        synthetic::extend(&mut self, units, entries, seed);
        self
    }

    /// How many units and entries there are.
    pub fn size(&self) -> (usize, usize) {
        (self.units.len(), self.feeds.iter().map(Vec::len).sum())
    }

    /// Changes a unit, now, and tells of it in its feed. Says what is wrong with the wish otherwise.
    pub(crate) fn change(&mut self, number: &str, wish: &Value, now: Timestamp) -> Result<Value, String> {
        let wishes = wish.as_object().ok_or("an object is expected, such as {\"employees\": 15}")?;
        let unit = self.units.get_mut(number).ok_or("there is no such unit; GET /stub/units lists them")?;
        let day = now.strftime("%Y-%m-%d").to_string();
        let mut change = "Endring";
        for (name, value) in wishes {
            match (name.as_str(), value) {
                ("employees", Value::Number(count)) => {
                    let count = count.as_u64().and_then(|count| u32::try_from(count).ok());
                    unit.employees = Employees::of(count.ok_or("employees: a whole number is expected")?);
                    unit.employees_on.clone_from(&day);
                }
                ("name", Value::String(text)) => unit.name.clone_from(text),
                ("parent", Value::String(text)) => unit.parent = Some(text.clone()),
                ("owner", Value::String(text)) => unit.owner = Some(text.clone()),
                ("municipality", Value::String(text)) => {
                    let known = crate::places::MUNICIPALITIES.iter().find(|(number, _)| number == text);
                    unit.municipality = known.ok_or("municipality: the stub knows those of Rogaland")?.0;
                }
                ("deleted", Value::Bool(true)) => {
                    unit.deleted_on = Some(day.clone());
                    change = "Sletting";
                }
                ("deleted", Value::Bool(false)) => unit.deleted_on = None,
                ("removed", Value::Bool(true)) => {
                    unit.is_removed = true;
                    change = "Fjernet";
                }
                _ => {
                    return Err(format!(
                        "{name}: employees, name, parent, owner, municipality, deleted and removed can be set"
                    ));
                }
            }
        }
        unit.written_at = now;
        let feed = &mut self.feeds[usize::from(unit.is_sub)];
        let last = feed.last();
        let id = last.map_or(FIRST_ID, |last| last.id + 1);
        // Entries are in order of time, however the clock goes.
        let at = last.map_or(now, |last| {
            now.max(last.at.saturating_add(SignedDuration::from_millis(1)).unwrap_or(now))
        });
        feed.push(Entry { id, at, number: number.to_owned(), change });
        Ok(json!({ "oppdateringsid": id, "endringstype": change }))
    }
}

/// The first id of a feed.
pub(crate) const FIRST_ID: i64 = 25_000_000;

/// Organisation numbers of the series that is set aside for test data (it begins with 2).
pub(crate) fn test_numbers() -> impl Iterator<Item = String> {
    (20_000_000..30_000_000).filter_map(with_check_digit)
}

/// The check digit after eight digits, where there is one (modulus 11; Brønnøysundregistrene).
pub(crate) fn with_check_digit(head: u32) -> Option<String> {
    let digits = format!("{head:08}");
    let sum: u32 = digits
        .bytes()
        .zip([3, 2, 7, 6, 5, 4, 3, 2])
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = (11 - sum % 11) % 11;
    (check < 10).then(|| format!("{digits}{check}"))
}
