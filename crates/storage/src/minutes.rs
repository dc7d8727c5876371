//! Minutes as they were approved, in all their versions. They are only added.

use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::Value;
use tildel_domain::id::{MeetingId, PersonId};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::schema::meetings::minutes;
use crate::stored::key;
use crate::{Db, Place, StorageError};

/// One approved version of a meeting's minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct ApprovedMinutes {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Its number, from 1.
    pub number: u32,
    /// The minutes as they were then.
    pub content: Value,
    /// What a later version corrects.
    pub correction: Option<String>,
    /// Who approved it.
    pub approved_by: PersonId,
    /// When.
    pub approved_at: Timestamp,
}

type Row = (DbId, i64, DbJson, Option<String>, DbId, DbInstant);

/// Writes a version.
#[tracing::instrument(level = "debug", skip_all)]
pub fn insert(db: &mut Db, version: &ApprovedMinutes) -> Result<(), StorageError> {
    let values = (
        minutes::meeting_id.eq(key(version.meeting_id)),
        minutes::number.eq(i64::from(version.number)),
        minutes::content.eq(DbJson(version.content.clone())),
        minutes::correction.eq(version.correction.clone()),
        minutes::approved_by.eq(key(version.approved_by)),
        minutes::approved_at.eq(DbInstant(version.approved_at)),
    );
    let inserted = diesel::insert_into(minutes::table).values(values).execute(db)?;
    StorageError::expect_rows("minutes", 1, inserted)
}

/// All versions of a meeting's minutes, the first one first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn of_meeting(db: &mut Db, meeting_id: MeetingId) -> Result<Vec<ApprovedMinutes>, StorageError> {
    let rows: Vec<Row> =
        minutes::table.filter(minutes::meeting_id.eq(key(meeting_id))).order(minutes::number).load(db)?;
    let version = |(id, number, content, correction, approved_by, approved_at): Row| {
        let place = Place::new("minutes", id.0, "number");
        Ok(ApprovedMinutes {
            meeting_id,
            number: place.number(number)?,
            content: content.0,
            correction,
            approved_by: approved_by.0.into(),
            approved_at: approved_at.0,
        })
    };
    rows.into_iter().map(version).collect()
}
