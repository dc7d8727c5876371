//! Meetings of forums, with agenda and attendance.

use diesel::prelude::*;
use tildel_domain::id::{ForumId, MeetingId};
use tildel_domain::meeting::Meeting;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::meetings;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    meetings[id] => Meeting {
        id: DbId,
        forum_id: DbId,
        starts_at: DbInstant,
        place: String,
        state: String,
        agenda: DbJson,
        attendance: DbJson,
        current_item_id: Option<DbId>,
        minutes_number: i64,
        version: i64,
    }
}

repository! { meetings: Meeting, MeetingId }

/// Which meetings to list.
#[derive(Clone, Debug, Default)]
pub struct MeetingFilter {
    /// Of this forum.
    pub forum_id: Option<ForumId>,
}

/// A page of meetings.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    filter: &MeetingFilter,
    request: &PageRequest,
) -> Result<Page<Meeting>, StorageError> {
    let mut query = meetings::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: meetings::forum_id => filter.forum_id.map(key), }
    load_page!(db, meetings, query, request)
}

/// All meetings of a forum, the oldest record first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_in_forum(db: &mut Db, forum_id: ForumId) -> Result<Vec<Meeting>, StorageError> {
    load_all!(db, meetings, meetings::table.select(Row::COLUMNS).filter(meetings::forum_id.eq(key(forum_id))))
}

/// Those of these ids that there are, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_many(db: &mut Db, ids: &[MeetingId]) -> Result<Vec<Meeting>, StorageError> {
    let wanted = meetings::id.eq_any(ids.iter().copied().map(key));
    load_all!(db, meetings, meetings::table.select(Row::COLUMNS).filter(wanted))
}
