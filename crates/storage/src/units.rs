//! Schools and kindergartens of organisations that plans may rest on.

use diesel::prelude::*;
use tildel_domain::id::{OrganisationId, UnitId};
use tildel_domain::unit::Unit;

use crate::columns::{DbDate, DbId};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::changes::units;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    units[id] => Unit {
        id: DbId,
        number: String,
        organisation_id: DbId,
        name: String,
        unit_kind: String,
        ownership: Option<String>,
        municipality_number: Option<String>,
        since: DbDate,
        ended_on: Option<DbDate>,
        version: i64,
    }
}

repository! { units: Unit, UnitId }

/// Which units to list.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// Of this organisation.
    pub organisation_id: Option<OrganisationId>,
    /// With this number.
    pub number: Option<String>,
}

/// A page of units.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &UnitFilter, request: &PageRequest) -> Result<Page<Unit>, StorageError> {
    let mut query = units::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        units::organisation_id => filter.organisation_id.map(key),
        units::number => filter.number.as_deref(),
    }
    load_page!(db, units, query, request)
}

/// Those with these numbers that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn with_numbers(db: &mut Db, numbers: &[&str]) -> Result<Vec<Unit>, StorageError> {
    let wanted = units::number.eq_any(numbers.iter().copied());
    load_all!(db, units, units::table.select(Row::COLUMNS).filter(wanted))
}
