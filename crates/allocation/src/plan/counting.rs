//! One party's headcounts in a year: the newest records, and what stands in for a missing number.
//!
//! The newest record dated in or before the year holds, so that a change dated in a later year leaves the year
//! untouched (rule 10). Where it is of one unit, the newest record of each unit counts. A withheld count is assumed and an unknown one is missing, never zero (rule 12).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::index::{Organisation, Rules, fitting};
use super::result::{Flag, FlagCode};
use crate::model::CountFilter;
use crate::money::Overflow;
use crate::text::{Shown, Text};
use crate::trace::{Step, StepInput, StepKind, StepSubject};
use crate::{Headcount, HeadcountRecord, Ownership, Quantity};

/// The records of one party and filter that are of one ownership.
pub(super) struct Group<'a> {
    pub(super) ownership: Option<Ownership>,
    pub(super) records: Vec<&'a HeadcountRecord>,
}

/// A headcount that was found: its step, and the number if there is one.
pub(super) struct Counted {
    pub(super) count: Option<Quantity>,
    pub(super) step: Step,
}

/// The groups of an organisation's records for a filter. Records that do not tell ownership apart go before those that do, as
/// both together would count people twice.
pub(super) fn groups<'a>(organisation: &Organisation<'a>, filter: CountFilter, year: i16) -> Vec<Group<'a>> {
    let mut records = fitting(organisation, filter, year);
    if filter.ownership.is_some() {
        return vec![Group { ownership: filter.ownership, records }];
    }
    if records.iter().any(|record| record.ownership.is_none()) {
        records.retain(|record| record.ownership.is_none());
    }
    if records.first().is_none_or(|record| record.ownership.is_none()) {
        return vec![Group { ownership: None, records }];
    }
    [Ownership::Private, Ownership::Public]
        .into_iter()
        .map(|ownership| {
            let theirs = |record: &&HeadcountRecord| record.ownership == Some(ownership);
            Group { ownership: Some(ownership), records: records.iter().copied().filter(theirs).collect() }
        })
        .filter(|group| !group.records.is_empty())
        .collect()
}

/// Counts a group by its newest records. Flags that are not there yet are added.
pub(super) fn count(
    rules: &Rules<'_>,
    organisation: &Organisation<'_>,
    filter: CountFilter,
    group: &Group<'_>,
    year: i16,
    flags: &mut Vec<Flag>,
) -> Result<Counted, Overflow> {
    let counting = Counting { rules, organisation, filter, ownership: group.ownership };
    counting.found(&group.records, false, year, flags)
}

/// Counts a group as of a day: by the newest records up to it, else by the earliest after it, which is flagged.
pub(super) fn count_on(
    rules: &Rules<'_>,
    organisation: &Organisation<'_>,
    filter: CountFilter,
    group: &Group<'_>,
    day: Date,
    flags: &mut Vec<Flag>,
) -> Result<Counted, Overflow> {
    let mut records: Vec<&HeadcountRecord> =
        group.records.iter().copied().filter(|record| record.date <= day).collect();
    let earliest = group.records.iter().map(|record| record.date).min();
    let backdated = records.is_empty() && earliest.is_some();
    if backdated {
        records = group.records.iter().copied().filter(|record| Some(record.date) == earliest).collect();
    }
    let counting = Counting { rules, organisation, filter, ownership: group.ownership };
    counting.found(&records, backdated, day.year(), flags)
}

/// What is counted.
struct Counting<'c, 'a> {
    rules: &'c Rules<'a>,
    organisation: &'c Organisation<'a>,
    filter: CountFilter,
    ownership: Option<Ownership>,
}

/// A count by the newest of some records, and the records that it is shown by.
struct Newest<'a> {
    count: Option<Quantity>,
    shown: Vec<&'a HeadcountRecord>,
}

impl<'a> Counting<'_, 'a> {
    fn found(
        &self,
        records: &[&'a HeadcountRecord],
        backdated: bool,
        year: i16,
        flags: &mut Vec<Flag>,
    ) -> Result<Counted, Overflow> {
        let mut raise = |flag: Flag| {
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        };
        let mut shown = Vec::new();
        let count = if counts_units(records) {
            let mut sum = Some(Quantity::ZERO);
            for (unit, theirs) in by_unit(records) {
                let newest = self.newest(&theirs, Some(unit), &mut raise);
                shown.extend(newest.shown);
                sum = match (sum, newest.count) {
                    (Some(sum), Some(count)) => Some(sum.checked_add(count)?),
                    _ => None,
                };
            }
            sum
        } else {
            // Counts of single units are older here, and the newer count is of all of them.
            let newest = self.newest(records, None, &mut raise);
            shown = newest.shown;
            newest.count
        };
        if backdated {
            raise(self.flag(FlagCode::HeadcountBackdated, None));
        }
        if ceased(self.organisation, year) {
            raise(self.flag(FlagCode::PredecessorCounts, None));
        }
        let step = Step {
            subject: Some(Box::new(StepSubject {
                organisation: self.organisation.number.clone(),
                organisation_name: self.organisation.name.clone(),
                unit_kind: self.filter.unit_kind,
                measure: self.filter.measure,
                ownership: self.ownership,
            })),
            inputs: shown.iter().map(|record| input_of(self.organisation, record)).collect(),
            result: count.map(|count| count.text()),
            ..Step::empty(StepKind::Headcount)
        };
        Ok(Counted { count, step })
    }

    /// Counts by the records of the newest date; more than one of them must agree.
    fn newest(
        &self,
        records: &[&'a HeadcountRecord],
        unit: Option<&str>,
        raise: &mut impl FnMut(Flag),
    ) -> Newest<'a> {
        let date = records.iter().map(|record| record.date).max();
        let mut shown: Vec<&HeadcountRecord> =
            records.iter().copied().filter(|record| Some(record.date) == date).collect();
        // Facts before practice values among those of one source.
        shown.sort_by_key(|record| (&record.source, record.practice, &record.unit));
        let Some(record) = shown.first().copied() else {
            raise(self.flag(FlagCode::HeadcountUnknown, unit));
            return Newest { count: None, shown };
        };
        if shown.iter().any(|other| other.value != record.value) {
            raise(Flag { date, ..self.flag(FlagCode::HeadcountConflict, unit) });
            shown.sort_by_cached_key(|record| {
                (value_text(record.value), record.source.clone(), record.practice, record.unit.clone())
            });
            return Newest { count: None, shown };
        }
        let count = match record.value {
            Headcount::Known(count) => Some(count),
            Headcount::Withheld => {
                let assumed = self.rules.model.withheld_assumed;
                raise(Flag { assumed: Some(assumed), ..self.flag(FlagCode::WithheldAssumed, unit) });
                Some(assumed)
            }
            Headcount::NoneRegistered => {
                raise(self.flag(FlagCode::NoneRegistered, unit));
                Some(Quantity::ZERO)
            }
            Headcount::Unknown => {
                raise(self.flag(FlagCode::HeadcountUnknown, unit));
                None
            }
        };
        if record.practice {
            raise(self.flag(FlagCode::PracticeHeadcount, unit));
        }
        shown.truncate(1);
        Newest { count, shown }
    }

    fn flag(&self, code: FlagCode, unit: Option<&str>) -> Flag {
        Flag {
            code,
            organisation: Some(self.organisation.input.number.clone()),
            unit_kind: Some(self.filter.unit_kind),
            measure: Some(self.filter.measure),
            ownership: self.ownership,
            unit: unit.map(str::to_owned),
            date: None,
            assumed: None,
        }
    }
}

/// Whether the newest of some records is of a unit: then the units are counted one by one.
fn counts_units(records: &[&HeadcountRecord]) -> bool {
    let newest = records.iter().map(|record| record.date).max();
    records.iter().any(|record| record.unit.is_some() && Some(record.date) == newest)
}

/// The records of each unit, in the order of their numbers; a unit without a record is none.
fn by_unit<'a>(records: &[&'a HeadcountRecord]) -> BTreeMap<&'a str, Vec<&'a HeadcountRecord>> {
    let mut units: BTreeMap<&str, Vec<&HeadcountRecord>> = BTreeMap::new();
    for record in records {
        if let Some(unit) = &record.unit {
            units.entry(&unit.number).or_default().push(record);
        }
    }
    units
}

/// Whether an organisation had ceased when a year began.
pub(super) fn ceased(organisation: &Organisation<'_>, year: i16) -> bool {
    organisation.input.ceased.is_some_and(|date| {
        date.year() < year || (date.year() == year && date.month() == 1 && date.day() == 1)
    })
}

fn value_text(value: Headcount) -> Text {
    match value {
        Headcount::Known(count) => count.text(),
        Headcount::Withheld => Text::inline("withheld"),
        Headcount::NoneRegistered => Text::inline("none_registered"),
        Headcount::Unknown => Text::inline("unknown"),
    }
}

fn input_of(organisation: &Organisation<'_>, record: &HeadcountRecord) -> StepInput {
    StepInput {
        date: Some(record.date),
        source: Some(organisation.source(record)),
        practice: record.practice,
        unit: record.unit.clone().map(Box::new),
        value: value_text(record.value),
        ..StepInput::plain("headcount", Text::new())
    }
}
