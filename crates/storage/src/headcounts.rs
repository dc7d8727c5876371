//! Headcounts of organisations. They are only added: a newer one does not change what an older one said.

use diesel::prelude::*;
use tildel_domain::allocation::HeadcountRecord;
use tildel_domain::id::{HeadcountId, OrganisationId};
use tildel_domain::organisation::OrganisationHeadcount;

use crate::columns::{DbDate, DbId, DbJson};
use crate::repository::{inserting, load_all, load_page, narrow, reading, row};
use crate::schema::registry::headcounts;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    headcounts[id] => OrganisationHeadcount {
        id: DbId,
        organisation_id: DbId,
    }
    nested {
        record: HeadcountRecord {
            unit_kind = unit_kind: String,
            measure = measure: String,
            ownership = ownership: Option<String>,
            date = counted_on: DbDate,
            value = value: DbJson,
            source = source: String,
            practice = practice: bool,
        }
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<OrganisationHeadcount>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { headcounts: OrganisationHeadcount, HeadcountId }
inserting! { headcounts: OrganisationHeadcount, pub insert }

/// Which headcounts to list.
#[derive(Clone, Debug, Default)]
pub struct HeadcountFilter {
    /// Of this organisation.
    pub organisation_id: Option<OrganisationId>,
}

/// A page of headcounts.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &HeadcountFilter,
    request: &PageRequest,
) -> Result<Page<OrganisationHeadcount>, StorageError> {
    let mut query = headcounts::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: headcounts::organisation_id => filter.organisation_id.map(key), }
    load_page!(db, headcounts, query, request)
}

/// All headcounts of these organisations, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(
    db: &mut Db,
    organisation_ids: &[OrganisationId],
) -> Result<Vec<OrganisationHeadcount>, StorageError> {
    let theirs = headcounts::organisation_id.eq_any(organisation_ids.iter().copied().map(key));
    load_all!(db, headcounts, headcounts::table.select(Row::COLUMNS).filter(theirs))
}
