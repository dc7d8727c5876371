//! Versions of the schemes' funding models.

use diesel::prelude::*;
use tildel_domain::allocation::FundingModel;
use tildel_domain::id::{FundingModelId, SchemeId};
use tildel_domain::scheme::SchemeFundingModel;

use crate::columns::{DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::registry::funding_models;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    funding_models[id] => SchemeFundingModel {
        id: DbId,
        scheme_id: DbId,
        version: i64,
    }
    nested {
        model: FundingModel {
            key = key: String,
            version = model_version: i64,
            valid_from_year = valid_from_year: i64,
            valid_to_year = valid_to_year: i64,
            legal_basis = legal_basis: String,
            base = base_ore: i64,
            rate = rate_ore: i64,
            counted = counted: DbJson,
            withheld_assumed = withheld_assumed_milli: i64,
        }
    }
}

repository! { funding_models: SchemeFundingModel, FundingModelId }

/// Which funding models to list.
#[derive(Clone, Debug, Default)]
pub struct FundingModelFilter {
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
}

/// A page of funding models.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &FundingModelFilter,
    request: &PageRequest,
) -> Result<Page<SchemeFundingModel>, StorageError> {
    let mut query = funding_models::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: funding_models::scheme_id => filter.scheme_id.map(key), }
    load_page!(db, funding_models, query, request)
}

/// All versions of a scheme's models, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(db: &mut Db, scheme_id: SchemeId) -> Result<Vec<SchemeFundingModel>, StorageError> {
    let theirs = funding_models::scheme_id.eq(key(scheme_id));
    load_all!(db, funding_models, funding_models::table.select(Row::COLUMNS).filter(theirs))
}
