//! Cooperation forums.

use diesel::prelude::*;
use tildel_domain::forum::Forum;
use tildel_domain::id::{ForumId, OfficeId, PersonId};

use crate::columns::{DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::forums;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    forums[id] => Forum {
        id: DbId,
        office_id: DbId,
        name: DbJson,
        short_name: DbJson,
        quorum_seats: i64,
        quorum_by_kind: DbJson,
        disclosure: String,
        reminder_hours: Option<i64>,
        chair_id: DbId,
        deputy_chair_id: Option<DbId>,
        version: i64,
    }
}

repository! { forums: Forum, ForumId }

/// Which forums to list.
#[derive(Clone, Debug, Default)]
pub struct ForumFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Chaired by this person.
    pub chair_id: Option<PersonId>,
}

macro_rules! filtered {
    ($filter:expr) => {{
        let mut query = forums::table.select(Row::COLUMNS).into_boxed();
        narrow! { query:
            forums::office_id => $filter.office_id.map(key),
            forums::chair_id => $filter.chair_id.map(key),
        }
        query
    }};
}

/// A page of forums.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &ForumFilter, request: &PageRequest) -> Result<Page<Forum>, StorageError> {
    load_page!(db, forums, filtered!(filter), request)
}

/// All forums that pass the filter, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list(db: &mut Db, filter: &ForumFilter) -> Result<Vec<Forum>, StorageError> {
    load_all!(db, forums, filtered!(filter))
}

/// All forums that a person chairs, or does so in the chair's place, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_led_by(db: &mut Db, person_id: PersonId) -> Result<Vec<Forum>, StorageError> {
    let person_id = key(person_id);
    let led = forums::chair_id.eq(person_id).or(forums::deputy_chair_id.eq(Some(person_id)));
    load_all!(db, forums, forums::table.select(Row::COLUMNS).filter(led))
}
