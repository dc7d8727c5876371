//! One party's headcounts in a year: the newest records, and what stands in for a missing number.
//!
//! The newest record dated in or before the year holds, so that a change dated in a later year leaves the year
//! untouched (rule 10). A withheld count is assumed and an unknown one is missing, never zero (rule 12).

use jiff::civil::Date;

use super::index::{Organisation, Rules, fitting};
use super::result::{Flag, FlagCode};
use crate::model::CountFilter;
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
) -> Counted {
    let newest = group.records.iter().map(|record| record.date).max();
    found(rules, organisation, filter, group, (newest, false), year, flags)
}

/// Counts a group as of a day: by the newest records up to it, else by the earliest after it, which is flagged.
pub(super) fn count_on(
    rules: &Rules<'_>,
    organisation: &Organisation<'_>,
    filter: CountFilter,
    group: &Group<'_>,
    day: Date,
    flags: &mut Vec<Flag>,
) -> Counted {
    let dates = || group.records.iter().map(|record| record.date);
    let newest = dates().filter(|date| *date <= day).max();
    let backdated = newest.is_none();
    let date = newest.or_else(|| dates().min());
    found(rules, organisation, filter, group, (date, backdated), day.year(), flags)
}

fn found(
    rules: &Rules<'_>,
    organisation: &Organisation<'_>,
    filter: CountFilter,
    group: &Group<'_>,
    (date, backdated): (Option<Date>, bool),
    year: i16,
    flags: &mut Vec<Flag>,
) -> Counted {
    let mut newest = group.records.iter().copied().filter(|record| Some(record.date) == date);
    let first = newest.next();
    let mut several: Vec<&HeadcountRecord> = Vec::new();
    if let (Some(first), Some(second)) = (first, newest.next()) {
        several.extend([first, second]);
        several.extend(newest);
        // Facts before practice values among those of one source.
        several.sort_by(|left, right| (&left.source, left.practice).cmp(&(&right.source, right.practice)));
    }
    // One record is the rule, and needs no list.
    let mut records: &[&HeadcountRecord] = if several.is_empty() { first.as_slice() } else { &several };
    let mut raise = |flag: Flag| {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    };
    let flag = |code| Flag {
        code,
        organisation: Some(organisation.input.number.clone()),
        unit_kind: Some(filter.unit_kind),
        measure: Some(filter.measure),
        ownership: group.ownership,
        date: None,
        assumed: None,
    };
    let conflict = records.windows(2).any(|pair| pair[0].value != pair[1].value);
    let mut contradicting = Vec::new();
    let count = match records.first() {
        None => {
            raise(flag(FlagCode::HeadcountUnknown));
            None
        }
        Some(_) if conflict => {
            raise(Flag { date, ..flag(FlagCode::HeadcountConflict) });
            contradicting.extend_from_slice(records);
            contradicting.sort_by_cached_key(|record| {
                (value_text(record.value), record.source.clone(), record.practice)
            });
            records = &contradicting;
            None
        }
        Some(record) => {
            let count = match record.value {
                Headcount::Known(count) => Some(count),
                Headcount::Withheld => {
                    let assumed = rules.model.withheld_assumed;
                    raise(Flag { assumed: Some(assumed), ..flag(FlagCode::WithheldAssumed) });
                    Some(assumed)
                }
                Headcount::NoneRegistered => {
                    raise(flag(FlagCode::NoneRegistered));
                    Some(Quantity::ZERO)
                }
                Headcount::Unknown => {
                    raise(flag(FlagCode::HeadcountUnknown));
                    None
                }
            };
            if record.practice {
                raise(flag(FlagCode::PracticeHeadcount));
            }
            records = &records[..1];
            count
        }
    };
    if backdated && date.is_some() {
        raise(flag(FlagCode::HeadcountBackdated));
    }
    if ceased(organisation, year) {
        raise(flag(FlagCode::PredecessorCounts));
    }
    let step = Step {
        subject: Some(Box::new(StepSubject {
            organisation: organisation.number.clone(),
            organisation_name: organisation.name.clone(),
            unit_kind: filter.unit_kind,
            measure: filter.measure,
            ownership: group.ownership,
        })),
        inputs: records.iter().map(|record| input_of(organisation, record)).collect(),
        result: count.map(|count| count.text()),
        ..Step::empty(StepKind::Headcount)
    };
    Counted { count, step }
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
        value: value_text(record.value),
        ..StepInput::plain("headcount", Text::new())
    }
}
