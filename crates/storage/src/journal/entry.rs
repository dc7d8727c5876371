use diesel::prelude::*;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::canonical::{CanonicalError, canonical_json};
use crate::columns::{DbId, DbInstant, DbJson, truncate_to_micros};
use crate::schema::foundation::journal;

/// Names this form of the hashed object, so that a later form cannot be taken for it.
const FORM: &str = "tildel-journal-1";

/// What a use case tells the journal. No personal data: this cannot be erased.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Id of the entry, UUID version 7.
    pub id: Uuid,
    /// When it was done; cut down to microseconds.
    pub at: Timestamp,
    /// Who did it; `None` for the system itself.
    pub actor_id: Option<Uuid>,
    /// The role in which it was done.
    pub actor_role: String,
    /// What was done, such as `application.submit`.
    pub action: String,
    /// The kind of thing it was done to, such as `application`.
    pub subject_kind: String,
    /// The thing it was done to.
    pub subject_id: Uuid,
    /// The version of that thing afterwards.
    pub subject_version: i64,
    /// The office it belongs to, if any.
    pub office_id: Option<Uuid>,
    /// More about it, of texts, whole numbers, true, false and null.
    pub detail: Value,
    /// Hash of the thing before.
    pub before_hash: Option<String>,
    /// Hash of the thing afterwards.
    pub after_hash: Option<String>,
}

/// An entry in its place in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the journal, from 1 and without gaps.
    pub seq: i64,
    /// What was told.
    pub content: NewEntry,
    /// Hash of the entry before.
    pub prev_hash: String,
    /// Hash of this entry, which covers `prev_hash`.
    pub hash: String,
}

impl Entry {
    /// Puts an entry in its place and computes its hash.
    pub(super) fn chain(seq: i64, prev_hash: &str, mut content: NewEntry) -> Result<Self, CanonicalError> {
        content.at = truncate_to_micros(content.at);
        let mut entry = Self { seq, content, prev_hash: prev_hash.to_owned(), hash: String::new() };
        entry.hash = entry.compute_hash()?;
        Ok(entry)
    }

    /// The hash that the fields of this entry give.
    ///
    /// # Errors
    /// Where a field has no canonical form, which an appended entry always has.
    pub fn compute_hash(&self) -> Result<String, CanonicalError> {
        let content = &self.content;
        let hashed = json!({
            "form": FORM,
            "seq": self.seq,
            "id": content.id,
            "at": format!("{:.6}", content.at),
            "actor_id": content.actor_id,
            "actor_role": content.actor_role,
            "action": content.action,
            "subject_kind": content.subject_kind,
            "subject_id": content.subject_id,
            "subject_version": content.subject_version,
            "office_id": content.office_id,
            "detail": content.detail,
            "before_hash": content.before_hash,
            "after_hash": content.after_hash,
            "prev_hash": self.prev_hash,
        });
        Ok(hex::encode(Sha256::digest(canonical_json(&hashed)?)))
    }
}

/// A row of `journal`, in the order of its columns.
#[derive(Queryable, Insertable)]
#[diesel(table_name = journal)]
pub(super) struct Row {
    seq: i64,
    id: DbId,
    at: DbInstant,
    actor_id: Option<DbId>,
    actor_role: String,
    action: String,
    subject_kind: String,
    subject_id: DbId,
    subject_version: i64,
    office_id: Option<DbId>,
    detail: DbJson,
    before_hash: Option<String>,
    after_hash: Option<String>,
    prev_hash: String,
    hash: String,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            content: NewEntry {
                id: row.id.0,
                at: row.at.0,
                actor_id: row.actor_id.map(Uuid::from),
                actor_role: row.actor_role,
                action: row.action,
                subject_kind: row.subject_kind,
                subject_id: row.subject_id.0,
                subject_version: row.subject_version,
                office_id: row.office_id.map(Uuid::from),
                detail: row.detail.0,
                before_hash: row.before_hash,
                after_hash: row.after_hash,
            },
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        let content = entry.content;
        Self {
            seq: entry.seq,
            id: DbId(content.id),
            at: DbInstant(content.at),
            actor_id: content.actor_id.map(DbId),
            actor_role: content.actor_role,
            action: content.action,
            subject_kind: content.subject_kind,
            subject_id: DbId(content.subject_id),
            subject_version: content.subject_version,
            office_id: content.office_id.map(DbId),
            detail: DbJson(content.detail),
            before_hash: content.before_hash,
            after_hash: content.after_hash,
            prev_hash: entry.prev_hash,
            hash: entry.hash,
        }
    }
}
