//! Legal entities.

use diesel::prelude::*;
use tildel_domain::id::OrganisationId;
use tildel_domain::organisation::{Organisation, OrganisationKind};

use crate::columns::{DbDate, DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::registry::organisations;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    organisations[id] => Organisation {
        id: DbId,
        number: String,
        name: String,
        kind: String,
        municipality_number: Option<String>,
        language: String,
        placeholder: bool,
        ceased_on: Option<DbDate>,
        successors: DbJson,
        version: i64,
    }
}

repository! { organisations: Organisation, OrganisationId }

/// Which organisations to list.
#[derive(Clone, Debug, Default)]
pub struct OrganisationFilter {
    /// With this number.
    pub number: Option<String>,
    /// Of this kind.
    pub kind: Option<OrganisationKind>,
}

/// A page of organisations.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &OrganisationFilter,
    request: &PageRequest,
) -> Result<Page<Organisation>, StorageError> {
    let mut query = organisations::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        organisations::number => filter.number.as_deref(),
        organisations::kind => filter.kind.map(OrganisationKind::as_str),
    }
    load_page!(db, organisations, query, request)
}

/// Those with these numbers that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn with_numbers(db: &mut Db, numbers: &[&str]) -> Result<Vec<Organisation>, StorageError> {
    let wanted = organisations::number.eq_any(numbers.iter().copied());
    load_all!(db, organisations, organisations::table.select(Row::COLUMNS).filter(wanted))
}

/// Those of these ids that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_many(db: &mut Db, ids: &[OrganisationId]) -> Result<Vec<Organisation>, StorageError> {
    let wanted = organisations::id.eq_any(ids.iter().copied().map(key));
    load_all!(db, organisations, organisations::table.select(Row::COLUMNS).filter(wanted))
}

/// Those that ceased, the oldest first. They are few, so they are walked in memory.
#[tracing::instrument(level = "debug", skip_all)]
pub fn ceased(db: &mut Db) -> Result<Vec<Organisation>, StorageError> {
    let gone = organisations::ceased_on.is_not_null();
    load_all!(db, organisations, organisations::table.select(Row::COLUMNS).filter(gone))
}
