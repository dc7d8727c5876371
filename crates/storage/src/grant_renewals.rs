//! What forums said of later years of grants. It is only added: the newest one of a year counts.

use diesel::prelude::*;
use tildel_domain::grant::GrantRenewal;
use tildel_domain::id::{GrantId, GrantRenewalId};

use crate::columns::{DbId, DbInstant};
use crate::repository::{inserting, load_all, load_page, narrow, reading, row};
use crate::schema::money::grant_renewals;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    grant_renewals[id] => GrantRenewal {
        id: DbId,
        grant_id: DbId,
        year: i64,
        outcome: String,
        conditions: Option<String>,
        reason: String,
        decision_id: Option<DbId>,
        recommendation_id: Option<DbId>,
        recorded_by: DbId,
        recorded_at: DbInstant,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<GrantRenewal>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { grant_renewals: GrantRenewal, GrantRenewalId }
inserting! { grant_renewals: GrantRenewal, pub insert }

/// A page of renewals, of one grant or of all.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    grant_id: Option<GrantId>,
    request: &PageRequest,
) -> Result<Page<GrantRenewal>, StorageError> {
    let mut query = grant_renewals::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: grant_renewals::grant_id => grant_id.map(key), }
    load_page!(db, grant_renewals, query, request)
}

/// All renewals of these grants, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(db: &mut Db, grant_ids: &[GrantId]) -> Result<Vec<GrantRenewal>, StorageError> {
    let theirs = grant_renewals::grant_id.eq_any(grant_ids.iter().copied().map(key));
    load_all!(db, grant_renewals, grant_renewals::table.select(Row::COLUMNS).filter(theirs))
}
