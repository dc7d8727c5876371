//! Scenarios: plans that nobody follows. They stand in one table, so that nothing of them is anywhere else.

use diesel::prelude::*;
use tildel_domain::id::{OfficeId, ScenarioId, SchemeId};
use tildel_domain::scenario::Scenario;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_page, narrow, repository, row};
use crate::schema::money::scenarios;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    scenarios[id] => Scenario {
        id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        name: String,
        changes: DbJson,
        created_by: DbId,
        created_at: DbInstant,
        outcome: Option<DbJson>,
        version: i64,
    }
}

repository! { scenarios: Scenario, ScenarioId }

/// Takes one away where it still has the version that was read.
///
/// # Errors
/// [`StorageError::RowCount`] where another wrote it since, or what the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn delete(db: &mut Db, scenario: &Scenario) -> Result<(), StorageError> {
    let standing = scenarios::table
        .filter(scenarios::id.eq(key(scenario.id)))
        .filter(scenarios::version.eq(scenario.version));
    let deleted = diesel::delete(standing).execute(db)?;
    StorageError::expect_rows("scenarios", 1, deleted)
}

/// Which scenarios to list.
#[derive(Clone, Debug, Default)]
pub struct ScenarioFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// Of this office alone, as the caller may see no other's.
    pub visible_office: Option<OfficeId>,
}

/// A page of scenarios.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &ScenarioFilter,
    request: &PageRequest,
) -> Result<Page<Scenario>, StorageError> {
    let mut query = scenarios::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        scenarios::office_id => filter.office_id.map(key),
        scenarios::office_id => filter.visible_office.map(key),
        scenarios::scheme_id => filter.scheme_id.map(key),
    }
    load_page!(db, scenarios, query, request)
}
