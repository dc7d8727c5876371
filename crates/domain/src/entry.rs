//! What a transition leaves for the journal.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The thing an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The kind in the domain's words, such as `application`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// One fact for the journal: what was done to which thing.
///
/// The detail never holds personal data; that stays in rows which can be erased.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was done, as `thing.verb`, such as `application.submit`.
    pub action: &'static str,
    /// The thing it was done to.
    pub subject: Subject,
    /// Facts about the action: ids, states, reasons in code form.
    pub detail: serde_json::Map<String, serde_json::Value>,
}

impl Entry {
    /// An entry without detail.
    pub fn new(action: &'static str, kind: &'static str, id: impl Into<Uuid>) -> Self {
        Self { action, subject: Subject { kind, id: id.into() }, detail: serde_json::Map::new() }
    }

    /// Adds one fact.
    pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }
}
