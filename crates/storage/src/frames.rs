//! The money and places of an office for a scheme and year.

use diesel::prelude::*;
use tildel_domain::id::{FrameId, OfficeId, SchemeId};
use tildel_domain::scheme::Frame;

use crate::columns::DbId;
use crate::repository::{load_all, load_locked, load_page, narrow, repository, row};
use crate::schema::registry::frames;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    frames[id] => Frame {
        id: DbId,
        office_id: DbId,
        scheme_id: DbId,
        year: i64,
        status: String,
        places: Option<i64>,
        places_used: i64,
        version: i64,
    }
    renamed {
        amount = amount_ore: Option<i64>,
        committed = committed_ore: i64,
    }
}

repository! { frames: Frame, FrameId }

/// Which frames to list.
#[derive(Clone, Debug, Default)]
pub struct FrameFilter {
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// Of this scheme.
    pub scheme_id: Option<SchemeId>,
    /// Of this budget year.
    pub year: Option<i16>,
}

/// A page of frames.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &FrameFilter, request: &PageRequest) -> Result<Page<Frame>, StorageError> {
    let mut query = frames::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        frames::office_id => filter.office_id.map(key),
        frames::scheme_id => filter.scheme_id.map(key),
        frames::year => filter.year.map(i64::from),
    }
    load_page!(db, frames, query, request)
}

/// The frame of a year, kept from others until the transaction ends.
#[tracing::instrument(level = "debug", skip_all)]
pub fn lock_for(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
    year: i16,
) -> Result<Option<Frame>, StorageError> {
    let query = frames::table
        .select(Row::COLUMNS)
        .filter(frames::office_id.eq(key(office_id)))
        .filter(frames::scheme_id.eq(key(scheme_id)))
        .filter(frames::year.eq(i64::from(year)));
    let rows: Vec<Row> = load_locked!(db, query);
    Ok(assemble(db, rows)?.pop())
}

/// The frame of a year.
#[tracing::instrument(level = "debug", skip_all)]
pub fn find_for(
    db: &mut Db,
    office_id: OfficeId,
    scheme_id: SchemeId,
    year: i16,
) -> Result<Option<Frame>, StorageError> {
    let filter = FrameFilter { office_id: Some(office_id), scheme_id: Some(scheme_id), year: Some(year) };
    Ok(page(db, &filter, &PageRequest::first(1))?.items.pop())
}

/// All frames of an office for a scheme, the oldest first.
#[tracing::instrument(level = "debug", skip_all)]
pub fn list_for(db: &mut Db, office_id: OfficeId, scheme_id: SchemeId) -> Result<Vec<Frame>, StorageError> {
    let theirs = frames::office_id.eq(key(office_id)).and(frames::scheme_id.eq(key(scheme_id)));
    load_all!(db, frames, frames::table.select(Row::COLUMNS).filter(theirs))
}
