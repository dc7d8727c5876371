//! One party's headcount in a year: the newest record, and what stands in for a missing number.

use super::{Flag, HeadcountSubject};
use crate::trace::{Component, Step, TraceInput, TraceValue};
use crate::{FundingModel, Headcount, HeadcountRecord, Measure, PartyInput, Quantity, UnitKind};

/// A headcount found for a year: its step, its flags, and the number if there is one.
pub(super) struct Counted {
    pub(super) count: Option<Quantity>,
    pub(super) flags: Vec<Flag>,
    pub(super) step: Step,
}

/// Counts one unit kind and measure of a party for a year.
///
/// The newest record dated in or before the year holds, so that a change dated in a later year leaves the year
/// untouched (rule 10). A withheld count is assumed and an unknown one is missing, never zero (rule 12).
pub(super) fn count_party(
    model: &FundingModel,
    party: &PartyInput,
    unit_kind: UnitKind,
    measure: Measure,
    year: i16,
) -> Counted {
    let subject = HeadcountSubject {
        organisation_number: party.organisation_number.clone(),
        name: party.name.clone(),
        unit_kind,
        measure,
    };
    let newest = newest_records(&party.headcounts, unit_kind, measure, year);
    let (count, mut flags) = judge(model, &subject, &newest);
    if count.is_some() && newest.first().is_some_and(|record| record.practice) {
        flags.push(Flag::PracticeHeadcount(subject.clone()));
    }
    let step = Step {
        component: Component::Headcount,
        rule: model.key.clone(),
        rule_version: model.version,
        legal_basis: model.legal_basis.clone(),
        formula: "newest headcount dated in or before the year".to_owned(),
        subject: Some(subject),
        inputs: newest.into_iter().map(input_of).collect(),
        result: count.map_or(TraceValue::Missing, TraceValue::Count),
        rounding: None,
        steps: Vec::new(),
    };
    Counted { count, flags, step }
}

/// The records of the newest date in or before the year, facts before practice values. Records that agree are
/// one, so that a second source for the same number changes nothing.
fn newest_records(
    headcounts: &[HeadcountRecord],
    unit_kind: UnitKind,
    measure: Measure,
    year: i16,
) -> Vec<&HeadcountRecord> {
    let mut newest: Vec<&HeadcountRecord> = Vec::new();
    let candidates = headcounts.iter().filter(|record| {
        record.unit_kind == unit_kind && record.measure == measure && record.date.year() <= year
    });
    for record in candidates {
        match newest.first().map(|first| first.date.cmp(&record.date)) {
            Some(std::cmp::Ordering::Greater) => continue,
            Some(std::cmp::Ordering::Less) => newest.clear(),
            Some(std::cmp::Ordering::Equal) | None => {}
        }
        newest.push(record);
    }
    newest.sort_unstable_by_key(|record| (record.value, record.practice, &record.source));
    newest.dedup_by_key(|record| record.value);
    newest
}

/// The number that the records give, and what must be said of it.
fn judge(
    model: &FundingModel,
    subject: &HeadcountSubject,
    newest: &[&HeadcountRecord],
) -> (Option<Quantity>, Vec<Flag>) {
    let Some((record, others)) = newest.split_first() else {
        return (None, vec![Flag::HeadcountUnknown(subject.clone())]);
    };
    if !others.is_empty() {
        return (None, vec![Flag::HeadcountConflict { subject: subject.clone(), date: record.date }]);
    }
    match record.value {
        Headcount::Known(count) => (Some(count), Vec::new()),
        Headcount::Withheld => {
            let assumed = model.withheld_assumed;
            (Some(assumed), vec![Flag::WithheldAssumed { subject: subject.clone(), assumed }])
        }
        Headcount::NoneRegistered => (Some(Quantity::ZERO), vec![Flag::NoneRegistered(subject.clone())]),
        Headcount::Unknown => (None, vec![Flag::HeadcountUnknown(subject.clone())]),
    }
}

fn input_of(record: &HeadcountRecord) -> TraceInput {
    TraceInput {
        label: "headcount".to_owned(),
        value: TraceValue::Headcount(record.value),
        source: Some(record.source.clone()),
        date: Some(record.date),
        practice: record.practice,
    }
}
