//! Readings of sources.

use diesel::prelude::*;
use jiff::Timestamp;
use tildel_domain::change::ChangeState;
use tildel_domain::id::FetchId;
use tildel_domain::source::{Fetch, FetchState, SourceName};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_page, narrow, repository, row};
use crate::schema::changes::changes;
use crate::schema::registers::fetches;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    fetches[id] => Fetch {
        id: DbId,
        source: String,
        origin: String,
        requested_by: Option<DbId>,
        state: String,
        started_at: DbInstant,
        ended_at: Option<DbInstant>,
        content_hash: Option<String>,
        bytes: i64,
        records: i64,
        changed: i64,
        personal: i64,
        unreadable: i64,
        position: Option<DbJson>,
        findings: DbJson,
        error: Option<String>,
        version: i64,
    }
}

repository! { fetches: Fetch, FetchId }

/// Which readings to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchFilter {
    /// Of this source.
    pub source: Option<SourceName>,
    /// In this state.
    pub state: Option<FetchState>,
}

/// A page of readings.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &FetchFilter, request: &PageRequest) -> Result<Page<Fetch>, StorageError> {
    let mut query = fetches::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        fetches::source => filter.source.map(SourceName::as_str),
        fetches::state => filter.state.map(FetchState::as_str),
    }
    load_page!(db, fetches, query, request)
}

/// The newest reading of a source.
#[tracing::instrument(level = "debug", skip_all)]
pub fn latest(db: &mut Db, source: SourceName) -> Result<Option<Fetch>, StorageError> {
    let rows: Vec<Row> = fetches::table
        .select(Row::COLUMNS)
        .filter(fetches::source.eq(source.as_str()))
        .order(fetches::id.desc())
        .limit(1)
        .load(db)?;
    Ok(assemble(db, rows)?.pop())
}

/// Clears away the readings that ended before an instant; returns how many. The newest of each source stays, as the next one may go on with it, and
/// so does the newest that was done, and what a change names that waits for somebody.
///
/// # Errors
/// What the database says.
#[tracing::instrument(level = "debug", skip_all)]
pub fn purge(db: &mut Db, before: Timestamp) -> Result<usize, StorageError> {
    let waits = changes::state.eq_any([ChangeState::Open.as_str(), ChangeState::Held.as_str()]);
    let mut kept: Vec<DbId> = changes::table.filter(waits).select(changes::fetch_id).distinct().load(db)?;
    for source in SourceName::ALL {
        let newest = || {
            let theirs = fetches::table.filter(fetches::source.eq(source.as_str()));
            theirs.order(fetches::id.desc()).select(fetches::id).limit(1)
        };
        kept.extend(newest().load::<DbId>(db)?);
        kept.extend(newest().filter(fetches::state.eq(FetchState::Done.as_str())).load::<DbId>(db)?);
    }
    let ended =
        fetches::table.filter(fetches::ended_at.lt(Some(DbInstant(before)))).filter(fetches::id.ne_all(kept));
    Ok(diesel::delete(ended).execute(db)?)
}
