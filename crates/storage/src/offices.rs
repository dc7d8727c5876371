//! County governors' offices.

use diesel::prelude::*;
use tildel_domain::id::OfficeId;
use tildel_domain::scheme::Office;

use crate::columns::{DbId, DbJson};
use crate::repository::{load_page, narrow, repository, row};
use crate::schema::registry::offices;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    offices[id] => Office {
        id: DbId,
        key: String,
        name: DbJson,
        department: DbJson,
        organisation_number: String,
        address: DbJson,
        language: String,
        appeal_rules: DbJson,
        version: i64,
    }
}

repository! { offices: Office, OfficeId }

/// Which offices to list.
#[derive(Clone, Debug, Default)]
pub struct OfficeFilter {
    /// With this key.
    pub key: Option<String>,
}

/// A page of offices.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &OfficeFilter, request: &PageRequest) -> Result<Page<Office>, StorageError> {
    let mut query = offices::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: offices::key => filter.key.as_deref(), }
    load_page!(db, offices, query, request)
}
