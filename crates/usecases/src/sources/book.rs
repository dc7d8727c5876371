//! The books on a reading: when it began, how far it is, how it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use tildel_domain::Entry;
use tildel_domain::id::PersonId;
use tildel_domain::source::{Fetch, FetchState, Source, SourceMarks, SourceName};
use tildel_storage::{fetches, sources};

use crate::context::Context;
use crate::failure::Outcome;

/// Findings of one reading that are kept.
const FINDINGS_MAX: usize = 200;

/// What a batch adds to a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) bytes: u64,
    pub(super) records: usize,
    pub(super) changed: usize,
    pub(super) personal: usize,
    pub(super) unreadable: usize,
}

impl Tally {
    fn add_to(self, fetch: &mut Fetch) {
        let add = |sum: &mut i64, more: usize| *sum += i64::try_from(more).unwrap_or(i64::MAX);
        fetch.bytes += i64::try_from(self.bytes).unwrap_or(i64::MAX);
        add(&mut fetch.records, self.records);
        add(&mut fetch.changed, self.changed);
        add(&mut fetch.personal, self.personal);
        add(&mut fetch.unreadable, self.unreadable);
    }
}

/// What is to be remembered of a source.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) cursor: Option<Value>,
    pub(super) marks: BTreeMap<String, SourceMarks>,
    pub(super) data_as_of: Option<Timestamp>,
}

impl Memory {
    fn add_to(&self, source: &mut Source) {
        if let Some(cursor) = &self.cursor {
            source.cursor = Some(cursor.clone());
        }
        source.marks.extend(self.marks.iter().map(|(what, marks)| (what.clone(), marks.clone())));
        // An old file does not make the data older.
        source.data_as_of = source.data_as_of.max(self.data_as_of);
    }
}

/// Begins a reading, or goes on with one that was broken off: it has a place in the same origin.
pub(super) fn begin(
    cx: &mut Context<'_>,
    name: SourceName,
    origin: &str,
    requested_by: Option<PersonId>,
) -> Outcome<(Fetch, Source)> {
    let mut source = sources::lock(cx.db, name)?;
    source.last_attempt_at = Some(cx.now);
    sources::update(cx.db, &mut source)?;
    let latest = fetches::latest(cx.db, name)?;
    let latest_id = latest.as_ref().map(|latest| latest.id);
    if let Some(mut latest) = latest {
        let was_broken_off = matches!(latest.state, FetchState::Running | FetchState::Failed);
        if was_broken_off && latest.position.is_some() && latest.origin == origin {
            latest.state = FetchState::Running;
            latest.ended_at = None;
            latest.error = None;
            fetches::update(cx.db, &mut latest)?;
            return Ok((latest, source));
        }
        if latest.state == FetchState::Running {
            latest.state = FetchState::Failed;
            latest.ended_at = Some(cx.now);
            latest.error = Some("broken off".to_owned());
            fetches::update(cx.db, &mut latest)?;
        }
    }
    let fetch = Fetch {
        id: cx.new_id_after(latest_id),
        source: name,
        origin: origin.to_owned(),
        requested_by,
        state: FetchState::Running,
        started_at: cx.now,
        ended_at: None,
        content_hash: None,
        bytes: 0,
        records: 0,
        changed: 0,
        personal: 0,
        unreadable: 0,
        position: None,
        findings: Vec::new(),
        error: None,
        version: 1,
    };
    fetches::insert(cx.db, &fetch)?;
    Ok((fetch, source))
}

/// Writes down how far a reading is. Fails where another one took over.
pub(super) fn advance(
    cx: &mut Context<'_>,
    mut fetch: Fetch,
    mut source: Source,
    (tally, memory): (Tally, &Memory),
) -> Outcome<(Fetch, Source)> {
    tally.add_to(&mut fetch);
    fetches::update(cx.db, &mut fetch)?;
    memory.add_to(&mut source);
    sources::update(cx.db, &mut source)?;
    Ok((fetch, source))
}

/// Ends a reading well.
pub(super) fn end(
    cx: &mut Context<'_>,
    mut fetch: Fetch,
    unchanged: bool,
    memory: &Memory,
) -> Outcome<Fetch> {
    let mut source = sources::lock(cx.db, fetch.source)?;
    fetch.state = if unchanged { FetchState::Unchanged } else { FetchState::Done };
    fetch.ended_at = Some(cx.now);
    fetch.position = None;
    let more = fetch.findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        fetch.findings.truncate(FINDINGS_MAX);
        fetch.findings.push(format!("and {more} more"));
    }
    fetches::update(cx.db, &mut fetch)?;
    memory.add_to(&mut source);
    source.last_success_at = Some(cx.now);
    source.failures = 0;
    source.last_error = None;
    sources::update(cx.db, &mut source)?;
    note(cx, &fetch)?;
    Ok(fetch)
}

/// What plans rest on came by this reading: its end stands in the journal.
fn note(cx: &mut Context<'_>, fetch: &Fetch) -> Outcome<()> {
    let entry = Entry::new("source.fetch", "fetch", fetch.id)
        .with("source", fetch.source.as_str())
        .with("state", fetch.state.as_str())
        .with("records", fetch.records)
        .with("changed", fetch.changed)
        .with("personal", fetch.personal)
        .with("unreadable", fetch.unreadable);
    cx.note(entry, None, fetch)
}

/// Ends a reading that failed. What it had read stays, and the next one goes on from its place.
pub(super) fn fail(cx: &mut Context<'_>, mut fetch: Fetch, error: &str) -> Outcome<Fetch> {
    let mut source = sources::lock(cx.db, fetch.source)?;
    fetch.state = FetchState::Failed;
    fetch.ended_at = Some(cx.now);
    fetch.error = Some(error.to_owned());
    fetches::update(cx.db, &mut fetch)?;
    source.failures = source.failures.saturating_add(1);
    source.last_error = Some(error.to_owned());
    sources::update(cx.db, &mut source)?;
    note(cx, &fetch)?;
    Ok(fetch)
}
