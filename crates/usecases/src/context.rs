//! What a use case works with: the transaction, the time, the actor, and the journal that it fills.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Serialize;
use sha2::Sha256;
use tildel_domain::id::OfficeId;
use tildel_domain::policy::{self, Operation};
use tildel_domain::{Actor, Entry, Refusal};
use tildel_storage::jobs::NewJob;
use tildel_storage::journal::{self, NewEntry};
use tildel_storage::{Db, jobs};
use uuid::Uuid;

use crate::aggregate::{Aggregate, Creatable};
use crate::ambient::{Randomness, new_id, new_id_after};
use crate::failure::{Failure, Outcome};
use crate::jobs::{ATTEMPTS_MAX, Job};

/// The version of things that never change, such as runs.
const UNVERSIONED: i64 = 1;

/// The time zone of offices.
const OFFICE_ZONE: &str = "Europe/Oslo";

/// The time zone of offices, by which days are told.
pub(crate) fn office_zone() -> Result<jiff::tz::TimeZone, Refusal> {
    jiff::tz::TimeZone::get(OFFICE_ZONE).map_err(|error| Refusal::invalid("/date", error))
}

/// Which version a write is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The version that the caller read.
    Version(i64),
    /// Whatever stands: for the worker, which acts on the thing as it is.
    Any,
}

/// What a use case works with.
pub struct Context<'a> {
    pub(crate) db: &'a mut Db,
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) randomness: &'a dyn Randomness,
    journal_key: &'a [u8],
    entries: Vec<NewEntry>,
    enqueued: bool,
    if_refused: Vec<NewJob>,
    dry_run: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        db: &'a mut Db,
        now: Timestamp,
        actor: Actor,
        randomness: &'a dyn Randomness,
        journal_key: &'a [u8],
    ) -> Self {
        let (entries, if_refused) = (Vec::new(), Vec::new());
        Self { db, now, actor, randomness, journal_key, entries, enqueued: false, if_refused, dry_run: false }
    }

    /// Marks the transaction as one that is undone in the end.
    pub(crate) fn dry_run(self, dry_run: bool) -> Self {
        Self { dry_run, ..self }
    }

    /// Whether all that is written here is undone in the end: then a use case may do what would follow, to tell of it.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// The present instant, the same throughout the transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The day it is in Norway, by which terms and letters go.
    pub(crate) fn today(&self) -> Outcome<jiff::civil::Date> {
        Ok(self.now.to_zoned(office_zone()?).date())
    }

    /// Who is asking.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A new id of any type.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(new_id(self.now, self.randomness))
    }

    /// A new id that sorts after another one, whatever the clock does: for things of which the newest counts.
    pub(crate) fn new_id_after<T: From<Uuid> + Into<Uuid>>(&self, before: Option<T>) -> T {
        T::from(new_id_after(before.map(Into::into), self.now, self.randomness))
    }

    /// Refuses an actor whose role may not do this.
    pub(crate) fn require(&self, operation: Operation) -> Result<(), Refusal> {
        policy::require(operation, &self.actor)
    }

    /// Reads a thing.
    pub(crate) fn find<T: Aggregate>(&mut self, id: T::Id) -> Outcome<T> {
        T::find(self.db, id)?.ok_or_else(|| Refusal::not_found(T::KIND).into())
    }

    /// Reads a thing that a body refers to: its absence is an error of the input.
    pub(crate) fn find_referenced<T: Aggregate>(&mut self, id: T::Id, pointer: &str) -> Outcome<T> {
        let refusal =
            || Refusal::new(tildel_domain::RefusalCode::UnknownReference).with("thing", T::KIND).at(pointer);
        T::find(self.db, id)?.ok_or_else(|| refusal().into())
    }

    /// Reads a thing to change it, in the version that the caller expects.
    pub(crate) fn lock<T: Aggregate>(&mut self, id: T::Id, expected: Expected) -> Outcome<T> {
        let thing = T::lock(self.db, id)?.ok_or_else(|| Refusal::not_found(T::KIND))?;
        match expected {
            Expected::Version(version) if version != thing.version() => {
                Err(Failure::Stale { current: thing.version() })
            }
            Expected::Version(_) | Expected::Any => Ok(thing),
        }
    }

    /// Saves a new thing and its journal entry.
    pub(crate) fn create<T: Creatable>(&mut self, thing: T, entry: Entry) -> Outcome<T> {
        thing.insert(self.db)?;
        let after = self.fingerprint(&thing)?;
        self.record(entry, thing.office_id(), thing.version(), None, Some(after));
        Ok(thing)
    }

    /// Runs a transition, saves the thing and writes its journal entry.
    pub(crate) fn transition<T: Aggregate>(
        &mut self,
        thing: &mut T,
        transition: impl FnOnce(&mut T) -> Result<Entry, Refusal>,
    ) -> Outcome<()> {
        let before = self.fingerprint(thing)?;
        let entry = transition(thing)?;
        thing.update(self.db)?;
        let after = self.fingerprint(thing)?;
        self.record(entry, thing.office_id(), thing.version(), Some(before), Some(after));
        Ok(())
    }

    /// Writes an entry on something that has no versions, such as a vote or a run.
    pub(crate) fn note(
        &mut self,
        entry: Entry,
        office_id: Option<OfficeId>,
        thing: &impl Serialize,
    ) -> Outcome<()> {
        let after = self.fingerprint(thing)?;
        self.record(entry, office_id, UNVERSIONED, None, Some(after));
        Ok(())
    }

    /// Puts work for the worker into the same transaction. Equal unfinished work is not put there twice.
    ///
    /// Returns the id of the job, or of the equal one that is waiting already.
    pub(crate) fn enqueue(
        &mut self,
        job: &Job,
        run_at: Timestamp,
        office_id: Option<OfficeId>,
    ) -> Outcome<Uuid> {
        let new_job = self.job(job, run_at, office_id)?;
        self.enqueued = true;
        Ok(jobs::enqueue(self.db, &new_job, self.now)?.id)
    }

    /// Asks for work that is to be done now if this transaction is refused, which undoes all else: so that what it was refused for is
    /// mended. A dry run leaves nothing behind.
    pub(crate) fn enqueue_if_refused(&mut self, job: &Job, office_id: Option<OfficeId>) -> Outcome<()> {
        let new_job = self.job(job, self.now, office_id)?;
        self.if_refused.push(new_job);
        Ok(())
    }

    /// What was asked for with [`Self::enqueue_if_refused`].
    pub(crate) fn left_if_refused(self) -> Vec<NewJob> {
        if self.dry_run { Vec::new() } else { self.if_refused }
    }

    fn job(&self, job: &Job, run_at: Timestamp, office_id: Option<OfficeId>) -> Outcome<NewJob> {
        Ok(NewJob {
            id: new_id(self.now, self.randomness),
            kind: job.kind().to_owned(),
            payload_version: job.payload_version(),
            payload: job.payload()?,
            run_at,
            max_attempts: ATTEMPTS_MAX,
            dedupe_key: Some(job.dedupe_key()),
            office_id: office_id.map(Uuid::from),
            requested_by: self.actor.person_id.map(Uuid::from),
        })
    }

    /// A keyed hash of a thing's content: shows that it changed without telling what it holds.
    fn fingerprint(&self, thing: &impl Serialize) -> Result<String, serde_json::Error> {
        // serde_json keeps its maps sorted, so equal content gives equal text.
        let text = serde_json::to_value(thing)?.to_string();
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(self.journal_key).expect("any length is valid");
        mac.update(text.as_bytes());
        Ok(hex::encode(mac.finalize().into_bytes()))
    }

    fn record(
        &mut self,
        entry: Entry,
        office_id: Option<OfficeId>,
        version: i64,
        before_hash: Option<String>,
        after_hash: Option<String>,
    ) {
        self.entries.push(NewEntry {
            id: new_id(self.now, self.randomness),
            at: self.now,
            actor_id: self.actor.person_id.map(Uuid::from),
            actor_role: self.actor.role.as_str().to_owned(),
            action: entry.action.to_owned(),
            subject_kind: entry.subject.kind.to_owned(),
            subject_id: entry.subject.id,
            subject_version: version,
            office_id: office_id.map(Uuid::from),
            detail: serde_json::Value::Object(entry.detail),
            before_hash,
            after_hash,
        });
    }

    /// Writes the journal, last in the transaction, so that its lock is held as short as can be.
    /// Tells whether jobs were put in, so that the worker can be woken after the commit.
    pub(crate) fn finish(mut self) -> Outcome<bool> {
        if !self.entries.is_empty() {
            journal::append(self.db, std::mem::take(&mut self.entries))?;
        }
        Ok(self.enqueued)
    }
}
