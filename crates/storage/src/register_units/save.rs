use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::register::{Difference, RegisterKey, RegisterUnit, RegisterUnitState};

use super::row::Row;
use crate::columns::{DbInstant, truncate_to_micros};
use crate::db::on_each_backend;
use crate::schema::registers::{register_removals, register_units};
use crate::{Db, StorageError};

/// Rows of one statement: fifteen values each, and `SQLite` takes 32 766, `PostgreSQL` 65 535.
const ROWS_MAX: usize = 2000;

/// What a register says of a unit since an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewState {
    /// Since when.
    pub since: Timestamp,
    /// What.
    pub unit: RegisterUnit,
}

/// Writes states of one register, at most a thousand at once, and returns what differs from what stood.
#[tracing::instrument(level = "debug", skip_all)]
pub fn save(
    db: &mut Db,
    register: RegisterKey,
    states: &[NewState],
) -> Result<Vec<Difference>, StorageError> {
    let mut waiting: Vec<NewState> = states
        .iter()
        .map(|state| NewState { since: truncate_to_micros(state.since), unit: state.unit.clone() })
        .collect();
    // A stable order: of one instant, the one that came later comes later.
    waiting.sort_by(|left, right| (left.since, &left.unit.number).cmp(&(right.since, &right.unit.number)));
    let mut differences = Vec::new();
    while !waiting.is_empty() {
        // Each unit once, with the oldest of its states: so it does not matter which states come together.
        let mut round: BTreeMap<String, NewState> = BTreeMap::new();
        let mut later = Vec::new();
        for state in waiting {
            if round.contains_key(&state.unit.number) {
                later.push(state);
            } else {
                round.insert(state.unit.number.clone(), state);
            }
        }
        save_round(db, register, round, &mut differences)?;
        waiting = later;
    }
    Ok(differences)
}

fn save_round(
    db: &mut Db,
    register: RegisterKey,
    round: BTreeMap<String, NewState>,
    differences: &mut Vec<Difference>,
) -> Result<(), StorageError> {
    let numbers: Vec<&str> = round.keys().map(String::as_str).collect();
    let mut standing = standing(db, register, &numbers)?;
    let removals = removals(db, &numbers)?;
    let mut replaced = Vec::new();
    let mut rows = Vec::new();
    for (number, new) in round {
        if removals.get(&number).is_some_and(|removed| new.since <= *removed) {
            continue;
        }
        let before = match standing.remove(&number) {
            None => None,
            Some(state) if new.since < state.since || says_the_same(register, &state.unit, &new.unit) => {
                continue;
            }
            Some(state) => Some(state),
        };
        rows.push(Row::of(register, DbInstant(new.since), &new.unit)?);
        if let Some(before) = &before {
            replaced.push(number);
            if before.since < new.since {
                let mut closed = Row::of(register, DbInstant(before.since), &before.unit)?;
                closed.until = Some(DbInstant(new.since));
                rows.push(closed);
            }
        }
        differences.push(Difference {
            register,
            since: new.since,
            before: before.map(|state| state.unit),
            after: Some(new.unit),
        });
    }
    // What stood is written anew with its end: two statements, however many ends there are.
    if !replaced.is_empty() {
        let ended = register_units::table
            .filter(register_units::until.is_null())
            .filter(register_units::register.eq(register.as_str()))
            .filter(register_units::number.eq_any(&replaced));
        let deleted = diesel::delete(ended).execute(db)?;
        StorageError::expect_rows("register_units", replaced.len(), deleted)?;
    }
    insert(db, rows)
}

/// Udir's registers do not say of when a headcount is, so there its day alone is nothing new: rows are written anew without a change.
fn says_the_same(register: RegisterKey, standing: &RegisterUnit, new: &RegisterUnit) -> bool {
    if register == RegisterKey::Enhetsregisteret {
        return standing == new;
    }
    *standing == RegisterUnit { headcount_on: standing.headcount_on, ..new.clone() }
}

fn insert(db: &mut Db, rows: Vec<Row>) -> Result<(), StorageError> {
    for rows in rows.chunks(ROWS_MAX) {
        let (expected, rows) = (rows.len(), rows.to_vec());
        let inserted = on_each_backend!(db, connection =>
            diesel::insert_into(register_units::table).values(rows).execute(connection))?;
        StorageError::expect_rows("register_units", expected, inserted)?;
    }
    Ok(())
}

fn standing(
    db: &mut Db,
    register: RegisterKey,
    numbers: &[&str],
) -> Result<BTreeMap<String, RegisterUnitState>, StorageError> {
    let rows: Vec<Row> = register_units::table
        .filter(register_units::until.is_null())
        .filter(register_units::register.eq(register.as_str()))
        .filter(register_units::number.eq_any(numbers))
        .load(db)?;
    rows.into_iter().map(|row| Ok((row.number.clone(), row.into_state()?))).collect()
}

fn removals(db: &mut Db, numbers: &[&str]) -> Result<BTreeMap<String, Timestamp>, StorageError> {
    let rows: Vec<(String, DbInstant)> =
        register_removals::table.filter(register_removals::number.eq_any(numbers)).load(db)?;
    Ok(rows.into_iter().map(|(number, since)| (number, since.0)).collect())
}

/// Deletes all that any register said of a unit, and keeps its number, so that nothing older brings it back. A removal that is older than what
/// Enhetsregisteret says by now is passed over. Returns what stood; none where the removal was passed over.
#[tracing::instrument(level = "debug", skip_all)]
pub fn purge(db: &mut Db, number: &str, since: Timestamp) -> Result<Option<Vec<Difference>>, StorageError> {
    let since = truncate_to_micros(since);
    let rows: Vec<Row> = register_units::table
        .filter(register_units::number.eq(number))
        .filter(register_units::until.is_null())
        .order(register_units::register.asc())
        .load(db)?;
    let states: Vec<RegisterUnitState> =
        rows.into_iter().map(Row::into_state).collect::<Result<_, StorageError>>()?;
    let is_back =
        |state: &RegisterUnitState| state.register == RegisterKey::Enhetsregisteret && state.since > since;
    if states.iter().any(is_back) {
        return Ok(None);
    }
    diesel::delete(register_units::table.filter(register_units::number.eq(number))).execute(db)?;
    let known = removals(db, &[number])?.remove(number);
    if known.is_none_or(|known| known < since) {
        diesel::delete(register_removals::table.find(number)).execute(db)?;
        let row = (register_removals::number.eq(number), register_removals::since.eq(DbInstant(since)));
        diesel::insert_into(register_removals::table).values(row).execute(db)?;
    }
    let purged = states.into_iter().map(|state| Difference {
        register: state.register,
        since,
        before: Some(state.unit),
        after: None,
    });
    Ok(Some(purged.collect()))
}
