//! Seats of forums.

use diesel::prelude::*;
use tildel_domain::forum::Seat;
use tildel_domain::id::{ForumId, PersonId, SeatId};

use crate::columns::{DbDate, DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::seats;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    seats[id] => Seat {
        id: DbId,
        forum_id: DbId,
        label: DbJson,
        organisation_kind: String,
        organisation_id: Option<DbId>,
        vote_right: String,
        member_id: DbId,
        deputy_id: Option<DbId>,
        term_from: DbDate,
        term_to: DbDate,
        version: i64,
    }
}

repository! { seats: Seat, SeatId }

/// Which seats to list.
#[derive(Clone, Debug, Default)]
pub struct SeatFilter {
    /// Of this forum.
    pub forum_id: Option<ForumId>,
    /// Held by this person, as member or deputy.
    pub person_id: Option<PersonId>,
}

/// A page of seats.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &SeatFilter, request: &PageRequest) -> Result<Page<Seat>, StorageError> {
    let mut query = seats::table.select(Row::COLUMNS).into_boxed();
    narrow! { query: seats::forum_id => filter.forum_id.map(key), }
    if let Some(person_id) = filter.person_id.map(key) {
        query = query.filter(seats::member_id.eq(person_id).or(seats::deputy_id.eq(Some(person_id))));
    }
    load_page!(db, seats, query, request)
}

/// All seats of a forum, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_in_forum(db: &mut Db, forum_id: ForumId) -> Result<Vec<Seat>, StorageError> {
    load_all!(db, seats, seats::table.select(Row::COLUMNS).filter(seats::forum_id.eq(key(forum_id))))
}

/// All seats that a person holds, as member or deputy, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_of_person(db: &mut Db, person_id: PersonId) -> Result<Vec<Seat>, StorageError> {
    let person_id = key(person_id);
    let held = seats::member_id.eq(person_id).or(seats::deputy_id.eq(Some(person_id)));
    load_all!(db, seats, seats::table.select(Row::COLUMNS).filter(held))
}
