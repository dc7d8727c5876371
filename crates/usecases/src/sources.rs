//! Registers: where they are read from, what they say, and reading them.
//!
//! [`Ingest`] reads a source, from its address or from files. It works in batches, and each batch is one transaction with the place in the source
//! that it reaches to: broken off anywhere, the next reading goes on and ends as if nothing had been.

mod book;
mod bulk;
mod convert;
mod enhetsregisteret;
mod error;
mod feed;
mod files;
mod ingest;
mod kartverket;
mod klass;
mod people;
mod public;
mod pxweb;
mod reading;
mod udir;
mod units;
mod vanished;

use jiff::{SignedDuration, Timestamp};
use tildel_domain::Refusal;
use tildel_domain::id::FetchId;
use tildel_domain::policy::Operation;
use tildel_domain::source::{Fetch, Source, SourceName};
pub use tildel_storage::fetches::FetchFilter;
use tildel_storage::{Page, PageRequest};
use uuid::Uuid;

use crate::context::Context;
use crate::failure::Outcome;
use crate::jobs::Job;
use crate::stretch;

pub use error::IngestError;
pub use ingest::{Asked, Bases, Fetchers, Ingest, IngestParts, Progress};
pub use klass::municipality_history;
pub use pxweb::ControlSettings;
pub use units::{unit_state, unit_states, units_of_owner, units_of_parent};

/// All sources in the order of [`SourceName::ALL`], also those that were never read.
pub fn list(cx: &mut Context<'_>) -> Outcome<Vec<Source>> {
    let mut known = tildel_storage::sources::list(cx.db)?;
    let named = SourceName::ALL.map(|name| {
        let place = known.iter().position(|source| source.name == name);
        place.map_or_else(|| Source::unread(name), |place| known.swap_remove(place))
    });
    Ok(named.into())
}

/// The place of a source in lists.
pub fn place_of(name: SourceName) -> Uuid {
    let place = SourceName::ALL.iter().position(|known| *known == name).unwrap_or_default();
    Uuid::from_u128(place as u128 + 1)
}

/// A page of [`list`], for those who may see it.
pub fn page(cx: &mut Context<'_>, page: &PageRequest) -> Outcome<Page<Source>> {
    cx.require(Operation::SourceList)?;
    Ok(stretch::page(list(cx)?, |source| place_of(source.name), page))
}

/// One source.
pub fn read(cx: &mut Context<'_>, name: SourceName) -> Outcome<Source> {
    cx.require(Operation::SourceRead)?;
    Ok(tildel_storage::sources::find(cx.db, name)?.unwrap_or_else(|| Source::unread(name)))
}

/// Readings of sources.
pub fn fetches(cx: &mut Context<'_>, filter: &FetchFilter, page: &PageRequest) -> Outcome<Page<Fetch>> {
    cx.require(Operation::FetchList)?;
    Ok(tildel_storage::fetches::page(cx.db, filter, page)?)
}

/// One reading.
pub fn fetch_read(cx: &mut Context<'_>, id: FetchId) -> Outcome<Fetch> {
    cx.require(Operation::FetchRead)?;
    tildel_storage::fetches::find(cx.db, id)?.ok_or_else(|| Refusal::not_found("fetch").into())
}

/// Clears away readings that ended more than so many days ago, but for those that something rests on; returns how many. Their ends stay in the
/// journal.
pub fn clear_away(cx: &mut Context<'_>, days: u32) -> Outcome<usize> {
    let before = cx.now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)));
    Ok(tildel_storage::fetches::purge(cx.db, before.unwrap_or(Timestamp::MIN))?)
}

/// Asks the worker to read a source now, also where a failed reading waits for its next attempt. Returns the id of the job, which is an operation too.
pub fn request_fetch(cx: &mut Context<'_>, source: SourceName) -> Outcome<Uuid> {
    cx.require(Operation::SourceFetch)?;
    let job = Job::SourceFetch { source, due: None, requested_by: cx.actor.person_id };
    cx.enqueue(&job, cx.now, None)
}
