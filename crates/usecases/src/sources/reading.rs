//! A reading that goes on: what it asks, and what it commits.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tildel_domain::Actor;
use tildel_domain::id::FetchId;
use tildel_domain::register::RegisterKey;
use tildel_domain::source::{Fetch, Source, SourceMarks};
use tildel_registers::fetch::{Answer, Found, Marks, Request};
use tildel_storage::register_units::{self, NewState};
use tildel_storage::sources;
use tokio::task::JoinSet;

use super::book::{self, Memory, Tally};
use super::error::IngestError;
use super::ingest::{Ingest, Progress};
use super::people::{self, Sifted};
use crate::changes;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::service::Write;

/// A reading that goes on.
pub(super) struct Reading<'a> {
    pub(super) ingest: &'a Ingest,
    pub(super) fetch: Fetch,
    pub(super) source: Source,
    /// As it stands in the database: what is set up for a commit that fails must not be told as done.
    pub(super) committed: Fetch,
    tell: &'a dyn Fn(Progress) -> ControlFlow<()>,
    /// Bytes of a file that are read, and how many it has.
    pub(super) of_file: Option<(u64, u64)>,
    /// The last instant ahead of now that the source told.
    ahead: Cell<Option<Timestamp>>,
    /// Batches of units that were committed.
    batches: usize,
}

/// Batches after which tables may have grown by orders of magnitude.
const STATISTICS_FROM: usize = 8;

/// What a finding of instants ahead of now begins with: it is told once in a reading.
const AHEAD: &str = "something is dated ahead of now, and read as of now: ";

impl<'a> Reading<'a> {
    pub(super) fn new(
        ingest: &'a Ingest,
        (fetch, source): (Fetch, Source),
        tell: &'a dyn Fn(Progress) -> ControlFlow<()>,
    ) -> Self {
        Self {
            ingest,
            committed: fetch.clone(),
            fetch,
            source,
            tell,
            of_file: None,
            ahead: Cell::default(),
            batches: 0,
        }
    }

    /// Where the source is read to, if it was read before and this program understands it.
    pub(super) fn cursor<T: DeserializeOwned>(&self) -> Option<T> {
        self.source.cursor.clone().and_then(|cursor| serde_json::from_value(cursor).ok())
    }

    /// Where this reading was broken off, if this program understands it.
    pub(super) fn position<T: DeserializeOwned>(&self) -> Option<T> {
        self.fetch.position.clone().and_then(|position| serde_json::from_value(position).ok())
    }

    /// The place to go on from, written with the next commit.
    pub(super) fn set_position(&mut self, position: &impl Serialize) -> Result<(), IngestError> {
        self.fetch.position = Some(serde_json::to_value(position).map_err(Failure::Json)?);
        Ok(())
    }

    /// When something is so: as the source dates it, but not ahead of now. What is ahead would stand against all that is told until then.
    pub(super) fn dated(&self, at: Timestamp) -> Timestamp {
        let now = self.ingest.parts.service.now();
        if at > now {
            self.ahead.set(self.ahead.get().max(Some(at)));
        }
        at.min(now)
    }

    /// Whether a source dates something ahead of now; remembered as a finding.
    pub(super) fn is_ahead(&self, at: Timestamp) -> bool {
        self.dated(at) < at
    }

    /// Takes instants ahead of now into the findings.
    pub(super) fn tell_ahead(&mut self) {
        let is_told = self.fetch.findings.iter().any(|finding| finding.starts_with(AHEAD));
        if let Some(at) = self.ahead.take().filter(|_| !is_told) {
            self.fetch.findings.push(format!("{AHEAD}{at}"));
        }
    }

    /// One batch: its effect, and how far the reading and the source are with it, in one transaction. Then tells how far it is.
    pub(super) fn commit(
        &mut self,
        memory: &Memory,
        mut effect: impl FnMut(&mut Context<'_>, FetchId) -> Outcome<Tally>,
    ) -> Result<(), IngestError> {
        self.tell_ahead();
        let before = self.fetch.clone();
        let (fetch, source) =
            self.ingest.parts.service.write_blocking(&Write::internal(Actor::SYSTEM), |cx| {
                let source = sources::lock(cx.db, before.source)?;
                let tally = effect(cx, before.id)?;
                book::advance(cx, before.clone(), source, (tally, memory))
            })?;
        (self.fetch, self.source) = (fetch, source);
        self.committed = self.fetch.clone();
        let records = u64::try_from(self.fetch.records).unwrap_or_default();
        let bytes = u64::try_from(self.fetch.bytes).unwrap_or_default();
        let (bytes, bytes_total) =
            self.of_file.map_or((bytes, None), |(read, total)| (read.min(total), Some(total)));
        match (self.tell)(Progress { records, bytes, bytes_total }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(IngestError::Stopped),
        }
    }

    /// One batch of units. The tables of units grow by orders of magnitude in one reading, so each time that it has got twice as far the database
    /// looks how large they are.
    pub(super) fn commit_units(
        &mut self,
        memory: &Memory,
        batch: &Batch,
        register: RegisterKey,
    ) -> Result<(), IngestError> {
        self.commit(memory, |cx, fetch_id| batch.store(cx, fetch_id, register))?;
        self.batches += 1;
        if self.batches >= STATISTICS_FROM && self.batches.is_power_of_two() {
            let refresh = |cx: &mut Context<'_>| Ok(register_units::refresh_statistics(cx.db)?);
            // Somebody else may be at it: what was read is committed, and nothing but speed is lost.
            if let Err(failure) =
                self.ingest.parts.service.write_blocking(&Write::internal(Actor::SYSTEM), refresh)
            {
                tracing::warn!(source = %self.fetch.source, %failure, "failed to refresh the statistics of tables");
            }
        }
        Ok(())
    }

    /// Asks and waits.
    pub(super) fn ask(&self, request: &Request) -> Result<Answer, IngestError> {
        let fetcher = self.ingest.fetcher(&request.url)?;
        Ok(self.ingest.parts.runtime.block_on(fetcher.fetch(request))?)
    }

    /// Asks for several things at once, as many as the source bears. The answers come in the order of the requests.
    pub(super) fn ask_all(&self, requests: Vec<Request>) -> Result<Vec<Answer>, IngestError> {
        let mut tasks = JoinSet::new();
        for (place, request) in requests.into_iter().enumerate() {
            let fetcher = self.ingest.fetcher(&request.url)?;
            tasks.spawn_on(
                async move { fetcher.fetch(&request).await.map(|answer| (place, answer)) },
                &self.ingest.parts.runtime,
            );
        }
        let mut answers = BTreeMap::new();
        self.ingest.parts.runtime.block_on(async {
            while let Some(ended) = tasks.join_next().await {
                let (place, answer) = ended.map_err(|_| Failure::Interrupted)??;
                answers.insert(place, answer);
            }
            Ok::<(), IngestError>(())
        })?;
        Ok(answers.into_values().collect())
    }

    /// The same request, with the marks of the last answer to it.
    pub(super) fn unless_unchanged(&self, what: &str, request: Request) -> Request {
        let Some(marks) = self.source.marks.get(what) else { return request };
        let (etag, last_modified) = (marks.etag.clone(), marks.last_modified.clone());
        request.unless_unchanged(Marks { etag, last_modified })
    }

    /// Whether an answer is the same as the last one to the same question; else what to know it by next time.
    pub(super) fn marks_if_new(&self, what: &str, answer: &Answer) -> Option<SourceMarks> {
        let hash = answer.hash.to_string();
        let known = self.source.marks.get(what).and_then(|marks| marks.hash.as_deref());
        if answer.found == Found::Unchanged || known == Some(hash.as_str()) {
            return None;
        }
        let Marks { etag, last_modified } = answer.marks.clone();
        Some(SourceMarks { etag, last_modified, hash: Some(hash) })
    }
}

/// What a batch says of units of one register.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) states: Vec<NewState>,
    /// Numbers of units that were removed for legal reasons, and since when.
    pub(super) removed: Vec<(String, Timestamp)>,
    /// Numbers of units that are persons, and since when: what is held of them goes.
    pub(super) persons: Vec<(String, Timestamp)>,
    /// Records that said nothing.
    pub(super) unreadable: usize,
    /// Records in all.
    pub(super) records: usize,
    /// Bytes in all.
    pub(super) bytes: u64,
}

impl Batch {
    /// Stores it, and lets it be known what differs.
    fn store(&self, cx: &mut Context<'_>, fetch_id: FetchId, register: RegisterKey) -> Outcome<Tally> {
        let mut persons: BTreeMap<&str, Timestamp> =
            self.persons.iter().map(|(number, since)| (number.as_str(), *since)).collect();
        let numbers: Vec<&str> = persons.keys().copied().collect();
        register_units::note_persons(cx.db, &numbers)?;
        let theirs = people::theirs(cx.db, &persons)?;
        let Sifted { kept, of_persons, of_nobody } = people::sift(cx.db, &self.states)?;
        let mut differences = register_units::save(cx.db, register, &kept)?;
        let mut removed = Vec::with_capacity(self.removed.len());
        for (number, since) in &self.removed {
            if let Some(stood) = register_units::purge(cx.db, number, *since)? {
                differences.extend(stood);
                removed.push(number.as_str());
            }
        }
        persons.extend(theirs.iter().chain(&of_persons).map(|(number, since)| (number.as_str(), *since)));
        let numbers: Vec<&str> = persons.keys().copied().collect();
        for number in register_units::held(cx.db, &numbers)? {
            if let Some(since) = persons.get(number.as_str()) {
                differences.extend(register_units::purge(cx.db, &number, *since)?.unwrap_or_default());
            }
        }
        changes::notice(cx, fetch_id, &differences, &removed)?;
        Ok(Tally {
            bytes: self.bytes,
            records: self.records,
            changed: differences.len(),
            personal: self.persons.len() + of_persons.len() + of_nobody,
            unreadable: self.unreadable,
        })
    }
}
