//! Readings of sources.

use diesel::prelude::*;
use tildel_domain::id::FetchId;
use tildel_domain::source::{Fetch, FetchState, SourceName};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_page, narrow, repository, row};
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
