//! Headcounts of organisations. They are only added: a newer one does not change what an older one said.

use diesel::prelude::*;
use tildel_domain::allocation::{CountedUnit, HeadcountRecord};
use tildel_domain::id::{HeadcountId, OrganisationId};
use tildel_domain::organisation::OrganisationHeadcount;

use crate::columns::{DbDate, DbId, DbJson};
use crate::repository::{inserting, load_all, load_page, narrow, reading};
use crate::schema::registry::headcounts;
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

/// A unit stands in two columns and is one field, so this row is written out, in the order of the table.
#[derive(Queryable, Insertable)]
#[diesel(table_name = headcounts)]
struct Row {
    id: DbId,
    organisation_id: DbId,
    unit_kind: String,
    measure: String,
    counted_on: DbDate,
    value: DbJson,
    source: String,
    practice: bool,
    ownership: Option<String>,
    unit_number: Option<String>,
    unit_name: Option<String>,
    register: Option<String>,
    reason: Option<String>,
    recorded_by: Option<DbId>,
    departs: bool,
}

impl Row {
    /// In the order of the fields.
    const COLUMNS: <headcounts::table as Table>::AllColumns = headcounts::all_columns;

    fn of(headcount: &OrganisationHeadcount) -> Result<Self, StorageError> {
        let at = |column| Place::new("headcounts", headcount.id, column);
        let record = &headcount.record;
        Ok(Self {
            id: key(headcount.id),
            organisation_id: key(headcount.organisation_id),
            unit_kind: record.unit_kind.to_column(&at("unit_kind"))?,
            measure: record.measure.to_column(&at("measure"))?,
            ownership: record.ownership.to_column(&at("ownership"))?,
            counted_on: record.date.to_column(&at("counted_on"))?,
            value: record.value.to_column(&at("value"))?,
            source: record.source.clone(),
            practice: record.practice,
            unit_number: record.unit.as_ref().map(|unit| unit.number.clone()),
            unit_name: record.unit.as_ref().map(|unit| unit.name.clone()),
            register: headcount.register.to_column(&at("register"))?,
            reason: headcount.reason.clone(),
            recorded_by: headcount.recorded_by.to_column(&at("recorded_by"))?,
            departs: headcount.departs,
        })
    }

    fn into_thing(self) -> Result<OrganisationHeadcount, StorageError> {
        let id = self.id.0;
        let at = |column| Place::new("headcounts", id, column);
        let unit = match (self.unit_number, self.unit_name) {
            (Some(number), Some(name)) => Some(CountedUnit { number, name }),
            _ => None,
        };
        Ok(OrganisationHeadcount {
            id: id.into(),
            organisation_id: self.organisation_id.0.into(),
            record: HeadcountRecord {
                unit_kind: Stored::from_column(self.unit_kind, &at("unit_kind"))?,
                measure: Stored::from_column(self.measure, &at("measure"))?,
                ownership: Stored::from_column(self.ownership, &at("ownership"))?,
                date: Stored::from_column(self.counted_on, &at("counted_on"))?,
                value: Stored::from_column(self.value, &at("value"))?,
                source: self.source,
                practice: self.practice,
                unit,
            },
            register: Stored::from_column(self.register, &at("register"))?,
            reason: self.reason,
            recorded_by: Stored::from_column(self.recorded_by, &at("recorded_by"))?,
            departs: self.departs,
        })
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<OrganisationHeadcount>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { headcounts: OrganisationHeadcount, HeadcountId }
inserting! { headcounts: OrganisationHeadcount, pub insert }

/// Which headcounts to list.
#[derive(Clone, Debug, Default)]
pub struct HeadcountFilter {
    /// Of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Of this unit.
    pub unit_number: Option<String>,
}

/// A page of headcounts.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &HeadcountFilter,
    request: &PageRequest,
) -> Result<Page<OrganisationHeadcount>, StorageError> {
    let mut query = headcounts::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        headcounts::organisation_id => filter.organisation_id.map(key),
        headcounts::unit_number => filter.unit_number.as_deref(),
    }
    load_page!(db, headcounts, query, request)
}

/// All headcounts of these organisations, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(
    db: &mut Db,
    organisation_ids: &[OrganisationId],
) -> Result<Vec<OrganisationHeadcount>, StorageError> {
    let theirs = headcounts::organisation_id.eq_any(organisation_ids.iter().copied().map(key));
    load_all!(db, headcounts, headcounts::table.select(Row::COLUMNS).filter(theirs))
}

/// Lets the numbers of these units stand for their names, in all that was ever counted of them. Returns whose counts they are, with the
/// number of the unit.
#[tracing::instrument(level = "debug", skip_all)]
pub fn forget_unit_names(
    db: &mut Db,
    numbers: &[&str],
) -> Result<Vec<(OrganisationId, String)>, StorageError> {
    let numbers: Vec<Option<&str>> = numbers.iter().copied().map(Some).collect();
    let named = headcounts::unit_number
        .eq_any(&numbers)
        .and(headcounts::unit_name.is_not_null())
        .and(headcounts::unit_name.ne(headcounts::unit_number));
    let theirs: Vec<(DbId, Option<String>)> = headcounts::table
        .filter(named.clone())
        .select((headcounts::organisation_id, headcounts::unit_number))
        .distinct()
        .order((headcounts::organisation_id, headcounts::unit_number))
        .load(db)?;
    if !theirs.is_empty() {
        let update = diesel::update(headcounts::table.filter(named));
        update.set(headcounts::unit_name.eq(headcounts::unit_number)).execute(db)?;
    }
    Ok(theirs.into_iter().filter_map(|(id, number)| Some((id.0.into(), number?))).collect())
}
