//! Parts of grants that were paid. They are only added.

use diesel::prelude::*;
use tildel_domain::grant::GrantPayment;
use tildel_domain::id::{GrantId, GrantPaymentId, SchemeId};

use crate::columns::{DbDate, DbId, DbInstant};
use crate::repository::{inserting, load_all, load_page, narrow, reading, row};
use crate::schema::awards::grants;
use crate::schema::money::grant_payments;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    grant_payments[id] => GrantPayment {
        id: DbId,
        grant_id: DbId,
        year: i64,
        sequence: i64,
        paid_on: DbDate,
        recorded_by: DbId,
        recorded_at: DbInstant,
    }
    renamed {
        amount = amount_ore: i64,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<GrantPayment>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { grant_payments: GrantPayment, GrantPaymentId }
inserting! { grant_payments: GrantPayment, pub insert }

/// A page of payments, of one grant or of all.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    grant_id: Option<GrantId>,
    request: &PageRequest,
) -> Result<Page<GrantPayment>, StorageError> {
    let mut query = grant_payments::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: grant_payments::grant_id => grant_id.map(key), }
    load_page!(db, grant_payments, query, request)
}

/// All payments of these grants, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(db: &mut Db, grant_ids: &[GrantId]) -> Result<Vec<GrantPayment>, StorageError> {
    let theirs = grant_payments::grant_id.eq_any(grant_ids.iter().copied().map(key));
    load_all!(db, grant_payments, grant_payments::table.select(Row::COLUMNS).filter(theirs))
}

/// The highest number of a payment in each year of a scheme.
#[tracing::instrument(level = "debug", skip_all)]
pub fn most_by_year(db: &mut Db, scheme_id: SchemeId) -> Result<Vec<(i64, i64)>, StorageError> {
    let theirs = grants::table.filter(grants::scheme_id.eq(key(scheme_id))).select(grants::id);
    let most: Vec<(i64, Option<i64>)> = grant_payments::table
        .filter(grant_payments::grant_id.eq_any(theirs))
        .group_by(grant_payments::year)
        .select((grant_payments::year, diesel::dsl::max(grant_payments::sequence)))
        .load(db)?;
    Ok(most.into_iter().map(|(year, most)| (year, most.unwrap_or_default())).collect())
}
