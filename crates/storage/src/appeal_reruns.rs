//! Runs computed again for appeals. They are only added.

use diesel::prelude::*;
use tildel_domain::appeal_rerun::AppealRerun;
use tildel_domain::id::{AppealId, AppealRerunId, OfficeId, OrganisationId};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{inserting, load_page, narrow, reading, row};
use crate::schema::appeals::{appeal_reruns, appeals};
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    appeal_reruns[id] => AppealRerun {
        id: DbId,
        appeal_id: DbId,
        run_id: DbId,
        assumption: DbJson,
        computed_by: DbId,
        computed_at: DbInstant,
        input_hash: String,
        result_hash: String,
        input: DbJson,
        plan: DbJson,
    }
}

fn assemble(_db: &mut Db, rows: Vec<Row>) -> Result<Vec<AppealRerun>, StorageError> {
    rows.into_iter().map(Row::into_thing).collect()
}

reading! { appeal_reruns: AppealRerun, AppealRerunId }
inserting! { appeal_reruns: AppealRerun, pub insert }

/// Which reruns to list.
#[derive(Clone, Debug, Default)]
pub struct AppealRerunFilter {
    /// For this appeal.
    pub appeal_id: Option<AppealId>,
    /// For appeals to this office alone, as the caller may see no other's.
    pub visible_office: Option<OfficeId>,
    /// For appeals of this appellant alone, as the caller may see no other's.
    pub visible_appellant: Option<OrganisationId>,
}

/// A page of reruns.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &AppealRerunFilter,
    request: &PageRequest,
) -> Result<Page<AppealRerun>, StorageError> {
    let mut query = appeal_reruns::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: appeal_reruns::appeal_id => filter.appeal_id.map(key), }
    if let Some(office_id) = filter.visible_office {
        let theirs = appeals::table.filter(appeals::office_id.eq(key(office_id))).select(appeals::id);
        query = query.filter(appeal_reruns::appeal_id.eq_any(theirs));
    }
    if let Some(organisation_id) = filter.visible_appellant {
        let theirs =
            appeals::table.filter(appeals::organisation_id.eq(key(organisation_id))).select(appeals::id);
        query = query.filter(appeal_reruns::appeal_id.eq_any(theirs));
    }
    load_page!(db, appeal_reruns, query, request)
}
