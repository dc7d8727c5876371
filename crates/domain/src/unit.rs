//! Schools and kindergartens: the places of work whose people an organisation is counted by.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tildel_allocation::{CountedUnit, Headcount, HeadcountRecord, Measure, Ownership, UnitKind};

use crate::Entry;
use crate::id::{OrganisationId, UnitId};
use crate::organisation::OrganisationKind;
use crate::register::RegisterKey;

/// A school or a kindergarten of an organisation that plans may rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Id.
    pub id: UnitId,
    /// The organisation number of the unit itself.
    pub number: String,
    /// The organisation that it is of.
    pub organisation_id: OrganisationId,
    /// The name, as the register writes it.
    pub name: String,
    /// The kind.
    pub unit_kind: UnitKind,
    /// Whether its owner is private or public, where a register says so.
    pub ownership: Option<Ownership>,
    /// The municipality number as of today; never a key, as it is valid in a period only.
    pub municipality_number: Option<String>,
    /// The day since when it is of the organisation, as far as known.
    pub since: Date,
    /// The day it closed.
    pub ended_on: Option<Date>,
    /// The version, counted up by each write.
    pub version: i64,
}

impl Unit {
    /// The entry for the journal when it is followed for the first time.
    pub fn follow(&self) -> Entry {
        Entry::new("unit.create", "unit", self.id).with("number", self.number.as_str())
    }

    /// The entry for the journal when a change of a register is applied to it.
    pub fn changed(&self) -> Entry {
        Entry::new("unit.update", "unit", self.id).with("number", self.number.as_str())
    }

    /// A register removed it for legal reasons: its number stands for its name.
    pub fn forget_name(&mut self) -> Entry {
        self.name.clone_from(&self.number);
        Entry::new("unit.forget", "unit", self.id).with("number", self.number.as_str())
    }

    /// Whether it is private or public: as a register says of it, else as the other units of its organisation are, else as its owner is.
    /// A record that does not tell would go before those of all other units that do.
    pub fn ownership_among(
        &self,
        records: &[HeadcountRecord],
        owner: OrganisationKind,
        day: Date,
    ) -> Option<Ownership> {
        let of_others = records.iter().filter(|record| {
            let other = record.unit.as_ref().is_some_and(|counted| counted.number != self.number);
            other && record.unit_kind == self.unit_kind && record.date <= day
        });
        let told: BTreeSet<Option<Ownership>> = of_others.map(|record| record.ownership).collect();
        let agreed = told.first().copied().flatten().filter(|_| told.len() == 1);
        self.ownership.or(agreed).or(owner.ownership())
    }

    /// What a register says of its employees on a day, as it is recorded beside what is recorded already. Records that do not tell
    /// ownership apart go before those that do, so among them one that tells would not be seen.
    pub fn employees(
        &self,
        beside: &[HeadcountRecord],
        ownership: Option<Ownership>,
        (date, value, register): (Date, Headcount, RegisterKey),
    ) -> HeadcountRecord {
        let measure = Measure::Employees;
        let is_together = beside.iter().any(|record| {
            let same = (record.unit_kind, record.measure) == (self.unit_kind, measure);
            same && record.ownership.is_none() && record.date <= date
        });
        HeadcountRecord {
            unit_kind: self.unit_kind,
            measure,
            ownership: ownership.filter(|_| !is_together),
            date,
            value,
            source: register.title().to_owned(),
            practice: false,
            unit: Some(self.counted()),
        }
    }

    /// As headcounts name it.
    pub fn counted(&self) -> CountedUnit {
        CountedUnit { number: self.number.clone(), name: self.name.clone() }
    }
}
