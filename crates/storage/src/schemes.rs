//! Grant schemes.

use diesel::prelude::*;
use tildel_domain::id::SchemeId;
use tildel_domain::scheme::Scheme;

use crate::columns::{DbId, DbJson};
use crate::repository::{load_page, narrow, repository, row};
use crate::schema::registry::schemes;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    schemes[id] => Scheme {
        id: DbId,
        key: String,
        name: DbJson,
        first_year: i64,
        last_year: i64,
        legal_basis: String,
        computing_body: String,
        model_description: DbJson,
        letter_texts: DbJson,
        version: i64,
    }
}

repository! { schemes: Scheme, SchemeId }

/// Which schemes to list.
#[derive(Clone, Debug, Default)]
pub struct SchemeFilter {
    /// With this key.
    pub key: Option<String>,
}

/// A page of schemes.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &SchemeFilter, request: &PageRequest) -> Result<Page<Scheme>, StorageError> {
    let mut query = schemes::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: schemes::key => filter.key.as_deref(), }
    load_page!(db, schemes, query, request)
}
