//! What people are told.

use diesel::prelude::*;
use tildel_domain::id::{BallotId, NotificationId, PersonId, SeatId};
use tildel_domain::notification::Notification;

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_page, repository, row};
use crate::schema::meetings::notifications;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    notifications[id] => Notification {
        id: DbId,
        person_id: DbId,
        kind: String,
        ballot_id: Option<DbId>,
        seat_id: Option<DbId>,
        appeal_id: Option<DbId>,
        text: DbJson,
        created_at: DbInstant,
        read_at: Option<DbInstant>,
        version: i64,
    }
}

repository! { notifications: Notification, NotificationId }

/// A page of what a person is told; where `unread`, only what the person has not read.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(
    db: &mut Db,
    person_id: PersonId,
    unread: bool,
    request: &PageRequest,
) -> Result<Page<Notification>, StorageError> {
    let mut query = notifications::table
        .select(Row::COLUMNS)
        .filter(notifications::person_id.eq(key(person_id)))
        .into_boxed();
    if unread {
        query = query.filter(notifications::read_at.is_null());
    }
    load_page!(db, notifications, query, request)
}

/// Whether a person was reminded of a ballot, for a seat.
#[tracing::instrument(level = "debug", skip_all)]
pub fn is_told(
    db: &mut Db,
    person_id: PersonId,
    (ballot_id, seat_id): (BallotId, SeatId),
) -> Result<bool, StorageError> {
    let told = notifications::table
        .filter(notifications::person_id.eq(key(person_id)))
        .filter(notifications::ballot_id.eq(Some(key(ballot_id))))
        .filter(notifications::seat_id.eq(Some(key(seat_id))));
    let told: i64 = told.count().get_result(db)?;
    Ok(told > 0)
}
