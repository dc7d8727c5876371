//! Ballots of forums.

use diesel::prelude::*;
use tildel_domain::ballot::{Ballot, BallotState};
use tildel_domain::id::{AgendaItemId, BallotId, ForumId, MeetingId};

use crate::columns::{DbId, DbJson};
use crate::repository::{load_all, load_page, narrow, repository, row};
use crate::schema::forums::ballots;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    ballots[id] => Ballot {
        id: DbId,
        forum_id: DbId,
        meeting_id: DbId,
        agenda_item_id: DbId,
        round_id: Option<DbId>,
        application_id: Option<DbId>,
        title: String,
        rules: DbJson,
        state: String,
        frozen: bool,
        count: Option<DbJson>,
        tally: Option<DbJson>,
        annulment_reason: Option<String>,
        version: i64,
    }
}

repository! { ballots: Ballot, BallotId }

/// Which ballots to list.
#[derive(Clone, Debug, Default)]
pub struct BallotFilter {
    /// Of one of these forums, or on one of these items; of none where both lists are empty.
    pub within: Option<(Vec<ForumId>, Vec<AgendaItemId>)>,
    /// Of this meeting.
    pub meeting_id: Option<MeetingId>,
    /// In this state.
    pub state: Option<BallotState>,
}

/// A page of ballots.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &BallotFilter, request: &PageRequest) -> Result<Page<Ballot>, StorageError> {
    let mut query = ballots::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        ballots::meeting_id => filter.meeting_id.map(key),
        ballots::state => filter.state.map(BallotState::as_str),
    }
    if let Some((forum_ids, item_ids)) = &filter.within {
        let of_forums = ballots::forum_id.eq_any(forum_ids.iter().copied().map(key));
        query = query.filter(of_forums.or(ballots::agenda_item_id.eq_any(item_ids.iter().copied().map(key))));
    }
    load_page!(db, ballots, query, request)
}

/// All ballots of a meeting, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_in_meeting(db: &mut Db, meeting_id: MeetingId) -> Result<Vec<Ballot>, StorageError> {
    load_all!(
        db,
        ballots,
        ballots::table.select(Row::COLUMNS).filter(ballots::meeting_id.eq(key(meeting_id)))
    )
}

/// The open ballots of a forum, the oldest first.
pub fn list_open_in_forum(db: &mut Db, forum_id: ForumId) -> Result<Vec<Ballot>, StorageError> {
    list_in_state(db, forum_id, BallotState::Open)
}

/// The ballots of a forum that are closed and not counted, the oldest first.
pub fn list_closed_in_forum(db: &mut Db, forum_id: ForumId) -> Result<Vec<Ballot>, StorageError> {
    list_in_state(db, forum_id, BallotState::Closed)
}

#[tracing::instrument(level = "debug", skip_all)]
fn list_in_state(db: &mut Db, forum_id: ForumId, state: BallotState) -> Result<Vec<Ballot>, StorageError> {
    let wanted = ballots::forum_id.eq(key(forum_id)).and(ballots::state.eq(state.as_str()));
    load_all!(db, ballots, ballots::table.select(Row::COLUMNS).filter(wanted))
}

/// Marks that a vote was cast, from which on the rules stand. The version stays: it would tell those who must not know that
/// somebody has voted.
#[tracing::instrument(level = "debug", skip_all)]
pub fn freeze(db: &mut Db, id: BallotId) -> Result<(), StorageError> {
    let one = ballots::table.filter(ballots::id.eq(key(id)));
    let updated = diesel::update(one).set(ballots::frozen.eq(true)).execute(db)?;
    StorageError::expect_rows("ballots", 1, updated)
}
