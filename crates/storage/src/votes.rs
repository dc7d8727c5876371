//! Votes, in all their revisions: the last one of a seat counts, the earlier ones are marked as superseded.

use diesel::dsl::count_star;
use diesel::prelude::*;
use tildel_domain::ballot::Vote;
use tildel_domain::id::{BallotId, SeatId};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::row;
use crate::schema::forums::votes;
use crate::stored::key;
use crate::{Db, Place, StorageError};

row! {
    votes[ballot_id] => Vote {
        ballot_id: DbId,
        seat_id: DbId,
        revision: i64,
        person_id: DbId,
        content: DbJson,
        recused_on: DbJson,
        cast_at: DbInstant,
        nonce: String,
        receipt: String,
    }
}

/// Casts a vote: it counts from now on, and the one that the seat cast before does so no longer.
///
/// # Errors
/// [`StorageError::CheckViolation`] of [`crate::guards::VOTES_OPEN_BALLOT`]; [`StorageError::UniqueViolation`] where the seat has
/// cast this revision already.
#[tracing::instrument(level = "debug", skip_all)]
pub fn cast(db: &mut Db, vote: &Vote) -> Result<(), StorageError> {
    let standing = votes::table
        .filter(votes::ballot_id.eq(key(vote.ballot_id)))
        .filter(votes::seat_id.eq(key(vote.seat_id)))
        .filter(votes::superseded.eq(false));
    diesel::update(standing).set(votes::superseded.eq(true)).execute(db)?;
    let values = (Row::of(vote)?, votes::superseded.eq(false));
    let inserted = diesel::insert_into(votes::table).values(values).execute(db)?;
    StorageError::expect_rows("votes", 1, inserted)
}

/// The votes of a ballot that count, by seat.
#[tracing::instrument(level = "debug", skip_all)]
pub fn current(db: &mut Db, ballot_id: BallotId) -> Result<Vec<Vote>, StorageError> {
    let rows: Vec<Row> = votes::table
        .select(Row::COLUMNS)
        .filter(votes::ballot_id.eq(key(ballot_id)))
        .filter(votes::superseded.eq(false))
        .order(votes::seat_id)
        .load(db)?;
    rows.into_iter().map(Row::into_thing).collect()
}

/// The vote of a seat that counts.
#[tracing::instrument(level = "debug", skip_all)]
pub fn current_of_seat(
    db: &mut Db,
    ballot_id: BallotId,
    seat_id: SeatId,
) -> Result<Option<Vote>, StorageError> {
    let row: Option<Row> = votes::table
        .select(Row::COLUMNS)
        .filter(votes::ballot_id.eq(key(ballot_id)))
        .filter(votes::seat_id.eq(key(seat_id)))
        .filter(votes::superseded.eq(false))
        .first(db)
        .optional()?;
    row.map(Row::into_thing).transpose()
}

/// All that a seat has cast in a ballot, the first revision first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn revisions(db: &mut Db, ballot_id: BallotId, seat_id: SeatId) -> Result<Vec<Vote>, StorageError> {
    let rows: Vec<Row> = votes::table
        .select(Row::COLUMNS)
        .filter(votes::ballot_id.eq(key(ballot_id)))
        .filter(votes::seat_id.eq(key(seat_id)))
        .order(votes::revision)
        .load(db)?;
    rows.into_iter().map(Row::into_thing).collect()
}

/// How many seats have voted.
#[tracing::instrument(level = "debug", skip_all)]
pub fn turnout(db: &mut Db, ballot_id: BallotId) -> Result<u32, StorageError> {
    let seats: i64 = votes::table
        .filter(votes::ballot_id.eq(key(ballot_id)))
        .filter(votes::superseded.eq(false))
        .select(count_star())
        .first(db)?;
    Place::new("votes", ballot_id, "seat_id").number(seats)
}
