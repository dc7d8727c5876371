//! Impact reports: what runs move.

use diesel::prelude::*;
use tildel_domain::id::{ImpactReportId, OfficeId, SchemeId};
use tildel_domain::impact::{ImpactReport, ImpactReportState};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_locked, load_page, narrow, repository, row};
use crate::schema::money::impact_reports;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    impact_reports[id] => ImpactReport {
        id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        run_id: DbId,
        previous_run_id: Option<DbId>,
        moves: DbJson,
        state: String,
        created_at: DbInstant,
        accepted_by: Option<DbId>,
        accepted_at: Option<DbInstant>,
        version: i64,
    }
}

repository! { impact_reports: ImpactReport, ImpactReportId }

/// Which impact reports to list.
#[derive(Clone, Debug, Default)]
pub struct ImpactReportFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// Of this office alone, as the caller may see no other's.
    pub visible_office: Option<OfficeId>,
    /// In this state.
    pub state: Option<ImpactReportState>,
}

/// A page of impact reports.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &ImpactReportFilter,
    request: &PageRequest,
) -> Result<Page<ImpactReport>, StorageError> {
    let mut query = impact_reports::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        impact_reports::office_id => filter.office_id.map(key),
        impact_reports::office_id => filter.visible_office.map(key),
        impact_reports::scheme_id => filter.scheme_id.map(key),
        impact_reports::state => filter.state.map(ImpactReportState::as_str),
    }
    load_page!(db, impact_reports, query, request)
}

/// The open report of a plan, kept from others until the transaction ends.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock_open(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
) -> Result<Option<ImpactReport>, StorageError> {
    let query = impact_reports::table
        .select(Row::COLUMNS)
        .filter(impact_reports::office_id.eq(key(office_id)))
        .filter(impact_reports::scheme_id.eq(key(scheme_id)))
        .filter(impact_reports::state.eq(ImpactReportState::Open.as_str()));
    let rows: Vec<Row> = load_locked!(db, query);
    Ok(assemble(db, rows)?.pop())
}
