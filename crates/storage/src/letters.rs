//! Letters of offices, with their frozen facts and texts.

use diesel::prelude::*;
use tildel_domain::id::{LetterId, OfficeId, RoundId};
use tildel_domain::letter::{Letter, LetterState};

use crate::columns::{DbId, DbInstant, DbJson};
use crate::repository::{load_page, narrow, repository, row};
use crate::schema::awards::letters;
use crate::stored::key;
use crate::{Db, Page, PageRequest, StorageError};

row! {
    letters[id] => Letter {
        id: DbId,
        reference: String,
        office_id: DbId,
        round_id: DbId,
        decision_id: DbId,
        content: DbJson,
        texts: DbJson,
        state: String,
        prepared_by: DbId,
        approved_by: Option<DbId>,
        approved_at: Option<DbInstant>,
        dispatched_at: Option<DbInstant>,
        version: i64,
    }
}

repository! { letters: Letter, LetterId }

/// Which letters to list.
#[derive(Clone, Debug, Default)]
pub struct LetterFilter {
    /// On this round.
    pub round_id: Option<RoundId>,
    /// Of this office.
    pub office_id: Option<OfficeId>,
    /// The office whose letters appear before they are sent; those of others, or of all where none is given, stay hidden.
    pub drafts_of_office: Option<OfficeId>,
}

/// A page of letters.
#[tracing::instrument(level = "debug", skip_all)]
pub fn page(db: &mut Db, filter: &LetterFilter, request: &PageRequest) -> Result<Page<Letter>, StorageError> {
    let mut query = letters::table.select(Row::COLUMNS).into_boxed();
    narrow! { query:
        letters::round_id => filter.round_id.map(key),
        letters::office_id => filter.office_id.map(key),
    }
    let sent = letters::state.eq(LetterState::Dispatched.as_str());
    query = match filter.drafts_of_office.map(key) {
        Some(office_id) => query.filter(sent.or(letters::office_id.eq(office_id))),
        None => query.filter(sent),
    };
    load_page!(db, letters, query, request)
}
