//! Versions of the schemes' funding models.

use diesel::prelude::*;
use tildel_domain::id::{FundingModelId, SchemeId};
use tildel_domain::scheme::SchemeFundingModel;

use crate::columns::{DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository};
use crate::schema::registry::funding_models;
use crate::stored::{Stored, key};
use crate::{Db, Page, PageRequest, Place, StorageError};

/// A row; what stands beside the document is for keys and checks, and says what the document says.
#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = funding_models)]
struct Row {
    id: DbId,
    scheme_id: DbId,
    version: i64,
    key: String,
    model_version: i64,
    valid_from_year: i64,
    valid_to_year: i64,
    document: DbJson,
}

impl Row {
    /// The columns in the order of the fields.
    const COLUMNS: (
        funding_models::id,
        funding_models::scheme_id,
        funding_models::version,
        funding_models::key,
        funding_models::model_version,
        funding_models::valid_from_year,
        funding_models::valid_to_year,
        funding_models::document,
    ) = (
        funding_models::id,
        funding_models::scheme_id,
        funding_models::version,
        funding_models::key,
        funding_models::model_version,
        funding_models::valid_from_year,
        funding_models::valid_to_year,
        funding_models::document,
    );

    fn of(published: &SchemeFundingModel) -> Result<Self, StorageError> {
        let model = &published.model;
        Ok(Self {
            id: key(published.id),
            scheme_id: key(published.scheme_id),
            version: published.version,
            key: model.key.clone(),
            model_version: i64::from(model.version),
            valid_from_year: i64::from(model.valid_from_year),
            valid_to_year: i64::from(model.valid_to_year),
            document: model.to_column(&Place::new("funding_models", published.id, "document"))?,
        })
    }

    fn into_thing(self) -> Result<SchemeFundingModel, StorageError> {
        let place = Place::new("funding_models", self.id.0, "document");
        Ok(SchemeFundingModel {
            id: self.id.0.into(),
            scheme_id: self.scheme_id.0.into(),
            model: Stored::from_column(self.document, &place)?,
            version: self.version,
        })
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
