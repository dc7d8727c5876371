//! Appeals against decisions. None is deleted.

use diesel::prelude::*;
use tildel_domain::appeal::{Appeal, AppealState};
use tildel_domain::id::{AppealId, ApplicationId, DecisionId, OfficeId, OrganisationId};

use crate::columns::{DbDate, DbId, DbInstant, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::appeals::appeals;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    appeals[id] => Appeal {
        id: DbId,
        reference: String,
        office_id: DbId,
        decision_id: DbId,
        application_id: DbId,
        organisation_id: DbId,
        grounds: String,
        channel: String,
        received_on: DbDate,
        posted_on: Option<DbDate>,
        registered_at: DbInstant,
        registered_by: DbId,
        late: bool,
        without_right: bool,
        state: String,
        handled_by: Option<DbId>,
        rulings: DbJson,
        prepared_by: Option<DbId>,
        approved_by: Option<DbId>,
        followed_by: Option<DbId>,
        version: i64,
    }
}

repository! { appeals: Appeal, AppealId }

/// Which appeals to list.
#[derive(Clone, Debug, Default)]
pub struct AppealFilter {
    /// Against this decision.
    pub decision_id: Option<DecisionId>,
    /// On this application.
    pub application_id: Option<ApplicationId>,
    /// In this state.
    pub state: Option<AppealState>,
    /// To this office alone, as the caller may see no other's.
    pub visible_office: Option<OfficeId>,
    /// Of this appellant alone, as the caller may see no other's.
    pub visible_appellant: Option<OrganisationId>,
}

/// A page of appeals.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &AppealFilter, request: &PageRequest) -> Result<Page<Appeal>, StorageError> {
    let mut query = appeals::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        appeals::decision_id => filter.decision_id.map(key),
        appeals::application_id => filter.application_id.map(key),
        appeals::state => filter.state.map(AppealState::as_str),
        appeals::office_id => filter.visible_office.map(key),
        appeals::organisation_id => filter.visible_appellant.map(key),
    }
    load_page!(db, appeals, query, request)
}

/// The appeals against any of these decisions, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn against(db: &mut Db, decision_ids: &[DecisionId]) -> Result<Vec<Appeal>, StorageError> {
    let theirs = appeals::decision_id.eq_any(decision_ids.iter().copied().map(key));
    load_all!(db, appeals, appeals::table.select(Row::COLUMNS).filter(theirs))
}
