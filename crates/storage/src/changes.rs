//! What registers say otherwise than before.

use diesel::prelude::*;
use tildel_domain::change::{Change, ChangeKind, ChangeState};
use tildel_domain::id::{ChangeId, OfficeId, OrganisationId, SchemeId};
use tildel_domain::register::RegisterKey;

use crate::columns::{DbDate, DbId, DbInstant, DbJson};
use crate::db::on_each_backend;
use crate::repository::{inserting, load_all, load_locked, load_page, narrow, reading, row, updating};
use crate::schema::awards::grants;
use crate::schema::changes::{change_offices, changes};
use crate::schema::rounds::application_parties;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    changes[id] => Change {
        id: DbId,
        register: String,
        unit_number: String,
        organisation_id: DbId,
        to_organisation_id: Option<DbId>,
        kind: String,
        effective_on: DbDate,
        since: DbInstant,
        before: Option<DbJson>,
        after: Option<DbJson>,
        related: DbJson,
        fetch_id: DbId,
        state: String,
        touches: DbJson,
        effect: Option<DbJson>,
        decided_by: Option<DbId>,
        decided_at: Option<DbInstant>,
        reason: Option<String>,
        created_at: DbInstant,
        version: i64,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<Change>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { changes: Change, ChangeId }
inserting! { changes: Change, insert_row }
updating! { changes: Change, update_row }

/// Writes one for the first time, with the offices that it touches.
///
/// # Errors
/// The constraint that it breaks, or what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn insert(db: &mut Db, change: &Change) -> Result<(), StorageError> {
    insert_row(db, change)?;
    touch(db, change)
}

/// Writes one back where it still has the version that was read, and counts the version up, here and there. Offices that it has come to
/// touch are added.
///
/// # Errors
/// [`StorageError::RowCount`] where another wrote it since; the constraint that it breaks, or what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn update(db: &mut Db, change: &mut Change) -> Result<(), StorageError> {
    update_row(db, change)?;
    touch(db, change)
}

fn touch(db: &mut Db, change: &Change) -> Result<(), StorageError> {
    for office_id in change.touches.offices() {
        let row =
            (change_offices::change_id.eq(key(change.id)), change_offices::office_id.eq(key(office_id)));
        on_each_backend!(db, connection => diesel::insert_into(change_offices::table)
            .values(row).on_conflict_do_nothing().execute(connection))?;
    }
    Ok(())
}

/// Which changes to list.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// In this state.
    pub state: Option<ChangeState>,
    /// Of this organisation, or of a unit that goes to it.
    pub organisation_id: Option<OrganisationId>,
    /// That touch this office.
    pub office_id: Option<OfficeId>,
    /// Of this unit, or of the organisation with this number.
    pub unit_number: Option<String>,
}

/// A page of changes.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &ChangeFilter, request: &PageRequest) -> Result<Page<Change>, StorageError> {
    let mut query = changes::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        changes::state => filter.state.map(ChangeState::as_str),
        changes::unit_number => filter.unit_number.as_deref(),
    }
    if let Some(id) = filter.organisation_id.map(key) {
        query =
            query.filter(changes::organisation_id.nullable().eq(id).or(changes::to_organisation_id.eq(id)));
    }
    if let Some(office_id) = filter.office_id {
        let touched = change_offices::table
            .filter(change_offices::office_id.eq(key(office_id)))
            .select(change_offices::change_id);
        query = query.filter(changes::id.eq_any(touched));
    }
    load_page!(db, changes, query, request)
}

/// Those of these ids that are known already.
#[tracing::instrument(level = "debug", skip_all)]
pub fn known(db: &mut Db, ids: &[ChangeId]) -> Result<Vec<ChangeId>, StorageError> {
    let wanted = changes::id.eq_any(ids.iter().copied().map(key));
    let found: Vec<DbId> = changes::table.filter(wanted).select(changes::id).load(db)?;
    Ok(found.into_iter().map(|DbId(id)| id.into()).collect())
}

/// The changes of a register on these units that wait for somebody, kept from others until the transaction ends.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock_waiting(
    db: &mut Db,
    register: RegisterKey,
    numbers: &[&str],
) -> Result<Vec<Change>, StorageError> {
    let query = changes::table
        .select(Row::COLUMNS)
        .filter(changes::register.eq(register.as_str()))
        .filter(changes::state.eq_any([ChangeState::Open.as_str(), ChangeState::Held.as_str()]))
        .filter(changes::unit_number.eq_any(numbers.iter().copied()))
        .order(changes::id);
    let rows: Vec<Row> = load_locked!(db, query);
    assemble(db, rows)
}

/// What was applied or accepted of what a register says of a unit.
#[tracing::instrument(level = "debug", skip_all)]
pub fn applied_to(db: &mut Db, register: RegisterKey, number: &str) -> Result<Vec<Change>, StorageError> {
    let applied = changes::state.eq_any([ChangeState::Applied.as_str(), ChangeState::Accepted.as_str()]);
    let of_it = changes::register.eq(register.as_str()).and(changes::unit_number.eq(number.to_owned()));
    load_all!(db, changes, changes::table.select(Row::COLUMNS).filter(of_it.and(applied)))
}

/// The changes that wait for somebody and rest on one organisation, or take a unit to it, the oldest first: what they would do may have
/// changed.
#[tracing::instrument(level = "debug", skip_all)]
pub fn waiting_for(db: &mut Db, organisation_id: OrganisationId) -> Result<Vec<Change>, StorageError> {
    let waits = changes::state.eq_any([ChangeState::Open.as_str(), ChangeState::Held.as_str()]);
    let id = key(organisation_id);
    let theirs = changes::organisation_id.nullable().eq(id).or(changes::to_organisation_id.eq(id));
    load_all!(db, changes, changes::table.select(Row::COLUMNS).filter(waits).filter(theirs))
}

/// The changes that wait for somebody and may touch the plan of an office and scheme: those that were found to touch it, and those of
/// organisations that are parties of one of its grants by now.
#[tracing::instrument(level = "debug", skip_all)]
pub fn waiting_in_plan(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
) -> Result<Vec<Change>, StorageError> {
    let planned = grants::table
        .filter(grants::office_id.eq(key(office_id)))
        .filter(grants::scheme_id.eq(key(scheme_id)))
        .select(grants::application_id);
    let parties: Vec<DbId> = application_parties::table
        .filter(application_parties::application_id.eq_any(planned))
        .select(application_parties::organisation_id)
        .distinct()
        .load(db)?;
    let waits = changes::state.eq_any([ChangeState::Open.as_str(), ChangeState::Held.as_str()]);
    let theirs = changes::organisation_id
        .eq_any(parties.clone())
        .nullable()
        .or(changes::to_organisation_id.eq_any(parties));
    let of_parties = changes::table.select(Row::COLUMNS).filter(waits.clone()).filter(theirs);
    let mut waiting: Vec<Change> = load_all!(db, changes, of_parties)?;
    let touched = change_offices::table
        .filter(change_offices::office_id.eq(key(office_id)))
        .select(change_offices::change_id);
    let of_office = changes::table.select(Row::COLUMNS).filter(waits).filter(changes::id.eq_any(touched));
    let mut touching: Vec<Change> = load_all!(db, changes, of_office)?;
    touching.retain(|change| change.touches.plans().contains(&(office_id, scheme_id)));
    waiting.append(&mut touching);
    waiting.sort_by_key(|change| change.id);
    waiting.dedup_by_key(|change| change.id);
    Ok(waiting)
}

/// The changes of one kind of an organisation and of what is its, the oldest first, whatever became of them.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_kind(
    db: &mut Db,
    organisation_id: OrganisationId,
    kind: ChangeKind,
) -> Result<Vec<Change>, StorageError> {
    let theirs = changes::organisation_id.eq(key(organisation_id)).and(changes::kind.eq(kind.as_str()));
    load_all!(db, changes, changes::table.select(Row::COLUMNS).filter(theirs))
}

/// All changes of these units, kept from others until the transaction ends.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock_of_units(db: &mut Db, numbers: &[&str]) -> Result<Vec<Change>, StorageError> {
    let query = changes::table
        .select(Row::COLUMNS)
        .filter(changes::unit_number.eq_any(numbers.iter().copied()))
        .order(changes::id);
    let rows: Vec<Row> = load_locked!(db, query);
    assemble(db, rows)
}
