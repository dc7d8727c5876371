//! What Statistics Norway counts in municipalities.

use std::collections::BTreeMap;

use diesel::prelude::*;
use tildel_domain::allocation::UnitKind;
use tildel_domain::control_total::ControlTotal;

use crate::columns::{DbInstant, DbJson, truncate_to_micros};
use crate::db::on_each_backend;
use crate::schema::registers::control_totals;
use crate::stored::Stored;
use crate::{Db, Place, StorageError};

/// Rows of one statement: nine values each.
const ROWS_MAX: usize = 1000;

/// A row, in the order of the table.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = control_totals)]
struct Row {
    unit_kind: String,
    municipality_number: String,
    year: i64,
    measure: String,
    table_id: String,
    contents: String,
    value: DbJson,
    tolerance_percent: i64,
    since: DbInstant,
}

impl Row {
    fn of(total: &ControlTotal) -> Result<Self, StorageError> {
        let at = |column| Place::new("control_totals", &total.municipality_number, column);
        Ok(Self {
            unit_kind: total.unit_kind.to_column(&at("unit_kind"))?,
            municipality_number: total.municipality_number.clone(),
            year: total.year.into(),
            measure: total.measure.to_column(&at("measure"))?,
            table_id: total.table.clone(),
            contents: total.contents.clone(),
            value: total.value.to_column(&at("value"))?,
            tolerance_percent: total.tolerance_percent.into(),
            since: DbInstant(truncate_to_micros(total.since)),
        })
    }

    fn into_total(self) -> Result<ControlTotal, StorageError> {
        let municipality_number = self.municipality_number;
        let at = |column| Place::new("control_totals", &municipality_number, column);
        Ok(ControlTotal {
            unit_kind: Stored::from_column(self.unit_kind, &at("unit_kind"))?,
            year: Stored::from_column(self.year, &at("year"))?,
            measure: Stored::from_column(self.measure, &at("measure"))?,
            table: self.table_id,
            contents: self.contents,
            value: Stored::from_column(self.value, &at("value"))?,
            tolerance_percent: Stored::from_column(self.tolerance_percent, &at("tolerance_percent"))?,
            since: self.since.0,
            municipality_number,
        })
    }
}

/// Which totals to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlTotalFilter {
    /// Of these units.
    pub unit_kind: Option<UnitKind>,
    /// Of the end of this year; of the newest of each kind where none is given.
    pub year: Option<i16>,
}

/// Totals by kind and number.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list(db: &mut Db, filter: ControlTotalFilter) -> Result<Vec<ControlTotal>, StorageError> {
    let mut query = control_totals::table.into_boxed();
    if let Some(kind) = filter.unit_kind {
        let kind: String = kind.to_column(&Place::new("control_totals", "filter", "unit_kind"))?;
        query = query.filter(control_totals::unit_kind.eq(kind));
    }
    if let Some(year) = filter.year {
        query = query.filter(control_totals::year.eq(i64::from(year)));
    }
    let mut rows: Vec<Row> = query.load(db)?;
    if filter.year.is_none() {
        let mut newest: BTreeMap<String, i64> = BTreeMap::new();
        for row in &rows {
            let year = newest.entry(row.unit_kind.clone()).or_insert(row.year);
            *year = row.year.max(*year);
        }
        rows.retain(|row| newest.get(&row.unit_kind) == Some(&row.year));
    }
    let mut totals: Vec<ControlTotal> = rows.into_iter().map(Row::into_total).collect::<Result<_, _>>()?;
    totals.sort_unstable();
    Ok(totals)
}

/// Writes all totals of a kind at the end of some years; what stands of these years beside them goes. Returns how many came, went or say otherwise.
#[tracing::instrument(level = "debug", skip_all)]
pub fn save(db: &mut Db, kind: UnitKind, given: &[ControlTotal]) -> Result<usize, StorageError> {
    let mut by_year: BTreeMap<i16, BTreeMap<&str, &ControlTotal>> = BTreeMap::new();
    for total in given {
        by_year.entry(total.year).or_default().insert(&total.municipality_number, total);
    }
    let kind_text: String = kind.to_column(&Place::new("control_totals", "save", "unit_kind"))?;
    let mut changed = 0;
    for (year, given) in by_year {
        let standing = list(db, ControlTotalFilter { unit_kind: Some(kind), year: Some(year) })?;
        let standing: BTreeMap<&str, &ControlTotal> =
            standing.iter().map(|total| (total.municipality_number.as_str(), total)).collect();
        let stands = |total: &ControlTotal| {
            let own = standing.get(total.municipality_number.as_str());
            own.is_some_and(|own| ControlTotal { since: own.since, ..total.clone() } == **own)
        };
        let come: Vec<&ControlTotal> = given.values().copied().filter(|total| !stands(total)).collect();
        let replaced = come.iter().filter(|total| standing.contains_key(total.municipality_number.as_str()));
        let gone: Vec<&str> = standing.keys().copied().filter(|number| !given.contains_key(number)).collect();
        changed += come.len() + gone.len();
        let leave: Vec<&str> = replaced.map(|total| total.municipality_number.as_str()).chain(gone).collect();
        let expected = leave.len();
        let leaving = control_totals::table
            .filter(control_totals::unit_kind.eq(&kind_text))
            .filter(control_totals::year.eq(i64::from(year)))
            .filter(control_totals::municipality_number.eq_any(leave));
        let deleted = diesel::delete(leaving).execute(db)?;
        StorageError::expect_rows("control_totals", expected, deleted)?;
        let rows: Vec<Row> = come.into_iter().map(Row::of).collect::<Result<_, StorageError>>()?;
        for rows in rows.chunks(ROWS_MAX) {
            let (expected, rows) = (rows.len(), rows.to_vec());
            let inserted = on_each_backend!(db, connection =>
                diesel::insert_into(control_totals::table).values(rows).execute(connection))?;
            StorageError::expect_rows("control_totals", expected, inserted)?;
        }
    }
    Ok(changed)
}
